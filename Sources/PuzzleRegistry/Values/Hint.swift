/// One step towards the answer; hints are given one at a time, in order.
package struct Hint: Sendable, Hashable {
  package let title: String?
  package let template: ProseTemplate

  /// The hint as written, formulas and all.
  package var text: String { template.text }
}
