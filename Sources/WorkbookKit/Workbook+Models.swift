import Foundation
import MetricLanguage
import ModelHub
import ModelWeights
package import SourceDiagnostics

/// A model that is here, or that can be fetched.
package struct ListedModel: Sendable {
  package enum Place: String, Sendable {
    case bundled, pulled, imported, cache, file, available
  }

  package let name: String
  package let place: Place
  /// Where it is; where it would come from, if it is not here.
  package let path: String
  /// The size of its weights; `nil` if they are not here and nothing says.
  package let byteCount: Int?
  /// `nil` if it is not here.
  package let format: String?
  package let license: String?
  package let tokens: Int?
  package let channels: Int?
  /// Whether it has a published model's name but embeddings of another shape.
  package let isMisnamed: Bool
  /// Why it cannot be read, if it cannot.
  package let fault: Diagnostic?
}

/// What is published about a model.
package struct PublishedModel: Sendable {
  package let name: String
  package let aliases: [String]
  package let repository: String
  package let revision: String?
  package let license: String?
  package let architecture: String
  package let tokens: Int
  package let channels: Int
  package let layers: Int
  package let isTied: Bool
  /// "learned", "rotary" or "fixed".
  package let positions: String
  package let checkpointBytes: Int?
  /// What was measured, as clauses, with their sources.
  package let findings: [(finding: String, source: String)]
  package let note: String?

  init(_ row: CatalogueRow) {
    self.name = row.name
    self.aliases = row.aliases
    self.repository = row.repository
    self.revision = row.revision
    self.license = row.license
    self.architecture = row.architecture
    self.tokens = row.tokens
    self.channels = row.channels
    self.layers = row.layers
    self.isTied = row.tied
    self.positions = row.positions.rawValue
    self.checkpointBytes = row.weights?.bytes
    self.findings = row.published.map { ($0.finding, $0.source) }
    self.note = row.note
  }
}

/// What a model file holds.
package struct ModelDetail: Sendable {
  package struct Tensor: Sendable {
    /// TransformerLens's name, or `nil` where there is none.
    package let name: String?
    package let fileName: String
    package let shape: [Int]
    package let type: String
    package let byteCount: Int
    /// The SHA-256 of its values as float32, if it was asked for.
    package let sha256: String?
  }

  package let name: String
  package let path: String
  package let place: ListedModel.Place
  package let format: String
  package let architecture: String
  package let license: String?
  package let origin: String?
  package let tokens: Int?
  package let channels: Int?
  package let layers: Int
  /// Whether the file holds a sample of a vocabulary's rows.
  package let isSample: Bool
  /// Whether it has a published model's name but embeddings of another shape.
  package let isMisnamed: Bool
  /// The largest distance between neighbouring values of the embedding, if it is quantised.
  package let roundingStep: Double?
  /// Why text may be split otherwise than the model was trained to; `nil` if it is split exactly.
  package let tokenizerCaveat: String?
  package let tensors: [Tensor]
  /// The SHA-256 of the weight file; `nil` if there are several.
  package let sha256: String?
}

/// How a model is to be packed.
package struct PackRequest: Sendable {
  package var rows: Range<Int>?
  package var sample: (count: Int, seed: UInt64)?
  package var type: String
  package var name: String?
  package var license: String?
  package var origin: String?
  package var tensors: [String]?

  package init(type: String = "q8_0") {
    self.type = type
  }

  /// The types a matrix can be written in.
  package static let types = PackOptions.MatrixType.allCases.map(\.rawValue)
}

/// What was packed, read back from the file.
package struct PackOutcome: Sendable {
  package struct Tensor: Sendable {
    package let name: String
    package let shape: [Int]
    package let type: String
    /// Whether the source's bytes were kept as they are.
    package let isCopied: Bool
    package let largestError: Double
    package let rmsError: Double
  }

  package let path: String
  package let byteCount: Int
  package let tensors: [Tensor]
}

/// Splits texts as a model does.
package struct Tokenizer: Sendable {
  let vocabulary: Vocabulary

  /// Returns the ids of a text's tokens.
  package func ids(of text: String) -> [Int] { vocabulary.tokenize(text) }

  /// Returns the tokens of these ids as they are printed.
  package func names(of ids: [Int]) -> [String] { ids.map(vocabulary.displayName) }
}

extension Workbook {
  /// Returns the models that are here, sorted by name; only headers are read.
  package func models() -> [ListedModel] { shelf.models().map(listed) }

  /// Returns the published models that are not here, in the catalogue's order.
  package func availableModels() -> [ListedModel] {
    let present = Set(shelf.names)
    return Catalogue.rows.filter { !present.contains($0.name) }.map { row in
      ListedModel(
        name: row.name,
        place: .available,
        path: row.repository,
        byteCount: row.weights?.bytes,
        format: nil,
        license: row.license,
        tokens: row.tokens,
        channels: row.channels,
        isMisnamed: false,
        fault: nil
      )
    }
  }

  private func listed(_ entry: ShelfEntry) -> ListedModel {
    let summary = try? entry.summary.get()
    var fault: Diagnostic?
    if case .failure(let error) = entry.summary {
      fault = error
      fault?.message = escapingControls(error.message)
    }
    return ListedModel(
      name: escapingControls(entry.name),
      place: Self.place(entry.place),
      path: shown(entry.path),
      byteCount: entry.byteCount,
      format: entry.format,
      license: summary?.license.map(escapingControls) ?? row(of: entry)?.license,
      tokens: summary?.rowCount,
      channels: summary?.columnCount,
      isMisnamed: entry.isMisnamed,
      fault: fault
    )
  }

  private func row(of entry: ShelfEntry) -> CatalogueRow? {
    entry.place == .cache ? Catalogue.row(named: entry.name) : nil
  }

  private static func place(_ place: ShelfEntry.Place) -> ListedModel.Place {
    switch place {
    case .bundled: .bundled
    case .pulled: .pulled
    case .imported: .imported
    case .cache: .cache
    case .file: .file
    }
  }

  /// Opens a model to look at what it holds.
  ///
  /// - Parameters:
  ///   - nameOrPath: The model.
  ///   - withDigests: Whether to compute the SHA-256 of each tensor that can be read.
  /// - Returns: What it holds.
  /// - Throws: If it is not here or cannot be read.
  package func model(
    _ nameOrPath: String,
    withDigests: Bool = false
  ) throws(Diagnostic) -> ModelDetail {
    let entry = try shelf.entry(nameOrPath)
    let model = try LoadedModel.open(path: entry.path)
    var digests: [String: String] = [:]
    if withDigests {
      for (done, tensor) in model.storedTensors.enumerated() {
        digests[tensor.fileName] = try? ModelShelf.float32Digest(of: tensor.fileName, in: model)
        surroundings.progress?(Double(done + 1) / Double(model.storedTensors.count))
      }
    }
    return ModelDetail(
      name: escapingControls(entry.place == .file ? model.name : entry.name),
      path: shown(entry.path),
      place: Self.place(entry.place),
      format: model.format,
      architecture: escapingControls(model.architecture),
      license: (model.license ?? row(of: entry)?.license).map(escapingControls),
      origin: model.origin.map(escapingControls),
      tokens: model.vocabularySize,
      channels: model.modelWidth,
      layers: model.layerCount,
      isSample: model.rowIDs != nil,
      isMisnamed: entry.isMisnamed,
      roundingStep: try? model.roundingStep(of: "W_E").map(Double.init),
      tokenizerCaveat: model.vocabulary?.caveat,
      tensors: model.tensors.map {
        .init(
          name: $0.canonicalName,
          fileName: $0.fileName,
          shape: $0.shape,
          type: $0.dtype,
          byteCount: $0.byteCount,
          sha256: digests[$0.fileName]
        )
      },
      sha256: try digest(of: entry.path)
    )
  }

  /// Returns the digest of a model's weight file, or `nil` if it has several.
  private func digest(of path: String) throws(Diagnostic) -> String? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return try shelf.digest(of: path) }
    let weights = path + "/model.safetensors"
    guard FileManager.default.fileExists(atPath: weights) else { return nil }
    return try shelf.digest(of: weights)
  }

  /// Returns what is published about a model named here or in the catalogue.
  package func publishedModel(_ name: String) -> PublishedModel? {
    Catalogue.row(named: name).map(PublishedModel.init)
  }

  /// Opens a model to split texts into its tokens.
  ///
  /// - Throws: If the model is not here, or brings no vocabulary.
  package func tokenizer(_ nameOrPath: String) throws(Diagnostic) -> Tokenizer {
    let model = try LoadedModel.open(path: try shelf.locate(nameOrPath))
    guard let vocabulary = model.vocabulary else { throw .noVocabulary(nameOrPath) }
    if let caveat = vocabulary.caveat { surroundings.notice(.inexactTokens(caveat)) }
    return Tokenizer(vocabulary: vocabulary)
  }

  /// Writes a model as GGUF and reads it back to verify it.
  package func pack(
    _ nameOrPath: String,
    to path: String,
    _ request: PackRequest
  )
    throws(Diagnostic) -> PackOutcome
  {
    guard let type = PackOptions.MatrixType(rawValue: request.type) else {
      throw .unknownPackType(request.type, among: PackRequest.types)
    }
    let source = try LoadedModel.open(path: try shelf.locate(nameOrPath))
    let rows: PackOptions.Rows
    if let sample = request.sample {
      rows = .sample(count: sample.count, seed: sample.seed)
    } else if let range = request.rows {
      rows = .range(range)
    } else {
      rows = .all
    }
    var options = PackOptions(rows: rows, matrixType: type)
    options.name = request.name
    options.license = request.license
    options.origin = request.origin
    options.tensors = request.tensors
    let report = try ModelPacker.pack(
      source,
      to: path,
      options: options,
      progress: surroundings.progress
    )
    return PackOutcome(
      path: shown(report.path),
      byteCount: report.byteCount,
      tensors: report.tensors.map {
        .init(
          name: $0.canonicalName,
          shape: $0.shape,
          type: $0.dtype,
          isCopied: $0.copied,
          largestError: $0.largestError,
          rmsError: $0.rmsError
        )
      }
    )
  }

  /// Returns what is published about a model that is not here, as a sentence with its source.
  package func published(about model: String) -> String? {
    Catalogue.row(named: model)?.published.first.map { "\($0.finding) (\($0.source))" }
  }
}
