import Foundation
import ModelWeights
import SourceDiagnostics

/// A file of a checkpoint on the hub, and what its header declares.
struct RemoteWeights: Sendable {
  let file: HubFile
  let version: FileVersion
  let header: SafetensorsHeader
}

/// Which bytes of which files make up the file to write.
struct PullPlan: Sendable {
  /// A tensor to fetch.
  struct Item: Sendable {
    let tensor: SafetensorsHeader.Tensor
    /// An index into ``PullPlan/sources``.
    let source: Int
    /// Where its bytes go in the file to write.
    let destination: Range<Int>
    /// Whether it is here already and only to be copied.
    let isPresent: Bool
  }

  /// Some bytes to fetch by one request.
  struct Piece: Sendable, Hashable {
    let source: Int
    let range: Range<Int>
    /// Where the first of them goes in the file to write.
    let destination: Int
  }

  /// What an interruption may cost on each connection.
  private static let pieceBytes = 2 << 20
  /// More than any model here has; keeps the list of pieces short whatever a header declares.
  private static let mostBytes = 256 << 30
  private static let digestKey = "sha256:"

  let sources: [RemoteWeights]
  let items: [Item]
  let pieces: [Piece]
  /// How many bytes of weights are to be fetched.
  let byteCount: Int
  let fileSize: Int
  private let metadata: [String: String]

  /// Lays out a file with the chosen tensors, in the order of the files and of their bytes.
  ///
  /// - Parameters:
  ///   - sources: The files of the checkpoint.
  ///   - selection: What is wanted of them.
  ///   - isTied: Whether the unembedding is the embedding.
  ///   - present: The names of tensors that need not be fetched again.
  ///   - metadata: What the file to write says of its origin.
  /// - Throws: If nothing that is wanted is there, or there is no embedding.
  init(
    _ sources: [RemoteWeights],
    selection: PullSelection,
    isTied: Bool,
    present: Set<String> = [],
    metadata: [String: String]
  ) throws(Diagnostic) {
    var chosen: [(tensor: SafetensorsHeader.Tensor, source: Int)] = []
    for (index, source) in sources.enumerated() {
      for tensor in source.header.tensors
      where selection.includes(tensor.canonicalNames, isTied: isTied) {
        chosen.append((tensor, index))
      }
    }
    guard chosen.contains(where: { $0.tensor.canonicalNames.contains("W_E") }) else {
      throw .noEmbeddingOnHub(sources.first?.file.repository ?? "")
    }
    var metadata = metadata
    for (tensor, _) in chosen {
      metadata[Self.digestKey + tensor.name] = String(repeating: "0", count: 64)
    }
    self.metadata = metadata
    self.sources = sources
    let tensors = chosen.map(\.tensor)
    var end = SafetensorsHeader.bytes(for: tensors, metadata: metadata).count
    var items: [Item] = []
    for (tensor, source) in chosen {
      let (next, isTooLarge) = end.addingReportingOverflow(tensor.range.count)
      guard !isTooLarge else {
        throw .tooMuchWanted(sources.first?.file.repository ?? "", limit: Self.mostBytes)
      }
      let destination = end..<next
      items.append(
        Item(
          tensor: tensor,
          source: source,
          destination: destination,
          isPresent: present.contains(tensor.name)
        )
      )
      end = destination.upperBound
    }
    guard end <= Self.mostBytes else {
      throw .tooMuchWanted(sources.first?.file.repository ?? "", limit: Self.mostBytes)
    }
    self.items = items
    self.fileSize = end
    self.pieces = Self.pieces(items.filter { !$0.isPresent })
    self.byteCount = pieces.reduce(0) { $0 + $1.range.count }
  }

  /// What tells this plan from every other: a half-written file may only be continued by its own.
  var identity: String {
    var lines = sources.map { source in
      let version = source.version
      let file = source.file
      return "\(file.repository) \(file.revision) \(file.name) \(version.size)"
        + " \(version.sha256 ?? version.etag ?? "")"
    }
    lines += pieces.map { "\($0.source) \($0.range.lowerBound) \($0.range.upperBound)" }
    return ContentDigest.sha256(lines.joined(separator: "\n"))
  }

  /// Returns the header of the file to write.
  ///
  /// It is as long as it will be whatever the digests are.
  ///
  /// - Parameter digests: The SHA-256 of each tensor's bytes, by name.
  /// - Returns: The file's first bytes, up to those of the first tensor.
  func header(digests: [String: String]) -> [UInt8] {
    var metadata = metadata
    for (name, digest) in digests { metadata[Self.digestKey + name] = digest }
    return SafetensorsHeader.bytes(for: items.map(\.tensor), metadata: metadata)
  }

  /// Returns the digests that a fetched file's metadata records, by tensor.
  static func digests(in metadata: [String: String]) -> [String: String] {
    var digests: [String: String] = [:]
    for (key, value) in metadata where key.hasPrefix(digestKey) {
      digests[String(key.dropFirst(digestKey.count))] = value
    }
    return digests
  }

  /// Joins what is adjacent and cuts what is long.
  private static func pieces(_ items: [Item]) -> [Piece] {
    var runs: [Piece] = []
    for item in items where !item.tensor.range.isEmpty {
      if let last = runs.last, last.source == item.source,
        last.range.upperBound == item.tensor.range.lowerBound,
        last.destination + last.range.count == item.destination.lowerBound
      {
        runs[runs.count - 1] = Piece(
          source: last.source,
          range: last.range.lowerBound..<item.tensor.range.upperBound,
          destination: last.destination
        )
      } else {
        runs.append(
          Piece(
            source: item.source,
            range: item.tensor.range,
            destination: item.destination.lowerBound
          )
        )
      }
    }
    return runs.flatMap { run in
      stride(from: run.range.lowerBound, to: run.range.upperBound, by: pieceBytes).map { start in
        Piece(
          source: run.source,
          range: start..<min(run.range.upperBound, start + pieceBytes),
          destination: run.destination + start - run.range.lowerBound
        )
      }
    }
  }
}
