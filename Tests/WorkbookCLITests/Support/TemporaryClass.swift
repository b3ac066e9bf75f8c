import Foundation
import Testing

/// A throw-away workbook with one puzzle, beside a folder of what a class handed in.
struct TemporaryClass {
  static let puzzle = "puzzle9-privileged-basis"

  /// Names that other programs stumble over.
  static let names = [
    "ada", "O'Brien, Pat", "=SUM(A1:A9)", "\"quoted\"", "李雷", "مرحبا", "duck 🦆", "-minus",
    "a--b", "@home",
  ]

  /// Answers that earn 7 points: 1 for the prediction, 3 each for two choices.
  static let good = answers([
    "guess: 0.1", "layers: [last-cross, final]", "split: [queries, keys]",
  ])

  static func answers(_ lines: [String], model: String? = "whisper-tiny.en") -> String {
    (["puzzle: \(puzzle)"] + (model.map { ["model: \($0)"] } ?? []) + ["answers:"]
      + lines.map { "  \($0)" }).joined(separator: "\n") + "\n"
  }

  let book: TemporaryWorkbook
  let folder: URL

  init() throws {
    book = try TemporaryWorkbook(only: Self.puzzle)
    folder = book.root.appendingPathComponent("class")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func hand(in text: String, by learner: String, asFile: Bool = false) throws {
    try hand(in: Data(text.utf8), by: learner, asFile: asFile)
  }

  func hand(in data: Data, by learner: String, asFile: Bool = false) throws {
    guard !asFile else {
      let path = "\(Self.puzzle)--\(learner).yaml"
      return try data.write(to: folder.appendingPathComponent(path))
    }
    try write(data, to: "class/\(learner)/\(Self.puzzle).yaml")
  }

  /// Writes a file beneath the workbook's folder.
  func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

  func write(_ data: Data, to path: String) throws {
    let file = book.root.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try data.write(to: file)
  }

  func read(_ path: String) throws -> Data {
    try Data(contentsOf: book.root.appendingPathComponent(path))
  }

  func text(_ path: String) throws -> String { String(decoding: try read(path), as: UTF8.self) }

  /// Returns the lines of a gradebook's canonical export.
  func lines(_ gradebook: String = "gradebook.sqlite") throws -> [[String: Any]] {
    let output = try book.run("gradebook", "export", "--format", "jsonl", "--gradebook", gradebook)
    #expect(output.status == 0, "\(output.standardError)")
    return try output.standardOutput.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  /// Returns the digest at the end of what grading or merging printed.
  func digest(_ output: TemporaryWorkbook.Output) throws -> Substring {
    try #require(output.standardOutput.split(separator: " ").last)
  }
}
