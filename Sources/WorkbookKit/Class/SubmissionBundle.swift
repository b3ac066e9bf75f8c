import Foundation
import MetricLanguage
import ModelHub
import PuzzleRegistry
import SourceDiagnostics
import Synchronization

/// A learner's answers to several puzzles in one file, with the record of how they came to be.
///
/// Plain JSON: whoever keeps a record on their own machine can write anything into it.
struct SubmissionBundle: Codable {
  static let suffix = ".workbook.json"
  static let format = 1
  /// The most bytes one may hold.
  static let limit = 4 << 20
  private static let mostAttempts = 5_000

  struct Part: Codable {
    let puzzle: String
    /// The file of answers, as it is.
    let submission: String
    /// What was predicted before the first look, by question id.
    let predictions: [String: Double]
    let started: Date?
    let hints: [Hint]
    let reveals: [Reveal]
    /// Every check, oldest first.
    let attempts: [Attempt]

    /// The texts that were checked, each once, and then the one handed in, with the number of the
    /// attempt; `nil` for the text handed in if it was never checked.
    var texts: [(attempt: Int?, text: String)] {
      var texts: [(attempt: Int?, text: String)] = []
      for attempt in attempts where texts.last?.text != attempt.submission {
        texts.append((attempt.number, attempt.submission))
      }
      if texts.last?.text != submission { texts.append((nil, submission)) }
      return texts
    }
  }

  struct Hint: Codable {
    let number: Int
    let at: Date
  }

  struct Reveal: Codable {
    let decoded: Bool
    let at: Date
  }

  struct Attempt: Codable {
    let number: Int
    let at: Date
    let solved: Bool
    let submission: String
  }

  let bundle: Int
  /// Who it is from, as they say; a class is graded by the names of its files and folders.
  let learner: String?
  let made: Date
  let version: String
  let puzzles: [Part]

  /// Reads a bundle.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - shown: The name its diagnostics carry.
  /// - Throws: What keeps it from being read.
  init(path: String, shownAs shown: String) throws(Diagnostic) {
    let bytes: Data
    do throws(Diagnostic) {
      bytes = try BoundedFile.contents(at: path, limit: Self.limit)
    } catch {
      throw error
    }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    do {
      self = try decoder.decode(SubmissionBundle.self, from: bytes)
    } catch {
      throw .badBundle(shown, Self.reason(error))
    }
    guard bundle == Self.format else {
      throw .badBundle(shown, "its format is \(bundle), expected \(Self.format)")
    }
    let ids = puzzles.map(\.puzzle)
    guard Set(ids).count == ids.count else {
      throw .badBundle(shown, "it holds a puzzle twice")
    }
    guard puzzles.allSatisfy({ $0.attempts.count <= Self.mostAttempts }) else {
      throw .badBundle(shown, "it holds more than \(grouped(Self.mostAttempts)) attempts")
    }
  }

  init(learner: String?, made: Date, version: String, puzzles: [Part]) {
    bundle = Self.format
    self.learner = learner
    self.made = made
    self.version = version
    self.puzzles = puzzles
  }

  subscript(puzzle: String) -> Part? { puzzles.first { $0.puzzle == puzzle } }

  /// The bundle as it is written to a file.
  var text: String {
    get throws { try Self.encoded(self, pretty: true) }
  }

  static func encoded(_ value: some Encodable, pretty: Bool) throws -> String {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _): "it has no '\(key.stringValue)'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is not what it should be"
    default: "it is no JSON"
    }
  }
}

/// The bundles of a class, each read once as long as they are not too many to hold.
final class BundleShelf: Sendable {
  /// More bytes than these are not held; what goes beyond is read anew for each puzzle.
  private static let mostBytes = 256 << 20

  private struct State {
    var known: [String: Result<SubmissionBundle, Diagnostic>] = [:]
    var bytes = 0
  }

  private let root: String
  private let state = Mutex(State())

  /// - Parameter root: The class's folder.
  init(root: String) {
    self.root = root
  }

  /// Returns the bundle at a path within the class's folder.
  ///
  /// - Throws: What keeps it from being read.
  func bundle(at path: String) throws(Diagnostic) -> SubmissionBundle {
    if let known = state.withLock({ $0.known[path] }) { return try known.get() }
    let full = root + "/" + path
    let read = Result { () throws(Diagnostic) in
      try SubmissionBundle(path: full, shownAs: path)
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: full)
    let size = attributes?[.size] as? Int ?? 0
    state.withLock { state in
      guard state.bytes + size <= Self.mostBytes else { return }
      state.bytes += size
      state.known[path] = read
    }
    return try read.get()
  }
}

extension Diagnostic {
  fileprivate static func badBundle(_ file: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      "bad-bundle",
      "'\(escapingControls(file))' is no bundle that can be read: \(escapingControls(reason))",
      help: "the learner makes one with: workbook submit"
    )
  }
}
