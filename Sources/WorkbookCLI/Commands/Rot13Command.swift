import ArgumentParser
import Foundation
import PuzzleRegistry

struct Rot13Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rot13",
    abstract: "Turn standard input by 13 letters; twice is as before."
  )

  func run() throws {
    while let line = readLine(strippingNewline: false) {
      FileHandle.standardOutput.write(Data(rot13(line).utf8))
    }
  }
}
