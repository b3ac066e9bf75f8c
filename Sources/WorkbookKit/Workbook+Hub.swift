import ModelHub
import ModelWeights
package import SourceDiagnostics

/// What to fetch of a model.
package struct FetchRequest: Sendable {
  /// A name of the catalogue, or a repository, "owner/name".
  package var model: String
  package var layers: Set<Int> = []
  package var isEverything = false
  package var revision: String?
  package var name: String?
  /// Whether what is here of it is checked, and fetched again where it is damaged.
  package var replaces = false

  package init(model: String) { self.model = model }
}

/// What came of fetching a model.
package struct FetchOutcome: Sendable {
  package enum Origin: String, Sendable {
    case fetched
    case alreadyHere = "already-here"
    case cache
  }

  package let name: String
  package let path: String
  package let origin: Origin
  package let bytesReceived: Int
  package let bytesKept: Int
  package let checkpointBytes: Int
  package let tensorCount: Int
  package let publishedDigests: Int
  package let commit: String?
  package let isPinned: Bool
}

/// What was found of the files and tensors of a model.
package struct VerifiedModel: Sendable {
  package struct Check: Sendable {
    package enum Finding: String, Sendable {
      case published, unchanged, unknown, changed
    }

    package let subject: String
    package let sha256: String
    package let finding: Finding
    /// The digest it should have, if it has another.
    package let expected: String?
  }

  package let name: String
  package let checks: [Check]
  /// Why it could not be examined.
  package let fault: Diagnostic?

  /// Whether nothing has another digest than it should have.
  package var isSound: Bool {
    fault == nil && checks.allSatisfy { $0.finding != .changed }
  }
}

/// What was imported.
package struct ImportOutcome: Sendable {
  package let name: String
  package let path: String
  package let byteCount: Int
  package let isLink: Bool
  /// What kind of file it was, if it was converted.
  package let convertedFrom: String?
  package let tokens: Int?
  package let channels: Int?
  package let notes: [String]
}

extension Workbook {
  /// Where models are put that do not come with the workbook.
  package var modelsFolder: String { shelf.user ?? shelf.bundled }

  /// Fetches a model from the hub, or finds that it is here.
  ///
  /// - Throws: If it is not known, the hub does not give it, or what came is not what it should be.
  package func pull(_ request: FetchRequest) throws(Diagnostic) -> FetchOutcome {
    if request.name == nil, let bundled = try bundledModel(request) { return bundled }
    let puller = ModelPuller(
      settings: HubSettings(environment: surroundings.environment),
      folder: modelsFolder,
      notice: surroundings.notice,
      progress: surroundings.progress
    )
    var wanted = ModelPuller.Request(model: request.model)
    wanted.revision = request.revision
    wanted.name = request.name
    wanted.replaces = request.replaces
    wanted.selection.layers = request.layers
    wanted.selection.isEverything = request.isEverything
    let outcome = try puller.pull(wanted)
    return FetchOutcome(
      name: outcome.name,
      path: shown(outcome.path),
      origin: Self.origin(outcome.origin),
      bytesReceived: outcome.bytesReceived,
      bytesKept: outcome.bytesKept,
      checkpointBytes: outcome.checkpointBytes,
      tensorCount: outcome.tensorCount,
      publishedDigests: outcome.publishedDigests,
      commit: outcome.commit,
      isPinned: outcome.isPinned
    )
  }

  /// Returns the bundled model that already has the name of what is asked for.
  private func bundledModel(_ request: FetchRequest) throws(Diagnostic) -> FetchOutcome? {
    guard let row = Catalogue.row(named: request.model), let entry = try? shelf.entry(row.name),
      entry.place == .bundled
    else { return nil }
    guard request.layers.isEmpty, !request.isEverything, request.revision == nil else {
      throw .bundledName(row.name)
    }
    surroundings.notice(.bundledAlready(row.name))
    return FetchOutcome(
      name: row.name,
      path: shown(entry.path),
      origin: .alreadyHere,
      bytesReceived: 0,
      bytesKept: 0,
      checkpointBytes: row.weights?.bytes ?? 0,
      tensorCount: (try? entry.summary.get().tensorCount) ?? 0,
      publishedDigests: 0,
      commit: nil,
      isPinned: false
    )
  }

  private static func origin(_ origin: ModelPuller.Outcome.Origin) -> FetchOutcome.Origin {
    switch origin {
    case .fetched: .fetched
    case .alreadyHere: .alreadyHere
    case .inCache: .cache
    }
  }

  /// Computes the digests of models and compares them with what is known.
  ///
  /// - Parameter names: The models, by name or path; all that are here if there are none.
  /// - Returns: What was found of each; one that cannot be read does not stop the others.
  package func verify(_ names: [String]) -> [VerifiedModel] {
    let chosen = names.isEmpty ? shelf.names : names
    return chosen.enumerated().map { index, name in
      do throws(Diagnostic) {
        let checks = try shelf.verify(name) { [surroundings] share in
          surroundings.progress?((Double(index) + share) / Double(chosen.count))
        }
        return VerifiedModel(name: name, checks: checks.map(Self.check), fault: nil)
      } catch {
        return VerifiedModel(name: name, checks: [], fault: error)
      }
    }
  }

  private static func check(_ check: ModelCheck) -> VerifiedModel.Check {
    let (finding, expected): (VerifiedModel.Check.Finding, String?) =
      switch check.finding {
      case .published: (.published, nil)
      case .unchanged: (.unchanged, nil)
      case .unknown: (.unknown, nil)
      case .changed(let expected): (.changed, expected)
      }
    return VerifiedModel.Check(
      subject: escapingControls(check.subject),
      sha256: escapingControls(check.sha256),
      finding: finding,
      expected: expected.map(escapingControls)
    )
  }

  /// Removes a model that was fetched or imported, and returns where it was.
  package func removeModel(_ name: String) throws(Diagnostic) -> String {
    shown(try shelf.remove(name))
  }

  /// Puts a model from elsewhere into the user's folder of models.
  package func importModel(
    _ path: String,
    name: String?,
    tokens: String?,
    asLink: Bool
  ) throws(Diagnostic) -> ImportOutcome {
    let outcome = try ModelImporter(shelf: shelf, notice: surroundings.notice).run(
      path,
      name: name,
      tokens: tokens,
      asLink: asLink,
      progress: surroundings.progress
    )
    return ImportOutcome(
      name: outcome.name,
      path: shown(outcome.path),
      byteCount: outcome.byteCount,
      isLink: outcome.isLink,
      convertedFrom: outcome.conversion?.format,
      tokens: outcome.conversion?.rowCount,
      channels: outcome.conversion?.columnCount,
      notes: outcome.conversion?.notes ?? []
    )
  }
}
