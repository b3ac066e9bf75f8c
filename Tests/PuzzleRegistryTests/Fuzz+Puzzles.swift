import Foundation
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import _WorkbookTestSupport

extension Dice {
  /// Returns a damaged YAML text, most often by its lines, seldom by its bytes.
  mutating func damagedYAML(_ text: String) -> Data {
    var text = text
    if !oneIn(6) { text = YAMLMutator.mutated(text, &self) }
    let bytes = Array(text.utf8)
    return Data(oneIn(8) ? damaged(bytes) : bytes)
  }
}

/// A puzzle's own files, read one by one and as a folder of a workbook.
struct PuzzleFuzz: FuzzTarget {
  static let format = FuzzFormat.puzzles

  private let files: PuzzleFiles

  init(folder: String) throws { files = try PuzzleFiles(folder: folder) }

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    let yaml =
      dice.oneIn(4)
      ? Data(ExamplePuzzle.puzzleYAML.utf8) : dice.damagedYAML(ExamplePuzzle.puzzleYAML)
    let prompt =
      dice.oneIn(2) ? Data(ExamplePuzzle.prompt.utf8) : dice.damagedYAML(ExamplePuzzle.prompt)
    let lexicon =
      dice.oneIn(2)
      ? Data(ExamplePuzzle.lexiconYAML.utf8) : dice.damagedYAML(ExamplePuzzle.lexiconYAML)
    files.write(yaml, to: .puzzle("puzzle.yaml"), &record)
    files.write(prompt, to: .puzzle("prompt.md"), &record)
    files.write(lexicon, to: .puzzle("lexicon.yaml"), &record)
    let id = ExamplePuzzle.id
    let folder = files.workbook
    if dice.oneIn(4) { for fault in folder.staticDiagnostics(for: id) { record.check(fault) } }
    guard let puzzle = record.open({ try folder.loadPuzzle(id) }) else { return }
    record.use(puzzle, &dice)
    record.attempt(needsPlace: true) { try folder.loadKey(id, for: puzzle) }
  }
}

/// A key, its hints and its answer, plain or in rot13.
struct KeyFuzz: FuzzTarget {
  static let format = FuzzFormat.keys

  private let files: PuzzleFiles
  private let puzzle: Puzzle

  init(folder: String) throws {
    files = try PuzzleFiles(folder: folder)
    puzzle = try ExamplePuzzle.puzzle()
  }

  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord) {
    let isEncoded = dice.oneIn(2)
    var texts: [String: Data] = [:]
    let sound = [
      ("key.yaml", ExamplePuzzle.keyYAML), ("hints.yaml", ExamplePuzzle.hintsYAML),
      ("answer.md", ExamplePuzzle.answer),
    ]
    for (name, text) in sound {
      let plain = dice.oneIn(5) ? Data(text.utf8) : dice.damagedYAML(text)
      // What is no text cannot be turned; its bytes are stored as they are.
      let coded = String(data: plain, encoding: .utf8).map { Data(rot13($0).utf8) } ?? plain
      texts[name] = plain
      files.write(
        isEncoded ? coded : plain,
        to: .solution(isEncoded ? name + ".rot13" : name),
        &record
      )
      files.remove(.solution(isEncoded ? name : name + ".rot13"))
    }
    let id = ExamplePuzzle.id
    let folder = files.workbook
    for fault in folder.staticDiagnostics(for: id) { record.check(fault) }
    let puzzle = puzzle
    let key = record.open { try folder.loadKey(id, for: puzzle) }
    if let key { _ = (key.questions, key.reference) }
    record.open { try folder.loadHints(id) }
    record.open { try folder.loadAnswer(id) }
    if isEncoded { checkConcealment(of: texts["key.yaml"] ?? Data(), &record) }
  }

  /// Checks that no fault of an encoded key quotes a line of what it says.
  private func checkConcealment(of plain: Data, _ record: inout FuzzRecord) {
    guard let text = String(data: plain, encoding: .utf8) else { return }
    let shown: String
    do {
      _ = try files.workbook.loadKey(ExamplePuzzle.id, for: puzzle)
      return
    } catch {
      shown = error.description
    }
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.count > 20, line != rot13(line), shown.contains(line) {
        record.complain("a fault of an encoded key quotes '\(line)'")
      }
    }
  }
}

/// The folders of one puzzle, whose files are written over and over.
struct PuzzleFiles: Sendable {
  enum Place {
    case puzzle(String)
    case solution(String)
  }

  private let root: String

  var workbook: WorkbookFolder { WorkbookFolder(root: root) }

  /// Makes the folders, with the example in them.
  init(folder: String) throws {
    root = folder
    for parent in ["puzzles", "solutions"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(parent)/\(ExamplePuzzle.id)",
        withIntermediateDirectories: true
      )
    }
    var record = FuzzRecord()
    write(Data(ExamplePuzzle.puzzleYAML.utf8), to: .puzzle("puzzle.yaml"), &record)
    write(Data(ExamplePuzzle.prompt.utf8), to: .puzzle("prompt.md"), &record)
    write(Data(ExamplePuzzle.lexiconYAML.utf8), to: .puzzle("lexicon.yaml"), &record)
    write(Data(ExamplePuzzle.keyYAML.utf8), to: .solution("key.yaml"), &record)
    write(Data(ExamplePuzzle.hintsYAML.utf8), to: .solution("hints.yaml"), &record)
    write(Data(ExamplePuzzle.answer.utf8), to: .solution("answer.md"), &record)
  }

  private func path(_ place: Place) -> String {
    switch place {
    case .puzzle(let name): "\(root)/puzzles/\(ExamplePuzzle.id)/\(name)"
    case .solution(let name): "\(root)/solutions/\(ExamplePuzzle.id)/\(name)"
    }
  }

  func write(_ bytes: Data, to place: Place, _ record: inout FuzzRecord) {
    record.byteCount += bytes.count
    do {
      try bytes.write(to: URL(fileURLWithPath: path(place)))
    } catch {
      record.complain("the fuzzer cannot write: \(error)")
    }
  }

  func remove(_ place: Place) { try? FileManager.default.removeItem(atPath: path(place)) }
}

extension FuzzRecord {
  /// Does with a puzzle what needs no weights.
  mutating func use(_ puzzle: Puzzle, _ dice: inout Dice) {
    let starter = StarterSubmission.text(for: puzzle, model: "m" + dice.nastyText())
    checkShown(starter, "a starter")
    guard starter.utf8.count <= BoundedFile.yamlLimit else { return }
    let submission = attempt { try Submission(text: starter, file: "starter.yaml", puzzle: puzzle) }
    guard let submission else { return complain("a starter is not read back: \(starter)") }
    for question in puzzle.questions {
      if submission[question.id]?.isBlank != true { complain("'\(question.id)' starts answered") }
      // The YAML library drops a byte order mark at the start of a value.
      let text = "x" + dice.nastyText()
      guard let filled = StarterSubmission.settingAnswer(question.id, to: text, in: starter) else {
        complain("'\(question.id)' cannot be answered")
        continue
      }
      guard filled.utf8.count <= BoundedFile.yamlLimit else { continue }
      let again = attempt { try Submission(text: filled, file: "filled.yaml", puzzle: puzzle) }
      guard let again else { return complain("an answer is not read back: \(filled)") }
      if case .scalar(let answer, _, _, _)? = again[question.id], answer != text {
        complain("the answer '\(text)' came back as '\(answer)'")
      }
    }
  }
}
