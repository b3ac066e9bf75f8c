import Foundation
import ModelWeights

/// The folder where Hugging Face's own tools keep the models they downloaded.
///
/// A repository is a folder `models--owner--name`; each commit is a folder of links in its
/// `snapshots`, and `refs/main` holds the commit that was newest when it was last looked up.
package struct HuggingFaceCache: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// Finds the cache by `HF_HUB_CACHE`, `HF_HOME`, `XDG_CACHE_HOME` or `HOME`; `nil` without any.
  package init?(environment: [String: String]) {
    guard let path = HubVariables(environment).cacheFolder else { return nil }
    self.path = path
  }

  /// Returns the folder of a model that can be opened, or `nil`.
  ///
  /// The catalogue's commit counts first, then the newest one; never a folder of an interrupted
  /// download, whose weights are not linked yet.
  package func snapshot(of row: CatalogueRow) -> String? {
    let repository =
      path + "/models--" + row.repository.split(separator: "/").joined(separator: "--")
    let newest = SmallFile.text(at: repository + "/refs/main", atMost: 100)
    for commit in [row.revision, newest].compactMap({ $0 }) {
      guard commit.wholeMatch(of: /[0-9a-f]{40}/) != nil else { continue }
      let folder = repository + "/snapshots/" + commit
      if Self.isWhole(folder) { return folder }
    }
    return nil
  }

  private static func isWhole(_ folder: String) -> Bool {
    func exists(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: folder + "/" + name)
    }
    if exists("model.safetensors") { return true }
    let index = SmallFile.text(at: folder + "/model.safetensors.index.json", atMost: 64 << 20)
      .flatMap { try? SafetensorsIndex(json: [UInt8]($0.utf8)) }
    return index?.files.allSatisfy(exists) ?? false
  }
}
