import SourceDiagnostics

/// Reads a file line by line, a piece of it in memory at a time.
struct LineReader {
  private let file: MappedFile
  private static let pieceBytes = 4 << 20
  private var piece: [UInt8] = []
  private var position = 0
  private var readBytes = 0
  /// The number of the last line returned, counted from 1.
  private(set) var number = 0

  init(_ file: MappedFile) { self.file = file }

  /// Where the next line begins in the file.
  var offset: Int { readBytes - (piece.count - position) }

  /// Returns the next line without its end, LF or CR LF, or `nil` after the last.
  ///
  /// - Throws: If the line is longer than `limit` bytes, or the file has shrunk.
  mutating func next(atMost limit: Int) throws(Diagnostic) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = piece[searched...].firstIndex(of: 0x0A) {
        return try line(endingAt: end, next: end + 1, limit: limit)
      }
      guard piece.count - position <= limit + 1 else { throw .lineTooLong(number + 1, limit) }
      guard readBytes < file.byteCount else {
        guard position < piece.count else { return nil }
        return try line(endingAt: piece.count, next: piece.count, limit: limit)
      }
      try file.requireUnchanged()
      let end = min(readBytes + Self.pieceBytes, file.byteCount)
      guard let bytes = file.bytes(in: readBytes..<end) else { throw .fileShrank }
      searched = piece.count - position
      piece = Array(piece[position...]) + bytes
      position = 0
      readBytes = end
    }
  }

  private mutating func line(
    endingAt end: Int,
    next: Int,
    limit: Int
  ) throws(Diagnostic) -> ArraySlice<UInt8> {
    var line = piece[position..<end]
    if line.last == 0x0D { line.removeLast() }
    number += 1
    guard line.count <= limit else { throw .lineTooLong(number, limit) }
    position = next
    return line
  }
}
