internal import CKernels

/// The C kernels of one instruction set, over spans; every call into C is in this file.
struct Kernels: Sendable {
  let version: ck_version

  /// The number of rows in a panel of `Float` and of `Double`.
  let panelWidth: Int
  let doublePanelWidth: Int

  static let preferred = Kernels(.preferred)

  init(_ instructionSet: InstructionSet) {
    precondition(
      ck_is_available(instructionSet.version),
      "this processor has no \(instructionSet.rawValue)"
    )
    version = instructionSet.version
    panelWidth = ck_panel_width(version)
    doublePanelWidth = ck_panel_width_f64(version)
  }

  /// What to accumulate over the entries of two rows.
  enum Product { case innerProduct, absoluteDifference }

  /// Writes the products of all rows in `rows` with all in `columns`, both packed in panels.
  func multiply(
    _ product: Product,
    _ rows: Span<Float>,
    _ columns: Span<Float>,
    depth: Int,
    into values: inout [Float]
  ) {
    let rowPanels = panels(in: rows.count, depth: depth, width: panelWidth)
    let columnPanels = panels(in: columns.count, depth: depth, width: panelWidth)
    let needed = rowPanels * panelWidth * columnPanels * panelWidth
    precondition(values.count >= needed, "\(values.count) places for \(needed) products")
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe values.withUnsafeMutableBufferPointer { values in
          guard let rows = rows.baseAddress, let columns = columns.baseAddress,
            let values = values.baseAddress
          else { return }
          switch product {
          case .innerProduct:
            unsafe ck_products(version, rows, rowPanels, columns, columnPanels, depth, values)
          case .absoluteDifference:
            unsafe ck_absolute_differences(
              version,
              rows,
              rowPanels,
              columns,
              columnPanels,
              depth,
              values
            )
          }
        }
      }
    }
  }

  /// Adds the inner products of all rows in `rows` with all in `columns` to a place in `values`.
  ///
  /// - Parameters:
  ///   - rows: Rows of doubles, packed in panels.
  ///   - columns: More rows of doubles, packed in panels.
  ///   - depth: The number of entries of each row.
  ///   - values: The sums.
  ///   - start: Where the product of the two first rows goes.
  ///   - stride: How far apart the products of one row and of the next begin.
  func addProducts(
    _ rows: Span<Double>,
    _ columns: Span<Double>,
    depth: Int,
    into values: inout MutableSpan<Double>,
    from start: Int,
    stride: Int
  ) {
    let rowPanels = panels(in: rows.count, depth: depth, width: doublePanelWidth)
    let columnPanels = panels(in: columns.count, depth: depth, width: doublePanelWidth)
    guard rowPanels > 0 && columnPanels > 0 else { return }
    let end = start + (rowPanels * doublePanelWidth - 1) * stride + columnPanels * doublePanelWidth
    precondition(start >= 0 && stride >= 0 && end <= values.count, "products end at \(end)")
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe columns.withUnsafeBufferPointer { columns in
        unsafe values.withUnsafeMutableBufferPointer { values in
          guard let rows = rows.baseAddress, let columns = columns.baseAddress,
            let values = values.baseAddress
          else { return }
          unsafe ck_add_products_f64(
            version,
            rows,
            rowPanels,
            columns,
            columnPanels,
            depth,
            values + start,
            stride
          )
        }
      }
    }
  }

  /// Turns inner products of one row into distances; returns whether one lost digits.
  func takeDistances(
    _ values: inout MutableSpan<Float>,
    rowSquare: Float,
    columnSquares: Span<Float>
  ) -> Bool {
    precondition(columnSquares.count >= values.count)
    return unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe columnSquares.withUnsafeBufferPointer { squares in
        guard let first = values.baseAddress, let squares = squares.baseAddress else {
          return false
        }
        return unsafe ck_distances(version, first, values.count, rowSquare, squares)
      }
    }
  }

  /// Counts one row of values; adds their deviations to `columnSums`.
  ///
  /// - Precondition: `columnSums` and `binIndices` are no shorter than `values`, and `counts` has
  ///   as many entries as there are bins.
  func tally(
    _ values: Span<Float>,
    binning: Binning,
    columnSums: inout MutableSpan<Float>,
    counts: inout [UInt32],
    binIndices: inout [Int32]
  ) -> Moments {
    precondition(
      columnSums.count >= values.count && binIndices.count >= values.count
        && counts.count >= binning.bins && binning.bins > 0
    )
    var parameters = ck_binning(
      lower: binning.lower,
      upper: binning.upper,
      bins_per_unit: binning.binsPerUnit,
      bins: Int32(binning.bins),
      pivot: binning.pivot
    )
    return unsafe values.withUnsafeBufferPointer { values in
      unsafe columnSums.withUnsafeMutableBufferPointer { sums in
        unsafe counts.withUnsafeMutableBufferPointer { counts in
          unsafe binIndices.withUnsafeMutableBufferPointer { indices in
            guard let first = values.baseAddress, let sums = sums.baseAddress,
              let counts = counts.baseAddress, let indices = indices.baseAddress
            else { return Moments() }
            let moments = unsafe ck_tally(
              version,
              first,
              values.count,
              &parameters,
              sums,
              counts,
              indices
            )
            return Moments(
              sum: moments.sum,
              squares: moments.squares,
              minimum: moments.minimum,
              maximum: moments.maximum
            )
          }
        }
      }
    }
  }

  /// Returns the index of the first value from `start` on above a threshold, if any.
  func firstIndex(above threshold: Float, in values: Span<Float>, from start: Int) -> Int? {
    precondition(start >= 0)
    return unsafe values.withUnsafeBufferPointer { values in
      guard let first = values.baseAddress, start < values.count else { return nil }
      let index = unsafe ck_first_above(version, first, start, values.count, threshold)
      return index < values.count ? index : nil
    }
  }

  /// Rotates two rows of `length` entries of a square against each other.
  func rotate(
    rowsOf square: inout [Double],
    _ first: Int,
    _ second: Int,
    length: Int,
    cosine: Double,
    sine: Double
  ) {
    precondition(first != second && first >= 0 && second >= 0 && length >= 0)
    precondition((max(first, second) + 1) * length <= square.count)
    unsafe square.withUnsafeMutableBufferPointer { square in
      guard let base = square.baseAddress else { return }
      unsafe ck_rotate(
        version,
        base + first * length,
        base + second * length,
        length,
        cosine,
        sine
      )
    }
  }

  /// Adds `factor` times `addend` to `sum`.
  func add(_ factor: Double, times addend: Span<Double>, to sum: inout MutableSpan<Double>) {
    precondition(addend.count == sum.count)
    unsafe addend.withUnsafeBufferPointer { addend in
      unsafe sum.withUnsafeMutableBufferPointer { sum in
        guard let source = addend.baseAddress, let target = sum.baseAddress else { return }
        unsafe ck_add_multiple(version, factor, source, target, sum.count)
      }
    }
  }

  /// Returns the inner product of two vectors.
  func innerProduct(_ a: Span<Double>, _ b: Span<Double>) -> Double {
    precondition(a.count == b.count)
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return unsafe ck_inner_product(version, first, second, a.count)
      }
    }
  }

  /// Returns the inner product of a row of `Float` and a vector.
  func innerProduct(_ a: Span<Float>, _ b: Span<Double>) -> Double {
    precondition(a.count == b.count)
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return unsafe ck_mixed_inner_product(version, first, second, a.count)
      }
    }
  }

  /// Returns how many pairs of places two lists of ranks order alike, less how many they order the
  /// other way.
  ///
  /// - Precondition: The lists are equally long, of at most `Int16.max` ranks from 0 up to that.
  func concordance(_ a: [Int16], _ b: [Int16]) -> Int {
    precondition(a.count == b.count && a.count <= Int(Int16.max))
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return unsafe Int(ck_concordance(version, first, second, a.count))
      }
    }
  }

  private func panels(in count: Int, depth: Int, width: Int) -> Int {
    guard depth > 0 else { return 0 }
    precondition(count.isMultiple(of: depth * width), "\(count) values in panels of \(width)")
    return count / (depth * width)
  }
}

/// How values are counted and their moments taken.
struct Binning: Sendable {
  var lower: Float
  var upper: Float
  var bins: Int
  /// A value near the mean; taking moments about it keeps their digits.
  var pivot: Float

  var binsPerUnit: Float { Float(bins) / (upper - lower) }
}

/// Sums over some values less a pivot, and the extremes of the values.
struct Moments: Sendable {
  var sum = 0.0
  var squares = 0.0
  var minimum = Float.infinity
  var maximum = -Float.infinity

  mutating func merge(_ other: Moments) {
    sum += other.sum
    squares += other.squares
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
  }
}

extension Array {
  /// Calls `body` with a span of some of the entries.
  ///
  /// `Array.span` would do, but needs a newer macOS than this package asks for.
  func withSpan<R>(_ range: Range<Int>, _ body: (Span<Element>) throws -> R) rethrows -> R {
    try unsafe withUnsafeBufferPointer { buffer in
      let slice = unsafe UnsafeBufferPointer(rebasing: buffer[range])
      return try body(unsafe slice.span)
    }
  }

  /// Calls `body` with a span through which some of the entries can be changed.
  mutating func withMutableSpan<R>(
    _ range: Range<Int>,
    _ body: (inout MutableSpan<Element>) throws -> R
  ) rethrows -> R {
    try unsafe withUnsafeMutableBufferPointer { buffer in
      let slice = unsafe UnsafeMutableBufferPointer(rebasing: buffer[range])
      var span = unsafe slice.mutableSpan
      return try body(&span)
    }
  }
}
