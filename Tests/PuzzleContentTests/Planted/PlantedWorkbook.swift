import Foundation
import Grading
import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import WorkbookKit

/// A workbook in a folder of its own, deleted with the value, with one small model.
final class PlantedWorkbook: Sendable {
  private let root: String
  private let workbook: Workbook

  /// Writes the base puzzle after an edit of its files.
  init(isLean: Bool, _ edit: (inout PlantedFiles) throws -> Void = { _ in }) throws {
    var files = PlantedFiles(isLean: isLean)
    try edit(&files)
    root = Self.temporaryPath()
    workbook = Self.open(root)
    try Self.makeFolder(root + "/models")
    try FileManager.default.copyItem(
      atPath: SmallModel.shared.get().path,
      toPath: "\(root)/models/\(PlantedPuzzle.model).gguf"
    )
    for (path, text) in files.texts {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let isKey = path.hasPrefix("solutions/") && WorkbookFolder.keyFiles.contains(name)
      try write(
        Array((isKey ? rot13(text) : text).utf8),
        to: isKey ? path + WorkbookFolder.encodedSuffix : path
      )
    }
    for (path, bytes) in files.stored { try write(bytes, to: path) }
    for (path, oddity) in files.oddities { try put(oddity, at: "\(root)/\(path)") }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  // The folder is there as long as this object is, so nothing hands the workbook out.

  func lint(_ names: [String] = []) throws -> LintResult {
    try withExtendedLifetime(self) { try workbook.lint(names) }
  }

  func puzzle() throws -> Puzzle {
    try withExtendedLifetime(self) { try workbook.folder.loadPuzzle(PlantedPuzzle.id) }
  }

  /// The puzzle's grader on the small model, all of whose weights are read.
  func grader() throws -> Grader {
    try withExtendedLifetime(self) {
      let puzzle = try puzzle()
      let grader = Grader(
        puzzle: puzzle,
        key: try workbook.folder.loadKey(PlantedPuzzle.id, for: puzzle, revealing: true),
        evaluator: try workbook.evaluator(
          model: PlantedPuzzle.model,
          lexicon: puzzle.lexicon ?? .empty,
          reportsProgress: false
        )
      )
      for tensor in grader.evaluator.model.tensorNames {
        _ = try grader.evaluator.model.matrix(tensor)
      }
      return grader
    }
  }

  // MARK: The disk

  fileprivate static func temporaryPath() -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("planted-\(UUID().uuidString)").path
  }

  fileprivate static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  fileprivate static func open(_ root: String) -> Workbook {
    Workbook(
      root: root,
      surroundings: .init(
        environment: [:],
        currentDirectory: root,
        now: { Date(timeIntervalSince1970: 0) },
        notice: { _ in }
      )
    )
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = URL(fileURLWithPath: "\(root)/\(path)")
    try Self.makeFolder(file.deletingLastPathComponent().path)
    try Data(bytes).write(to: file)
  }

  private func put(_ oddity: PlantedFiles.Oddity, at path: String) throws {
    switch oddity {
    case .folder: try Self.makeFolder(path)
    case .link:
      try Self.makeFolder(root + "/elsewhere")
      try FileManager.default.createSymbolicLink(
        atPath: path,
        withDestinationPath: root + "/elsewhere"
      )
    case .socket: try makeSocket(path)
    }
  }

  /// Makes a file that nobody may open, whoever runs the tests.
  private func makeSocket(_ path: String) throws {
    // A socket's address is short, so it is made elsewhere and moved.
    let short = "/tmp/\(UUID().uuidString.prefix(13))"
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let size = MemoryLayout.size(ofValue: address.sun_path)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      bytes.copyBytes(from: short.utf8.prefix(size - 1))
    }
    #if os(Linux)
    let kind = Int32(SOCK_STREAM.rawValue)
    #else
    let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_UNIX, kind, 0)
    defer { close(descriptor) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0
      }
    }
    guard isBound, rename(short, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}

/// Rows of a bundled model, packed by the program itself, once for all tests.
private final class SmallModel: Sendable {
  static let shared = Result { try SmallModel() }

  let path: String

  private init() throws {
    let folder = PlantedWorkbook.temporaryPath()
    try PlantedWorkbook.makeFolder(folder)
    path = folder + "/\(PlantedPuzzle.model).gguf"
    var request = PackRequest()
    request.rows = PlantedPuzzle.rows
    request.tensors = ["W_E", "W_pos"]
    _ = try EveryPuzzleTests.workbook.pack("whisper-tiny.en", to: path, request)
    // Statics are never freed, so the file is taken away when the process ends.
    atexit {
      if let model = try? SmallModel.shared.get() {
        try? FileManager.default.removeItem(
          at: URL(fileURLWithPath: model.path).deletingLastPathComponent()
        )
      }
    }
  }
}
