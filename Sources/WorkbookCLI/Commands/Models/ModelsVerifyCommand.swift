import ArgumentParser
import SourceDiagnostics
import WorkbookKit

struct ModelsVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compute models' digests and compare them with the published ones.",
    discussion: "Exits with 1 if a file or tensor is not what it should be."
  )

  @Argument(help: "Models by name or path; every model that is here by default.")
  var models: [String] = []

  @OptionGroup var options: ReadingOptions

  func run() throws {
    var isSound = true
    try Shell.run(options.global, title: "verifying") { shell, workbook in
      let verified = workbook.verify(models)
      isSound = verified.allSatisfy(\.isSound)
      if options.json {
        shell.print(.array(verified.map(json)) as JSONValue)
        return
      }
      for model in verified { report(model, shell) }
    }
    if !isSound { throw ExitCode(1) }
  }

  private func report(_ model: VerifiedModel, _ shell: Shell) {
    if let fault = model.fault {
      shell.print("\(escapingControls(model.name)): \(shell.style.red("unreadable"))")
      return shell.complain(fault)
    }
    func count(_ finding: VerifiedModel.Check.Finding) -> Int {
      model.checks.count { $0.finding == finding }
    }
    let total = model.checks.count
    let parts = [
      (count(.published), "as published"), (count(.unchanged), "unchanged since they were fetched"),
      (count(.unknown), "with nothing to compare with"), (count(.changed), "CHANGED"),
    ].filter { $0.0 > 0 }.map { "\($0.0) of \(total) \($0.1)" }
    let isKnown = count(.published) + count(.unchanged) > 0
    let mark =
      !model.isSound
      ? shell.style.red(shell.symbol("✗", plain: "no"))
      : isKnown ? shell.style.green(shell.symbol("✓", plain: "ok")) : shell.symbol("·", plain: "--")
    shell.print("\(mark) \(escapingControls(model.name)): \(parts.joined(separator: ", "))")
    for check in model.checks {
      switch check.finding {
      case .changed:
        shell.print("  \(check.subject): found \(check.sha256)")
        shell.print("  \(shell.style.dim("expected")) \(check.expected ?? "")")
      case .unknown: shell.print("  \(check.subject): \(check.sha256)")
      case .published, .unchanged: break
      }
    }
    if !model.isSound {
      shell.print(
        "  fetch it again with: workbook models pull \(escapingControls(model.name)) --force"
      )
    }
  }

  private func json(_ model: VerifiedModel) -> JSONValue {
    .object([
      "name": .text(model.name), "sound": .bool(model.isSound),
      "fault": model.fault.map { .text($0.message) } ?? .null,
      "checks": .array(
        model.checks.map { check in
          .object([
            "subject": .text(check.subject), "sha256": .text(check.sha256),
            "finding": .text(check.finding.rawValue),
            "expected": check.expected.map { .text($0) } ?? .null,
          ])
        }
      ),
    ])
  }
}
