import Foundation
import ModelHub
import SourceDiagnostics
import Testing
import _LoopbackHub

/// Pulls that were interrupted and go on.
@Suite struct ResumeTests {
  private static let pieceBytes = 2 << 20

  /// A checkpoint whose embeddings come in three pieces, and whose last norm is a piece of its own.
  private static let checkpoint: Result<[UInt8], any Error> = Result {
    try TinyCheckpoint.file(
      [
        .init("wte.weight", dtype: "F32", shape: [1500, 768]),
        .init("h.0.attn.bias", dtype: "F32", shape: [1, 1, 64, 64]),
        .init("ln_f.weight", dtype: "F32", shape: [768]),
        .init("ln_f.bias", dtype: "F32", shape: [768]),
      ].map(TinyCheckpoint.filled)
    )
  }

  /// The sizes of the pieces, in the order in which they are asked for.
  private static let pieces = [
    pieceBytes, pieceBytes, 1500 * 768 * 4 - 2 * pieceBytes, 2 * 768 * 4,
  ]

  private func bench() throws -> PullBench {
    let bench = try PullBench([
      .init("model.safetensors", .bytes(try Self.checkpoint.get()), isLarge: true, etag: "big")
    ])
    return bench
  }

  /// Pulls without a fault, and takes what was fetched away again.
  private func uninterrupted(_ bench: PullBench) throws -> [UInt8] {
    try bench.pull()
    defer {
      try? FileManager.default.removeItem(atPath: bench.model)
      bench.hub.forgetRequests()
    }
    return try bench.weights()
  }

  /// Ends a pull when the two small pieces are whole and the two large ones are not.
  private func interrupt(_ bench: PullBench) throws {
    bench.hub.setFaults([.init(.stall(afterBytes: 3 << 18), file: ".safetensors")])
    #expect(bench.refusal(failures: 1, silence: 1)?.rule == "hub-lost")
    #expect(bench.listing == [".tiny-gpt2.part"])
    bench.hub.setFaults([])
    bench.hub.forgetRequests()
  }

  @Test func `a pull goes on with the pieces that are missing`() throws {
    let bench = try bench()
    let whole = try uninterrupted(bench)
    try interrupt(bench)
    let outcome = try bench.pull()
    #expect(outcome.bytesKept == Self.pieces[2] + Self.pieces[3])
    #expect(bench.rangesServed.map(\.count).sorted() == [64 << 10] + Self.pieces.prefix(2))
    #expect(try bench.weights() == whole)
    #expect(bench.listing == ["tiny-gpt2"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bench.model).sorted() == [
        "header.sha256", "model.safetensors",
      ]
    )
  }

  @Test(arguments: 0..<6)
  func `a pull cut anywhere gives the same file in the end`(_ seed: Int) throws {
    let bench = try bench()
    let whole = try uninterrupted(bench)
    var random = SplitMix(state: UInt64(seed))
    var tries = 0
    while tries < 4 {
      tries += 1
      bench.hub.setFaults([
        .init(
          .cut(afterBytes: Int(random.next() % (2 << 20))),
          file: ".safetensors",
          host: .store,
          skipping: Int(random.next() % 4),
          times: 1
        )
      ])
      do { try bench.pull(failures: 1) } catch {
        #expect(error.rule == "hub-lost")
        continue
      }
      break
    }
    bench.hub.setFaults([])
    try bench.pull()
    #expect(try bench.weights() == whole, "seed \(seed)")
    #expect(bench.listing == ["tiny-gpt2"])
  }

  /// What can have happened to the half of a model that an interrupted pull leaves.
  enum Damage: String, CaseIterable, Sendable {
    case nothing, halfLine, lostLastLine, flippedDigest, flippedIdentity, emptyJournal, noJournal
    case binaryJournal, otherPlan, journalIsFolder
    case flippedByte, shortWeights, longWeights, noWeights

    /// Which of the two small pieces are still good.
    var kept: [Int] {
      switch self {
      case .nothing, .halfLine: [2, 3]
      case .lostLastLine, .flippedDigest: [3]
      case .flippedByte: [2]
      default: []
      }
    }
  }

  @Test func `whatever is damaged is fetched again, and only that`() throws {
    let bench = try bench()
    let whole = try uninterrupted(bench)
    try interrupt(bench)
    let sample = bench.root + "/sample"
    try FileManager.default.moveItem(atPath: bench.part, toPath: sample)
    for damage in Damage.allCases {
      try FileManager.default.copyItem(atPath: sample, toPath: bench.part)
      try apply(damage, bench)
      bench.hub.forgetRequests()
      let outcome = try bench.pull()
      #expect(outcome.bytesKept == damage.kept.reduce(0) { $0 + Self.pieces[$1] }, "\(damage)")
      let fetched = bench.rangesServed.dropFirst().reduce(0) { $0 + $1.count }
      #expect(fetched + outcome.bytesKept == Self.pieces.reduce(0, +), "\(damage)")
      #expect(try bench.weights() == whole, "\(damage)")
      #expect(bench.listing == ["tiny-gpt2"], "\(damage)")
      try FileManager.default.removeItem(atPath: bench.model)
    }
  }

  private func apply(_ damage: Damage, _ bench: PullBench) throws {
    let journal = bench.part + "/journal"
    let weights = bench.part + "/model.safetensors"
    let text = String(decoding: try bench.bytes(journal), as: UTF8.self)
    // The smallest piece is whole first; the order of the others is no matter.
    let lines = text.split(separator: "\n")
    let norm = try #require(lines.first { $0.contains(" \(Self.pieces[3]) ") })
    let tail = try #require(lines.first { $0.contains(" \(Self.pieces[2]) ") })
    func write(_ text: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: journal))
    }
    let head = "\(lines[0])\n"
    switch damage {
    case .nothing: break
    case .halfLine: try write(text + "0 8388608 12ab")
    case .lostLastLine: try write(head + norm + "\n" + tail)
    case .flippedDigest: try write(head + norm + "\n" + tail.dropLast() + "x\n")
    case .flippedIdentity: try write("x" + text)
    case .emptyJournal: try write("")
    case .noJournal: try FileManager.default.removeItem(atPath: journal)
    case .binaryJournal: try Data([0xFF, 0, 0xC3]).write(to: URL(fileURLWithPath: journal))
    case .otherPlan:
      try write(String(repeating: "0", count: 64) + "\n" + norm + "\n" + tail + "\n")
    case .journalIsFolder:
      try FileManager.default.removeItem(atPath: journal)
      try FileManager.default.createDirectory(atPath: journal, withIntermediateDirectories: false)
    case .flippedByte: try bench.damage(weights, at: try bench.bytes(weights).count - 100)
    case .shortWeights: #expect(truncate(weights, 1000) == 0)
    case .longWeights: #expect(truncate(weights, 30 << 20) == 0)
    case .noWeights: try FileManager.default.removeItem(atPath: weights)
    }
  }

  @Test func `a half-fetched model of another commit is begun anew`() throws {
    let bench = try bench()
    try interrupt(bench)
    bench.hub.replace(.init("README.md", .bytes([1])), in: PullBench.repository)
    let outcome = try bench.pull()
    #expect(outcome.bytesKept == 0)
    #expect(outcome.commit == bench.hub.commit(of: PullBench.repository))
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test func `a fault that stays throws away what was kept`() throws {
    let bench = try bench()
    try interrupt(bench)
    bench.hub.setFaults([.init(.ignoreRange, file: ".safetensors", host: .store, skipping: 1)])
    #expect(bench.refusal()?.rule == "ranges-ignored")
    #expect(bench.listing.isEmpty)
  }
}

/// Small numbers that are the same in every run.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
