import Foundation
import SourceDiagnostics

/// A model's weights in one file or several, whose headers have been read and checked.
struct WeightFile: Sendable {
  /// For example "GGUF v3".
  let format: String
  /// The size of all its files together.
  let byteCount: Int
  /// In the order of the file, or of the files.
  let tensors: [StoredTensor]
  let metadata: Metadata

  enum Metadata: Sendable {
    /// Arrays were left in the file.
    case gguf(GGUFMetadata, MappedFile)
    case safetensors([String: String])
  }

  /// Reads the header of a GGUF or safetensors file, told apart by the first bytes, or of every
  /// file that a safetensors index names.
  static func open(path: String) throws(Diagnostic) -> WeightFile {
    if path.hasSuffix(SafetensorsIndex.ending) { return try ShardedReader.read(indexPath: path) }
    try refuseForeignFormat(path: path)
    let file = try MappedFile(path: path)
    if let magic = file.bytes(in: 0..<min(8, file.byteCount)) {
      if magic.starts(with: GGUFReader.magic) { return try GGUFReader.read(file) }
      if magic.starts(with: [0x50, 0x4B, 3, 4]) { throw .pickledFile }
      if magic.starts(with: [0x93] + Array("NUMPY".utf8)) { throw .numpyFile }
      if path.hasSuffix(".gguf") { throw .wrongMagic }
      if magic.count == 8, magic.allSatisfy(Self.isText) { throw .textFile }
    }
    return try SafetensorsReader.read(file)
  }

  /// Returns the file to open for a path that may be a folder.
  ///
  /// - Throws: If a folder holds no weights, several without an index, or nothing but pickles.
  static func path(in path: String) throws(Diagnostic) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return path }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted()
    for usual in ["model.safetensors", "model" + SafetensorsIndex.ending]
    where names.contains(usual) {
      return path + "/" + usual
    }
    let weights = names.filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".gguf") }
    if weights.count == 1 { return path + "/" + weights[0] }
    guard weights.isEmpty else { throw .severalWeights(weights, in: path) }
    if let pickle = names.first(where: { pickleEndings.contains(where: $0.hasSuffix) }) {
      throw .onlyPickle(pickle, in: path)
    }
    throw .noWeights(in: path)
  }

  /// Whether a byte is one of plain text; eight of them would announce an absurdly long header.
  private static func isText(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private static func refuseForeignFormat(path: String) throws(Diagnostic) {
    if pickleEndings.contains(where: path.hasSuffix) { throw .pickledFile }
  }

  static let pickleEndings = [".bin", ".pt", ".pth", ".pkl", ".ckpt"]
}
