import Crypto
import Foundation
import SourceDiagnostics
import Synchronization

/// A model being fetched: a hidden folder that becomes the model's when everything is there.
///
/// A journal names each piece that is whole, with its digest. After an interruption of any kind the
/// pieces that still have their digest are kept, and only the others are fetched.
final class PartFolder: Sendable {
  let path: String
  private let journal = Mutex<FileHandle?>(nil)
  private let prepared = Mutex(false)
  private static let longestJournal = 64 << 20

  init(path: String) { self.path = path }

  var weightsPath: String { path + "/" + PulledModel.weightsName }
  private var journalPath: String { path + "/journal" }

  /// Whether what is in the folder belongs to the present pull.
  var isPrepared: Bool { prepared.withLock { $0 } }

  /// How much of the weights' room on the disk is taken already.
  var allocatedBytes: Int {
    var status = stat()
    return stat(weightsPath, &status) == 0 ? Int(status.st_blocks) * 512 : 0
  }

  /// Makes the folder ready for a plan, keeping what an earlier try at the same plan fetched.
  ///
  /// - Returns: The pieces that need not be fetched again.
  func prepare(for plan: PullPlan) throws(Diagnostic) -> Set<PullPlan.Piece> {
    let kept = pieces(of: plan)
    prepared.withLock { $0 = true }
    do {
      if kept.isEmpty {
        discard()
        try FileManager.default.createDirectory(
          atPath: path,
          withIntermediateDirectories: true
        )
        try Data().write(to: URL(fileURLWithPath: weightsPath))
        let weights = try FileHandle(forWritingTo: URL(fileURLWithPath: weightsPath))
        try weights.truncate(atOffset: UInt64(plan.fileSize))
        try weights.close()
      }
      // Written anew, since the old one may end in the middle of a line.
      let text = ([plan.identity] + kept.map(\.line)).map { $0 + "\n" }.joined()
      try Data(text.utf8).write(to: URL(fileURLWithPath: journalPath), options: .atomic)
      let journal = try FileHandle(forWritingTo: URL(fileURLWithPath: journalPath))
      try journal.seekToEnd()
      self.journal.withLock { $0 = journal }
    } catch {
      throw .writing(path, error)
    }
    return Set(kept.map(\.piece))
  }

  /// Notes that a piece is whole.
  func finish(_ piece: PullPlan.Piece, digest: String) throws {
    let line = Self.line(for: piece, digest: digest) + "\n"
    try journal.withLock { try $0?.write(contentsOf: Data(line.utf8)) }
  }

  private static func line(for piece: PullPlan.Piece, digest: String) -> String {
    "\(piece.destination) \(piece.range.count) \(digest)"
  }

  /// Opens the weights for writing; each thread needs a handle of its own.
  func weights() throws -> FileHandle {
    try FileHandle(forUpdating: URL(fileURLWithPath: weightsPath))
  }

  func write(_ bytes: Data, as name: String) throws(Diagnostic) {
    do {
      try bytes.write(to: URL(fileURLWithPath: path + "/" + name))
    } catch {
      throw .writing(path, error)
    }
  }

  /// Writes the first bytes of the weights.
  func write(header: [UInt8]) throws(Diagnostic) {
    do {
      let file = try weights()
      try file.write(contentsOf: Data(header))
      try file.close()
    } catch {
      throw .writing(path, error)
    }
  }

  /// Removes the folder and what is in it.
  func discard() {
    journal.withLock { $0 = nil }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Moves what was fetched to its place.
  ///
  /// A model that is there already is set aside whole, so that no file of it stays beside the new
  /// ones; ``recover(_:)`` brings it back if the program ends in between. What the user put beside
  /// it comes along.
  func moveIntoPlace(at destination: String) throws(Diagnostic) {
    journal.withLock { $0 = nil }
    do {
      try FileManager.default.removeItem(atPath: journalPath)
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      for name in names { try Self.synchronize(path + "/" + name) }
    } catch {
      throw .writing(path, error)
    }
    if rename(path, destination) == 0 { return }
    let old = Self.aside(destination)
    guard rename(destination, old) == 0, rename(path, destination) == 0 else {
      let failure = errno
      rename(old, destination)
      throw .cannotPullTo(destination, reason: String(cString: strerror(failure)).lowercased())
    }
    Self.recover(destination)
  }

  /// Ends a replacement: brings a model back that was set aside and never replaced, or removes it
  /// once what the user put beside it is beside the new one.
  static func recover(_ destination: String) {
    let old = aside(destination)
    guard let items = try? FileManager.default.contentsOfDirectory(atPath: old) else { return }
    guard FileManager.default.fileExists(atPath: destination) else {
      rename(old, destination)
      return
    }
    let others = items.filter { !PulledModel.isOwnFile($0) }
    let areKept = others.allSatisfy { rename(old + "/" + $0, destination + "/" + $0) == 0 }
    if areKept { try? FileManager.default.removeItem(atPath: old) }
  }

  private static func aside(_ destination: String) -> String {
    let url = URL(fileURLWithPath: destination)
    return url.deletingLastPathComponent().path + "/." + url.lastPathComponent + ".old"
  }

  private static func synchronize(_ path: String) throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try handle.synchronize()
    try handle.close()
  }

  // MARK: What is left of an earlier try

  /// Returns the pieces that are whole, with their lines in the journal.
  private func pieces(of plan: PullPlan) -> [(piece: PullPlan.Piece, line: String)] {
    let url = URL(fileURLWithPath: journalPath)
    let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? .max
    guard size <= Self.longestJournal, let text = try? String(contentsOf: url, encoding: .utf8),
      let weights = try? FileHandle(forReadingFrom: URL(fileURLWithPath: weightsPath))
    else { return [] }
    defer { try? weights.close() }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard let identity = lines.popFirst(), identity == plan.identity,
      (try? weights.seekToEnd()) == UInt64(plan.fileSize)
    else { return [] }
    let noted = Set(lines.map(String.init))
    return plan.pieces.compactMap { piece in
      let digest = try? ContentDigest.sha256(
        weights,
        in: piece.destination..<piece.destination + piece.range.count
      )
      let line = digest.map { Self.line(for: piece, digest: $0) }
      return line.flatMap { noted.contains($0) ? (piece, $0) : nil }
    }
  }
}
