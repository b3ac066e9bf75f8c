package import SourceDiagnostics

/// Which tensor is in which file: `model.safetensors.index.json`.
package struct SafetensorsIndex: Sendable {
  /// Each file once, in the order in which the tensors, sorted by name, first mention it.
  package let files: [String]
  /// The file of each tensor.
  package let file: [String: String]

  static let ending = ".safetensors.index.json"
  static let longest = 64 << 20
  private static let mostFiles = 1_000

  /// Reads and checks an index.
  ///
  /// File names must be plain names of safetensors files, since an index may come from a stranger
  /// and must lead to nothing outside its own folder.
  ///
  /// - Throws: If the text is no index, places a tensor twice or nowhere, names a file elsewhere, or
  ///   names more than 1,000 files.
  package init(json bytes: [UInt8]) throws(Diagnostic) {
    var map: [String: String]?
    var scanner = JSONScanner(bytes)
    try scanner.object { (scanner, key) throws(Diagnostic) in
      if key == Array("weight_map".utf8) {
        map = try Self.weightMap(&scanner)
      } else {
        try scanner.skip()
      }
    }
    try scanner.end()
    guard let map, !map.isEmpty else { throw .emptyIndex }
    var files: [String] = []
    var seen: Set<String> = []
    for (_, file) in map.sorted(by: { $0.key < $1.key }) where seen.insert(file).inserted {
      guard files.count < Self.mostFiles else {
        throw .tooMany("weight files", declared: "more", limit: Self.mostFiles)
      }
      files.append(file)
    }
    self.files = files
    self.file = map
  }

  private static func weightMap(
    _ scanner: inout JSONScanner
  ) throws(Diagnostic) -> [String: String] {
    var map: [String: String] = [:]
    try scanner.object { (scanner, key) throws(Diagnostic) in
      let tensor = String(decoding: key, as: UTF8.self)
      guard try scanner.kind() == .text else { throw .indexEntryNotText(tensor) }
      let file = String(decoding: try scanner.text(), as: UTF8.self)
      guard isPlainName(file) else { throw .shardElsewhere(tensor: tensor, file: file) }
      guard map.updateValue(file, forKey: tensor) == nil else { throw .duplicateTensor(tensor) }
    }
    return map
  }

  private static func isPlainName(_ file: String) -> Bool {
    let bytes = file.utf8
    return file.hasSuffix(".safetensors") && !file.hasPrefix(".") && !file.contains("..")
      && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
      && !bytes.contains(UInt8(ascii: "\\")) && !bytes.contains(UInt8(ascii: ":"))
  }
}
