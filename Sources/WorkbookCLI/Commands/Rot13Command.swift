import ArgumentParser
import Foundation
import PuzzleRegistry

struct Rot13Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rot13",
    abstract: "Turn standard input by 13 letters; twice is as before."
  )

  @OptionGroup var global: GlobalOptions

  func run() throws {
    // Bytes, not text: what is no letter passes through as it is.
    while let piece = try FileHandle.standardInput.read(upToCount: 1 << 16), !piece.isEmpty {
      FileHandle.standardOutput.write(Data(piece.map(rot13)))
    }
  }
}
