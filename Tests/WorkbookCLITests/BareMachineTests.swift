import Foundation
import Testing

/// The bundled models on machines that lack what most have.
@Suite struct BareMachineTests {
  private let formula = "mean(pairs(cosine(a, b)))"

  /// Runs the program with nothing in its environment but these variables, as a user who may not
  /// write where the folder is closed to writing.
  private func run(
    _ arguments: [String],
    in book: TemporaryWorkbook,
    environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String, error: String) {
    let (process, _, _) = try book.process([])
    process.environment = environment
    // To root no folder is closed.
    let asNobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    let command = (geteuid() == 0 ? asNobody : []) + [TemporaryWorkbook.program.path] + arguments
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    let output = Pipe()
    let error = Pipe()
    process.standardOutput = output
    process.standardError = error
    try process.run()
    let texts = [output, error].map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    return (process.terminationStatus, texts[0], texts[1])
  }

  private func close(_ book: TemporaryWorkbook) throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: book.root.path)
  }

  @Test func `bundled models load without a home, a writable disk or a network`() throws {
    let book = try TemporaryWorkbook()
    try close(book)
    for environment in [
      [:], ["HOME": "/nonexistent"], ["HOME": ""], ["HOME": "relative"],
      ["HF_ENDPOINT": "http://127.0.0.1:1", "HF_HUB_OFFLINE": "1", "HF_HOME": "/proc/nowhere"],
    ] {
      let computed = try run(["eval", formula], in: book, environment: environment)
      #expect(computed.status == 0, "\(environment): \(computed.error)")
      #expect(computed.output.hasPrefix("0.842"), "\(environment): \(computed.output)")
      let listed = try run(["models"], in: book, environment: environment)
      #expect(listed.status == 0 && listed.output.contains("whisper-tiny.en"))
      #expect(try run(["models", "verify"], in: book, environment: environment).status == 0)
    }
  }

  @Test func `what cannot be written is said, with the way out`() throws {
    let book = try TemporaryWorkbook()
    try close(book)
    let failed = try run(
      ["models", "import", book.root.path + "/models/minilm-l6.gguf", "--name", "other"],
      in: book,
      environment: ["HOME": "/nonexistent"]
    )
    #expect(failed.status == 2)
    #expect(failed.error.contains("error: [unwritable-folder] "), "\(failed.error)")
    #expect(failed.error.contains("WORKBOOK_MODELS"))
  }
}
