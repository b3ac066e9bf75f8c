import Foundation
import Testing

struct `continuous integration` {
  private static let testCommand = "swift test -c release --disable-testable-imports"

  /// The lines of a script that do something, without spaces around them.
  private func commands(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.hasPrefix("#") }
  }

  @Test func `it runs the test command that the readme gives`() throws {
    let readme = commands(try Repository.text("README.md"))
    #expect(
      readme.contains { $0 == Self.testCommand || $0 == "$ \(Self.testCommand)" },
      "README.md has no line of its own with '\(Self.testCommand)'"
    )
    #expect(commands(try Repository.text(".ci/run")).contains(Self.testCommand))
  }

  @Test(arguments: [
    "swift format lint --strict --recursive Sources Tests Package.swift",
    "swift build -c release --product workbook",
    ".build/release/workbook lint",
  ])
  func `it runs every check`(command: String) throws {
    #expect(commands(try Repository.text(".ci/run")).contains(command))
  }

  @Test func `it is executable and stops at the first failure`() throws {
    let path = Repository.root.appending(path: ".ci/run").path
    #expect(FileManager.default.isExecutableFile(atPath: path))
    let script = try Repository.text(".ci/run")
    #expect(script.hasPrefix("#!/usr/bin/env bash\n"))
    #expect(commands(script).contains("set -euo pipefail"))
    #expect(!script.contains("|| true"))
  }
}
