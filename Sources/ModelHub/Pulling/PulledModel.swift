import Foundation
import ModelWeights
import SourceDiagnostics

/// A model that was fetched before, as the folder on disk describes itself.
struct PulledModel: Sendable {
  static let weightsName = "model.safetensors"
  /// The file with the SHA-256 of the header, which only a pull writes: that is what tells a model
  /// that was fetched from one that merely says so.
  static let sealName = "header.sha256"
  /// What may lie beside the weights.
  static let sideFileNames: Set = [
    "config.json", "tokenizer.json", "vocab.json", "merges.txt", "vocab.txt",
  ]
  private static let fileDigestKey = "file-sha256:"

  /// Whether a pull writes a file of this name.
  static func isOwnFile(_ name: String) -> Bool {
    name == weightsName || name == sealName || sideFileNames.contains(name)
  }

  let path: String
  let header: SafetensorsHeader
  /// The SHA-256 of the header as it is, and as it was when it was fetched.
  let headerDigest: (found: String, recorded: String)

  var weightsPath: String { path + "/" + Self.weightsName }
  var repository: String? { header.metadata["workbook.repository"] }
  var commit: String? { header.metadata["workbook.commit"] }
  /// The branch or commit that was asked for.
  var revision: String? { header.metadata["workbook.revision"] }

  /// Reads the header of a fetched model; `nil` if nothing was fetched to that folder.
  init?(at path: String) {
    let file = path + "/" + Self.weightsName
    guard let handle = try? RegularFile.open(file),
      let seal = SmallFile.text(at: path + "/" + Self.sealName, atMost: 128)
    else { return nil }
    defer { try? handle.close() }
    guard let end = try? handle.seekToEnd(), let size = Int(exactly: end),
      (try? handle.seek(toOffset: 0)) != nil,
      let prefix = try? handle.read(upToCount: 8),
      let length = try? SafetensorsHeader.length(prefix: [UInt8](prefix), fileSize: size),
      (try? handle.seek(toOffset: 0)) != nil,
      let bytes = try? handle.read(upToCount: length),
      let header = try? SafetensorsHeader(bytes: [UInt8](bytes), fileSize: size),
      header.metadata["workbook.repository"] != nil
    else { return nil }
    self.path = path
    self.header = header
    self.headerDigest = (ContentDigest.sha256(bytes), seal)
  }

  /// Whether every tensor and file that was fetched is still there.
  var isComplete: Bool {
    let names = Set(header.tensors.map(\.name))
    return headerDigest.found == headerDigest.recorded
      && tensorDigests.keys.allSatisfy(names.contains)
      && fileDigests.keys.allSatisfy {
        FileManager.default.fileExists(atPath: path + "/" + $0)
      }
  }

  /// What was asked for when it was fetched.
  var selection: PullSelection {
    var selection = PullSelection()
    let text = header.metadata["workbook.selection"] ?? ""
    selection.isEverything = text == "all"
    selection.layers = Set(text.split(separator: ",").compactMap { Int($0) })
    return selection
  }

  /// The SHA-256 of each tensor's bytes when it was fetched, by its name in the file.
  var tensorDigests: [String: String] { PullPlan.digests(in: header.metadata) }

  /// Returns the names of the tensors that still have the bytes that were fetched.
  ///
  /// - Complexity: O(bytes of the model).
  func intactTensors() -> Set<String> {
    guard let file = try? RegularFile.open(weightsPath) else { return [] }
    defer { try? file.close() }
    let recorded = tensorDigests
    let intact = header.tensors.filter { tensor in
      guard let digest = try? ContentDigest.sha256(file, in: tensor.range) else { return false }
      return digest == recorded[tensor.name]
    }
    return Set(intact.map(\.name))
  }

  /// The SHA-256 of each file beside the weights when it was fetched.
  var fileDigests: [String: String] {
    var digests: [String: String] = [:]
    for (key, value) in header.metadata where key.hasPrefix(Self.fileDigestKey) {
      let name = String(key.dropFirst(Self.fileDigestKey.count))
      // The name comes from the file, and must not lead out of its folder.
      if Self.sideFileNames.contains(name) { digests[name] = value }
    }
    return digests
  }

  /// Returns the metadata that a fetched file carries.
  static func metadata(
    name: String,
    source: HubFile,
    askedFor revision: String,
    endpoint: String,
    license: String?,
    selection: PullSelection,
    fileDigests: [String: String]
  ) -> [String: String] {
    var metadata = [
      "name": name,
      "origin": "\(endpoint)/\(source.repository)/tree/\(source.revision)",
      "workbook.repository": source.repository,
      "workbook.commit": source.revision,
      "workbook.revision": revision,
      "workbook.selection": selection.isEverything
        ? "all" : selection.layers.sorted().map(String.init).joined(separator: ","),
    ]
    metadata["license"] = license
    for (file, digest) in fileDigests { metadata[fileDigestKey + file] = digest }
    return metadata
  }
}
