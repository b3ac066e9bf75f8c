import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Writes checkpoints of the real ones' size that take almost no space on disk.
package enum PretendCheckpoint {
  /// A tensor of a checkpoint.
  package struct Tensor: Sendable {
    package let name: String
    package let dtype: String
    package let shape: [Int]
    let contents: (@Sendable (_ write: ([UInt8]) -> Void) -> Void)?

    /// Describes a tensor.
    ///
    /// - Parameters:
    ///   - name: Its name in the file.
    ///   - dtype: Its type as safetensors spells it, such as `F32`.
    ///   - shape: Its shape; empty for a single number.
    ///   - contents: Hands its bytes to `write`, in pieces and in order. Without this they are
    ///     zeros, which the file has as a hole.
    package init(
      _ name: String,
      dtype: String,
      shape: [Int],
      contents: (@Sendable (_ write: ([UInt8]) -> Void) -> Void)? = nil
    ) {
      self.name = name
      self.dtype = dtype
      self.shape = shape
      self.contents = contents
    }

    /// How many bytes the tensor has, or `nil` for an unknown type or an impossible shape.
    package var byteCount: Int? {
      guard let size = Self.sizes[dtype], shape.allSatisfy({ $0 >= 0 }) else { return nil }
      return shape.reduce(size) { count, side -> Int? in
        guard let (product, overflows) = count?.multipliedReportingOverflow(by: side) else {
          return nil
        }
        return overflows ? nil : product
      }
    }

    private static let sizes: [String: Int] = [
      "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
      "U16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I8": 1, "U8": 1, "BOOL": 1,
    ]
  }

  /// Why a checkpoint was not written.
  package enum Fault: Error, Hashable {
    case impossibleTensor(String)
    case contentsOfWrongLength(String, found: Int, expected: Int)
  }

  /// Writes a safetensors file, with the tensors in the order given, and returns its size.
  ///
  /// - Throws: ``Fault`` for an unknown type or a tensor whose contents do not have the length of
  ///   its shape, ``SystemFault`` if the file cannot be written.
  package static func write(
    _ tensors: [Tensor],
    metadata: [String: String]? = nil,
    to path: String
  ) throws -> Int {
    var starts: [Int] = []
    var end = 0
    for tensor in tensors {
      starts.append(end)
      let sum = tensor.byteCount.map { end.addingReportingOverflow($0) }
      guard let sum, !sum.overflow else { throw Fault.impossibleTensor(tensor.name) }
      end = sum.partialValue
    }
    let header = try header(of: tensors, bounds: starts + [end], metadata: metadata)

    let file = try SparseFile(path)
    try file.write(header, at: 0)
    for (tensor, start) in zip(tensors, starts) {
      try write(tensor, to: file, at: header.count + start)
    }
    try file.extend(to: header.count + end)
    return header.count + end
  }

  /// The tensors of GPT-2's smallest checkpoint, by default in its shapes: 548 MB as float32.
  ///
  /// The embeddings come first, then the blocks with the masks that the checkpoint has as
  /// `attn.bias`, then the last layer norm. All are zeros; replace those that a test looks at.
  package static func gpt2(
    layers: Int = 12,
    tokens: Int = 50257,
    channels: Int = 768,
    context: Int = 1024
  ) -> [Tensor] {
    func float(_ name: String, _ shape: Int...) -> Tensor {
      Tensor(name, dtype: "F32", shape: shape)
    }
    func norm(_ name: String) -> [Tensor] {
      [float("\(name).weight", channels), float("\(name).bias", channels)]
    }
    func dense(_ name: String, from inputs: Int, to outputs: Int) -> [Tensor] {
      [float("\(name).weight", inputs, outputs), float("\(name).bias", outputs)]
    }
    func block(_ name: String) -> [Tensor] {
      [
        [float("\(name).attn.bias", 1, 1, context, context)],
        dense("\(name).attn.c_attn", from: channels, to: 3 * channels),
        dense("\(name).attn.c_proj", from: channels, to: channels),
        dense("\(name).mlp.c_fc", from: channels, to: 4 * channels),
        dense("\(name).mlp.c_proj", from: 4 * channels, to: channels),
        norm("\(name).ln_1"),
        norm("\(name).ln_2"),
      ].flatMap(\.self)
    }
    let embeddings = [
      float("wte.weight", tokens, channels), float("wpe.weight", context, channels),
    ]
    let blocks = (0..<layers).flatMap { block("h.\($0)") }
    return embeddings + blocks + norm("ln_f")
  }

  /// The header with its length before it, filled up with spaces to a multiple of eight bytes.
  ///
  /// `bounds` says where each tensor starts behind the header, and where the last one ends.
  private static func header(
    of tensors: [Tensor],
    bounds: [Int],
    metadata: [String: String]?
  ) throws -> [UInt8] {
    var entries: [String] = []
    if let metadata {
      let pairs = try metadata.sorted { $0.key < $1.key }.map {
        "\(try quoted($0.key)):\(try quoted($0.value))"
      }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for (tensor, (start, end)) in zip(tensors, zip(bounds, bounds.dropFirst())) {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let type = "\"dtype\":\"\(tensor.dtype)\",\"shape\":[\(shape)]"
      let entry = "{\(type),\"data_offsets\":[\(start),\(end)]}"
      entries.append("\(try quoted(tensor.name)):\(entry)")
    }
    let text = Array("{\(entries.joined(separator: ","))}".utf8)
    let spaces = [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    let count = text.count + spaces.count
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + text + spaces
  }

  private static func write(_ tensor: Tensor, to file: SparseFile, at start: Int) throws {
    guard let contents = tensor.contents, let expected = tensor.byteCount else { return }
    var found = 0
    var failure: (any Error)?
    contents { piece in
      if failure == nil, piece.count <= expected - found {
        do { try file.write(piece, at: start + found) } catch { failure = error }
      }
      found += piece.count
    }
    if let failure { throw failure }
    guard found == expected else {
      throw Fault.contentsOfWrongLength(tensor.name, found: found, expected: expected)
    }
  }

  private static func quoted(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }
}

/// A new file that has holes where nothing was written.
private final class SparseFile {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw SystemFault("open") }
  }

  deinit {
    close(descriptor)
  }

  func write(_ bytes: [UInt8], at offset: Int) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + written))
      }
      if count >= 0 { written += count } else if errno != EINTR { throw SystemFault("pwrite") }
    }
  }

  func extend(to size: Int) throws {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw SystemFault("ftruncate") }
  }
}
