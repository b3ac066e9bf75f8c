import ArgumentParser
import Foundation
import MetricLanguage
import SourceDiagnostics
import WorkbookKit

struct ModelsPackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Write a model as a plain GGUF file, read back and verified.",
    discussion: """
      For example: workbook models pack PATH --out models/NAME.gguf --type q8_0
      A sample keeps its rows' original ids: --rows 5000 --seed 0
      """
  )

  @Argument(help: "A model's name, or the path of a GGUF or safetensors file or folder.")
  var model: String

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var out: String

  @Option(help: ArgumentHelp("Keep so many rows, drawn at random.", valueName: "n"))
  var rows: Int?

  @Option(help: ArgumentHelp("The seed of the draw.", valueName: "seed"))
  var seed: Int = 0

  @Option(help: ArgumentHelp("Keep the rows with these ids.", valueName: "first..last"))
  var ids: String?

  @Option(help: ArgumentHelp("How matrices are written: q8_0, f16 or f32.", valueName: "type"))
  var type = "q8_0"

  @Option(help: ArgumentHelp("Keep only these tensors.", valueName: "names"))
  var tensors: String?

  @Option(help: "The name the file gives itself.") var name: String?
  @Option(help: "The licence the file states.") var license: String?
  @Option(help: "The origin the file states.") var origin: String?

  @Flag(help: "Replace the file if it is there.") var force = false

  @OptionGroup var options: ReadingOptions

  func validate() throws {
    guard rows == nil || ids == nil else {
      throw ValidationError("--rows and --ids exclude each other")
    }
    guard (rows ?? 1) > 0, seed >= 0 else {
      throw ValidationError("--rows must be above 0 and --seed at least 0")
    }
    if let ids, Self.range(ids) == nil {
      throw ValidationError("'\(ids)' is not a range of ids such as 0..50256")
    }
  }

  private static func range(_ text: String) -> Range<Int>? {
    let ends = text.split(separator: ".", omittingEmptySubsequences: true).map(String.init)
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0,
      last >= first, last < Int.max
    else { return nil }
    return first..<(last + 1)
  }

  func run() throws {
    try Shell.run(options.global, title: "packing") { shell, workbook in
      guard force || !FileManager.default.fileExists(atPath: out) else {
        throw Diagnostic(
          "file-exists",
          "there is a file already, and it was left alone",
          help: "replace it with --force",
          at: SourcePlace(file: out)
        )
      }
      var request = PackRequest(type: type)
      request.rows = ids.flatMap(Self.range)
      request.sample = rows.map { ($0, UInt64(seed)) }
      request.name = name
      request.license = license
      request.origin = origin
      request.tensors = tensors.map {
        $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      let outcome = try workbook.pack(model, to: out, request)
      if options.json {
        shell.print(json(outcome))
        return
      }
      shell.printTable(
        [["name", "shape", "type", "largest error", "rms error"].map(shell.style.bold)]
          + outcome.tensors.map { tensor in
            [
              tensor.name, "[\(tensor.shape.map(grouped).joined(separator: ", "))]", tensor.type,
              tensor.isCopied ? "copied" : Numbers.short(tensor.largestError),
              tensor.isCopied ? "" : Numbers.short(tensor.rmsError),
            ]
          }
      )
      shell.print()
      shell.print("\(outcome.path): \(grouped(outcome.byteCount)) bytes, read back and verified")
    }
  }

  private func json(_ outcome: PackOutcome) -> JSONValue {
    .object([
      "path": .text(outcome.path), "bytes": .integer(outcome.byteCount),
      "tensors": .array(
        outcome.tensors.map { tensor in
          .object([
            "name": .text(tensor.name), "type": .text(tensor.type),
            "shape": .array(tensor.shape.map { .integer($0) }),
            "copied": .bool(tensor.isCopied), "largest_error": .number(tensor.largestError),
            "rms_error": .number(tensor.rmsError),
          ])
        }
      ),
    ])
  }
}
