import Foundation
import Testing

/// Text from standard input, and names that would steer a terminal.
@Suite struct TokenizeTests {
  private static let command = ["models", "tokenize", "smollm2-135m"]

  /// Runs `models tokenize` on the standard input that is given.
  private func run(
    _ input: FileHandle,
    options: [String] = [],
    in book: TemporaryWorkbook
  ) throws -> TemporaryWorkbook.Output {
    let (process, output, error) = try book.process(Self.command + options)
    process.standardInput = input
    try process.run()
    process.waitUntilExit()
    return TemporaryWorkbook.Output(
      status: process.terminationStatus,
      standardOutput: try String(contentsOf: output, encoding: .utf8),
      standardError: try String(contentsOf: error, encoding: .utf8)
    )
  }

  private func file(_ text: String, in book: TemporaryWorkbook) throws -> FileHandle {
    let url = book.root.appendingPathComponent("input-\(UUID().uuidString)")
    try Data(text.utf8).write(to: url)
    return try FileHandle(forReadingFrom: url)
  }

  @Test func `each line is split for itself, the last without a line feed too`() throws {
    let book = try TemporaryWorkbook()
    let output = try run(file("king\n\nking\nking", in: book), in: book)
    #expect(output.status == 0, "\(output.standardError)")
    let lines = output.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 5)
    #expect(lines.map(\.isEmpty) == [false, true, false, false, true])
    let json = try run(file("king\nqueen\n", in: book), options: ["--json"], in: book)
    let parsed = try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8))
    #expect((parsed as? [[String: Any]])?.count == 2)
  }

  @Test func `a line is answered before the next one is there`() throws {
    let book = try TemporaryWorkbook()
    let (process, output, _) = try book.process(Self.command)
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    try pipe.fileHandleForWriting.write(contentsOf: Data("king\nqueen".utf8))
    let deadline = Date(timeIntervalSinceNow: 30)
    while try Data(contentsOf: output).isEmpty, Date() < deadline { usleep(20_000) }
    #expect(process.isRunning)
    #expect(try String(contentsOf: output, encoding: .utf8).filter { $0 == "\n" }.count == 1)
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try String(contentsOf: output, encoding: .utf8).filter { $0 == "\n" }.count == 2)
  }

  @Test func `a line without an end is refused once those before it are answered`() throws {
    let book = try TemporaryWorkbook()
    let long = String(repeating: "x", count: (1 << 20) + 1)
    let output = try run(file("king\n" + long, in: book), in: book)
    #expect(output.status == 2)
    #expect(output.standardOutput.filter { $0 == "\n" }.count == 1)
    let fault = "error: [line-too-long] line 2 of the standard input is longer than 1048576 bytes"
    #expect(output.standardError.contains(fault))
    let zeros = try #require(FileHandle(forReadingAtPath: "/dev/zero"))
    let endless = try run(zeros, options: ["--json"], in: book)
    #expect(endless.status == 2)
    #expect(endless.standardOutput.isEmpty)
    #expect(endless.standardError.contains("line 1 of the standard input"))
  }

  @Test func `a file's name cannot steer the terminal, and json gives it back`() throws {
    let book = try TemporaryWorkbook()
    let folder = book.root.appendingPathComponent("mine")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let name = "odd\u{1B}[31m\u{9B}\u{2028}\u{202E}\u{E0001}"
    try Data("no model".utf8).write(to: folder.appendingPathComponent(name + ".gguf"))
    let environment = ["WORKBOOK_MODELS": folder.path]
    let steering: Set<Unicode.GeneralCategory> = [
      .control, .format, .lineSeparator, .paragraphSeparator,
    ]
    for arguments in [["models"], ["models", "--json"], ["models", "verify", "--json"]] {
      let (process, output, _) = try book.process(arguments, environment: environment)
      try process.run()
      process.waitUntilExit()
      let text = try String(contentsOf: output, encoding: .utf8)
      #expect(text.contains("odd"))
      let found = text.unicodeScalars.filter {
        $0 != "\n" && steering.contains($0.properties.generalCategory)
      }
      #expect(found.isEmpty, "\(arguments)")
    }
    let models = try book.json("models", "verify", environment: environment) as? [[String: Any]]
    #expect(models?.contains { $0["name"] as? String == name } == true)
  }
}
