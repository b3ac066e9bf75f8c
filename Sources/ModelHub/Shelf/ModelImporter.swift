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
  private static let sideFiles: Set = [
    "config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt",
    "vocab.txt", "added_tokens.json", "special_tokens_map.json",
  ]

  package init(shelf: ModelShelf) { self.shelf = shelf }

  /// Imports a file or folder.
  ///
  /// - Parameters:
  ///   - path: A GGUF or safetensors file, a folder with safetensors, word vectors as text, or a
  ///     numpy array.
  ///   - name: What to call it; by default its file's name without the ending.
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
    if let taken = try? shelf.entry(name), taken.place != .cache {
      throw .nameTaken(name, path: taken.path)
    }
    try makeFolder(folder)
    if let row = Catalogue.row(named: name), try EmbeddingImporter.format(of: path) != nil {
      throw .publishedName(name, repository: row.repository)
    }
    if !Self.isFolder(path), try EmbeddingImporter.format(of: path) != nil {
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
    let name =
      name
      ?? URL(fileURLWithPath: path).standardizedFileURL.deletingPathExtension().lastPathComponent
    guard ModelPuller.isName(name) else { throw .badModelName(name) }
    return name
  }

  private func makeFolder(_ folder: String) throws(Diagnostic) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotPullTo(folder, reason: error.localizedDescription.lowercased())
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
    let isFile = path.hasSuffix(".gguf")
    let destination = "\(folder)/\(name)\(isFile ? ".gguf" : "")"
    let temporary = "\(folder)/.\(name).part"
    do {
      try? FileManager.default.removeItem(atPath: temporary)
      try place(path, at: temporary, asLink: asLink)
      try FileManager.default.moveItem(atPath: temporary, toPath: destination)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw .cannotPullTo(destination, reason: error.localizedDescription.lowercased())
    }
    return Outcome(
      name: name,
      path: destination,
      byteCount: summary.byteCount,
      isLink: asLink,
      conversion: nil
    )
  }

  /// Copies a model, or links to it: a GGUF file as it is, anything else as a folder.
  private func place(_ path: String, at destination: String, asLink: Bool) throws {
    let files = FileManager.default
    let source = URL(fileURLWithPath: path).standardizedFileURL
    func put(_ from: URL, _ to: String) throws {
      let real = from.resolvingSymlinksInPath()
      if asLink {
        try files.createSymbolicLink(atPath: to, withDestinationPath: real.path)
      } else {
        try files.copyItem(atPath: real.path, toPath: to)
      }
    }
    guard !path.hasSuffix(".gguf") else { return try put(source, destination) }
    let folder = Self.isFolder(path) ? source : source.deletingLastPathComponent()
    try files.createDirectory(atPath: destination, withIntermediateDirectories: false)
    let isIndex = source.lastPathComponent.hasSuffix(".index.json")
    for item in try files.contentsOfDirectory(atPath: folder.path).sorted() {
      let isWeights = item.hasSuffix(".safetensors") || item.hasSuffix(".safetensors.index.json")
      let isWanted = Self.isFolder(path) || isIndex ? isWeights : false
      guard isWanted || Self.sideFiles.contains(item) else { continue }
      try put(folder.appendingPathComponent(item), destination + "/" + item)
    }
    if !Self.isFolder(path), !isIndex {
      try put(source, destination + "/" + PulledModel.weightsName)
    }
  }
}
