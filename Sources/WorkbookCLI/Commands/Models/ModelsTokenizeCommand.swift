import ArgumentParser
import Foundation
import SourceDiagnostics
import WorkbookKit

struct ModelsTokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Split text into a model's tokens.",
    discussion: """
      Without TEXT, each line of standard input is split as it comes, and its ids are printed on
      one line.
      For example: workbook models tokenize whisper-tiny.en ' King and queen'
      """
  )

  @Argument(help: "A model's name, or the path of one.") var model: String
  @Argument(help: "The text to split.") var text: String?

  @OptionGroup var options: ReadingOptions

  private static let longestLine = 1 << 20

  func run() throws {
    try Shell.run(options.global) { shell, workbook in
      let tokenizer = try workbook.tokenizer(model)
      if options.json {
        var results: [JSONValue] = []
        try forEachLine { results.append(json(tokenizer, $0)) }
        shell.print(.array(results) as JSONValue)
      } else if let text {
        let ids = tokenizer.ids(of: text)
        for (id, name) in zip(ids, tokenizer.names(of: ids)) { shell.print("\(id)\t\(name)") }
      } else {
        try forEachLine { line in
          shell.print(tokenizer.ids(of: line).map(String.init).joined(separator: " "))
          // Whoever writes the lines may wait for the ids of one before writing the next.
          fflush(nil)
        }
      }
    }
  }

  /// Calls `body` with the text, or else with each line of standard input once it is complete.
  private func forEachLine(_ body: (String) -> Void) throws {
    if let text { return body(text) }
    var number = 1
    var line: [UInt8] = []
    while let byte = UInt8(exactly: getchar()) {
      if byte == 0x0A {
        body(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
        number += 1
      } else if line.count < Self.longestLine {
        line.append(byte)
      } else {
        throw Diagnostic.lineTooLong(number, limit: Self.longestLine)
      }
    }
    if !line.isEmpty { body(String(decoding: line, as: UTF8.self)) }
  }

  private func json(_ tokenizer: Tokenizer, _ text: String) -> JSONValue {
    let ids = tokenizer.ids(of: text)
    return .object([
      "ids": .array(ids.map { .integer($0) }),
      "tokens": .array(tokenizer.names(of: ids).map { .text($0) }),
    ])
  }
}
