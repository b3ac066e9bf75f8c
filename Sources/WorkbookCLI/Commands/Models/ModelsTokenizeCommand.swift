import ArgumentParser
import SourceDiagnostics
import WorkbookKit

struct ModelsTokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Split text into a model's tokens.",
    discussion: """
      Without TEXT, each line of standard input is split, and its ids are printed on one line.
      For example: workbook models tokenize whisper-tiny.en ' King and queen'
      """
  )

  @Argument(help: "A model's name, or the path of one.") var model: String
  @Argument(help: "The text to split.") var text: String?

  @OptionGroup var options: ReadingOptions

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let lines = text.map { [$0] } ?? Self.standardInput()
      let (ids, names) = try workbook.tokenize(lines, with: model)
      if options.json {
        shell.print(.array(zip(ids, names).map(json)) as JSONValue)
      } else if text != nil {
        for (id, name) in zip(ids.joined(), names.joined()) { shell.print("\(id)\t\(name)") }
      } else {
        for ids in ids { shell.print(ids.map(String.init).joined(separator: " ")) }
      }
    }
  }

  /// Returns the lines of standard input; each ends at a line feed and nowhere else.
  private static func standardInput() -> [String] {
    var lines: [String] = []
    var line: [UInt8] = []
    while let more = readLine(strippingNewline: false) {
      line += Array(more.utf8)
      guard line.last == 0x0A else { continue }
      lines.append(String(decoding: line.dropLast(), as: UTF8.self))
      line = []
    }
    if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
  }

  private func json(_ ids: [Int], _ names: [String]) -> JSONValue {
    .object([
      "ids": .array(ids.map { .integer($0) }), "tokens": .array(names.map { .text($0) }),
    ])
  }
}
