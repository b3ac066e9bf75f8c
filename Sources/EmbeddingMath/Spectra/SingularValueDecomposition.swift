/// The directions along which a matrix stretches most, and by how much.
///
/// `matrix = Σ leftVector(k) · singularValues[k] · rightVectors[k]ᵀ`. Nothing is subtracted
/// first; centre the columns for principal components. The values come from the eigenvalues of
/// the smaller of the two Gram matrices, accumulated in double, so those below about 10⁻⁷ of the
/// largest are only noise.
///
/// - Precondition: All values are finite.
public struct SingularValueDecomposition: Sendable {
  /// The values, largest first.
  public let singularValues: [Double]

  /// The unit directions, `columnCount` entries each, the component of largest magnitude positive.
  public let rightVectors: [[Double]]

  private let matrix: Matrix

  /// Computes the leading `count` values and directions, by default all.
  ///
  /// - Parameters:
  ///   - matrix: The matrix, at best not more than a few thousand along its shorter side.
  ///   - count: How many, at most the shorter side.
  /// - Complexity: O(*n* *d*² + *d*³) for the longer side *n* and the shorter *d*.
  public init(of matrix: Matrix, count: Int? = nil) {
    let available = min(matrix.rowCount, matrix.columnCount)
    let count = max(0, min(count ?? available, available))
    let isWide = matrix.columnCount > matrix.rowCount
    let gram = GramMatrix(ofColumnsOf: isWide ? matrix.transposed() : matrix)
    let eigen = SymmetricEigenproblem(order: gram.order, values: gram.values)
    singularValues = eigen.values.prefix(count).map { max(0, $0).squareRoot() }
    self.matrix = matrix
    let vectors = Array(eigen.vectors.prefix(count))
    rightVectors = (isWide ? Self.carried(vectors, through: matrix) : vectors)
      .map(Self.withLargestComponentPositive)
  }

  /// Returns the unit vector of `rowCount` entries that goes with direction `k`.
  ///
  /// Zeros where the singular value is zero.
  public func leftVector(_ k: Int) -> [Double] {
    precondition(k >= 0 && k < rightVectors.count, "direction \(k) of \(rightVectors.count)")
    var vector = matrix.multiplied(by: rightVectors[k])
    RowTransform.makeUnit(&vector)
    return vector
  }

  /// Turns left vectors of a wide matrix into right ones: orthonormal, completed where the matrix
  /// maps one to nothing.
  private static func carried(_ vectors: [[Double]], through matrix: Matrix) -> [[Double]] {
    var carried: [[Double]] = []
    var axis = 0
    let transposed = matrix.transposed()
    for vector in vectors {
      var direction = orthonormal(transposed.multiplied(by: vector), to: carried)
      while direction == nil, axis < matrix.columnCount {
        var unit = [Double](repeating: 0, count: matrix.columnCount)
        unit[axis] = 1
        direction = orthonormal(unit, to: carried)
        axis += 1
      }
      if let direction { carried.append(direction) }
    }
    return carried
  }

  static func withLargestComponentPositive(_ vector: [Double]) -> [Double] {
    guard let largest = vector.max(by: { abs($0) < abs($1) }), largest < 0 else { return vector }
    return vector.map { -$0 }
  }
}
