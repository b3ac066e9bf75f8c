/// Where a canonical tensor is stored, and what has to be done to it.
struct TensorSource: Sendable {
  /// Which of the stored values are the tensor's.
  enum Part: Hashable, Sendable {
    case whole
    /// One of three equal runs of outputs.
    case third(Int)
    /// One of three equal runs within each head's outputs.
    case thirdOfEachHead(Int, headCount: Int)
    /// All rows but the first few.
    case rows(from: Int)
  }

  let stored: StoredTensor
  let transposed: Bool
  let part: Part
  /// In canonical orientation; one entry for a vector.
  let shape: [Int]

  /// - Precondition: A part that is a third divides the outputs evenly.
  init(stored: StoredTensor, transposed: Bool, part: Part) {
    self.stored = stored
    self.transposed = transposed
    self.part = part
    var shape = transposed ? Array(stored.shape.reversed()) : stored.shape
    switch part {
    case .whole: break
    case .third, .thirdOfEachHead: shape[shape.count - 1] /= 3
    case .rows(let first): shape[0] -= first
    }
    self.shape = shape
  }

  /// Where each of the tensor's columns is among the stored outputs.
  var storedOutputs: [Int] {
    let count = shape.last ?? 1
    switch part {
    case .whole, .rows: return Array(0..<count)
    case .third(let third): return Array(third * count..<(third + 1) * count)
    case .thirdOfEachHead(let third, let headCount):
      let width = count / headCount
      return (0..<count).map { column in
        let (head, channel) = column.quotientAndRemainder(dividingBy: width)
        return (3 * head + third) * width + channel
      }
    }
  }

  /// Where the first row is among the stored ones, if rows are not outputs.
  var firstStoredRow: Int {
    if case .rows(let first) = part { first } else { 0 }
  }

  /// The stored rows that hold the tensor's values and, where columns are split, others beside them.
  var storedRows: [Int] {
    switch part {
    case .third where transposed, .thirdOfEachHead where transposed: storedOutputs
    default: Array(firstStoredRow..<stored.rowCount)
    }
  }

  /// How many bytes of the file it takes.
  var byteCount: Int {
    switch part {
    case .whole: stored.byteCount
    case .third, .thirdOfEachHead: stored.byteCount / 3
    case .rows(let first): stored.byteCount / stored.rowCount * (stored.rowCount - first)
    }
  }
}
