import ArgumentParser

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List, show, fetch, import, verify, pack and remove models.",
    subcommands: [
      ModelsListCommand.self, ModelsShowCommand.self, ModelsPullCommand.self,
      ModelsImportCommand.self, ModelsVerifyCommand.self, ModelsTokenizeCommand.self,
      ModelsPackCommand.self, ModelsRemoveCommand.self,
    ],
    defaultSubcommand: ModelsListCommand.self
  )
}
