import ArgumentParser

/// Options every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The workbook's folder; else $WORKBOOK_HOME, else found from here up.",
      valueName: "dir"
    ),
    completion: .directory
  )
  var workbook: String?

  @Flag(help: "No colour, no bars, plain characters only.")
  var plain = false
}

/// Options of the commands that read.
struct ReadingOptions: ParsableArguments {
  @OptionGroup var global: GlobalOptions

  @Flag(help: "Print JSON with documented fields.")
  var json = false
}
