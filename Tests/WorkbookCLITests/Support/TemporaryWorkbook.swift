import Foundation
import Testing

/// A throw-away copy of the workbook, with the real models linked in, and the built program.
final class TemporaryWorkbook: Sendable {
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let puzzle = "puzzle1-suspicious-similarities"

  let root: URL

  /// - Parameter puzzle: The one puzzle to copy, without the list of pinned ids; all if `nil`.
  /// - Throws: What the file system says.
  init(only puzzle: String? = nil) throws {
    root = FileManager.default.temporaryDirectory
      .appendingPathComponent("workbook-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    for folder in ["puzzles", "solutions"] {
      let path = puzzle.map { "\(folder)/\($0)" } ?? folder
      let copy = root.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: copy.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try FileManager.default.copyItem(at: Self.repository.appendingPathComponent(path), to: copy)
    }
    try FileManager.default.createSymbolicLink(
      at: root.appendingPathComponent("models"),
      withDestinationURL: Self.repository.appendingPathComponent("models")
    )
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// The program, which the package manager puts beside the test bundle.
  static let program: URL = {
    let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    var folder = own
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("workbook")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder = folder.deletingLastPathComponent()
    }
    return repository.appendingPathComponent(".build/release/workbook")
  }()

  struct Output: Sendable {
    let status: Int32
    let standardOutput: String
    let standardError: String
  }

  /// Makes the program ready to run in this workbook, its output going to files.
  func process(
    _ arguments: [String],
    environment: [String: String] = [:]
  ) throws -> (
    process: Process, output: URL, error: URL
  ) {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.currentDirectoryURL = root
    var variables = ProcessInfo.processInfo.environment
    // Whoever runs the tests may have models, a cache and a token of their own.
    for name in variables.keys
    where name.hasPrefix("HF_") || name.hasPrefix("XDG_") || name.hasPrefix("WORKBOOK_") {
      variables[name] = nil
    }
    variables["HOME"] = root.appendingPathComponent("home").path
    variables["XDG_STATE_HOME"] = root.appendingPathComponent("state").path
    variables["COLUMNS"] = "80"
    variables["LC_ALL"] = "C.UTF-8"
    for (name, value) in environment { variables[name] = value }
    process.environment = variables
    process.standardInput = FileHandle.nullDevice
    let output = root.appendingPathComponent("out-\(UUID().uuidString)")
    let error = root.appendingPathComponent("err-\(UUID().uuidString)")
    for file in [output, error] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    return (process, output, error)
  }

  /// Runs the program to its end.
  @discardableResult
  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Output {
    try run(arguments, environment: environment)
  }

  /// Runs the program to its end, with a text as its input if one is given.
  @discardableResult
  func run(
    _ arguments: [String],
    environment: [String: String] = [:],
    input: String? = nil
  ) throws -> Output {
    let (process, output, error) = try process(arguments, environment: environment)
    if let input {
      let file = root.appendingPathComponent("in-\(UUID().uuidString)")
      try Data(input.utf8).write(to: file)
      process.standardInput = try FileHandle(forReadingFrom: file)
    }
    try process.run()
    process.waitUntilExit()
    return Output(
      status: process.terminationStatus,
      standardOutput: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      standardError: String(decoding: try Data(contentsOf: error), as: UTF8.self)
    )
  }

  var submissionURL: URL { root.appendingPathComponent("submissions/\(Self.puzzle).yaml") }

  func submission() throws -> String { try String(contentsOf: submissionURL, encoding: .utf8) }

  /// Writes a submission with the given lines under `answers:`.
  func answer(_ lines: String...) throws {
    try write(
      (["puzzle: \(Self.puzzle)", "model: whisper-tiny.en", "answers:"] + lines.map { "  \($0)" })
        .joined(separator: "\n") + "\n"
    )
  }

  func write(_ text: String) throws { try write(Data(text.utf8)) }

  func write(_ data: Data) throws {
    try FileManager.default.createDirectory(
      at: submissionURL.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try data.write(to: submissionURL)
  }

  /// Returns the JSON a command prints.
  func json(_ arguments: String..., environment: [String: String] = [:]) throws -> Any {
    let (process, output, _) = try process(arguments + ["--json"], environment: environment)
    try process.run()
    process.waitUntilExit()
    return try JSONSerialization.jsonObject(with: try Data(contentsOf: output))
  }

  /// Returns each question's outcome in a check.
  func outcomes() throws -> [String: String] {
    let report = try #require(try json("check", "puzzle1") as? [String: Any])
    let verdicts = try #require(report["verdicts"] as? [[String: Any]])
    var outcomes: [String: String] = [:]
    for verdict in verdicts {
      outcomes[verdict["question"] as? String ?? "?"] = verdict["outcome"] as? String
    }
    return outcomes
  }
}
