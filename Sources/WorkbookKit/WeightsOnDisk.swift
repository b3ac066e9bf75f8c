import EmbeddingMath
import MetricLanguage
import ModelWeights
import SourceDiagnostics

/// A loaded model as the metric language sees it.
struct WeightsOnDisk: ModelAccess {
  let modelName: String
  let loaded: LoadedModel
  let tensorNames: [String]

  init(_ loaded: LoadedModel, name: String) {
    self.loaded = loaded
    self.modelName = name
    self.tensorNames = loaded.tensors.compactMap(\.canonicalName)
  }

  var originalIDs: [Int]? { loaded.rowIDs }

  func shape(of tensor: String) -> [Int]? { loaded.shape(of: tensor) }

  func matrix(_ tensor: String) throws(Diagnostic) -> Matrix { try loaded.matrix(tensor) }

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
