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
      cache     a model of the catalogue that Hugging Face's tools downloaded
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
          + (models + available).map { row($0, shell) }
      )
      for model in models {
        guard let fault = model.fault else { continue }
        shell.print("\(model.name) cannot be read: \(fault.message)")
      }
      shell.print()
      if models.isEmpty { shell.print("No model is here yet.") }
      if let first = available.first {
        shell.print(shell.style.dim("fetch one with: workbook models pull \(first.name)"))
      }
    }
  }

  private func row(_ model: ListedModel, _ shell: Shell) -> [String] {
    if model.fault != nil {
      return [model.name, model.place.rawValue, shell.style.red("unreadable")]
    }
    let tokens = model.tokens.map(grouped) ?? "no"
    let channels = model.channels.map(grouped) ?? "?"
    let cells = [
      model.name, model.place.rawValue, "\(tokens) × \(channels)",
      model.byteCount.map(Self.size) ?? "",
      model.isMisnamed ? "unknown weights" : model.format ?? "", model.license ?? "",
    ]
    return model.place == .available ? cells.map(shell.style.dim) : cells
  }

  /// Returns a size in three digits or so: "14 MB", "1.52 GB".
  private static func size(_ bytes: Int) -> String {
    guard bytes >= 1_000_000_000 else { return "\((bytes + 500_000) / 1_000_000) MB" }
    let hundredths = (bytes + 5_000_000) / 10_000_000
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) GB"
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
