import EmbeddingMath
import MetricLanguage
import SourceDiagnostics

/// A large vocabulary of which only the shapes are there: enough to check formulas and their costs.
struct ShapeOnlyModel: ModelAccess {
  let modelName = "shapes"
  let tensorNames = ["W_E", "W_pos"]
  let originalIDs: [Int]? = nil

  /// Words `w0` to `w299`, and pairs of neighbours among them.
  static let lexicon = Lexicon(
    words: ["eight": (0..<8).map { "w\($0)" }, "many": (0..<300).map { "w\($0)" }],
    pairs: ["thirty": (0..<30).map { .init("w\(2 * $0)", "w\(2 * $0 + 1)") }]
  )

  func shape(of tensor: String) -> [Int]? {
    switch tensor {
    case "W_E": [50_257, 384]
    case "W_pos": [448, 384]
    default: nil
    }
  }

  func matrix(_ tensor: String) throws(Diagnostic) -> Matrix {
    throw Diagnostic("no-tensor", "'\(tensor)' has a shape and no values")
  }

  func tokenID(_ text: String) -> Int? { nil }
  func pieces(of text: String) -> [Int] { [] }
  func wordInitialToken(_ word: String) -> Int? { Int(word.dropFirst()) }
  func displayName(of token: Int) -> String { "\"w\(token)\"" }
  func tokenLength(_ token: Int) -> Int { 2 }
  func hasLeadingSpace(_ token: Int) -> Bool { true }
  func startsWord(_ token: Int) -> Bool { true }
}
