import Foundation
package import ModelWeights
package import SourceDiagnostics

/// Puts a model from elsewhere into the user's folder of models, under a name.
///
/// GGUF and safetensors are kept as they are, with the files that name their tokens; word vectors
/// and numpy arrays become GGUF. What is put there has been opened once.
package struct ModelImporter: Sendable {
  /// What was put where.
  package struct Outcome: Sendable {
    package let name: String
    package let path: String
    package let byteCount: Int
    package let isLink: Bool
    /// What kind of file it was, and what was lost on the way; empty if it is kept as it is.
    package let conversion: EmbeddingImporter.Report?
  }

  private let shelf: ModelShelf
  private let notice: @Sendable (Diagnostic) -> Void

  /// - Parameters:
  ///   - shelf: Where models are, and where this one is put.
  ///   - notice: Receives what the user should know meanwhile.
  package init(shelf: ModelShelf, notice: @escaping @Sendable (Diagnostic) -> Void = { _ in }) {
    self.shelf = shelf
    self.notice = notice
  }

  /// Imports a file or folder.
  ///
  /// - Parameters:
  ///   - path: A GGUF or safetensors file, a folder with safetensors, word vectors as text, or a
  ///     numpy array.
  ///   - name: What to call it; by default its folder's name, or its file's without the ending.
  ///   - tokens: The file with the words of a numpy array's rows.
  ///   - asLink: Whether to link to it rather than copy it.
  ///   - progress: Receives the share that is done.
  /// - Returns: What was put where.
  /// - Throws: If it cannot be read, or the name is taken.
  package func run(
    _ path: String,
    name: String?,
    tokens: String?,
    asLink: Bool,
    progress: (@Sendable (Double) -> Void)?
  ) throws(Diagnostic) -> Outcome {
    guard FileManager.default.fileExists(atPath: path) else { throw .noSuchFile(path) }
    let name = try chosenName(name, path)
    let folder = shelf.user ?? shelf.bundled
    try refuseTaken(name)
    try makeFolder(folder)
    let lock = FolderLock(path: "\(folder)/.\(name).lock")
    return try lock.held(whileWaiting: { notice(.anotherWriter(name)) }) {
      () throws(Diagnostic) in
      // Another process may have put it there while this one waited.
      try refuseTaken(name)
      return try put(
        path,
        name: name,
        in: folder,
        tokens: tokens,
        asLink: asLink,
        progress: progress
      )
    }
  }

  private func put(
    _ path: String,
    name: String,
    in folder: String,
    tokens: String?,
    asLink: Bool,
    progress: (@Sendable (Double) -> Void)?
  ) throws(Diagnostic) -> Outcome {
    if !Self.isFolder(path), try EmbeddingImporter.format(of: path) != nil {
      if let row = Catalogue.row(named: name) {
        throw .publishedName(name, repository: row.repository)
      }
      guard !asLink else { throw .cannotLinkConverted(path) }
      let output = "\(folder)/\(name).gguf"
      let report = try EmbeddingImporter.convert(
        path,
        tokens: tokens,
        name: name,
        to: output,
        progress: progress
      )
      return Outcome(
        name: name,
        path: output,
        byteCount: report.byteCount,
        isLink: false,
        conversion: report
      )
    }
    guard tokens == nil else { throw .tokensNotNeeded(path) }
    return try keep(path, name: name, in: folder, asLink: asLink)
  }

  private func chosenName(_ name: String?, _ path: String) throws(Diagnostic) -> String {
    let name = name ?? Self.defaultName(path)
    guard ModelPuller.isName(name) else { throw .badModelName(name) }
    return name
  }

  /// Returns a folder's name, of whose dots none begins an ending, or a file's without its ending.
  private static func defaultName(_ path: String) -> String {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    return isFolder(path) ? url.lastPathComponent : url.deletingPathExtension().lastPathComponent
  }

  private func refuseTaken(_ name: String) throws(Diagnostic) {
    guard let path = shelf.path(ofPlaced: name) else { return }
    throw .nameTaken(name, path: path)
  }

  private func makeFolder(_ folder: String) throws(Diagnostic) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotPullTo(folder, reason: failureText(error))
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  // MARK: Keeping a model's own files

  private func keep(
    _ path: String,
    name: String,
    in folder: String,
    asLink: Bool
  ) throws(Diagnostic) -> Outcome {
    let summary = try ModelSummary.read(path: path)
    if let row = Catalogue.row(named: name),
      summary.columnCount != row.channels || summary.rowCount != row.tokens
    {
      throw .publishedName(name, repository: row.repository)
    }
    _ = try LoadedModel.open(path: path)
    let isGGUF = summary.format.hasPrefix("GGUF")
    let destination = "\(folder)/\(name)\(isGGUF ? ".gguf" : "")"
    let temporary = "\(folder)/.\(name).import"
    do {
      // An import that was killed leaves it behind.
      try? FileManager.default.removeItem(atPath: temporary)
      try ModelFiles(at: path, isGGUF: isGGUF).put(at: temporary, asLinks: asLink)
      try FileManager.default.moveItem(atPath: temporary, toPath: destination)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw .cannotPullTo(destination, reason: failureText(error))
    }
    return Outcome(
      name: name,
      path: destination,
      byteCount: summary.byteCount,
      isLink: asLink,
      conversion: nil
    )
  }
}
