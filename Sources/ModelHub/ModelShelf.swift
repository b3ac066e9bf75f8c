import Crypto
import Foundation
import ModelWeights
package import SourceDiagnostics

/// The folders where models are kept.
///
/// A model is a `.gguf` or `.safetensors` file, or a folder that holds `model.safetensors`. Where
/// two folders hold the same name, the earlier folder's is meant.
package struct ModelShelf: Sendable {
  package let directories: [String]

  /// - Parameter directories: Where to look, in order; those that do not exist are passed over.
  package init(directories: [String]) {
    self.directories = directories
  }

  /// Returns every model, sorted by name.
  ///
  /// Only headers are read. A file that cannot be read is listed with its fault.
  package func models() -> [ShelfEntry] {
    places().map { place in
      let file = place.weights
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      let size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
      let summary = Result { () throws(Diagnostic) in try ModelSummary.read(path: file) }
      return ShelfEntry(name: place.name, path: place.path, byteCount: size, summary: summary)
    }
  }

  /// Returns the path of a model given by name, or by path.
  ///
  /// What contains a "/" or is a file here is a path; anything else is a name on the shelf.
  ///
  /// - Throws: If there is nothing there; the help lists what there is.
  package func locate(_ nameOrPath: String) throws(Diagnostic) -> String {
    if nameOrPath.contains("/") {
      guard FileManager.default.fileExists(atPath: nameOrPath) else {
        throw .noSuchFile(nameOrPath)
      }
      return nameOrPath
    }
    let places = places()
    if let place = places.first(where: { $0.name == nameOrPath }) { return place.path }
    if !nameOrPath.isEmpty, FileManager.default.fileExists(atPath: nameOrPath) {
      return nameOrPath
    }
    throw .unknownModel(nameOrPath, among: places.map(\.name))
  }

  /// Returns the SHA-256 of a file in lowercase hexadecimal, read in pieces.
  package func digest(of path: String) throws(Diagnostic) -> String {
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      var hash = SHA256()
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(data: piece)
      }
      return hash.finalize().map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }.joined()
    } catch {
      throw Diagnostic.undigestable(reason: error.localizedDescription.lowercased())
        .at(SourcePlace(file: path))
    }
  }

  /// A model's name, the path to open, and the file that holds its weights.
  private struct Place {
    let name: String
    let path: String
    let weights: String
  }

  private func places() -> [Place] {
    var places: [String: Place] = [:]
    for directory in directories {
      let items = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      for item in items.sorted() where !item.hasPrefix(".") {
        guard let place = place(item, in: directory), places[place.name] == nil else { continue }
        places[place.name] = place
      }
    }
    return places.values.sorted { $0.name < $1.name }
  }

  private func place(_ item: String, in directory: String) -> Place? {
    let path = directory + "/" + item
    for ending in [".gguf", ".safetensors"] where item.hasSuffix(ending) && item != ending {
      return Place(name: String(item.dropLast(ending.count)), path: path, weights: path)
    }
    let weights = path + "/model.safetensors"
    guard FileManager.default.fileExists(atPath: weights) else { return nil }
    return Place(name: item, path: path, weights: weights)
  }
}
