import Foundation
import ModelWeights
package import SourceDiagnostics

/// The places where models are: a workbook's own folder, the user's, and Hugging Face's cache.
///
/// A model is a `.gguf` or `.safetensors` file, or a folder that holds one, or a model
/// in several safetensors files. Where two places hold the same name, the earlier one's is meant.
package struct ModelShelf: Sendable {
  package let bundled: String
  /// Where models are put that do not come with the workbook; `nil` without a home.
  package let user: String?
  private let cache: HuggingFaceCache?

  /// - Parameters:
  ///   - bundled: The workbook's folder of models.
  ///   - user: The user's.
  ///   - cache: Where the catalogue's models are looked for as well.
  package init(bundled: String, user: String? = nil, cache: HuggingFaceCache? = nil) {
    self.bundled = bundled
    self.user = user
    self.cache = cache
  }

  /// Returns every model, sorted by name.
  ///
  /// Only headers are read. A file that cannot be read is listed with its fault.
  package func models() -> [ShelfEntry] {
    spots().map(entry)
  }

  /// The names of the models here, sorted; nothing is opened.
  package var names: [String] { spots().map(\.name) }

  /// Returns the path of a model given by name, by an alias of the catalogue's, or by path.
  ///
  /// What contains a "/" or is a file here is a path; anything else is a name on the shelf.
  ///
  /// - Throws: If there is nothing there; the help lists what there is.
  package func locate(_ nameOrPath: String) throws(Diagnostic) -> String {
    try spot(nameOrPath).path
  }

  /// Returns what is found under a name or path.
  package func entry(_ nameOrPath: String) throws(Diagnostic) -> ShelfEntry {
    entry(try spot(nameOrPath))
  }

  /// Returns where the model of that name or alias is, if it is in one of the folders of models.
  func path(ofPlaced name: String) -> String? {
    let names = [name, Catalogue.row(named: name)?.name]
    return spots().first { $0.place != .cache && names.contains($0.name) }?.path
  }

  /// Returns the SHA-256 of a file in lowercase hexadecimal, read in pieces.
  package func digest(of path: String) throws(Diagnostic) -> String {
    try digest(of: path, report: { _ in })
  }

  func digest(of path: String, report: (Int) -> Void) throws(Diagnostic) -> String {
    do {
      return try ContentDigest.sha256(fileAt: path, report: report)
    } catch {
      throw Diagnostic.undigestable(reason: failureText(error))
        .at(SourcePlace(file: path))
    }
  }

  /// Removes a model that was fetched or imported.
  ///
  /// - Returns: The path of what was removed.
  /// - Throws: If there is none of that name, or it is not the user's to remove.
  package func remove(_ name: String) throws(Diagnostic) -> String {
    let spot = try spot(name)
    switch spot.place {
    case .bundled: throw .notRemovable(name, place: "comes with the workbook")
    case .cache: throw .notRemovable(name, place: "is in Hugging Face's cache, which others use")
    case .file: throw .notRemovable(name, place: "is a path")
    case .pulled, .imported: break
    }
    do {
      try FileManager.default.removeItem(atPath: spot.path)
    } catch {
      throw .notRemoved(spot.path, reason: failureText(error))
    }
    return spot.path
  }

  // MARK: Looking

  /// Where a model is: its name and the path to open.
  private struct Spot {
    let name: String
    let path: String
    let place: ShelfEntry.Place
  }

  private func entry(_ spot: Spot) -> ShelfEntry {
    let summary = Result { () throws(Diagnostic) in try ModelSummary.read(path: spot.path) }
    let attributes = try? FileManager.default.attributesOfItem(atPath: spot.path)
    let size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
    return ShelfEntry(
      name: spot.name,
      path: spot.path,
      place: spot.place,
      byteCount: (try? summary.get().byteCount) ?? size,
      summary: summary
    )
  }

  private func spot(_ nameOrPath: String) throws(Diagnostic) -> Spot {
    let atPath = Spot(name: nameOrPath, path: nameOrPath, place: .file)
    if nameOrPath.contains("/") {
      if FileManager.default.fileExists(atPath: nameOrPath) { return atPath }
      guard let row = Catalogue.row(named: nameOrPath) else { throw .noSuchFile(nameOrPath) }
      return try spot(row.name)
    }
    let spots = spots()
    if let spot = spots.first(where: { $0.name == nameOrPath }) { return spot }
    if !nameOrPath.isEmpty, FileManager.default.fileExists(atPath: nameOrPath) { return atPath }
    let row = Catalogue.row(named: nameOrPath)
    if let row, let spot = spots.first(where: { $0.name == row.name }) { return spot }
    throw .unknownModel(nameOrPath, among: spots.map(\.name), known: row?.name)
  }

  private func spots() -> [Spot] {
    var spots: [String: Spot] = [:]
    for (directory, isUsers) in [(bundled, false), (user ?? "", true)] where !directory.isEmpty {
      let items = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      for item in items.sorted() where !item.hasPrefix(".") {
        guard let spot = spot(item, in: directory, isUsers: isUsers), spots[spot.name] == nil
        else { continue }
        spots[spot.name] = spot
      }
    }
    for row in Catalogue.rows where spots[row.name] == nil {
      guard let path = cache?.snapshot(of: row) else { continue }
      spots[row.name] = Spot(name: row.name, path: path, place: .cache)
    }
    return spots.values.sorted { $0.name < $1.name }
  }

  private func spot(_ item: String, in directory: String, isUsers: Bool) -> Spot? {
    let path = directory + "/" + item
    let place: ShelfEntry.Place = isUsers ? .imported : .bundled
    for ending in [".gguf", ".safetensors"] where item.hasSuffix(ending) && item != ending {
      let name = String(item.dropLast(ending.count))
      return Spot(name: name, path: path, place: place)
    }
    guard LoadedModel.isModel(folder: path) else { return nil }
    return Spot(name: item, path: path, place: PulledModel(at: path) == nil ? place : .pulled)
  }
}
