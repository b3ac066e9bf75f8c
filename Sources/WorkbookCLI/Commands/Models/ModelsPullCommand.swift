import ArgumentParser
import MetricLanguage
import SourceDiagnostics
import WorkbookKit

struct ModelsPullCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Fetch a model's embeddings from Hugging Face, checked byte by byte.",
    discussion: """
      Only the tensors that puzzles need are fetched: embeddings, positions and LayerNorms, and
      those of the layers asked for. An interrupted pull goes on where it stopped. A model in
      Hugging Face's own cache is used from there.

      HF_TOKEN, HF_ENDPOINT, HF_HOME and HF_HUB_OFFLINE mean what they mean to Hugging Face's
      tools. Models go to $WORKBOOK_MODELS, else to ~/.local/share/workbook/models.
      """
  )

  @Argument(help: "A model's name, as `workbook models` lists it, or a repository: owner/name.")
  var model: String

  @Option(help: ArgumentHelp("Also fetch these layers' matrices.", valueName: "0,2..4"))
  var layers: String?

  @Flag(help: "Fetch every tensor of the checkpoint.") var all = false

  @Option(help: ArgumentHelp("A branch or commit other than the known one.", valueName: "name"))
  var revision: String?

  @Option(help: "What to call it here.") var name: String?

  @Flag(help: "Check what is here of it, and fetch again what is damaged.") var force = false

  @OptionGroup var options: ReadingOptions

  func validate() throws {
    if let layers, Self.layers(layers) == nil {
      throw ValidationError("'\(layers)' is not a list of layers such as 0,2..4")
    }
  }

  /// Reads "0,2..4"; `nil` if the text is no such list, or names a layer above 999.
  static func layers(_ text: String) -> Set<Int>? {
    var layers: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let match = part.wholeMatch(of: /\s*(\d{1,3})(?:\.\.(\d{1,3}))?\s*/),
        let first = Int(match.1), let last = Int(match.2 ?? match.1), first <= last
      else { return nil }
      layers.formUnion(first...last)
    }
    return layers
  }

  func run() throws {
    try Shell.run(
      options.global,
      title: "fetching \(escapingControls(name ?? model))",
      ifInterrupted: .goesOnLater
    ) { shell, workbook in
      var request = FetchRequest(model: model)
      request.layers = layers.flatMap(Self.layers) ?? []
      request.isEverything = all
      request.revision = revision
      request.name = name
      request.replaces = force
      let outcome = try workbook.pull(request)
      if options.json {
        shell.print(json(outcome))
      } else {
        report(outcome, shell)
      }
    }
  }

  private func report(_ outcome: FetchOutcome, _ shell: Shell) {
    switch outcome.origin {
    case .alreadyHere: shell.print("\(outcome.name) is here already: \(outcome.path)")
    case .cache:
      shell.print("\(outcome.name) is in your Hugging Face cache and is used from there:")
      shell.print(outcome.path)
    case .fetched:
      shell.print(
        "\(outcome.name): fetched \(megabytes(outcome.bytesReceived)),"
          + " \(outcome.tensorCount) tensors with their tokenizer,"
          + " of a checkpoint of \(megabytes(outcome.checkpointBytes))"
      )
      if outcome.bytesKept > 0 {
        shell.print("\(megabytes(outcome.bytesKept)) were here from an interrupted pull")
      }
      shell.print(verification(outcome))
      shell.print(outcome.path)
    }
    shell.print()
    shell.print(
      shell.style.dim(
        "try: workbook eval --model \(outcome.name) 'mean(pairs(cosine(a, b)))'"
      )
    )
  }

  private func verification(_ outcome: FetchOutcome) -> String {
    let commit = outcome.commit.map { " at commit \($0)" } ?? ""
    if outcome.publishedDigests > 0 {
      return "\(outcome.publishedDigests) tensors have their published SHA-256\(commit)"
    }
    return outcome.isPinned
      ? "its tensors' digests are recorded for `models verify`; none are published\(commit)"
      : "it is not in the catalogue, so this is the newest version\(commit)"
  }

  private func megabytes(_ bytes: Int) -> String {
    bytes < 1_000_000 ? "\(grouped(bytes)) bytes" : "\((bytes + 500_000) / 1_000_000) MB"
  }

  private func json(_ outcome: FetchOutcome) -> JSONValue {
    .object([
      "name": .text(outcome.name), "path": .text(outcome.path),
      "origin": .text(outcome.origin.rawValue), "bytes_received": .integer(outcome.bytesReceived),
      "bytes_kept": .integer(outcome.bytesKept),
      "checkpoint_bytes": .integer(outcome.checkpointBytes),
      "tensors": .integer(outcome.tensorCount),
      "published_digests": .integer(outcome.publishedDigests),
      "commit": outcome.commit.map { .text($0) } ?? .null, "pinned": .bool(outcome.isPinned),
    ])
  }
}
