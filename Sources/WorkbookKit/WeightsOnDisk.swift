import EmbeddingMath
import MetricLanguage
import ModelWeights
import SourceDiagnostics

/// A loaded model as the metric language sees it.
struct WeightsOnDisk: ModelAccess {
  let modelName: String
  let loaded: LoadedModel
  let tensorNames: [String]
  /// Whether a tensor that holds NaN or infinity is a fault.
  private let requiresFinite: Bool

  init(_ loaded: LoadedModel, name: String, requiresFinite: Bool) {
    self.loaded = loaded
    self.modelName = name
    self.requiresFinite = requiresFinite
    self.tensorNames = loaded.tensors.compactMap(\.canonicalName)
  }

  var originalIDs: [Int]? { loaded.rowIDs }

  func shape(of tensor: String) -> [Int]? { loaded.shape(of: tensor) }

  func matrix(_ tensor: String) throws(Diagnostic) -> Matrix {
    let matrix = try loaded.matrix(tensor)
    guard requiresFinite, let place = matrix.firstNonFinite() else { return matrix }
    let isToken = tensor == "W_E" && loaded.vocabulary != nil
    throw .notFinite(
      tensor,
      row: place.row,
      token: isToken ? displayName(of: place.row) : nil,
      column: place.column,
      value: matrix[place.row, place.column]
    )
  }

  func tokenID(_ text: String) -> Int? { loaded.vocabulary?.id(ofBytes: Array(text.utf8)) }

  func pieces(of text: String) -> [Int] { loaded.vocabulary?.tokenize(text) ?? [] }

  func wordInitialToken(_ word: String) -> Int? { loaded.vocabulary?.wordInitialToken(for: word) }

  func displayName(of token: Int) -> String {
    guard let vocabulary = loaded.vocabulary, token >= 0, token < vocabulary.count else {
      return "token \(token)"
    }
    return vocabulary.displayName(of: token)
  }

  func tokenLength(_ token: Int) -> Int {
    guard let vocabulary = loaded.vocabulary, token >= 0, token < vocabulary.count else { return 0 }
    return vocabulary.bytes(of: token).count
  }

  func hasLeadingSpace(_ token: Int) -> Bool {
    guard let vocabulary = loaded.vocabulary, token >= 0, token < vocabulary.count else {
      return false
    }
    return vocabulary.hasLeadingSpace(token)
  }

  func startsWord(_ token: Int) -> Bool {
    guard let vocabulary = loaded.vocabulary, token >= 0, token < vocabulary.count else {
      return false
    }
    return vocabulary.startsWord(token)
  }
}
