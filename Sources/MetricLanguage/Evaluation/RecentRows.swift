import EmbeddingMath
import Synchronization

/// Rows of `W_E` as metrics transformed them lately.
///
/// Metrics that differ in their similarity only, or are run again on the same pairs, then neither
/// transform nor rank the rows anew.
final class RecentRows: Sendable {
  /// More values than these are not held; the longest unused go first.
  private static let mostValues = 8_000_000

  struct Key: Hashable {
    let rows: [Int]
    let transform: Expression
  }

  /// Transformed rows, with the samples that the transform rests on.
  struct Kept {
    let rows: ComparableRows
    let notes: [Evaluator.SampleNote]

    var valueCount: Int { rows.matrix.rowCount * rows.matrix.columnCount }
  }

  /// What was used last stands last.
  private let entries = Mutex<[(key: Key, kept: Kept)]>([])

  subscript(key: Key) -> Kept? {
    entries.withLock { entries in
      guard let index = entries.lastIndex(where: { $0.key == key }) else { return nil }
      let entry = entries.remove(at: index)
      entries.append(entry)
      return entry.kept
    }
  }

  func keep(_ kept: Kept, for key: Key) {
    entries.withLock { entries in
      entries.append((key, kept))
      var held = entries.reduce(0) { $0 + $1.kept.valueCount }
      while held > Self.mostValues, !entries.isEmpty {
        held -= entries.removeFirst().kept.valueCount
      }
    }
  }
}
