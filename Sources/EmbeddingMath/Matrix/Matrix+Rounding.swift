extension Matrix {
  /// Returns each row rounded to 4 bits a value, in blocks of 32 that share a scale, as GGUF's Q4_0
  /// does: 16 levels from −8 to 7 times a scale, on which the block's largest value is the end.
  ///
  /// A block with a NaN or infinity stays as it is. The scale is not rounded to 16 bits.
  public func roundedToFourBits() -> Matrix {
    .buildingRowsConcurrently(rowCount: rowCount, columnCount: columnCount) { index, result in
      withRow(index) { row in
        for block in blocks(of: 32, covering: columnCount) {
          var largest: Float = 0
          for column in block where abs(row[column]) > abs(largest) { largest = row[column] }
          let scale = largest / -8
          let isRoundable = scale != 0 && block.allSatisfy { row[$0].isFinite }
          for column in block {
            guard isRoundable else {
              result[column] = row[column]
              continue
            }
            let level = (row[column] / scale).rounded(.toNearestOrAwayFromZero)
            result[column] = min(7, max(-8, level)) * scale
          }
        }
      }
    }
  }

  /// Returns each value left as it is or moved to one of its neighbours among floats, by chance.
  ///
  /// Half of the values move, up as often as down, so that what a computation makes of it differs by
  /// about what rounding makes it differ. Zeros, NaN and infinities stay, and nothing becomes
  /// infinite. Depends only on the seed and the values.
  public func jittered(seed: UInt64) -> Matrix {
    .buildingRowsConcurrently(rowCount: rowCount, columnCount: columnCount) { index, result in
      var generator = SeededGenerator(seed: seed, stream: index)
      withRow(index) { row in
        for column in row.indices {
          let value = row[column]
          let chance = generator.uniform()
          let moved = chance < 0.25 ? value.nextDown : chance < 0.5 ? value.nextUp : value
          result[column] = value != 0 && value.isFinite && moved.isFinite ? moved : value
        }
      }
    }
  }
}
