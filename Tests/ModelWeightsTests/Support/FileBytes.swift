import Foundation

/// Bytes put together by hand, little-endian, for files that break one rule.
struct FileBytes {
  var bytes: [UInt8] = []

  mutating func put(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func put(_ text: String) { bytes += Array(text.utf8) }

  /// A length in 64 bits, then the text, as GGUF stores strings.
  mutating func putString(_ text: String) {
    put(UInt64(text.utf8.count))
    put(text)
  }

  mutating func pad(to alignment: Int) {
    while !bytes.count.isMultiple(of: alignment) { bytes.append(0) }
  }
}

/// A folder that is removed when the test is done.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("weights-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// Writes files into a folder that lasts as long as `body` runs, and calls it with the first's path.
func withFiles<Result>(
  _ files: [(name: String, bytes: [UInt8])],
  _ body: (String) throws -> Result
) throws -> Result {
  try withTemporaryFolder { folder in
    for file in files {
      try Data(file.bytes).write(to: URL(fileURLWithPath: folder + "/" + file.name))
    }
    return try body(folder + "/" + files[0].name)
  }
}

/// Where the repository is.
let repository = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

func bundledModel(_ name: String) -> String { "\(repository)/models/\(name).gguf" }

/// Reads a file of this target's `Fixtures` folder.
func fixture<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
  let path = "\(repository)/Tests/ModelWeightsTests/Fixtures/\(name)"
  return try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
}
