import Foundation
import MetricLanguage
import ModelHub
import ModelWeights
package import SourceDiagnostics

/// A model in the workbook's models folder.
package struct ListedModel: Sendable {
  package let name: String
  package let path: String
  package let byteCount: Int
  package let format: String
  package let license: String?
  package let tokens: Int?
  package let channels: Int?
  /// Why it cannot be read, if it cannot.
  package let fault: Diagnostic?
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
  }

  package let name: String
  package let path: String
  package let format: String
  package let architecture: String
  package let license: String?
  package let origin: String?
  package let tokens: Int?
  package let channels: Int?
  package let layers: Int
  /// Whether the file holds a sample of a vocabulary's rows.
  package let isSample: Bool
  package let tensors: [Tensor]
  package let sha256: String
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

extension Workbook {
  /// Returns the models on the shelf, sorted by name; only headers are read.
  package func models() -> [ListedModel] {
    shelf.models().map { entry in
      switch entry.summary {
      case .success(let summary):
        ListedModel(
          name: escapingControls(entry.name),
          path: shown(entry.path),
          byteCount: entry.byteCount,
          format: summary.format,
          license: summary.license.map(escapingControls),
          tokens: summary.rowCount,
          channels: summary.columnCount,
          fault: nil
        )
      case .failure(let fault):
        ListedModel(
          name: escapingControls(entry.name),
          path: shown(entry.path),
          byteCount: entry.byteCount,
          format: "unreadable",
          license: nil,
          tokens: nil,
          channels: nil,
          fault: fault
        )
      }
    }
  }

  /// Opens a model to look at what it holds.
  package func model(_ nameOrPath: String) throws(Diagnostic) -> ModelDetail {
    let path = try shelf.locate(nameOrPath)
    let model = try LoadedModel.open(path: path)
    return ModelDetail(
      name: escapingControls(model.name),
      path: shown(path),
      format: model.format,
      architecture: escapingControls(model.architecture),
      license: model.license.map(escapingControls),
      origin: model.origin.map(escapingControls),
      tokens: model.vocabularySize,
      channels: model.modelWidth,
      layers: model.layerCount,
      isSample: model.rowIDs != nil,
      tensors: model.tensors.map {
        .init(
          name: $0.canonicalName,
          fileName: $0.fileName,
          shape: $0.shape,
          type: $0.dtype,
          byteCount: $0.byteCount
        )
      },
      sha256: try shelf.digest(of: weightsFile(path))
    )
  }

  private func weightsFile(_ path: String) -> String {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return isThere && isFolder.boolValue ? path + "/model.safetensors" : path
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
    Catalogue.published(about: model).map { "\($0.finding) (\($0.source))" }
  }
}
