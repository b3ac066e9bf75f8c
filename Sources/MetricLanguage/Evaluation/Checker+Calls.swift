import SourceDiagnostics

extension Checker {
  // MARK: Calls

  @inline(never)
  func checkCall(
    _ name: String,
    _ arguments: [Expression.Argument],
    _ expression: Expression,
    _ environment: Environment
  ) throws(Diagnostic) -> Typed {
    guard let builtIn = BuiltInTable.named(name) else {
      let start = expression.range.lowerBound
      let place = source.place(start..<start + name.count)
      if environment.bindings[name] != nil || model.shape(of: name) != nil {
        throw .notAFunction(name, at: place)
      }
      throw .unknownFunction(
        name,
        among: BuiltInTable.all.filter { !$0.isValue }.map(\.name),
        at: place
      )
    }
    guard !builtIn.isValue else { throw .notAFunction(name, at: place(expression)) }
    var types: [Typed?] = []
    for (position, argument) in arguments.enumerated() {
      // A metric's rows are as long as the columns of what it is applied to: check that first.
      let isMetric = builtIn.takesMetric(at: position, label: argument.label)
      types.append(isMetric ? nil : try check(argument.value, in: environment))
    }
    let rowLength = rowLength(arguments, types)
    for (position, argument) in arguments.enumerated() where types[position] == nil {
      var outside = environment
      outside.isInsideMetric = false
      types[position] = try checkMetric(argument.value, rowLength: rowLength, outside)
    }
    let known = types.compactMap { $0 }
    let match = try resolve(builtIn, arguments, known.map(\.type), expression)
    var named: [String: Typed] = [:]
    for (position, parameter) in match.assignment { named[parameter.name] = known[position] }
    var typed = try at(expression) { () throws(ShapeFault) in
      try match.overload.check(ArgumentTypes(types: named, model: model, lexicon: lexicon))
    }
    if !environment.isInsideMetric {
      trace?.note(expression, name: name, arguments: named, result: typed)
    }
    for type in known { typed.add(type) }
    if arguments.count == 1, arguments[0].label == nil, !environment.isInsideMetric,
      arguments[0].value.fusableProduct(in: name) != nil,
      case .matrix(let rows, let columns)? = known.first?.type
    {
      // The product is reduced block by block and never held.
      typed.cost.bytes = max(
        0,
        typed.cost.bytes - Typed(.matrix(rows: rows, columns: columns)).cost.bytes
      )
    }
    if isKept(typed.type), !expression.usesAny(of: environment.rowNames),
      !environment.bindings.keys.contains(where: { expression.mentions($0) }),
      !ledger.paid.insert(expression).inserted
    {
      typed.cost = Cost()
    }
    return typed
  }

  /// Whether the evaluator keeps values of this type.
  private func isKept(_ type: ValueType) -> Bool {
    switch type {
    case .number, .truth, .vector, .mask, .decomposition, .pairSet: true
    default: false
    }
  }

  /// The length of the rows a metric argument will see: the columns of the matrix in the call.
  private func rowLength(_ arguments: [Expression.Argument], _ types: [Typed?]) -> Dimension? {
    for (argument, type) in zip(arguments, types) {
      if argument.label == nil || argument.label == "of",
        case .matrix(_, let columns)? = type?.type
      {
        return columns
      }
    }
    return nil
  }

  private func resolve(
    _ builtIn: BuiltIn,
    _ arguments: [Expression.Argument],
    _ types: [ValueType],
    _ expression: Expression
  ) throws(Diagnostic) -> CallMatch {
    do throws(CallMismatch) {
      return try CallMatch.resolve(
        builtIn,
        labels: arguments.map(\.label),
        kinds: types.map(\.kind)
      )
    } catch {
      let culprit = error.position.map { arguments[$0].value } ?? expression
      throw .wrongArguments(builtIn, error.message, at: place(culprit))
    }
  }

  func at(
    _ expression: Expression,
    _ body: () throws(ShapeFault) -> Typed
  ) throws(Diagnostic) -> Typed {
    do throws(ShapeFault) {
      return try body()
    } catch {
      throw .shapeMismatch(error.message, help: error.help, at: place(expression))
    }
  }
}
