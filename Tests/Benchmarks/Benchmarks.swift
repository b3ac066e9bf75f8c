import CKernels
import Dispatch
import EmbeddingMath
import Foundation
import Synchronization
import Testing

/// Measures the engine against the machine's own limit and prints a table.
///
/// `WORKBOOK_BENCHMARKS=1 swift test -c release --disable-testable-imports --filter Benchmarks`
///
/// The rows are random numbers around a common offset, as many as GPT-2 has tokens unless
/// `WORKBOOK_BENCHMARK_ROWS` says otherwise. Nothing here fails for being slow: a busy machine is
/// no fault of the code.
@Suite(
  .enabled(if: Setting.isWanted, "set WORKBOOK_BENCHMARKS=1; takes minutes of a quiet machine"),
  .serialized
)
struct Benchmarks {
  @Test func `rates on this machine`() throws {
    let machine = Machine()
    print(machine.description)
    var table = Table("work", "threads", "least s", "median s", "M pairs/s", "GFMA/s", "of peak")
    for columns in [384, 768] {
      let matrix = randomMatrix(rowCount: Setting.rowCount, columnCount: columns)
      try measurePairs(of: matrix, on: machine, into: &table)
    }
    let matrix = randomMatrix(rowCount: Setting.rowCount, columnCount: 384)
    try measureOther(matrix, on: machine, into: &table)
    print(table.text)
    #expect(machine.peakOfOne > 0 && machine.peakOfAll > 0)
  }

  private func measurePairs(
    of matrix: Matrix,
    on machine: Machine,
    into table: inout Table
  ) throws {
    let pairs = Double(matrix.rowCount) * Double(matrix.rowCount - 1) / 2
    let size = "\(matrix.rowCount) × \(matrix.columnCount)"
    for threads in Set([1, machine.threads]).sorted() {
      let engine = AllPairs(threads: threads)
      let timing = try Timing(rounds: 3) {
        let distribution = try engine.distribution(of: matrix, by: .cosine)
        #expect(distribution.count == Int(pairs))
      }
      table.add(
        "histogram of all cosines, \(size)",
        threads,
        timing,
        pairs: pairs,
        depth: matrix.columnCount,
        peak: machine.peak(ofThreads: threads)
      )
    }
  }

  private func measureOther(
    _ matrix: Matrix,
    on machine: Machine,
    into table: inout Table
  ) throws {
    let rows = Double(matrix.rowCount)
    let size = "\(matrix.rowCount) × \(matrix.columnCount)"
    let engine = AllPairs()
    let matching = try Timing(rounds: 3) {
      _ = try engine.bestMatch(of: matrix, by: .dot, includingSelf: true)
    }
    table.add(
      "best match by dot, \(size)",
      machine.threads,
      matching,
      // Each pair is compared from both of its ends.
      pairs: rows * rows,
      depth: matrix.columnCount,
      peak: machine.peakOfAll
    )
    let ranking = try Timing(rounds: 3) { _ = try engine.distribution(of: matrix, by: .spearman) }
    table.add(
      "histogram of all Spearman, \(size)",
      machine.threads,
      ranking,
      pairs: rows * (rows - 1) / 2,
      depth: matrix.columnCount,
      peak: machine.peakOfAll
    )
    table.add(
      "mean cosine in closed form, \(size)",
      machine.threads,
      Timing(rounds: 5) { _ = ClosedForm.meanPairwiseCosine(of: matrix) }
    )
    let decomposing = Timing(rounds: 5) { _ = SingularValueDecomposition(of: matrix) }
    table.add("SVD, all values and directions, \(size)", machine.threads, decomposing)
    let directions = Matrix(rows: SingularValueDecomposition(of: matrix).rightVectors).transposed()
    let multiplying = Timing(rounds: 5) { _ = matrix.multiplied(by: directions) }
    table.add("product with all directions, \(size)", machine.threads, multiplying)
  }

  private func randomMatrix(rowCount: Int, columnCount: Int) -> Matrix {
    .buildingRowsConcurrently(rowCount: rowCount, columnCount: columnCount) { row, values in
      var generator = SeededGenerator(seed: UInt64(row))
      for column in values.indices { values[column] = Float(generator.uniform() - 0.4) }
    }
  }
}

/// What the environment asks for.
private enum Setting {
  static let isWanted = ProcessInfo.processInfo.environment["WORKBOOK_BENCHMARKS"] != nil

  static let rowCount =
    ProcessInfo.processInfo.environment["WORKBOOK_BENCHMARK_ROWS"].flatMap { Int($0) } ?? 50_257
}

/// What this machine can do at most.
private struct Machine: CustomStringConvertible {
  let threads = AllPairs().threads
  /// Multiply-adds per second, of one thread and of all at once.
  let peakOfOne: Double
  let peakOfAll: Double

  init() {
    let version = ck_preferred_version()
    let rates = Mutex<[Double]>([])
    peakOfOne = ck_peak_multiply_adds(version, 1)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      let rate = ck_peak_multiply_adds(version, 1)
      rates.withLock { $0.append(rate) }
    }
    peakOfAll = rates.withLock { $0.reduce(0, +) }
  }

  func peak(ofThreads count: Int) -> Double { count == 1 ? peakOfOne : peakOfAll }

  var description: String {
    "peak of \(InstructionSet.preferred.rawValue): \(rounded(peakOfOne / 1e9, places: 1)) GFMA/s"
      + " on one thread, \(rounded(peakOfAll / 1e9, places: 1)) on \(threads)"
  }
}

extension Table {
  /// Adds work that has no count of multiply-adds of interest.
  fileprivate mutating func add(_ work: String, _ threads: Int, _ timing: Timing) {
    add(
      work,
      "\(threads)",
      rounded(timing.least, places: 3),
      rounded(timing.middle, places: 3),
      "",
      "",
      ""
    )
  }

  /// Adds work on pairs; its rates are those of the least disturbed round.
  fileprivate mutating func add(
    _ work: String,
    _ threads: Int,
    _ timing: Timing,
    pairs: Double,
    depth: Int,
    peak: Double
  ) {
    let rate = pairs / timing.least
    let multiplyAdds = rate * Double(depth)
    add(
      work,
      "\(threads)",
      rounded(timing.least, places: 3),
      rounded(timing.middle, places: 3),
      rounded(rate / 1e6, places: 0),
      rounded(multiplyAdds / 1e9, places: 1),
      rounded(multiplyAdds / peak * 100, places: 0) + "%"
    )
  }
}

private func rounded(_ value: Double, places: Int) -> String {
  String(format: "%.\(places)f", value)
}
