import ArgumentParser
import WorkbookKit

struct GradebookMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put gradebooks together, such as those of a class's parts.",
    discussion: """
      The grades, marks and overrides that the gradebook lacks are added to it, all at once; merging \
      the same again changes nothing. Where two say something else about a grade, both are named and \
      nothing is written (exit status 1). Of marks and points that people set, the latest holds.
      """
  )

  @Argument(help: "The gradebooks to add.", completion: .file())
  var sources: [String]

  @OptionGroup var file: GradebookOption
  @OptionGroup var options: ReadingOptions

  func run() throws {
    var isClean = true
    try Shell.run(options.global) { shell, workbook in
      let result = try workbook.mergeGradebooks(sources, into: file.gradebook)
      isClean = result.conflicts.isEmpty
      guard !options.json else {
        return shell.print(
          .object([
            "gradebook": .text(result.path), "added": .integer(isClean ? result.added : 0),
            "grades": .integer(result.total), "digest": .text(result.digest),
            "conflicts": .array(result.conflicts.map { .text($0) }),
          ]) as JSONValue
        )
      }
      for conflict in result.conflicts { shell.print(conflict) }
      guard isClean else {
        return shell.print("Nothing was written: \(result.conflicts.count) do not agree.")
      }
      let byHand =
        result.byHand == 0 ? "" : ", and \(result.byHand) marks or points that were set by hand"
      shell.print("\(result.added) of \(result.total) grades added\(byHand)")
      shell.print("Gradebook: \(result.path) · \(result.digest)")
    }
    if !isClean { throw ExitCode(1) }
  }
}
