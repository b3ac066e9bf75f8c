import ArgumentParser
import MetricLanguage
import SourceDiagnostics
import WorkbookKit

struct ModelsImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Put a model from your disk among the models, under a name.",
    discussion: """
      GGUF and safetensors, a file or a folder, are kept as they are. Word vectors as text
      (word2vec, GloVe, as gensim writes them) and numpy arrays (.npy, with --tokens) become GGUF.
      For example: workbook models import glove.6B.100d.txt --name glove
      """
  )

  @Argument(help: "The file or folder.", completion: .file())
  var path: String

  @Option(help: "What to call it here; by default the file's name without its ending.")
  var name: String?

  @Option(
    help: ArgumentHelp("The words of a numpy array's rows, one a line.", valueName: "file"),
    completion: .file()
  )
  var tokens: String?

  @Flag(help: "Link to it instead of copying it.") var link = false

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global, title: "importing") { shell, workbook in
      let outcome = try workbook.importModel(path, name: name, tokens: tokens, asLink: link)
      if options.json {
        shell.print(json(outcome))
        return
      }
      if let format = outcome.convertedFrom {
        let rows = outcome.tokens.map(grouped) ?? "?"
        let columns = outcome.channels.map(grouped) ?? "?"
        shell.print("\(outcome.name): \(rows) × \(columns), converted from \(format)")
      } else {
        shell.print("\(outcome.name): \(outcome.isLink ? "linked to" : "copied") as it is")
      }
      if outcome.convertedFrom == "numpy array", tokens == nil {
        shell.print("  its rows have no names; --tokens FILE would give them")
      }
      for note in outcome.notes { shell.print("  \(note)") }
      shell.print(outcome.path)
      shell.print()
      shell.print(
        shell.style.dim("try: workbook eval --model \(outcome.name) 'mean(pairs(cosine(a, b)))'")
      )
    }
  }

  private func json(_ outcome: ImportOutcome) -> JSONValue {
    .object([
      "name": .text(outcome.name), "path": .text(outcome.path),
      "bytes": .integer(outcome.byteCount),
      "link": .bool(outcome.isLink),
      "converted_from": outcome.convertedFrom.map { .text($0) } ?? .null,
      "tokens": outcome.tokens.map { .integer($0) } ?? .null,
      "channels": outcome.channels.map { .integer($0) } ?? .null,
      "notes": .array(outcome.notes.map { .text($0) }),
    ])
  }
}
