import Foundation
import ModelHub
import ModelWeights
import SourceDiagnostics
import Synchronization
import Testing
import _LoopbackHub

/// A hub on this machine, an empty folder of models, and what a pull from one to the other says.
final class PullBench: Sendable {
  static let repository = "some-lab/tiny-gpt2"
  static let commit = String(repeating: "ab", count: 20)

  let hub: LoopbackHub
  let root: String
  private let heard = Mutex<(pauses: [Double], notices: [Diagnostic])>(([], []))

  var models: String { root + "/models" }
  var model: String { models + "/tiny-gpt2" }
  var part: String { models + "/.tiny-gpt2.part" }
  /// How long the puller wanted to wait, in seconds; it did not.
  var pauses: [Double] { heard.withLock { $0.pauses } }
  var notices: [Diagnostic] { heard.withLock { $0.notices } }

  init(
    _ files: [LoopbackHub.File]? = nil,
    faults: [LoopbackHub.Fault] = [],
    commit: String = commit,
    token: String? = nil
  ) throws {
    let files = try files ?? TinyCheckpoint.files()
    hub = try LoopbackHub(
      [.init(Self.repository, commit: commit, files: files, token: token)],
      faults: faults
    )
    root = FileManager.default.temporaryDirectory.path + "/pull-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit {
    hub.stop()
    try? FileManager.default.removeItem(atPath: root)
  }

  /// Returns a puller from the hub to the folder, which notes its pauses and does not make them.
  ///
  /// - Parameters:
  ///   - environment: What is set beside the hub's address and a home without anything in it.
  ///   - catalogue: The models known by name.
  ///   - failures: How many failures in a row end a read.
  ///   - silence: After how many seconds without a byte an exchange fails.
  /// - Returns: A puller that has read nothing yet.
  func puller(
    environment: [String: String] = [:],
    catalogue: [CatalogueRow] = [],
    failures: Int = 5,
    silence: Double = 30
  ) -> ModelPuller {
    let own = ["HF_ENDPOINT": hub.endpoint, "HOME": root]
    var patience = HubPatience()
    patience.failures = failures
    patience.silence = silence
    patience.pause = { [weak self] seconds in self?.heard.withLock { $0.pauses.append(seconds) } }
    return ModelPuller(
      settings: HubSettings(environment: own.merging(environment) { $1 }),
      folder: models,
      catalogue: catalogue,
      patience: patience,
      notice: { [weak self] notice in self?.heard.withLock { $0.notices.append(notice) } }
    )
  }

  @discardableResult
  func pull(
    _ model: String = repository,
    layers: Set<Int> = [],
    catalogue: [CatalogueRow] = [],
    failures: Int = 5
  ) throws(Diagnostic) -> ModelPuller.Outcome {
    var request = ModelPuller.Request(model: model)
    request.selection.layers = layers
    return try puller(catalogue: catalogue, failures: failures).pull(request)
  }

  /// Pulls, expecting a fault, which it returns.
  func refusal(
    _ model: String = repository,
    catalogue: [CatalogueRow] = [],
    failures: Int = 5,
    silence: Double = 30,
    location: SourceLocation = #_sourceLocation
  ) -> Diagnostic? {
    #expect(throws: Diagnostic.self, sourceLocation: location) {
      try puller(catalogue: catalogue, failures: failures, silence: silence)
        .pull(.init(model: model))
    }
  }

  // MARK: What is there afterwards

  /// Everything in the folder of models, hidden or not.
  var listing: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: models)) ?? []).sorted()
  }

  func bytes(_ path: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// The fetched file of weights.
  func weights() throws -> [UInt8] { try bytes(model + "/model.safetensors") }

  /// Writes a file below the root, with the folders it needs, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(fileURLWithPath: root + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Flips one bit of a file.
  func damage(_ path: String, at offset: Int) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64(offset))
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: Data([byte ^ 4]))
    try file.close()
  }

  // MARK: What was asked for

  /// The requests for bytes of the weights, without redirects.
  var rangesServed: [Range<Int>] {
    hub.requests.filter { $0.host == .store && $0.path.hasSuffix(".safetensors") }
      .compactMap { request in
        guard let match = request.range?.wholeMatch(of: /bytes=(\d+)-(\d+)/),
          let first = Int(match.1), let last = Int(match.2)
        else { return nil }
        return first..<last + 1
      }
  }

  /// How many bytes of the weights were sent.
  var weightBytesSent: Int {
    hub.requests.filter { $0.host == .store && $0.path.hasSuffix(".safetensors") }
      .reduce(0) { $0 + $1.bodyBytes }
  }
}
