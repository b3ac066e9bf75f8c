package import EmbeddingMath
package import SourceDiagnostics

/// A metric given by choosing: which similarity, from which zero point, with how many of the
/// leading directions removed.
package struct MetricChoice: Sendable, Hashable {
  /// The most leading directions that can be removed.
  package static let mostRemoved = 3

  package var similarity: Similarity
  package var zeroPoint: ZeroPoint
  package var remove: Int

  package init(similarity: Similarity, zeroPoint: ZeroPoint = .origin, remove: Int = 0) {
    self.similarity = similarity
    self.zeroPoint = zeroPoint
    self.remove = min(max(0, remove), Self.mostRemoved)
  }

  /// Every choice there is, in reading order.
  package static var all: [MetricChoice] {
    Similarity.allCases.flatMap { similarity in
      ZeroPoint.allCases.flatMap { zero in
        (0...mostRemoved).map { MetricChoice(similarity: similarity, zeroPoint: zero, remove: $0) }
      }
    }
  }

  /// Reads a choice from its written parts.
  ///
  /// - Throws: A diagnostic without a place when a word or number is not in the vocabulary.
  package static func reading(
    similarity: String,
    zeroPoint: String?,
    remove: Int?
  ) throws(Diagnostic) -> MetricChoice {
    guard let chosen = Similarity(rawValue: similarity) else {
      throw .unknownWord(similarity, of: "similarity", among: Similarity.allCases.map(\.rawValue))
    }
    let zero = zeroPoint ?? ZeroPoint.origin.rawValue
    guard let chosenZero = ZeroPoint(rawValue: zero) else {
      throw .unknownWord(zero, of: "zero-point", among: ZeroPoint.allCases.map(\.rawValue))
    }
    guard (0...mostRemoved).contains(remove ?? 0) else {
      throw .removeOutOfRange(remove ?? 0, most: mostRemoved)
    }
    return MetricChoice(similarity: chosen, zeroPoint: chosenZero, remove: remove ?? 0)
  }

  /// The choice as a formula; it is what the choice means.
  package var formulaText: String {
    "\(similarity.rawValue)(\(row("a")), \(row("b")))"
  }

  package var formula: Formula {
    get throws(Diagnostic) { try Formula(parsing: formulaText) }
  }

  private func row(_ name: String) -> String {
    let centred = zeroPoint.formulaText(of: name).map { "\(name) - \($0)" } ?? name
    guard remove > 0 else { return centred }
    let matrix = zeroPoint.matrixFormulaText.map { "W_E - \($0)" } ?? "W_E"
    let directions = (0..<remove).map { ", svd(\(matrix)).v[\($0)]" }.joined()
    return "reject(\(centred)\(directions))"
  }
}

/// The vector taken as the origin before two embeddings are compared.
package enum ZeroPoint: String, Sendable, CaseIterable, Hashable {
  case origin
  case tokenMean = "token-mean"
  case tokenMedian = "token-median"
  case classMean = "class-mean"
  case spaceMean = "space-mean"
  case noSpaceMean = "no-space-mean"
  case positionMean = "position-mean"

  /// What it is, as a clause.
  package var summary: String {
    switch self {
    case .origin: "zero as stored"
    case .tokenMean: "the mean over all tokens"
    case .tokenMedian: "each channel's median"
    case .classMean: "the mean of the token's own class, with or without a leading space"
    case .spaceMean: "the mean of tokens with a leading space"
    case .noSpaceMean: "the mean of the others"
    case .positionMean: "the mean of W_pos"
    }
  }

  /// The zero point as a formula of the row called `name`; `nil` for the origin itself.
  func formulaText(of name: String) -> String? {
    self == .classMean ? "class_mean(\(name))" : matrixFormulaText
  }

  /// The zero point of the whole matrix as a formula; `nil` for the origin itself.
  ///
  /// For `class-mean`, whose zero depends on the row, it is the matrix of every row's class mean.
  var matrixFormulaText: String? {
    switch self {
    case .origin: nil
    case .tokenMean: "mean(W_E)"
    case .tokenMedian: "median(W_E)"
    case .classMean: "class_mean(W_E)"
    case .spaceMean: "mean(W_E[has_leading_space])"
    case .noSpaceMean: "mean(W_E[not has_leading_space])"
    case .positionMean: "mean(W_pos)"
    }
  }
}
