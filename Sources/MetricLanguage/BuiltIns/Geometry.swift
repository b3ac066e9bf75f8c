import EmbeddingMath
import SourceDiagnostics

extension BuiltInTable {
  static let geometry: [BuiltIn] = [
    BuiltIn(
      "norm",
      .geometry,
      "The length of a vector.",
      example: "norm(mean(W_E))",
      [
        Overload([.plain("x", .vector)], "number") { (types) throws(ShapeFault) in
          Typed(.number, operations: 2 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .number(length(try arguments.vector("x")))
        }
      ]
    ),
    BuiltIn(
      "row_norms",
      .geometry,
      "The length of each row.",
      example: "mean(row_norms(W_E))",
      [
        Overload([.plain("m", .matrix)], "vector") { (types) throws(ShapeFault) in
          Typed(.vector(types.matrix("m").rows), operations: 2 * types.type("m").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .vector(try arguments.matrix("m").rowNorms())
        }
      ]
    ),
    rowwise(
      "unit",
      .geometry,
      "The vector, or each row, scaled to length 1; zeros stay zeros.",
      example: "norm(mean(unit(W_E)))",
      vector: { values in
        let norm = length(values)
        return norm > 0 ? values.map { $0 / norm } : values
      },
      matrix: { $0.unitRows() }
    ),
    rowwise(
      "centre_rows",
      .geometry,
      "Each row minus its own average over channels.",
      example: "mean(pairs(cosine(a, b), of: centre_rows(W_E)))",
      vector: { values in
        // A constant row has nothing left; subtracting its rounded mean would leave residue.
        if let first = values.first, first.isFinite, values.allSatisfy({ $0 == first }) {
          return values.map { _ in 0 }
        }
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return values.map { $0 - mean }
      },
      matrix: { $0.centredRows() }
    ),
    BuiltIn(
      "zscore",
      .geometry,
      "Each column minus its mean, over its standard deviation; constant columns become 0.",
      example: "mean(pairs(cosine(a, b), of: zscore(W_E)))",
      [
        Overload([.plain("m", .matrix)], "matrix") { (types) throws(ShapeFault) in
          Typed(types.type("m"), operations: 6 * types.type("m").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .matrix(try arguments.matrix("m").zScoredColumns())
        }
      ]
    ),
    BuiltIn(
      "transpose",
      .geometry,
      "The matrix with rows and columns exchanged: row k of transpose(W_E) is channel k of every token.",
      example: "argmax(similarity_to(row_norms(W_E), of: transpose(W_E), by: pearson))",
      [
        Overload([.plain("m", .matrix)], "matrix") { (types) throws(ShapeFault) in
          let matrix = types.matrix("m")
          return Typed(
            .matrix(rows: matrix.columns, columns: matrix.rows),
            operations: types.type("m").entryCount
          )
        } evaluate: { (arguments) throws(Diagnostic) in
          .matrix(try arguments.matrix("m").transposed())
        }
      ]
    ),
    BuiltIn(
      "column",
      .geometry,
      "One column of a matrix, from 0: a channel's value for every token.",
      example: "std(column(W_E, 0))",
      [
        Overload([.plain("m", .matrix), .plain("k", .number)], "vector") {
          (types) throws(ShapeFault) in
          Typed(.vector(types.matrix("m").rows))
        } evaluate: { (arguments) throws(Diagnostic) in
          let matrix = try arguments.matrix("m")
          guard matrix.columnCount > 0 else {
            throw .undefined("the matrix has no columns", at: arguments.place)
          }
          return .vector(
            matrix.column(try arguments.integer("k", in: 0...(matrix.columnCount - 1)))
          )
        }
      ]
    ),
    direction(
      "reject",
      "What is left of the vector, or of each row, after removing its part along up to three directions.",
      example: "mean(pairs(cosine(reject(a, mean(W_E)), reject(b, mean(W_E)))))",
      vector: { values, directions in
        orthonormal(directions).reduce(values) { rest, direction in
          let along = inner(rest, direction)
          return zip(rest, direction).map { $0 - along * $1 }
        }
      },
      matrix: { $0.projectingOut($1) }
    ),
    direction(
      "project",
      "The part of the vector, or of each row, that lies along up to three directions.",
      example: "norm(project(W_E[0], mean(W_E)))",
      vector: { values, directions in
        orthonormal(directions).reduce(Array(repeating: 0, count: values.count)) {
          sum,
          direction in
          let along = inner(values, direction)
          return zip(sum, direction).map { $0 + along * $1 }
        }
      },
      matrix: { matrix, directions in
        let rest = matrix.projectingOut(directions)
        return Matrix.combining(matrix, rest) { $0 - $1 }
      }
    ),
    decomposition(
      "svd",
      "The singular value decomposition: .v[k] directions (largest component positive), .s[k] "
        + "singular values, .u[k] left vectors, k from 0, largest first.",
      example: "cosine(svd(W_E).v[0], mean(W_E))"
    ) { $0 },
    decomposition(
      "pca",
      "The singular value decomposition after subtracting the mean: svd(M - mean(M)).",
      example: "cosine(pca(W_E).v[0], mean(W_E))"
    ) { $0.subtractingFromRows($0.columnMeans()) },
    BuiltIn(
      "difference_of_means",
      .geometry,
      "The mean of the rows where the mask is true minus the mean of the others.",
      example: "norm(difference_of_means(W_E, has_leading_space))",
      [
        Overload([.plain("m", .matrix), .plain("where", .mask)], "vector") {
          (types) throws(ShapeFault) in
          let matrix = types.matrix("m")
          try types.require(matrix.rows, equals: types.vectorLength("where")) {
            "the matrix has \(grouped($0)) rows and the mask \(grouped($1)) entries"
          }
          return Typed(.vector(matrix.columns), operations: types.type("m").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let matrix = try arguments.matrix("m")
          let mask = try arguments.mask("where")
          let inside = mask.indices.filter { mask[$0] }
          let outside = mask.indices.filter { !mask[$0] }
          guard mask.count == matrix.rowCount, !inside.isEmpty, !outside.isEmpty else {
            throw .undefined("one of the two groups is empty", at: arguments.place)
          }
          let difference = zip(
            matrix.selectingRows(inside).columnMeans(),
            matrix.selectingRows(outside).columnMeans()
          ).map { $0 - $1 }
          return .vector(difference)
        }
      ]
    ),
    BuiltIn(
      "lda",
      .geometry,
      "Fisher's linear discriminant: the direction, of length 1, that best separates the rows where "
        + "the mask is true from the others, fitted on the given rows.",
      example:
        "auc(W_E @ lda(W_E, has_leading_space, fit: sample(2000, seed: 0)), has_leading_space)",
      [
        Overload(
          [
            .plain("m", .matrix), .plain("where", .mask),
            .labelled("fit", .tokens, standIn: "all"),
          ],
          "vector"
        ) { (types) throws(ShapeFault) in
          let matrix = types.matrix("m")
          try types.require(matrix.rows, equals: types.vectorLength("where")) {
            "the matrix has \(grouped($0)) rows and the mask \(grouped($1)) entries"
          }
          let columns = Double(matrix.columns.most)
          let rows = Double(types["fit"] == nil ? matrix.rows.most : types.count("fit").most)
          return Typed(
            .vector(matrix.columns),
            operations: rows * columns * columns + columns * columns * columns
          )
        } evaluate: { (arguments) throws(Diagnostic) in
          let matrix = try arguments.matrix("m")
          let mask = try arguments.mask("where")
          guard mask.count == matrix.rowCount else {
            throw .shapeMismatch(
              "the matrix has \(matrix.rowCount) rows and the mask \(mask.count) entries",
              at: arguments.place
            )
          }
          let fit = try arguments.tokens("fit") ?? Array(0..<matrix.rowCount)
          if let outside = fit.first(where: { $0 < 0 || $0 >= matrix.rowCount }) {
            throw .outOfRange(
              "\(outside)",
              count: matrix.rowCount,
              of: "row",
              at: arguments.place
            )
          }
          let rows = matrix.selectingRows(fit)
          guard rows.containsOnlyFinite,
            let direction = LinearDiscriminant.direction(of: rows, where: fit.map { mask[$0] })
          else {
            throw .undefined(
              "no direction separates these: a group is empty, the groups have one mean, or a value "
                + "is not finite",
              at: arguments.place
            )
          }
          return .vector(direction)
        }
      ]
    ),
    BuiltIn(
      "random_direction",
      .geometry,
      "A random vector of length 1, as long as an embedding.",
      example: "mean(similarity_to(random_direction(seed: 1), by: cosine))",
      [
        Overload([.labelled("seed", .number)], "vector") { (types) throws(ShapeFault) in
          Typed(.vector(.exactly(types.model.width)))
        } evaluate: { (arguments) throws(Diagnostic) in
          var generator = SeededGenerator(seed: try arguments.seed())
          return .vector(generator.unitVector(dimension: arguments.evaluator.model.width))
        }
      ]
    ),
  ]

  /// A function of a vector that is the same on each row of a matrix.
  static func rowwise(
    _ name: String,
    _ family: BuiltIn.Family,
    _ summary: String,
    example: String,
    vector: @escaping @Sendable ([Double]) -> [Double],
    matrix: @escaping @Sendable (Matrix) -> Matrix
  ) -> BuiltIn {
    BuiltIn(
      name,
      family,
      summary,
      example: example,
      [
        Overload([.plain("x", .vector)], "vector") { (types) throws(ShapeFault) in
          Typed(types.type("x"), operations: 3 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .vector(vector(try arguments.vector("x")))
        },
        Overload([.plain("x", .matrix)], "matrix", isRowwise: true) {
          (types) throws(ShapeFault) in
          Typed(types.type("x"), operations: 3 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          .matrix(matrix(try arguments.matrix("x")))
        },
      ]
    )
  }

  /// A function of a vector, or of each row, and one to three directions.
  private static func direction(
    _ name: String,
    _ summary: String,
    example: String,
    vector: @escaping @Sendable ([Double], [[Double]]) -> [Double],
    matrix: @escaping @Sendable (Matrix, [[Double]]) -> Matrix
  ) -> BuiltIn {
    let directions: [Parameter] = [
      .plain("d", .vector), .plain("d2", .vector, standIn: "none"),
      .plain("d3", .vector, standIn: "none"),
    ]
    @Sendable func check(_ types: ArgumentTypes, columns: Dimension) throws(ShapeFault) {
      for parameter in directions {
        try types.require(columns, equals: types.vectorLength(parameter.name)) {
          "the rows have \(grouped($0)) entries and a direction \(grouped($1))"
        }
      }
    }
    @Sendable func values(_ arguments: Arguments, length: Int) throws(Diagnostic) -> [[Double]] {
      var found: [[Double]] = []
      for parameter in directions where arguments.has(parameter.name) {
        let direction = try arguments.vector(parameter.name)
        guard direction.count == length else {
          throw .shapeMismatch(
            "the rows have \(length) entries and a direction \(direction.count)",
            at: arguments.place
          )
        }
        found.append(direction)
      }
      return found
    }
    return BuiltIn(
      name,
      .geometry,
      summary,
      example: example,
      [
        Overload([.plain("x", .vector)] + directions, "vector") { (types) throws(ShapeFault) in
          try check(types, columns: types.vectorLength("x"))
          return Typed(types.type("x"), operations: 12 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let x = try arguments.vector("x")
          return .vector(vector(x, try values(arguments, length: x.count)))
        },
        Overload([.plain("x", .matrix)] + directions, "matrix", isRowwise: true) {
          (types) throws(ShapeFault) in
          try check(types, columns: types.matrix("x").columns)
          return Typed(types.type("x"), operations: 12 * types.type("x").entryCount)
        } evaluate: { (arguments) throws(Diagnostic) in
          let x = try arguments.matrix("x")
          return .matrix(matrix(x, try values(arguments, length: x.columnCount)))
        },
      ]
    )
  }

  private static func decomposition(
    _ name: String,
    _ summary: String,
    example: String,
    prepare: @escaping @Sendable (Matrix) -> Matrix
  ) -> BuiltIn {
    BuiltIn(
      name,
      .geometry,
      summary,
      example: example,
      [
        Overload([.plain("m", .matrix)], "decomposition") { (types) throws(ShapeFault) in
          let matrix = types.matrix("m")
          let rows = Double(matrix.rows.most)
          let columns = Double(matrix.columns.most)
          let short = min(rows, columns)
          var typed = Typed(.decomposition(rows: matrix.rows, columns: matrix.columns))
          typed.cost.operations = rows * columns * short + 20 * short * short * short
          return typed
        } evaluate: { (arguments) throws(Diagnostic) in
          let matrix = prepare(try arguments.matrix("m"))
          guard matrix.rowCount > 0, matrix.containsOnlyFinite else {
            throw .undefined(
              "the decomposition of an empty matrix, or one with NaN or infinity, is undefined",
              at: arguments.place
            )
          }
          return .decomposition(
            Decomposition(
              decomposition: SingularValueDecomposition(of: matrix),
              rowCount: matrix.rowCount
            )
          )
        }
      ]
    )
  }

  static func inner(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  static func length(_ x: [Double]) -> Double { inner(x, x).squareRoot() }

  /// Returns the directions made orthogonal and of length 1, in order; one that adds nothing new is
  /// left out.
  private static func orthonormal(_ directions: [[Double]]) -> [[Double]] {
    var basis: [[Double]] = []
    for direction in directions {
      let size = length(direction)
      guard size > 0 else { continue }
      var rest = direction
      // Twice is enough: the second pass removes what rounding left of the first.
      for _ in 0..<2 {
        for known in basis {
          let along = inner(rest, known)
          rest = zip(rest, known).map { $0 - along * $1 }
        }
      }
      let left = length(rest)
      if left > 1e-10 * size { basis.append(rest.map { $0 / left }) }
    }
    return basis
  }
}
