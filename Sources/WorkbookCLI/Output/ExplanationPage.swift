import MetricLanguage
import WorkbookKit

/// How a formula's plan and cost are shown.
enum ExplanationPage {
  static func print(_ explanation: Explanation, _ shell: Shell) {
    for (index, step) in explanation.steps.enumerated() {
      shell.print("\(index + 1). \(shell.style.bold(step.expression))")
      shell.print("   \(shell.wrapped(step.plan, indent: 3))")
      shell.print("   " + shell.style.dim(cost(step.operations, step.bytes)))
    }
    if explanation.steps.isEmpty { shell.print("Nothing worth mentioning.") }
    shell.print()
    shell.print(
      "In all \(cost(explanation.operations, explanation.bytes)); the limits are "
        + cost(explanation.limits.operations, explanation.limits.bytes) + "."
    )
    shell.print(explanation.isExact ? "Exact." : "On a sample.")
    shell.print()
    shell.print(shell.style.dim(shell.wrapped(explanation.loading, indent: 0)))
  }

  private static func cost(_ operations: Double, _ bytes: Double) -> String {
    "\(Numbers.magnitude(operations)) operations, \(Numbers.magnitude(bytes)) bytes"
  }

  static func json(_ explanation: Explanation) -> JSONValue {
    .object([
      "operations": .number(explanation.operations), "bytes": .number(explanation.bytes),
      "max_operations": .number(explanation.limits.operations),
      "max_bytes": .number(explanation.limits.bytes), "exact": .bool(explanation.isExact),
      "loading": .text(explanation.loading),
      "steps": .array(
        explanation.steps.map { step in
          .object([
            "expression": .text(step.expression), "plan": .text(step.plan),
            "operations": .number(step.operations), "bytes": .number(step.bytes),
          ])
        }
      ),
    ])
  }
}
