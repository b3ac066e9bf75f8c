import ArgumentParser
import MetricLanguage
import SourceDiagnostics
import WorkbookKit

struct ModelsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a model holds, and what is published about it.",
    discussion: "Tensors, shapes, types, tokens, origin and digest; `--digests` for each tensor's."
  )

  @Argument(help: "A model's name, or the path of a GGUF or safetensors file or folder.")
  var model: String

  @Flag(help: "Compute the SHA-256 of each tensor's values as float32.")
  var digests = false

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global, title: "reading tensors") { shell, workbook in
      let detail: ModelDetail?
      do throws(Diagnostic) {
        detail = try workbook.model(model, withDigests: digests)
      } catch {
        // What is published can be shown of a model that is not here.
        guard error.rule == "model-not-here" else { throw error }
        detail = nil
      }
      // What is published of a model says nothing about another that only has its name.
      let published = detail?.isMisnamed == true ? nil : workbook.publishedModel(model)
      if options.json {
        shell.print(
          .object([
            "model": detail.map(json) ?? .null, "published": published.map(json) ?? .null,
          ])
        )
        return
      }
      if let detail { printDetail(detail, shell) }
      if detail != nil, published != nil { shell.print() }
      if let published { printPublished(published, isHere: detail != nil, shell) }
    }
  }

  private func printDetail(_ detail: ModelDetail, _ shell: Shell) {
    var rows = [
      ["name", detail.name], ["where", "\(detail.place.rawValue), \(detail.path)"],
      ["format", "\(detail.format), \(detail.architecture)"],
      ["tokens", detail.tokens.map(grouped) ?? "none"],
      ["channels", detail.channels.map(grouped) ?? "unknown"],
      ["layers", "\(detail.layers)"], ["licence", detail.license ?? "not stated"],
      ["origin", detail.origin ?? "not stated"],
    ]
    if let sha256 = detail.sha256 { rows.append(["sha256", sha256]) }
    if detail.isSample { rows.append(["rows", "a sample; their original ids are kept"]) }
    if let step = detail.roundingStep {
      let text =
        "quantised: values of W_E lie up to \(Numbers.short(step)) apart,"
        + " so published numbers hold only roughly"
      rows.append(["precision", text])
    }
    if let caveat = detail.tokenizerCaveat { rows.append(["tokenizer", caveat]) }
    if detail.isMisnamed {
      rows.append(["weights", "unknown: their shape is not the published one's"])
    }
    shell.printTable(rows)
    shell.print()
    shell.printTable(
      [
        (["name", "shape", "type", "in the file"] + (digests ? ["sha256 as float32"] : []))
          .map(shell.style.bold)
      ]
        + detail.tensors.map { tensor in
          [
            tensor.name ?? "–", "[\(tensor.shape.map(grouped).joined(separator: ", "))]",
            tensor.type, escapingControls(tensor.fileName),
          ] + (digests ? [tensor.sha256 ?? "not readable"] : [])
        }
    )
  }

  private func printPublished(_ published: PublishedModel, isHere: Bool, _ shell: Shell) {
    shell.print(shell.style.bold("Published about \(published.name)"))
    shell.printTable([
      ["repository", "\(published.repository) \(published.revision.map { "at \($0)" } ?? "")"],
      ["also called", published.aliases.joined(separator: ", ")],
      [
        "embedding",
        "\(grouped(published.tokens)) tokens × \(grouped(published.channels)) channels,"
          + " \(published.isTied ? "tied to" : "not tied to") the unembedding",
      ],
      ["positions", published.positions], ["layers", "\(published.layers)"],
      ["licence", published.license ?? "not stated"],
      ["checkpoint", published.checkpointBytes.map { "\(grouped($0)) bytes" } ?? "size unknown"],
    ])
    for (finding, source) in published.findings {
      shell.print(shell.wrapped("On the original weights, \(finding) (\(source)).", indent: 0))
    }
    if let note = published.note { shell.print(shell.wrapped(note, indent: 0)) }
    if !isHere {
      shell.print()
      shell.print("It is not here. Fetch it with: workbook models pull \(published.name)")
    }
  }

  private func json(_ detail: ModelDetail) -> JSONValue {
    .object([
      "name": .text(detail.name), "path": .text(detail.path),
      "where": .text(detail.place.rawValue), "format": .text(detail.format),
      "architecture": .text(detail.architecture),
      "sha256": detail.sha256.map { .text($0) } ?? .null,
      "license": detail.license.map { .text($0) } ?? .null,
      "origin": detail.origin.map { .text($0) } ?? .null,
      "tokens": detail.tokens.map { .integer($0) } ?? .null,
      "channels": detail.channels.map { .integer($0) } ?? .null,
      "layers": .integer(detail.layers), "sample": .bool(detail.isSample),
      "misnamed": .bool(detail.isMisnamed),
      "rounding_step": detail.roundingStep.map { .number($0) } ?? .null,
      "tokenizer_caveat": detail.tokenizerCaveat.map { .text($0) } ?? .null,
      "tensors": .array(
        detail.tensors.map { tensor in
          .object([
            "name": tensor.name.map { .text($0) } ?? .null, "file_name": .text(tensor.fileName),
            "shape": .array(tensor.shape.map { .integer($0) }), "type": .text(tensor.type),
            "bytes": .integer(tensor.byteCount),
            "sha256_float32": tensor.sha256.map { .text($0) } ?? .null,
          ])
        }
      ),
    ])
  }

  private func json(_ published: PublishedModel) -> JSONValue {
    .object([
      "name": .text(published.name), "repository": .text(published.repository),
      "revision": published.revision.map { .text($0) } ?? .null,
      "aliases": .array(published.aliases.map { .text($0) }),
      "license": published.license.map { .text($0) } ?? .null,
      "architecture": .text(published.architecture), "tokens": .integer(published.tokens),
      "channels": .integer(published.channels), "layers": .integer(published.layers),
      "tied": .bool(published.isTied), "positions": .text(published.positions),
      "bytes": published.checkpointBytes.map { .integer($0) } ?? .null,
      "findings": .array(
        published.findings.map {
          .object(["finding": .text($0.finding), "source": .text($0.source)])
        }
      ),
      "note": published.note.map { .text($0) } ?? .null,
    ])
  }
}
