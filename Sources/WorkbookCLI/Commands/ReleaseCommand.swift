import ArgumentParser
import MetricLanguage
import SourceDiagnostics
import WorkbookKit

struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "Make the learners' copy of a workbook, without its keys.",
    discussion: """
      Copies puzzles and hints, these in rot13, into a new folder, with a README.md that says how to \
      start. Keys are never copied, nor anything else that no puzzle is made of. The copy is then \
      searched for what the keys say: messages, formulas that the puzzle does not show, rubrics. If \
      any of it is found, its place is listed and nothing is released (exit status 1). An answer, \
      with --with-answers, may say what it likes.

      In such a copy, workbook check reads every answer and leaves grading to you.

      --gradescope makes an autograder instead: a ZIP archive with this program, the puzzles, their \
      keys and the weights, to upload where you configure a Gradescope assignment. It holds the keys, \
      so it is not for learners. The program in it must run without Swift's libraries; build it with \
      'swift build -c release --static-swift-stdlib --product workbook' and name it with --program.
      """
  )

  @Argument(
    help: ArgumentHelp("The workbook to release; else found as usual.", valueName: "dir"),
    completion: .directory
  )
  var directory: String?

  @Option(
    help: ArgumentHelp(
      "The folder to make; not there yet, or empty.",
      valueName: "folder"
    ),
    completion: .directory
  )
  var out: String?

  @Option(
    help: ArgumentHelp("Make an autograder for Gradescope instead.", valueName: "zip"),
    completion: .file(extensions: ["zip"])
  )
  var gradescope: String?

  @Option(help: "With --gradescope: grade this puzzle; may be given again. Else all.")
  var puzzle: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --gradescope: the program to bundle; else this one.",
      valueName: "file"
    ),
    completion: .file()
  )
  var program: String?

  @Option(
    help: ArgumentHelp("With --gradescope: the policy to grade by.", valueName: "yaml"),
    completion: .file(extensions: ["yaml"])
  )
  var policy: String?

  @Flag(help: "Copy the answers too, in rot13.")
  var withAnswers = false

  @Flag(help: "Copy the models too; else learners bring their own.")
  var withModels = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard directory == nil || global.workbook == nil else {
      throw ValidationError("name the workbook once: as DIR or with --workbook")
    }
    guard (out == nil) != (gradescope == nil) else {
      throw ValidationError("say what to make: --out FOLDER for learners, or --gradescope ZIP")
    }
    guard gradescope == nil || (!withAnswers && !withModels) else {
      throw ValidationError("an autograder holds the keys and the models anyway")
    }
    guard gradescope != nil || (puzzle.isEmpty && program == nil && policy == nil) else {
      throw ValidationError("--puzzle, --program and --policy go with --gradescope")
    }
  }

  func run() throws {
    if let gradescope { return try runAutograder(gradescope) }
    guard let out else { return }
    var options = global
    if let directory { options.workbook = directory }
    var contents: ReleaseContents = []
    if withAnswers { contents.insert(.answers) }
    if withModels { contents.insert(.models) }
    try Shell.run(options) { shell, workbook in
      let report = try workbook.release(to: out, with: contents)
      guard report.leaks.isEmpty else {
        for leak in report.leaks { shell.complain(leak) }
        let count = report.leaks.count
        shell.note(
          "\(count) place\(count == 1 ? "" : "s") would give a key away; nothing was released."
        )
        throw ExitCode(1)
      }
      print(report, shell)
    }
  }

  private func runAutograder(_ path: String) throws {
    var options = global
    if let directory { options.workbook = directory }
    try Shell.run(options) { shell, workbook in
      let report = try workbook.releaseAutograder(
        to: path,
        puzzles: puzzle,
        program: program,
        policy: policy
      )
      let count = report.puzzles.count
      shell.print("Autograder for \(count) puzzle\(count == 1 ? "" : "s"): \(report.path)")
      shell.print("  models: \(report.models.joined(separator: ", "))")
      shell.print("  \(grouped(report.bytes)) bytes; it holds the keys, so it is not for learners")
    }
  }

  private func print(_ report: ReleaseReport, _ shell: Shell) {
    let count = report.puzzles.count
    shell.print("\(count) puzzle\(count == 1 ? "" : "s") released in \(report.path)")
    shell.print("  hints in rot13, no keys, \(withAnswers ? "answers in rot13" : "no answers")")
    if report.models.isEmpty {
      shell.print("  no models: README.md there says how learners get one")
    } else {
      shell.print(
        "  " + shell.wrapped("models: \(report.models.joined(separator: ", "))", indent: 2)
      )
    }
    shell.print("  nothing that the keys say was found in its \(report.searchedTexts) texts")
  }
}
