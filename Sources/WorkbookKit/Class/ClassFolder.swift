import Foundation
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics

/// The submissions of a class, as they lie in a folder: `<learner>/<puzzle>.yaml`,
/// `<puzzle>--<learner>.yaml`, or bundles, `<learner>/<any name>.workbook.json` or
/// `<learner>.workbook.json`.
///
/// Nothing is opened here. A learner's name is what a folder or file is called, so it holds no slash.
struct ClassFolder {
  /// One submission that was found.
  struct Found {
    let learner: String
    let puzzle: String
    /// Relative to the class's folder.
    let path: String
    /// Why it must not be read, if so.
    let fault: Diagnostic?
  }

  /// The most files and folders that are looked at.
  private static let most = 500_000

  private(set) var found: [Found] = []
  /// The bundles, by learner; a second one of a learner's is a fault of the first.
  private(set) var bundles: [String: Found] = [:]
  /// Names that belong to no puzzle, for a remark.
  private(set) var strays: [String] = []
  /// Every learner whose folder or file is there.
  private(set) var learners: Set<String> = []

  /// - Parameters:
  ///   - root: The class's folder.
  ///   - puzzles: The ids that submissions may be named after.
  /// - Throws: That the folder cannot be read, or holds too much.
  init(root: String, puzzles: [String]) throws(Diagnostic) {
    let known = Set(puzzles)
    let names = try Self.names(in: root)
    guard names.count <= Self.most else { throw .hugeClass(root, most: Self.most) }
    var seen: [[String]: Int] = [:]
    func add(_ learner: String, _ puzzle: String, _ path: String, fault: Diagnostic? = nil) {
      learners.insert(learner)
      if let index = seen[[learner, puzzle]] {
        let first = found[index]
        found[index] = Found(
          learner: learner,
          puzzle: puzzle,
          path: first.path,
          fault: .twoSubmissions(first.path, path)
        )
        return
      }
      seen[[learner, puzzle]] = found.count
      found.append(Found(learner: learner, puzzle: puzzle, path: path, fault: fault))
    }
    func addBundle(_ learner: String, _ path: String) {
      learners.insert(learner)
      let first = bundles[learner]
      bundles[learner] = Found(
        learner: learner,
        puzzle: "",
        path: first?.path ?? path,
        fault: first.map { .twoSubmissions($0.path, path) }
      )
    }
    for name in names where !name.hasPrefix(".") {
      let path = root + "/" + name
      if FileManager.default.isLink(path), !name.hasSuffix(".yaml"),
        !name.hasSuffix(SubmissionBundle.suffix)
      {
        // What a link leads to is nobody's submission; the learner is told, not passed over.
        for puzzle in puzzles { add(name, puzzle, name, fault: .linkedFolder(name)) }
      } else if FileManager.default.isFolder(path) {
        learners.insert(name)
        for file in try Self.names(in: path) where !file.hasPrefix(".") {
          let id = file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file
          if file.hasSuffix(SubmissionBundle.suffix) {
            addBundle(name, name + "/" + file)
          } else if known.contains(id) {
            add(name, id, name + "/" + file)
          } else {
            strays.append(name + "/" + file)
          }
        }
      } else if name.hasSuffix(".yaml"), let dashes = name.range(of: "--"),
        known.contains(String(name[..<dashes.lowerBound])),
        dashes.upperBound < name.index(name.endIndex, offsetBy: -5)
      {
        add(
          String(name[dashes.upperBound...].dropLast(5)),
          String(name[..<dashes.lowerBound]),
          name
        )
      } else if name.hasSuffix(SubmissionBundle.suffix), name != SubmissionBundle.suffix {
        addBundle(String(name.dropLast(SubmissionBundle.suffix.count)), name)
      } else {
        strays.append(name)
      }
      guard found.count <= Self.most else { throw .hugeClass(root, most: Self.most) }
    }
  }

  static func bySlot(_ found: [Found]) -> [Slot: Found] {
    Dictionary(found.map { (Slot(learner: $0.learner, puzzle: $0.puzzle), $0) }) { first, _ in first
    }
  }

  private static func names(in path: String) throws(Diagnostic) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw .unreadableClass(path)
    }
  }
}

extension FileManager {
  fileprivate func isLink(_ path: String) -> Bool {
    (try? attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeSymbolicLink
  }

  fileprivate func isFolder(_ path: String) -> Bool {
    (try? attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeDirectory
  }
}

extension Diagnostic {
  fileprivate static func unreadableClass(_ path: String) -> Diagnostic {
    Diagnostic(
      "no-class",
      "the folder '\(path)' cannot be read",
      help: "name the folder that holds a folder for each learner, or files PUZZLE--LEARNER.yaml"
    )
  }

  fileprivate static func hugeClass(_ path: String, most: Int) -> Diagnostic {
    Diagnostic("huge-class", "'\(path)' holds more than \(grouped(most)) submissions")
  }

  static func twoSubmissions(_ first: String, _ second: String) -> Diagnostic {
    Diagnostic(
      "two-submissions",
      "there are two: '\(first)' and '\(second)'",
      help: "take one away and grade again"
    )
  }

  fileprivate static func linkedFolder(_ name: String) -> Diagnostic {
    Diagnostic("linked-folder", "'\(name)' is a link, and links are not followed")
  }
}
