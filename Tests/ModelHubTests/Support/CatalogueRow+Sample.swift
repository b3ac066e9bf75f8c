import Foundation
import ModelHub

extension CatalogueRow {
  /// Returns a row for the tiny checkpoint, with some of its keys set otherwise.
  ///
  /// - Parameter changes: Values by key, as `catalogue.json` has them; `NSNull` for nothing.
  /// - Returns: The row as it is read from such a file.
  /// - Throws: If a value is of a kind that the key does not take.
  static func sample(_ changes: [String: Any] = [:]) throws -> CatalogueRow {
    let row: [String: Any] = [
      "name": "tiny-gpt2", "aliases": ["tiny"], "repository": PullBench.repository,
      "revision": PullBench.commit, "license": "MIT", "architecture": "gpt2",
      "tokens": TinyCheckpoint.tokens, "channels": TinyCheckpoint.channels, "layers": 2,
      "contextLength": 64, "tied": true, "positions": "learned",
      "weights": ["file": "model.safetensors"], "tokenizer": [["file": "vocab.json"]],
      "tensors": [String: String](), "published": [[String: Any]](),
    ]
    let json = try JSONSerialization.data(withJSONObject: row.merging(changes) { $1 })
    return try JSONDecoder().decode(CatalogueRow.self, from: json)
  }
}
