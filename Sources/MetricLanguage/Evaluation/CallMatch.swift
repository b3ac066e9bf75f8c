/// Which overload a call means, and which argument goes to which parameter.
struct CallMatch {
  let overload: Overload
  /// Argument positions with their parameters.
  let assignment: [(position: Int, parameter: Parameter)]

  /// Returns the first overload that the arguments' labels and kinds fit.
  static func resolve(
    _ builtIn: BuiltIn,
    labels: [String?],
    kinds: [TypeKind]
  )
    throws(CallMismatch) -> CallMatch
  {
    var nearest: CallMismatch?
    for overload in builtIn.overloads {
      do throws(CallMismatch) {
        return CallMatch(
          overload: overload,
          assignment: try assign(builtIn.name, overload, labels: labels, kinds: kinds)
        )
      } catch {
        // The mismatch that was met last in the argument list says most about what was meant.
        if nearest == nil || (error.position ?? -1) > (nearest?.position ?? -1) { nearest = error }
      }
    }
    var mismatch = nearest ?? CallMismatch(message: "'\(builtIn.name)' takes no arguments")
    if let position = mismatch.position, mismatch.isKind {
      let wanted = accepted(builtIn, at: position, label: labels[position])
      mismatch.message =
        "'\(builtIn.name)' expected \(wanted) here, found a \(kinds[position].rawValue)"
    }
    throw mismatch
  }

  private static func assign(
    _ name: String,
    _ overload: Overload,
    labels: [String?],
    kinds: [TypeKind]
  ) throws(CallMismatch) -> [(position: Int, parameter: Parameter)] {
    let plain = overload.parameters.filter { !$0.isLabelled }
    var assignment: [(position: Int, parameter: Parameter)] = []
    var nextPlain = 0
    for (position, label) in labels.enumerated() {
      let parameter: Parameter
      if let label {
        guard let match = overload.parameters.first(where: { $0.isLabelled && $0.name == label })
        else {
          throw CallMismatch(
            message: "'\(name)' has no argument labelled '\(label)' here",
            position: position
          )
        }
        guard !assignment.contains(where: { $0.parameter.name == label }) else {
          throw CallMismatch(message: "'\(label)' is given twice", position: position)
        }
        parameter = match
      } else {
        guard nextPlain < plain.count else {
          let labelled = overload.parameters.first { $0.isLabelled }
          throw CallMismatch(
            message: labelled.map {
              "'\(name)' wants a label for this argument, as in \($0.name): …"
            } ?? "'\(name)' takes no more arguments",
            position: position
          )
        }
        parameter = plain[nextPlain]
        nextPlain += 1
      }
      guard fits(kinds[position], parameter.kind) else {
        throw CallMismatch(message: "", position: position, isKind: true)
      }
      assignment.append((position, parameter))
    }
    for parameter in overload.parameters where parameter.standIn == nil {
      guard assignment.contains(where: { $0.parameter.name == parameter.name }) else {
        let what = parameter.isLabelled ? "'\(parameter.name):'" : "a \(parameter.kind.rawValue)"
        throw CallMismatch(message: "'\(name)' is missing \(what)")
      }
    }
    return assignment
  }

  /// A text stands for its token where tokens are wanted.
  private static func fits(_ found: TypeKind, _ wanted: TypeKind) -> Bool {
    found == wanted || (found == .text && wanted == .tokens)
  }

  private static func accepted(_ builtIn: BuiltIn, at position: Int, label: String?) -> String {
    var kinds: [String] = []
    for overload in builtIn.overloads {
      let plain = overload.parameters.filter { !$0.isLabelled }
      let parameter =
        label.flatMap { label in overload.parameters.first { $0.isLabelled && $0.name == label } }
        ?? (label == nil && position < plain.count ? plain[position] : nil)
      if let kind = parameter?.kind.rawValue, !kinds.contains(kind) { kinds.append(kind) }
    }
    guard let last = kinds.last, kinds.count > 1 else { return "a \(kinds.first ?? "value")" }
    return "a \(kinds.dropLast().joined(separator: ", ")) or \(last)"
  }
}

/// Why a call's arguments fit no overload.
struct CallMismatch: Error {
  var message: String
  /// Which argument is at fault; `nil` when one is missing.
  var position: Int?
  /// The argument is of a kind that no overload takes in its place.
  var isKind = false
}
