/// Every fault found in one piece of work, thrown together so that none has to be met one by one.
package struct DiagnosticReport: Error, Sendable, Hashable {
  /// The faults, sorted by place; faults without a place come first.
  package let diagnostics: [Diagnostic]

  package init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics.sorted { left, right in
      switch (left.place, right.place) {
      case (nil, nil): false
      case (nil, _): true
      case (_, nil): false
      case (let left?, let right?): left < right
      }
    }
  }

  package init(_ diagnostic: Diagnostic) {
    self.init([diagnostic])
  }

  package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
  package var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
}

extension DiagnosticReport: CustomStringConvertible {
  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
