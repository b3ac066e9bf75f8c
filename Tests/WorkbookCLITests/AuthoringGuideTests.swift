import Foundation
import Testing

/// The page for authors, carried out: every command of it, in order, on the files it shows.
@Suite struct AuthoringGuideTests {
  /// One step of the page.
  private enum Step {
    case run(command: String, status: Int32)
    case write(path: String, text: String)
  }

  private static let page = TemporaryWorkbook.repository.appendingPathComponent("docs/authoring.md")

  @Test func `an author goes from an idea to a released puzzle without a line of Swift`() throws {
    let book = try TemporaryWorkbook()
    let steps = try Self.steps()
    let bin = book.root.appendingPathComponent("bin")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: bin.appendingPathComponent("workbook"),
      withDestinationURL: TemporaryWorkbook.program
    )
    var said: [String: String] = [:]
    for step in steps {
      switch step {
      case .write(let path, let text):
        let file = book.root.appendingPathComponent(path)
        let folder = file.deletingLastPathComponent()
        // Only `start` and `new` make folders: a page that forgets them is wrong.
        let isThere = FileManager.default.fileExists(atPath: folder.path)
        try #require(isThere, "\(path) is shown before its folder is made")
        try Data(text.utf8).write(to: file)
      case .run(let command, let status):
        let (process, output, error) = try book.process([])
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment?["PATH"] = "\(bin.path):/usr/bin:/bin"
        try process.run()
        process.waitUntilExit()
        let texts = try [output, error].map {
          String(decoding: try Data(contentsOf: $0), as: UTF8.self)
        }
        try #require(process.terminationStatus == status, "\(command)\n\(texts.joined())")
        said[command, default: ""] += texts.joined()
      }
    }
    let checks = try #require(said["workbook check my-first"])
    // First wrong, each trap in its own words, then solved.
    #expect(checks.contains("You divided the wrong way round."))
    #expect(checks.contains("Do the two groups overlap?"))
    #expect(checks.contains("Solved"))
    #expect(try #require(said["workbook lint my-first"]).contains("0 errors, 0 warnings"))
    let copy = try #require(said["workbook check my-first --workbook learners"])
    #expect(copy.contains("Not answered yet."))
  }

  @Test func `the page shows every step as a command that is run`() throws {
    let commands = try Self.steps().compactMap { step in
      if case .run(let command, _) = step { command } else { nil }
    }
    for word in ["new", "lint", "start", "check", "hint", "answer", "solution encode", "release"] {
      #expect(commands.contains { $0.hasPrefix("workbook \(word)") }, "\(word)")
    }
    #expect(commands.allSatisfy { $0.hasPrefix("workbook ") })
  }

  /// Reads the page's blocks: commands, one a line, and files, named in their first line.
  private static func steps() throws -> [Step] {
    let lines = try String(contentsOf: page, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    var steps: [Step] = []
    var block: (language: Substring, lines: [Substring])?
    for line in lines {
      guard line.hasPrefix("```") else {
        block?.lines.append(line)
        continue
      }
      guard let (language, content) = block else {
        block = (line.dropFirst(3), [])
        continue
      }
      block = nil
      if language == "sh" {
        steps += content.filter { !$0.isEmpty }.map(command)
      } else {
        steps.append(try file(content))
      }
    }
    try #require(block == nil, "a block is not closed")
    return steps
  }

  private static func command(_ line: Substring) -> Step {
    guard let mark = line.range(of: "# exit ") else { return .run(command: "\(line)", status: 0) }
    return .run(
      command: line[..<mark.lowerBound].trimmingCharacters(in: .whitespaces),
      status: Int32(line[mark.upperBound...]) ?? -1
    )
  }

  private static func file(_ content: [Substring]) throws -> Step {
    let first = try #require(content.first)
    let name = try #require(
      first.firstMatch(of: #/^(?:# |<!-- )((?:puzzles|solutions|submissions)/\S+?)(?: -->)?$/#)
    )
    return .write(
      path: String(name.1),
      text: content.dropFirst().joined(separator: "\n") + "\n"
    )
  }
}
