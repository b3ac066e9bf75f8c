import EmbeddingMath
import SourceDiagnostics
import Synchronization

/// What was computed of one model's weights: tensors as matrices, and values of formulas that depend
/// on nothing else.
///
/// Several evaluators may share it. A tensor and its column products are made once, while whoever
/// else asks for one waits; of a value that two threads compute at once, the first is kept.
final class ModelMemory: Sendable {
  /// A value that is kept, with the samples it rests on.
  struct Kept: Sendable {
    let value: Value
    let notes: [Evaluator.SampleNote]
    /// What it takes to keep it.
    let bytes: Int
    fileprivate var lastUse = 0

    init(_ value: Value, notes: [Evaluator.SampleNote], bytes: Int) {
      self.value = value
      self.notes = notes
      self.bytes = bytes
    }
  }

  /// What is kept takes at most this many bytes; the longest unused goes first.
  private static let mostBytes = 200_000_000

  private struct Values: Sendable {
    var byExpression: [Expression: Kept] = [:]
    var bytes = 0
    var uses = 0

    mutating func makeRoom() {
      for (expression, kept) in byExpression.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
        guard bytes > ModelMemory.mostBytes else { return }
        byExpression[expression] = nil
        bytes -= kept.bytes
      }
    }
  }

  private let values = Mutex(Values())
  private let tensors = Mutex<[String: Matrix]>([:])
  private let products = Mutex<[String: ColumnProducts]>([:])

  subscript(expression: Expression) -> Kept? {
    values.withLock { values in
      guard let kept = values.byExpression[expression] else { return nil }
      values.uses += 1
      values.byExpression[expression]?.lastUse = values.uses
      return kept
    }
  }

  func keep(_ kept: Kept, for expression: Expression) {
    guard kept.bytes <= Self.mostBytes else { return }
    values.withLock { values in
      guard values.byExpression[expression] == nil else { return }
      var kept = kept
      values.uses += 1
      kept.lastUse = values.uses
      values.bytes += kept.bytes
      values.byExpression[expression] = kept
      if values.bytes > Self.mostBytes { values.makeRoom() }
    }
  }

  func tensor(
    _ name: String,
    _ make: () throws(Diagnostic) -> Matrix
  ) throws(Diagnostic) -> Matrix {
    try tensors.withLock { (tensors) throws(Diagnostic) in
      if let known = tensors[name] { return known }
      let matrix = try make()
      tensors[name] = matrix
      return matrix
    }
  }

  func columnProducts(of name: String, _ make: () -> ColumnProducts?) -> ColumnProducts? {
    products.withLock { products in
      if let known = products[name] { return known }
      let made = make()
      products[name] = made
      return made
    }
  }

  /// Returns a memory of its own with the tensors and such values as `isShared` says of their
  /// expressions.
  func copy(where isShared: (Expression) -> Bool) -> ModelMemory {
    let copy = ModelMemory()
    let values = values.withLock { $0 }
    copy.values.withLock {
      $0.byExpression = values.byExpression.filter { isShared($0.key) }
      $0.bytes = $0.byExpression.values.reduce(0) { $0 + $1.bytes }
      $0.uses = values.uses
    }
    let tensors = tensors.withLock { $0 }
    copy.tensors.withLock { $0 = tensors }
    let products = products.withLock { $0 }
    copy.products.withLock { $0 = products }
    return copy
  }
}

extension Evaluator {
  /// Returns the value kept for an expression, noting again the samples it rests on.
  func cached(_ expression: Expression) -> Value? {
    guard let kept = memory(for: expression)[expression] else { return nil }
    noteAgain(kept.notes)
    return kept.value
  }

  /// Keeps a value that depends on the model alone, if it is small enough to be worth it.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - expression: What it is the value of.
  ///   - start: How many notes there were before it was computed.
  func cache(_ value: Value, for expression: Expression, notesFrom start: Int) {
    guard let size = value.cachedSize else { return }
    memory(for: expression).keep(
      .init(value, notes: notes(after: start), bytes: size),
      for: expression
    )
  }

  private func memory(for expression: Expression) -> ModelMemory {
    expression.mentions("metric") ? ownMemory : memory
  }

  /// Returns some rows of `W_E` after a transform, kept for a while, noting the samples it rests on.
  ///
  /// - Parameters:
  ///   - rows: The numbers of the rows.
  ///   - transform: The transform of `a`; it uses no bound names.
  ///   - make: Transforms the rows, if they are not known.
  /// - Returns: The transformed rows, in the given order.
  /// - Throws: What `make` throws.
  func transformedRows(
    _ rows: [Int],
    by transform: Expression,
    _ make: () throws(Diagnostic) -> Matrix
  ) throws(Diagnostic) -> ComparableRows {
    let key = RecentRows.Key(rows: rows, transform: transform)
    if let known = recentRows[key] {
      noteAgain(known.notes)
      return known.rows
    }
    let start = noteCount
    let made = ComparableRows(try make())
    recentRows.keep(.init(rows: made, notes: notes(after: start)), for: key)
    return made
  }
}

extension Value {
  /// The bytes it takes to keep the value, or `nil` for one that is too large or too cheap to keep.
  fileprivate var cachedSize: Int? {
    switch self {
    case .number, .truth: 64
    case .vector(let values): values.count * 8
    case .mask(let values): values.count
    case .tokens(let tokens): tokens.count * 8
    case .pairSet(let pairs): pairs.count * 16
    // It holds the matrix it was made of.
    case .decomposition(let parts):
      parts.decomposition.rightVectors.reduce(parts.rowCount * 4 * parts.columnCount) {
        $0 + $1.count * 8
      }
    // One over all rows holds a copy of the matrix.
    case .distribution(let distribution):
      distribution.sample.map { min($0.count, 10_000) * 4_000 }
    case .matrix, .metric, .text: nil
    }
  }
}
