import CKernels
import EmbeddingMath
import Testing
import _WorkbookTestSupport

private let versions = [ck_portable, ck_avx2, ck_avx512].filter { ck_is_available($0) }

struct KernelTests {
  @Test func `the portable version is always there`() {
    #expect(InstructionSet.available.contains(.portable))
    #expect(InstructionSet.available.contains(.preferred))
    #expect(AllPairs(threads: 0).threads == 1)
  }

  @Test(arguments: versions.indices, [1, 2, 7, 64, 131])
  func `products and differences of panels agree with plain loops`(_ index: Int, _ depth: Int) {
    let version = versions[index]
    let width = ck_panel_width(version)
    let left = packed(panels: 2, width: width, depth: depth, seed: 1)
    let right = packed(panels: 3, width: width, depth: depth, seed: 2)
    var products = [Float](repeating: .nan, count: 6 * width * width)
    var differences = products
    ck_products(version, left.values, 2, right.values, 3, depth, &products)
    ck_absolute_differences(version, left.values, 2, right.values, 3, depth, &differences)
    for row in left.rows.indices {
      let dots = right.rows.map { Reference.dot(left.rows[row], $0) }
      let sums = right.rows.map { Reference.similarity(left.rows[row], $0, .manhattan) }
      let place = (row * 3 * width)..<((row + 1) * 3 * width)
      expectClose(products[place].map { Double($0) }, dots, within: 1e-4)
      expectClose(differences[place].map { Double($0) }, sums, within: 1e-3)
    }
  }

  @Test(arguments: versions.indices, [0, 1, 15, 16, 33, 200])
  func `a tally agrees with plain loops`(_ index: Int, _ count: Int) {
    var generator = SeededGenerator(seed: 3)
    // Values outside the range are clamped to it.
    let values = (0..<count).map { _ in Float(generator.gaussian() / 2) }
    let clamped = values.map { Double(min(1, max(-1, $0))) }
    var binning = ck_binning(lower: -1, upper: 1, bins_per_unit: 4, bins: 8, pivot: 0.25)
    var sums = [Float](repeating: 1, count: max(1, count))
    var counts = [UInt32](repeating: 0, count: 8)
    var bins = [Int32](repeating: 0, count: max(1, count))
    let found = ck_tally(versions[index], values, count, &binning, &sums, &counts, &bins)
    let deviations = clamped.map { $0 - 0.25 }
    expectClose(found.sum, deviations.reduce(0, +), within: 1e-4)
    expectClose(found.squares, Reference.dot(deviations, deviations), within: 1e-4)
    expectClose(Double(found.minimum), clamped.min() ?? 1, within: 0)
    expectClose(Double(found.maximum), clamped.max() ?? -1, within: 0)
    expectClose(sums.prefix(count).map { Double($0) - 1 }, deviations, within: 1e-6)
    var expected = [UInt32](repeating: 0, count: 8)
    for value in clamped { expected[min(7, Int((value + 1) * 4))] += 1 }
    #expect(counts == expected)
  }

  @Test(arguments: versions.indices, [0, 1, 31, 100])
  func `the first value above a threshold is found`(_ index: Int, _ count: Int) {
    for place in 0..<count {
      var values = [Float](repeating: -1, count: count)
      values[place] = 2
      #expect(ck_first_above(versions[index], values, 0, count, 1) == place)
      #expect(ck_first_above(versions[index], values, place + 1, count, 1) == count)
      values[place] = .nan
      #expect(ck_first_above(versions[index], values, 0, count, 1) == count)
    }
  }

  @Test(arguments: versions.indices, [0, 1, 5, 64, 77])
  func `vectors of double agree with plain loops`(_ index: Int, _ count: Int) {
    let version = versions[index]
    var generator = SeededGenerator(seed: 4)
    let x = (0..<count).map { _ in generator.gaussian() }
    let y = (0..<count).map { _ in generator.gaussian() }
    expectClose(ck_inner_product(version, x, y, count), Reference.dot(x, y), within: 1e-12)
    let short = x.map { Float($0) }
    let mixed = ck_mixed_inner_product(version, short, y, count)
    expectClose(mixed, Reference.dot(short.map { Double($0) }, y), within: 1e-12)
    var sum = y
    ck_add_multiple(version, 3, x, &sum, count)
    expectClose(sum, zip(x, y).map { 3 * $0 + $1 }, within: 1e-12)
    var a = x
    var b = y
    ck_rotate(version, &a, &b, count, 0.6, 0.8)
    expectClose(a, zip(x, y).map { 0.6 * $0 - 0.8 * $1 }, within: 1e-12)
    expectClose(b, zip(x, y).map { 0.8 * $0 + 0.6 * $1 }, within: 1e-12)
  }

  @Test(arguments: versions.indices)
  func `products of doubles are added in place`(_ index: Int) {
    let version = versions[index]
    let width = ck_panel_width_f64(version)
    let depth = 9
    let left = packed(panels: 1, width: width, depth: depth, seed: 5)
    let right = packed(panels: 2, width: width, depth: depth, seed: 6)
    let stride = 2 * width + 3
    var sums = [Double](repeating: 1, count: width * stride)
    ck_add_products_f64(
      version,
      left.values.map { Double($0) },
      1,
      right.values.map { Double($0) },
      2,
      depth,
      &sums,
      stride
    )
    for row in left.rows.indices {
      let dots = right.rows.map { Reference.dot(left.rows[row], $0) + 1 }
      expectClose(
        Array(sums[(row * stride)..<(row * stride + 2 * width)]),
        dots,
        within: 1e-12
      )
      expectClose(
        Array(sums[(row * stride + 2 * width)..<((row + 1) * stride)]),
        [1, 1, 1],
        within: 0
      )
    }
  }

  private func packed(
    panels: Int,
    width: Int,
    depth: Int,
    seed: UInt64
  )
    -> (values: [Float], rows: [[Double]])
  {
    let matrix = Matrix.random(panels * width, depth, seed: seed)
    var values = [Float](repeating: 0, count: panels * width * depth)
    for row in 0..<(panels * width) {
      for entry in 0..<depth {
        values[(row / width * depth + entry) * width + row % width] = matrix[row, entry]
      }
    }
    return (values, (0..<matrix.rowCount).map { matrix.row($0) })
  }
}
