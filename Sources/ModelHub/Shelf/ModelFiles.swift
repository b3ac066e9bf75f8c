import Foundation
import ModelWeights

/// The files that a model can be opened from, and what each is called when it is put elsewhere.
struct ModelFiles {
  private let files: [(source: String, name: String)]

  private static let indexName = PulledModel.weightsName + ".index.json"
  private static let longestIndex = 64 << 20
  private static let longestSideFile = 64 << 20
  private static let sideFiles = [
    "config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt",
    "vocab.txt", "added_tokens.json", "special_tokens_map.json",
  ]

  /// Finds the files of a model that was opened from `path`: a weight file, an index, or a folder.
  ///
  /// Weights in GGUF are one file. Of a folder only the weights that are opened count, and of what
  /// lies beside weights only the tokenizer and configuration, if they are short regular files.
  ///
  /// - Throws: If a file that is needed cannot be read, or is no regular file.
  init(at path: String, isGGUF: Bool) throws {
    let weights = try Self.weights(at: path)
    guard !isGGUF else {
      self.files = [(try Self.real(weights), "")]
      return
    }
    let folder = URL(fileURLWithPath: weights).deletingLastPathComponent().path
    var files: [(String, String)] = []
    if weights.hasSuffix(".safetensors.index.json") {
      files.append((try Self.real(weights), Self.indexName))
      for name in try Self.index(at: weights).files {
        files.append((try Self.real(folder + "/" + name), name))
      }
    } else {
      files.append((try Self.real(weights), PulledModel.weightsName))
    }
    for name in Self.sideFiles {
      guard let file = try? RegularFile.open(folder + "/" + name), let size = try? file.seekToEnd(),
        size <= Self.longestSideFile
      else { continue }
      files.append((try Self.real(folder + "/" + name), name))
    }
    self.files = files
  }

  /// Copies the files, or links to them: GGUF to `destination` itself, others to a folder there.
  func put(at destination: String, asLinks: Bool) throws {
    let manager = FileManager.default
    if files.allSatisfy({ !$0.name.isEmpty }) {
      try manager.createDirectory(atPath: destination, withIntermediateDirectories: false)
    }
    for (source, name) in files {
      let path = name.isEmpty ? destination : destination + "/" + name
      if asLinks {
        try manager.createSymbolicLink(atPath: path, withDestinationPath: source)
      } else {
        try manager.copyItem(atPath: source, toPath: path)
      }
    }
  }

  /// Returns the weight file or index that a model is opened from, by the rules for any folder.
  private static func weights(at path: String) throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return path }
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { !$0.hasPrefix(".") }
    for usual in [PulledModel.weightsName, indexName] where names.contains(usual) {
      return path + "/" + usual
    }
    let weights = names.filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".gguf") }
    guard let only = weights.first, weights.count == 1 else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return path + "/" + only
  }

  private static func index(at path: String) throws -> SafetensorsIndex {
    guard let text = SmallFile.text(at: path, atMost: longestIndex) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return try SafetensorsIndex(json: [UInt8](text.utf8))
  }

  /// Returns the absolute path of a regular file, with every link followed.
  private static func real(_ path: String) throws -> String {
    _ = try RegularFile.open(path)
    guard let found = realpath(path, nil) else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
    defer { free(found) }
    return String(cString: found)
  }
}
