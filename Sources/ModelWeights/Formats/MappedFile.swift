import SourceDiagnostics

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A regular file mapped into memory for reading.
///
/// This is the only file of the target that handles pointers. Everything it hands out is checked
/// against the size the file had when it was opened. Touching a page that another process has cut
/// off since then would raise SIGBUS, so callers ask ``requireUnchanged()`` before each large read.
///
/// `@unchecked Sendable`: the mapping is read-only and lives as long as the object.
final class MappedFile: @unchecked Sendable {
  let byteCount: Int
  private let descriptor: CInt
  private let base: UnsafeRawPointer?

  /// Opens and maps `path`.
  ///
  /// Links are followed, since the path is one the user chose; what they lead to must be a regular
  /// file. Opening never blocks, so a named pipe is an error and not a hang.
  init(path: String) throws(Diagnostic) {
    let descriptor = Self.retrying { open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { throw .cannotOpen(reason: Self.reason(errno)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = Self.reason(errno)
      close(descriptor)
      throw .cannotOpen(reason: reason)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notARegularFile
    }
    let size = Int(status.st_size)
    var base: UnsafeRawPointer?
    if size > 0 {
      guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
        address != MAP_FAILED
      else {
        let reason = Self.reason(errno)
        close(descriptor)
        throw .cannotOpen(reason: reason)
      }
      base = UnsafeRawPointer(address)
    }
    self.descriptor = descriptor
    self.byteCount = size
    self.base = base
  }

  deinit {
    if let base { munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }
    close(descriptor)
  }

  /// Throws if the file has become shorter since it was opened.
  func requireUnchanged() throws(Diagnostic) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size >= byteCount else {
      throw .fileShrank
    }
  }

  /// Returns the little-endian integer that starts at a byte offset, aligned or not, or `nil` where
  /// the file ends before it does.
  func integer<Value: FixedWidthInteger>(at offset: Int, as _: Value.Type) -> Value? {
    guard let base, offset >= 0, offset <= byteCount - MemoryLayout<Value>.size else { return nil }
    return Value(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  /// Returns a copy of a range of bytes, or `nil` if the range leaves the file.
  func bytes(in range: Range<Int>) -> [UInt8]? {
    withBytes(in: range) { bytes in
      bytes.withUnsafeBytes { [UInt8]($0) }
    }
  }

  /// Calls `body` with a range of bytes; returns `nil`, without the call, if it leaves the file.
  func withBytes<Result>(in range: Range<Int>, _ body: (RawSpan) -> Result) -> Result? {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else { return nil }
    let part = UnsafeRawBufferPointer(
      start: base.map { $0 + range.lowerBound },
      count: range.count
    )
    return body(part.bytes)
  }

  private static func retrying(_ call: () -> CInt) -> CInt {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  private static func reason(_ code: CInt) -> String {
    String(cString: strerror(code)).lowercased()
  }
}

extension RawSpan {
  /// Returns the little-endian integer at a byte offset, aligned or not.
  ///
  /// - Precondition: The integer lies within the span; only `assert` checks it, in debug builds.
  @inline(__always)
  func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int,
    as _: Value.Type
  ) -> Value {
    assert(offset >= 0 && offset + MemoryLayout<Value>.size <= byteCount)
    return Value(
      littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Value.self)
    )
  }
}

extension [Float] {
  /// Makes an array of `count` values that `body` writes; 0 where it writes none.
  init(count: Int, writing body: (inout MutableSpan<Float>) -> Void) {
    self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      let part = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      part.initialize(repeating: 0)
      var values = part.mutableSpan
      body(&values)
      initialized = count
    }
  }

  /// The values' bytes, lowest first.
  var littleEndianBytes: [UInt8] {
    map { $0.bitPattern.littleEndian }.withUnsafeBytes { [UInt8]($0) }
  }
}

extension [UInt8] {
  /// Appends a copy of some bytes.
  mutating func append(contentsOf bytes: RawSpan) {
    bytes.withUnsafeBytes { append(contentsOf: $0) }
  }
}
