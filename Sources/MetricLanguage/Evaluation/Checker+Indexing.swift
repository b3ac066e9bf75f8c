import SourceDiagnostics

extension Checker {
  @inline(never)
  func checkIndex(
    _ base: Expression,
    _ index: Expression,
    _ expression: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> Typed {
    if let name = try layeredTensor(base, index, environment) {
      return tensor(name, model.shape(of: name) ?? [])
    }
    return try selection(
      from: try check(base, in: environment),
      by: try check(index, in: environment),
      expression
    )
  }

  /// The type of what an index of one type selects from a value of another.
  ///
  /// Apart from the recursion, whose frames have to stay small: a thread's stack holds a hundred.
  @inline(never)
  private func selection(
    from baseType: Typed,
    by indexType: Typed,
    _ expression: Expression
  ) throws(Diagnostic) -> Typed {
    var typed: Typed
    switch (baseType.type, indexType.type) {
    case (.matrix(_, let columns), .number), (.matrix(_, let columns), .text):
      typed = Typed(.vector(columns))
    case (.matrix(let rows, let columns), .mask(let count)):
      typed = Typed(.matrix(rows: rows.agreeing(with: count).selected, columns: columns))
    case (.matrix(_, let columns), .tokens):
      typed = Typed(.matrix(rows: indexType.count, columns: columns))
    case (.vector, .number), (.vector, .text), (.tokens, .number): typed = Typed(.number)
    case (.vector(let length), .mask(let count)):
      typed = Typed(.vector(length.agreeing(with: count).selected))
    case (.vector, .tokens): typed = Typed(.vector(indexType.count))
    case (.mask(let length), .mask(let count)):
      typed = Typed(.mask(length.agreeing(with: count).selected))
    case (.mask, .tokens): typed = Typed(.mask(indexType.count))
    default:
      throw .typeMismatch(
        expected: "a number, text, mask or tokens in brackets behind a matrix or vector",
        found: "\(indexType.type) behind \(baseType.type)",
        at: place(expression)
      )
    }
    if let rows = rowCount(baseType.type)?.exact, case .mask(let mask) = indexType.type,
      let count = mask.exact, rows != count
    {
      throw .shapeMismatch(
        "the mask has \(grouped(count)) entries and there are \(grouped(rows)) rows to select from",
        at: place(expression)
      )
    }
    typed.add(baseType)
    typed.add(indexType)
    return typed
  }

  private func rowCount(_ type: ValueType) -> Dimension? {
    switch type {
    case .matrix(let rows, _): rows
    case .vector(let count), .mask(let count): count
    default: nil
    }
  }

  /// Returns the tensor that `NAME[layer]` names, if it does.
  @inline(never)
  private func layeredTensor(
    _ base: Expression,
    _ index: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> String? {
    guard case .name(let name) = base.kind, environment.bindings[name] == nil,
      model.shape(of: name) == nil
    else { return nil }
    let layers = model.layerCount(of: name)
    guard layers > 0 else { return nil }
    guard let tensor = index.layerName(of: name), model.shape(of: tensor) != nil else {
      throw .layerUnknown(name, layers: layers, at: place(index))
    }
    return tensor
  }

  @inline(never)
  func checkMember(
    _ base: Expression,
    _ member: String,
    _ expression: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> Typed {
    let baseType = try check(base, in: environment)
    guard case .decomposition(let rows, let columns) = baseType.type,
      ["v", "s", "u"].contains(member)
    else { throw .noMember(member, of: baseType.type, at: place(expression)) }
    let rank = rows.shorter(columns)
    var typed: Typed
    switch member {
    case "s": typed = Typed(.vector(rank))
    case "v": typed = Typed(.matrix(rows: rank, columns: columns))
    default: typed = Typed(.matrix(rows: rank, columns: rows))
    }
    typed.cost = baseType.cost
    return typed
  }
}
