import EmbeddingMath
import Foundation
import MetricLanguage
import SourceDiagnostics
import Testing

/// What `Goldens/make-goldens.py` recorded: a model, and the values of formulas on it.
struct Goldens: Decodable, Sendable {
  struct Tensor: Decodable, Sendable {
    var shape: [Int]
    var values: [Float]
  }

  /// A formula with its value, of which one kind is there, or nothing but that it is refused.
  struct Entry: Decodable, Sendable, CustomTestStringConvertible {
    var formula: String
    var number: Double?
    var truth: Bool?
    var vector: [Double]?
    var matrix: [[Double]]?
    var mask: [Bool]?
    var tokens: [Int]?
    var refused: Bool?
    /// The name of how far the value may lie from this one.
    var tolerance: String

    var testDescription: String { formula }
  }

  var tensors: [String: Tensor]
  var texts: [String]
  var startsWord: [Bool]
  var words: [String: [String]]
  var pairs: [String: [[String]]]
  /// Shares of max(1, |expectation|), by name.
  var tolerances: [String: Double]
  var entries: [Entry]

  static let recorded: Result<Goldens, any Error> = Result {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/goldens.json")
    return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: file))
  }

  /// The entries; none where the file cannot be read, which a test of its own reports.
  static var entries: [Entry] { (try? recorded.get().entries) ?? [] }

  var lexicon: Lexicon {
    Lexicon(
      words: words,
      pairs: pairs.mapValues { list in list.map { Lexicon.WordPair($0[0], $0[1]) } }
    )
  }
}

/// The goldens' model: 80 tokens of 12 channels with a mean far from zero, ties, equal rows, a zero
/// row and a constant one.
struct GoldenModel: ModelAccess {
  private let goldens: Goldens
  private let matrices: [String: Matrix]
  private let tokenIDs: [String: Int]

  init(_ goldens: Goldens) {
    self.goldens = goldens
    matrices = goldens.tensors.mapValues { tensor in
      Matrix(
        rowCount: tensor.shape.count == 1 ? 1 : tensor.shape[0],
        columnCount: tensor.shape.last ?? 0,
        values: tensor.values
      )
    }
    tokenIDs = Dictionary(
      goldens.texts.enumerated().map { ($0.element, $0.offset) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  var modelName: String { "golden" }
  var tensorNames: [String] { goldens.tensors.keys.sorted() }
  var originalIDs: [Int]? { nil }

  func shape(of tensor: String) -> [Int]? { goldens.tensors[tensor]?.shape }

  func matrix(_ tensor: String) throws(Diagnostic) -> Matrix {
    guard let matrix = matrices[tensor] else {
      throw Diagnostic("no-tensor", "no tensor named '\(tensor)'")
    }
    return matrix
  }

  func tokenID(_ text: String) -> Int? { tokenIDs[text] }

  /// Cuts off the longest token again and again; empty where none fits.
  func pieces(of text: String) -> [Int] {
    var pieces: [Int] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      guard
        let match = goldens.texts.indices
          .filter({ rest.hasPrefix(goldens.texts[$0]) })
          .max(by: { goldens.texts[$0].count < goldens.texts[$1].count })
      else { return [] }
      pieces.append(match)
      rest = rest.dropFirst(goldens.texts[match].count)
    }
    return pieces
  }

  func wordInitialToken(_ word: String) -> Int? { tokenID(" " + word) }
  func displayName(of token: Int) -> String { "\"\(goldens.texts[token])\"" }
  func tokenLength(_ token: Int) -> Int { goldens.texts[token].utf8.count }
  func hasLeadingSpace(_ token: Int) -> Bool { goldens.texts[token].hasPrefix(" ") }
  func startsWord(_ token: Int) -> Bool { goldens.startsWord[token] }
}

/// One of a built-in's signatures, read from its text.
struct Signature: Hashable, Sendable {
  struct Parameter: Hashable, Sendable {
    var label: String?
    var kind: TypeKind
    var isOptional: Bool
  }

  var text: String
  var name: String
  var isValue: Bool
  var parameters: [Parameter]
  var result: TypeKind

  static let all: [Signature] = BuiltInTable.all.flatMap { builtIn in
    builtIn.signatures.compactMap { Signature($0, of: builtIn.name) }
  }

  /// Reads `name(kind, label: kind = stand-in) -> kind`, or `name -> kind` for a value.
  init?(_ text: String, of name: String) {
    guard let arrow = text.range(of: " -> "),
      // Where positions may be tokens or numbers, tokens is what the goldens cover first.
      let result = TypeKind(
        rawValue: text[arrow.upperBound...].components(separatedBy: " or ").first ?? ""
      )
    else { return nil }
    self.text = text
    self.name = name
    self.result = result
    let call = text[..<arrow.lowerBound]
    isValue = !call.hasSuffix(")")
    let list = isValue ? "" : call.dropFirst(name.count + 1).dropLast()
    parameters = []
    for written in list.components(separatedBy: ", ") where !written.isEmpty {
      let sides = written.components(separatedBy: " = ")
      let parts = sides[0].components(separatedBy: ": ")
      let kindText = parts[parts.count - 1]
      guard let kind = kindText == "METRIC" ? .metric : TypeKind(rawValue: kindText) else {
        return nil
      }
      let label = parts.count == 2 ? parts[0] : nil
      parameters.append(Parameter(label: label, kind: kind, isOptional: sides.count == 2))
    }
  }

  /// Returns the positions of the parameters that arguments go to; `nil` where they do not fit.
  func match(labels: [String?], kinds: [TypeKind]) -> [Int]? {
    var matched: [Int] = []
    for (label, kind) in zip(labels, kinds) {
      let free = parameters.indices.first {
        parameters[$0].label == label && !matched.contains($0)
      }
      guard let free else { return nil }
      let wanted = parameters[free].kind
      guard kind == wanted || (kind == .text && wanted == .tokens) else { return nil }
      matched.append(free)
    }
    let isComplete = parameters.indices.allSatisfy {
      parameters[$0].isOptional || matched.contains($0)
    }
    return isComplete ? matched : nil
  }
}
