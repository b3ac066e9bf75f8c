import ArgumentParser
import MetricLanguage
import SourceDiagnostics
import WorkbookKit

struct ModelsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the models that are here, and those that can be fetched.",
    discussion: """
      bundled   comes with the workbook
      pulled    fetched with `workbook models pull`
      imported  put into your folder of models
      cache     downloaded by Hugging Face's tools, and used from their cache
      available can be fetched
      """
  )

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let models = workbook.models()
      let available = workbook.availableModels()
      if options.json {
        shell.print(.array((models + available).map(json)) as JSONValue)
        return
      }
      shell.printTable(
        [["name", "where", "embedding", "size", "format", "licence"].map(shell.style.bold)]
          + models.map { row($0, shell) } + available.map { row($0, shell) }
      )
      shell.print()
      if models.isEmpty { shell.print("No model is here yet.") }
      if let first = available.first {
        shell.print(shell.style.dim("fetch one with: workbook models pull \(first.name)"))
      }
    }
  }

  private func row(_ model: ListedModel, _ shell: Shell) -> [String] {
    if let fault = model.fault {
      return [model.name, model.place.rawValue, shell.style.red("unreadable: \(fault.message)")]
    }
    let tokens = model.tokens.map(grouped) ?? "no"
    let channels = model.channels.map(grouped) ?? "?"
    let cells = [
      model.name, model.place.rawValue, "\(tokens) × \(channels)",
      model.byteCount.map { "\(($0 + 500_000) / 1_000_000) MB" } ?? "?",
      model.isMisnamed ? "unknown weights" : model.format ?? "", model.license ?? "",
    ]
    return model.place == .available ? cells.map(shell.style.dim) : cells
  }

  private func json(_ model: ListedModel) -> JSONValue {
    .object([
      "name": .text(model.name), "path": .text(model.path), "where": .text(model.place.rawValue),
      "bytes": model.byteCount.map { .integer($0) } ?? .null,
      "format": model.format.map { .text($0) } ?? .null,
      "license": model.license.map { .text($0) } ?? .null,
      "tokens": model.tokens.map { .integer($0) } ?? .null,
      "channels": model.channels.map { .integer($0) } ?? .null,
      "misnamed": .bool(model.isMisnamed),
      "fault": model.fault.map { .text($0.message) } ?? .null,
    ])
  }
}
