import Foundation
import SourceDiagnostics

/// Writes a ZIP archive of stored files (APPNOTE.TXT 6.3, PKWARE), with their permissions.
///
/// Nothing is compressed: what it is for is mostly weights, which do not shrink. Each file is read in
/// pieces, so memory does not grow with it.
struct ZipArchive {
  private struct Entry {
    let name: [UInt8]
    let checksum: UInt32
    let size: UInt32
    let offset: UInt32
    let mode: UInt32
  }

  /// Past this size the old format's numbers do not reach.
  private static let mostBytes = 4_000_000_000
  private static let pieceSize = 1 << 20

  private let path: String
  private let handle: FileHandle
  private var entries: [Entry] = []
  private var offset = 0

  /// Makes an empty archive; nothing may be at `path`.
  init(creating path: String) throws(Diagnostic) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotWrite(path, reason: String(cString: strerror(errno)).lowercased())
    }
    self.path = path
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Adds a text.
  mutating func add(_ text: String, as name: String, isExecutable: Bool = false) throws(Diagnostic)
  {
    let data = Data(text.utf8)
    var checksum = Checksum()
    checksum.add(data)
    try begin(name, checksum.value, size: data.count, isExecutable: isExecutable)
    try write(data)
  }

  /// Adds a file.
  mutating func add(
    fileAt source: String,
    as name: String,
    isExecutable: Bool = false
  )
    throws(Diagnostic)
  {
    var checksum = Checksum()
    var size = 0
    try Self.pieces(of: source) { (piece) throws(Diagnostic) in
      checksum.add(piece)
      size += piece.count
    }
    try begin(name, checksum.value, size: size, isExecutable: isExecutable)
    var written = 0
    try Self.pieces(of: source) { (piece) throws(Diagnostic) in
      written += piece.count
      try write(piece)
    }
    guard written == size else {
      throw .cannotWrite(path, reason: "'\(source)' changed while it was read")
    }
  }

  /// Adds every file beneath a folder, in the order of their names.
  mutating func add(folderAt source: String, as name: String) throws(Diagnostic) {
    let names: [String]
    do {
      names = try FileManager.default.subpathsOfDirectory(atPath: source).sorted()
    } catch {
      throw .cannotWrite(path, reason: "'\(source)' cannot be read")
    }
    for file in names {
      var isFolder: ObjCBool = false
      let full = "\(source)/\(file)"
      guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) else { continue }
      if !isFolder.boolValue { try add(fileAt: full, as: "\(name)/\(file)") }
    }
  }

  /// Writes the directory at the end, without which it is no archive.
  func finish() throws(Diagnostic) {
    var directory = Data()
    for entry in entries {
      directory.append(number: UInt32(0x0201_4B50))
      directory.append(number: UInt16(0x0314))  // made by version 2.0 on Unix
      directory.append(Self.common(entry))
      directory.append(number: UInt16(0))  // no comment
      directory.append(number: UInt16(0))  // first disk
      directory.append(number: UInt16(0))  // no internal attributes
      directory.append(number: entry.mode << 16)
      directory.append(number: entry.offset)
      directory.append(contentsOf: entry.name)
    }
    guard let count = UInt16(exactly: entries.count), offset + directory.count < Self.mostBytes
    else { throw .hugeArchive(path) }
    var end = Data()
    end.append(number: UInt32(0x0605_4B50))
    end.append(number: UInt32(0))  // one disk
    end.append(number: count)
    end.append(number: count)
    end.append(number: UInt32(directory.count))
    end.append(number: UInt32(offset))
    end.append(number: UInt16(0))
    try write(directory)
    try write(end)
    do {
      try handle.synchronize()
    } catch {
      throw .cannotWrite(path, reason: "the disk did not take it")
    }
  }

  private mutating func begin(
    _ name: String,
    _ checksum: UInt32,
    size: Int,
    isExecutable: Bool
  ) throws(Diagnostic) {
    guard offset + size + 1_000 < Self.mostBytes, name.utf8.count < 60_000 else {
      throw .hugeArchive(path)
    }
    let entry = Entry(
      name: Array(name.utf8),
      checksum: checksum,
      size: UInt32(size),
      offset: UInt32(offset),
      mode: isExecutable ? 0o100755 : 0o100644
    )
    var header = Data()
    header.append(number: UInt32(0x0403_4B50))
    header.append(Self.common(entry))
    header.append(contentsOf: entry.name)
    try write(header)
    offset += header.count + size
    entries.append(entry)
  }

  /// What the header of a file and its line in the directory share.
  private static func common(_ entry: Entry) -> Data {
    var data = Data()
    data.append(number: UInt16(20))  // version 2.0 reads it
    data.append(number: UInt16(0x0800))  // the name is UTF-8
    data.append(number: UInt16(0))  // stored
    data.append(number: UInt16(0))  // midnight
    data.append(number: UInt16(0x0021))  // 1 January 1980, so that equal contents are equal bytes
    data.append(number: entry.checksum)
    data.append(number: entry.size)
    data.append(number: entry.size)
    data.append(number: UInt16(entry.name.count))
    data.append(number: UInt16(0))  // no extra field
    return data
  }

  private func write(_ data: Data) throws(Diagnostic) {
    do {
      try handle.write(contentsOf: data)
    } catch {
      throw .cannotWrite(path, reason: "the disk did not take it")
    }
  }

  private static func pieces(
    of path: String,
    _ body: (Data) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Diagnostic("unreadable", "'\(path)' cannot be read")
    }
    while true {
      let piece: Data?
      do {
        piece = try handle.read(upToCount: pieceSize)
      } catch {
        throw Diagnostic("unreadable", "'\(path)' cannot be read")
      }
      guard let piece, !piece.isEmpty else { return }
      try body(piece)
    }
  }
}

/// The CRC-32 of ISO 3309, as ZIP has it.
private struct Checksum {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  private var register: UInt32 = 0xFFFF_FFFF

  var value: UInt32 { ~register }

  mutating func add(_ data: Data) {
    for byte in data {
      register = Self.table[Int((register ^ UInt32(byte)) & 0xFF)] ^ (register >> 8)
    }
  }
}

extension Data {
  fileprivate mutating func append(number: some FixedWidthInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}

extension Diagnostic {
  fileprivate static func hugeArchive(_ path: String) -> Diagnostic {
    Diagnostic(
      "large-file",
      "'\(path)' would hold more than 4 GB",
      help: "leave out models that the puzzles do not need"
    )
  }
}
