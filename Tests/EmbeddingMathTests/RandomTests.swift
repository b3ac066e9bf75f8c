import EmbeddingMath
import Testing
import _WorkbookTestSupport

struct RandomTests {
  @Test func `equal seeds give equal numbers and others do not`() {
    var a = SeededGenerator(seed: 1)
    var b = SeededGenerator(seed: 1)
    var c = SeededGenerator(seed: 2)
    let first = (0..<5).map { _ in a.next() }
    #expect(first == (0..<5).map { _ in b.next() })
    #expect(first != (0..<5).map { _ in c.next() })
  }

  @Test(arguments: [0, 1, 2, 50]) func `a permutation holds every number once`(_ count: Int) {
    var generator = SeededGenerator(seed: 3)
    #expect(generator.permutation(of: count).sorted() == Array(0..<count))
  }

  @Test(arguments: [(0, 0), (0, 5), (5, 5), (3, 1_000_000)])
  func `a sample is distinct, ascending and in range`(_ k: Int, _ n: Int) {
    var generator = SeededGenerator(seed: 4)
    let sample = generator.sample(k, of: n)
    #expect(sample.count == k && Set(sample).count == k)
    #expect(sample == sample.sorted() && sample.allSatisfy { $0 >= 0 && $0 < n })
  }

  @Test func `every number is sampled equally often`() {
    var generator = SeededGenerator(seed: 5)
    var hits = [Int](repeating: 0, count: 6)
    for _ in 0..<6_000 { for index in generator.sample(2, of: 6) { hits[index] += 1 } }
    // 2,000 expected, with a standard deviation of 37.
    #expect(hits.allSatisfy { abs($0 - 2_000) < 200 })
  }

  @Test func `normal numbers have mean zero and variance one`() {
    var generator = SeededGenerator(seed: 6)
    let values = (0..<40_000).map { _ in generator.gaussian() }
    expectClose(Reference.mean(values), 0, within: 0.03)
    expectClose(Reference.variance(values), 1, within: 0.05)
  }

  @Test func `random directions have length one and rotations keep lengths`() {
    var generator = SeededGenerator(seed: 7)
    let vector = generator.unitVector(dimension: 9)
    expectClose(Reference.dot(vector, vector), 1, within: 1e-12)
    let rotation = generator.randomOrthogonal(dimension: 24)
    let product = rotation.multiplied(by: rotation.transposed())
    for row in 0..<24 {
      expectClose(product.row(row), (0..<24).map { $0 == row ? 1 : 0 }, within: 1e-6)
    }
    #expect(generator.randomOrthogonal(dimension: 0).rowCount == 0)
  }

  @Test func `shuffling tokens keeps each column's values`() {
    let matrix = Matrix.random(40, 5, seed: 8)
    let shuffled = matrix.shufflingTokens(seed: 1)
    #expect(shuffled != matrix)
    for column in 0..<5 {
      #expect(shuffled.column(column).sorted() == matrix.column(column).sorted())
    }
    #expect(shuffled == matrix.shufflingTokens(seed: 1))
    #expect(shuffled != matrix.shufflingTokens(seed: 2))
  }

  @Test func `shuffling channels keeps each row's values`() {
    let matrix = Matrix.random(5, 40, seed: 9)
    let shuffled = matrix.shufflingChannels(seed: 1)
    #expect(shuffled != matrix)
    for row in 0..<5 { #expect(shuffled.row(row).sorted() == matrix.row(row).sorted()) }
  }

  @Test func `a Gaussian copy keeps the overall spread`() {
    let matrix = Matrix.random(200, 50, seed: 10, mean: 4).scaled(by: 3)
    let copy = matrix.gaussianLike(seed: 1)
    let values = (0..<200).flatMap { copy.row($0) }
    expectClose(Reference.mean(values), 0, within: 0.15)
    expectClose(Reference.variance(values).squareRoot(), 3, within: 0.1)
    #expect(Matrix(rowCount: 0, columnCount: 3, values: []).gaussianLike(seed: 1).rowCount == 0)
  }
}
