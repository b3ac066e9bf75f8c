import ArgumentParser
import WorkbookKit

struct ModelsRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove models that were fetched or imported.",
    aliases: ["rm"]
  )

  @Argument(help: "The models' names.") var models: [String]

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Shell.run(options) { shell, workbook in
      for model in models { shell.print("removed \(try workbook.removeModel(model))") }
    }
  }
}
