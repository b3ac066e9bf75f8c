import Foundation
import ModelWeights
package import SourceDiagnostics

/// Fetches a model's tensors from Hugging Face's hub, and only those that are wanted.
///
/// Everything that comes is checked: the size and digest that are published of the whole file
/// before a byte of weights is asked for, the header by the rules for any file, each answer against
/// what was asked, and each tensor's digest at the end. Nothing carries the model's name until all
/// of it is there.
package struct ModelPuller: Sendable {
  /// What to fetch.
  package struct Request: Sendable {
    /// A name of the catalogue, or a repository, "owner/name".
    package var model: String
    /// A branch or commit other than the catalogue's.
    package var revision: String?
    package var selection = PullSelection()
    /// What to call it here; by default its own name.
    package var name: String?
    /// Whether what is here of it is checked, and fetched again where it is damaged.
    package var replaces = false

    package init(model: String) { self.model = model }
  }

  /// What came of it.
  package struct Outcome: Sendable {
    package enum Origin: Sendable {
      case fetched
      /// All that was asked for had been fetched before.
      case alreadyHere
      /// Hugging Face's own tools have it; it is used from there.
      case inCache
    }

    package let name: String
    package let path: String
    package let origin: Origin
    /// How many bytes came over the network this time.
    package var bytesReceived = 0
    /// How many bytes of weights an interrupted try had left.
    package var bytesKept = 0
    /// The size of the whole checkpoint on the hub.
    package var checkpointBytes = 0
    package var tensorCount = 0
    /// How many tensors were compared with a published digest; all of them agreed.
    package var publishedDigests = 0
    package var commit: String?
    /// Whether the commit was chosen by the catalogue or the user rather than being the newest.
    package var isPinned = false
  }

  private let settings: HubSettings
  private let folder: String
  private let catalogue: [CatalogueRow]
  private let patience: HubPatience
  private let notice: @Sendable (Diagnostic) -> Void
  private let progress: (@Sendable (Double) -> Void)?

  /// - Parameters:
  ///   - settings: Where the hub is and what to show it.
  ///   - folder: Where models are put, each in a folder of its own; made if need be.
  ///   - catalogue: The models known by name, and what is published of them.
  ///   - patience: How often and how long to try.
  ///   - notice: Receives what the user should know meanwhile.
  ///   - progress: Receives the share of the weights that are here.
  package init(
    settings: HubSettings,
    folder: String,
    catalogue: [CatalogueRow] = Catalogue.rows,
    patience: HubPatience = HubPatience(),
    notice: @escaping @Sendable (Diagnostic) -> Void = { _ in },
    progress: (@Sendable (Double) -> Void)? = nil
  ) {
    self.settings = settings
    self.folder = folder
    self.catalogue = catalogue
    self.patience = patience
    self.notice = notice
    self.progress = progress
  }

  /// Fetches a model, or finds that it is here.
  ///
  /// - Throws: What went wrong. After a fault that more tries may mend, what was fetched is kept for
  ///   the next try, in a hidden folder; after any other nothing is left.
  package func pull(_ request: Request) throws(Diagnostic) -> Outcome {
    let target = try PullTarget(completed(request), catalogue, endpoint: settings.endpoint)
    if request.revision == nil, !request.replaces, let path = cached(target) {
      return Outcome(name: target.name, path: path, origin: .inCache)
    }
    let destination = try destination(of: target)
    if let outcome = alreadyHere(target, at: destination) { return outcome }
    guard !settings.isOffline else { throw .offline(target.repository) }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotPullTo(folder, reason: error.localizedDescription.lowercased())
    }
    // A model may be a link to a folder on another disk, where it is then fetched.
    let home = URL(fileURLWithPath: destination).deletingLastPathComponent().path
    let hidden = home + "/." + URL(fileURLWithPath: destination).lastPathComponent
    let lock = FolderLock(path: hidden + ".lock")
    return try lock.held(whileWaiting: { notice(.anotherPull(target.name)) }) {
      () throws(Diagnostic) in
      PartFolder.recover(destination)
      // Another process may have fetched it while this one waited.
      if let outcome = alreadyHere(target, at: destination) { return outcome }
      let part = PartFolder(path: hidden + ".part")
      do throws(Diagnostic) {
        let pull = CheckpointPull(
          target: target,
          client: HubClient(settings: settings, patience: patience, notice: notice),
          progress: progress
        )
        return try pull.run(into: part, destination: destination)
      } catch {
        // What an earlier pull left is not thrown away by a fault that says nothing about it.
        if part.isPrepared, !Self.passingRules.contains(error.rule) { part.discard() }
        throw error
      }
    }
  }

  /// The faults after which another try may go on where this one stopped.
  private static let passingRules: Set = [
    "hub-lost", "rate-limited", Diagnostic.diskFullRule,
  ]

  /// Returns the folder that is to hold the model.
  private func destination(of target: PullTarget) throws(Diagnostic) -> String {
    let path = folder + "/" + target.name
    for ending in Self.endings where FileManager.default.fileExists(atPath: path + ending) {
      throw .nameTaken(target.name, path: path + ending)
    }
    guard (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil else {
      return path
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw .nameTaken(target.name, path: path)
    }
    return URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  /// The endings of weight files, which names do not have.
  private static let endings = [".gguf", ".safetensors"]

  /// Returns the request with what is known of a model that was fetched before, if it names one.
  private func completed(_ request: Request) -> Request {
    guard catalogue.row(named: request.model) == nil, Self.isName(request.model),
      let model = PulledModel(at: folder + "/" + request.model), let repository = model.repository
    else { return request }
    var request = request
    request.name = request.name ?? request.model
    request.model = repository
    request.revision = request.revision ?? model.revision
    return request
  }

  /// Returns where Hugging Face's tools keep the model, if it is the one that is meant.
  private func cached(_ target: PullTarget) -> String? {
    guard let row = target.row, target.name == row.name,
      let path = settings.cache?.snapshot(of: row),
      let summary = try? ModelSummary.read(path: path),
      summary.rowCount == row.tokens, summary.columnCount == row.channels
    else { return nil }
    return path
  }

  private func alreadyHere(_ target: PullTarget, at path: String) -> Outcome? {
    guard !target.replaces, let model = PulledModel(at: path),
      model.repository == target.repository, model.isComplete,
      target.revision == (target.isPinned ? model.commit : model.revision),
      model.selection.covers(target.selection)
    else { return nil }
    var outcome = Outcome(name: target.name, path: path, origin: .alreadyHere)
    outcome.commit = model.commit
    outcome.tensorCount = model.header.tensors.count
    return outcome
  }

  /// Returns whether a text can name a model here, or a part of a repository on the hub.
  static func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]{0,95}/) != nil
      && !endings.contains(where: text.hasSuffix)
  }
}
