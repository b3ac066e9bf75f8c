import EmbeddingMath
import Foundation

/// What `Goldens/make-goldens.py` recorded.
struct Goldens: Decodable {
  struct Rectangle: Decodable {
    var rows: Int
    var columns: Int
    var values: [Double]

    var matrix: Matrix {
      Matrix(rowCount: rows, columnCount: columns, values: values.map { Float($0) })
    }
  }

  struct Decomposition: Decodable {
    var matrix: Rectangle
    var singularValues: [Double]
    var rightVectors: [[Double]]
  }

  struct Pairs: Decodable {
    var matrix: Rectangle
    var meanDot: Double
    var meanCosine: Double
    var varianceCosine: Double
    var meanPearson: Double
  }

  struct Correlations: Decodable {
    var a: [Double]
    var b: [Double]
    var ranks: [Double]
    var pearson: Double
    var spearman: Double
    var kendall: Double
  }

  struct Curve: Decodable {
    var positives: [Double]
    var negatives: [Double]
    var area: Double
  }

  struct Quantiles: Decodable {
    var values: [Double]
    var at: [Double]
    var quantiles: [Double]
    var median: Double
  }

  struct Sequence: Decodable {
    var seed: UInt64
    var numbers: [UInt64]
  }

  var decompositions: [Decomposition]
  var pairs: [Pairs]
  var correlations: [Correlations]
  var curves: [Curve]
  var quantiles: [Quantiles]
  var xoshiro: [Sequence]

  static func load(from file: String = #filePath) throws -> Goldens {
    let folder = URL(filePath: file).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Goldens/goldens.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Goldens.self, from: data)
  }
}
