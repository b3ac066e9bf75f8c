package import EmbeddingMath
package import MetricLanguage
package import SourceDiagnostics

/// A model small enough to check by hand: 64 tokens of 6 channels, with a mean far from zero,
/// positions, one layer of MLP weights and 24 words that form 24 pairs of neighbours.
package struct TinyModel: ModelAccess {
  package let modelName = "tiny"
  package let tensorNames = ["W_E", "W_pos", "W_in[0]", "W_in[1]", "ln_final_w"]
  package var originalIDs: [Int]? { nil }
  private let tensors: [String: Matrix]

  package static let tokenCount = 64
  package static let width = 6

  package init(seed: UInt64 = 7) {
    var generator = SeededGenerator(seed: seed)
    func random(_ rows: Int, _ columns: Int, offset: Double) -> Matrix {
      var values: [Float] = []
      for row in 0..<rows {
        for column in 0..<columns {
          // Tokens 2k and 2k + 1 are near each other: the words of a pair.
          let noise = generator.gaussian()
          let shared = row % 2 == 1 && rows == Self.tokenCount
          let base = shared ? Double(values[(row - 1) * columns + column]) : offset + noise
          values.append(Float(shared ? base + 0.2 * noise : base))
        }
      }
      return Matrix(rowCount: rows, columnCount: columns, values: values)
    }
    tensors = [
      "W_E": random(Self.tokenCount, Self.width, offset: 3),
      "W_pos": random(10, Self.width, offset: -1),
      "W_in[0]": random(Self.width, 12, offset: 0),
      "W_in[1]": random(Self.width, 12, offset: 0),
      "ln_final_w": random(1, Self.width, offset: 1),
    ]
  }

  package func shape(of tensor: String) -> [Int]? {
    guard let matrix = tensors[tensor] else { return nil }
    return tensor.hasPrefix("ln") ? [matrix.columnCount] : [matrix.rowCount, matrix.columnCount]
  }

  package func matrix(_ tensor: String) throws(Diagnostic) -> Matrix {
    guard let matrix = tensors[tensor] else {
      throw Diagnostic("no-tensor", "no tensor named '\(tensor)'")
    }
    return matrix
  }

  /// Tokens are " w0" to " w47" with a space, "w48" to "w59" without, and at the end "w40" to "w43",
  /// the same words as four of the first.
  private func text(of token: Int) -> String {
    token < 48 ? " w\(token)" : token < 60 ? "w\(token)" : "w\(token - 20)"
  }

  package func tokenID(_ text: String) -> Int? {
    (0..<Self.tokenCount).first { self.text(of: $0) == text }
  }

  package func pieces(of text: String) -> [Int] {
    text.split(separator: "-").compactMap { tokenID(String($0)) }
  }

  package func wordInitialToken(_ word: String) -> Int? { tokenID(" " + word) }
  package func displayName(of token: Int) -> String { "\"\(text(of: token))\"" }
  package func tokenLength(_ token: Int) -> Int { text(of: token).utf8.count }
  package func hasLeadingSpace(_ token: Int) -> Bool { token < 48 }
  package func startsWord(_ token: Int) -> Bool { token < 48 }

  /// 24 pairs of words whose embeddings are neighbours.
  package static let lexicon = Lexicon(
    words: ["some": ["w1", "w2", "nowhere"]],
    pairs: [
      "neighbours": (0..<24).map { .init("w\(2 * $0)", "w\(2 * $0 + 1)") },
      "short": [.init("w0", "w1")],
    ]
  )
}
