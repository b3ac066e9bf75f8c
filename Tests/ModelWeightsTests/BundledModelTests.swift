import EmbeddingMath
import Foundation
import ModelWeights
import Testing

/// The files in `models/`.
@Suite struct BundledModelTests {
  private struct Expectation: Sendable {
    let name: String
    let architecture: String
    let rows: Int
    let columns: Int
    let layers: Int
    let context: Int
    let license: String
    let meanCosine: Double
  }

  private static let expectations = [
    Expectation(
      name: "whisper-tiny.en",
      architecture: "whisper",
      rows: 50_257,
      columns: 384,
      layers: 4,
      context: 448,
      license: "MIT",
      meanCosine: 0.8421
    ),
    Expectation(
      name: "smollm2-135m",
      architecture: "llama",
      rows: 49_152,
      columns: 576,
      layers: 30,
      context: 8192,
      license: "Apache-2.0",
      meanCosine: 0.4423
    ),
    Expectation(
      name: "minilm-l6",
      architecture: "bert",
      rows: 30_522,
      columns: 384,
      layers: 6,
      context: 512,
      license: "Apache-2.0",
      meanCosine: 0.0181
    ),
  ]

  @Test(arguments: expectations.indices)
  func `each is what it says`(index: Int) throws {
    let expected = Self.expectations[index]
    let model = try LoadedModel.open(path: bundledModel(expected.name))
    #expect(model.name == expected.name)
    #expect(model.architecture == expected.architecture)
    #expect(model.vocabularySize == expected.rows)
    #expect(model.modelWidth == expected.columns)
    #expect(model.layerCount == expected.layers)
    #expect(model.contextLength == expected.context)
    #expect(model.license == expected.license)
    #expect(model.origin?.contains("PyPI") == true)
    #expect(model.vocabulary?.count == expected.rows)
    #expect(model.tensors.allSatisfy { $0.canonicalName != nil })
  }

  /// (|Σu|² − n) / (n(n − 1)) for unit rows u.
  @Test(arguments: expectations.indices)
  func `the mean pairwise cosine is the model's`(index: Int) throws {
    let expected = Self.expectations[index]
    let matrix = try LoadedModel.open(path: bundledModel(expected.name)).matrix("W_E")
    var sum = [Double](repeating: 0, count: matrix.columnCount)
    for row in 0..<matrix.rowCount {
      matrix.withRow(row) { row in
        var square = 0.0
        for index in row.indices { square += Double(row[index]) * Double(row[index]) }
        let norm = square.squareRoot()
        for index in row.indices { sum[index] += Double(row[index]) / norm }
      }
    }
    let count = Double(matrix.rowCount)
    let mean = (sum.reduce(0) { $0 + $1 * $1 } - count) / (count * (count - 1))
    #expect(abs(mean - expected.meanCosine) < 1e-4)
  }

  @Test func `whisper has everything but cross-attention's matrices`() throws {
    let model = try LoadedModel.open(path: bundledModel("whisper-tiny.en"))
    #expect(model.tensors.count == 76)
    for (name, shape) in [
      ("W_pos", [448, 384]), ("W_Q[0]", [384, 384]), ("b_O[3]", [384]), ("W_in[2]", [384, 1536]),
      ("W_out[2]", [1536, 384]), ("b_in[1]", [1536]), ("ln_cross_w[3]", [384]),
      ("ln_final_b", [384]),
    ] {
      #expect(model.shape(of: name) == shape)
      let matrix = try model.matrix(name)
      #expect(matrix.columnCount == shape.last)
      #expect(matrix.containsOnlyFinite)
    }
  }

  @Test func `together they stay within 75 MB`() throws {
    let sizes = try Self.expectations.map {
      try Data(contentsOf: URL(fileURLWithPath: bundledModel($0.name)), options: .alwaysMapped)
        .count
    }
    #expect(sizes.reduce(0, +) <= 75 << 20)
  }
}
