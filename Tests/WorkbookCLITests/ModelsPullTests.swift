import Foundation
import Testing
import _LoopbackHub

/// The program fetching models from a hub of the test's own.
@Suite struct ModelsPullTests {
  private let book: TemporaryWorkbook

  init() throws { book = try TemporaryWorkbook() }

  private var modelsFolder: String { book.root.path + "/home/.local/share/workbook/models" }

  /// Everything in the folder where models go, hidden files too.
  private func leftovers() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: modelsFolder)) ?? []).sorted()
  }

  private var weights: URL { URL(fileURLWithPath: modelsFolder + "/tiny-gpt2/model.safetensors") }

  @Test func `a model is fetched in part, listed, computed with and verified`() throws {
    let served = try ServedModel()
    let environment = served.environment
    let pulled = try book.run("models", "pull", ServedModel.repository, environment: environment)
    #expect(pulled.status == 0, "\(pulled.standardError)")
    #expect(pulled.standardOutput.hasPrefix("tiny-gpt2: fetched "))
    #expect(served.hub.bytesSent < served.checkpointBytes)
    #expect(leftovers() == ["tiny-gpt2"])
    let sent = pulled.standardOutput + pulled.standardError
    #expect(!sent.contains("hf_secret"), "the token is never printed")

    let listed = try #require(try book.json("models", "list") as? [[String: Any]])
    let entry = try #require(listed.first { $0["name"] as? String == "tiny-gpt2" })
    #expect(entry["where"] as? String == "pulled")
    #expect(entry["tokens"] as? Int == 3000)

    let value = try #require(
      try book.json("eval", "--model", "tiny-gpt2", "mean(pairs(cosine(a, b)))") as? [String: Any]
    )
    let mean = try #require(value["value"] as? Double)
    // Values spread evenly over -0.25...0.75 have the mean 1/4 and the mean square 7/48.
    #expect(abs(mean - 3.0 / 7) < 0.01)

    #expect(try book.run("models", "verify", "tiny-gpt2").status == 0)
    let again = try book.run("models", "pull", ServedModel.repository, environment: environment)
    #expect(again.standardOutput.hasPrefix("tiny-gpt2 is here already"))
  }

  @Test func `the token reaches the hub and no other host`() throws {
    let served = try ServedModel()
    try book.run("models", "pull", ServedModel.repository, environment: served.environment)
    let requests = served.hub.requests
    #expect(requests.contains { $0.host == .store })
    for request in requests {
      let expected = request.host == .hub ? "Bearer hf_secret_of_the_test" : nil
      #expect(request.authorization == expected, "\(request.host) \(request.path)")
    }
  }

  @Test func `one changed byte is found and named`() throws {
    let served = try ServedModel()
    try book.run("models", "pull", ServedModel.repository, environment: served.environment)
    let file = try FileHandle(forUpdating: weights)
    let end = try file.seekToEnd()
    try file.seek(toOffset: end - 2)
    try file.write(contentsOf: Data([0x55]))
    try file.close()
    let verified = try book.run("models", "verify")
    #expect(verified.status == 1)
    #expect(verified.standardOutput.contains("1 of 16 CHANGED"))
    #expect(verified.standardOutput.contains("ln_f.bias: found "))
    #expect(verified.standardOutput.contains("whisper-tiny.en: 1 of 1 as published"))
  }

  @Test func `a killed pull goes on where it stopped`() throws {
    // Large enough for three pieces.
    let served = try ServedModel(tokens: 90_000)
    let whole = try TemporaryWorkbook()
    try whole.run("models", "pull", ServedModel.repository, environment: served.environment)
    let expected = try Data(
      contentsOf: whole.root.appendingPathComponent(
        "home/.local/share/workbook/models/tiny-gpt2/model.safetensors"
      )
    )
    for _ in 0..<4 {
      served.hub.setFaults([
        .init(.slow(bytesPerSecond: 12_000_000), file: "model.safetensors", host: .store)
      ])
      let (process, _, _) = try book.process(
        ["models", "pull", ServedModel.repository],
        environment: served.environment
      )
      try process.run()
      Thread.sleep(forTimeInterval: Double.random(in: 0.3...1.2))
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      if process.terminationReason == .exit { break }
      #expect(!FileManager.default.fileExists(atPath: weights.path))
      #expect(try book.run("models", "list").standardOutput.contains("tiny-gpt2") == false)
    }
    served.hub.setFaults([])
    let last = try book.run(
      "models",
      "pull",
      ServedModel.repository,
      environment: served.environment
    )
    #expect(last.status == 0, "\(last.standardError)")
    #expect(try Data(contentsOf: weights) == expected)
    #expect(leftovers() == ["tiny-gpt2"])
  }

  @Test func `an interrupt says that the next pull goes on, and exits with 130`() throws {
    let served = try ServedModel(
      faults: [.init(.stall(afterBytes: 70_000), file: "model.safetensors", host: .store)]
    )
    // A test runner may ignore interrupts, and a child inherits that.
    let (process, _, error) = try book.process([], environment: served.environment)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "--default-signal=INT", TemporaryWorkbook.program.path, "models", "pull",
      ServedModel.repository,
    ]
    try process.run()
    for _ in 0..<200 where served.hub.requests.isEmpty { Thread.sleep(forTimeInterval: 0.05) }
    Thread.sleep(forTimeInterval: 0.5)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: error), as: UTF8.self)
    #expect(process.terminationStatus == 130, "\(text)")
    #expect(text.contains("interrupted"))
    #expect(!leftovers().contains("tiny-gpt2"))
  }

  @Test func `two pulls of one model fetch it once`() throws {
    let served = try ServedModel(tokens: 30_000)
    served.hub.setFaults([
      .init(.slow(bytesPerSecond: 20_000_000), file: "model.safetensors", host: .store)
    ])
    let arguments = ["models", "pull", ServedModel.repository]
    let first = try book.process(arguments, environment: served.environment)
    let second = try book.process(arguments, environment: served.environment)
    try first.process.run()
    try second.process.run()
    first.process.waitUntilExit()
    second.process.waitUntilExit()
    #expect(first.process.terminationStatus == 0 && second.process.terminationStatus == 0)
    let texts = try [first.output, second.output].map {
      String(decoding: try Data(contentsOf: $0), as: UTF8.self)
    }
    #expect(texts.contains { $0.hasPrefix("tiny-gpt2: fetched") })
    #expect(texts.contains { $0.hasPrefix("tiny-gpt2 is here already") })
    #expect(leftovers() == ["tiny-gpt2"])
  }

  @Test(arguments: [
    (LoopbackHub.Fault.Kind.status(401), "not-let-in"), (.status(403), "forbidden"),
    (.status(404), "no-such-file-on-hub"),
    (.status(429, headers: ["Retry-After": "900"]), "rate-limited"),
    (.ignoreRange, "ranges-ignored"), (.wrongContentRange("bytes 1-2/3"), "wrong-range"),
    (.shortBody(missing: 3), "wrong-length"), (.redirect(to: "file:///etc/passwd"), "bad-redirect"),
    (.redirectLoop, "too-many-redirects"),
  ])
  func `a faulty hub gives one clear message and leaves nothing`(
    kind: LoopbackHub.Fault.Kind,
    rule: String
  ) throws {
    let served = try ServedModel(faults: [.init(kind, file: "model.safetensors")])
    let failed = try book.run(
      "models",
      "pull",
      ServedModel.repository,
      environment: served.environment
    )
    #expect(failed.status == 2)
    #expect(failed.standardOutput.isEmpty)
    #expect(failed.standardError.hasPrefix("error: [\(rule)] "), "\(failed.standardError)")
    #expect(failed.standardError.components(separatedBy: "error:").count == 2)
    #expect(leftovers().isEmpty, "\(leftovers())")
  }

  @Test func `without the network, what is here is used and what is not is refused`() throws {
    let offline = ["HF_HUB_OFFLINE": "1", "HF_ENDPOINT": "http://127.0.0.1:1"]
    let refused = try book.run("models", "pull", "gpt2", environment: offline)
    #expect(refused.status == 2)
    #expect(refused.standardError.hasPrefix("error: [offline] 'openai-community/gpt2' is not here"))
    #expect(try book.run("models", "pull", "minilm-l6", environment: offline).status == 0)
  }

  @Test func `a name that is known but not here says how to get it`() throws {
    let missing = try book.run("eval", "--model", "gpt2-small", "1 + 1")
    #expect(missing.status == 2)
    #expect(
      missing.standardError == """
        error: [model-not-here] the model 'gpt2' is not on this machine
        help: fetch it with: workbook models pull gpt2

        """
    )
  }

  /// Puts a checkpoint of GPT-2's shape where Hugging Face's tools would, its weights zeros.
  private func fillCache(tokens: Int) throws -> String {
    let cache = book.root.appendingPathComponent("hf")
    let commit = "607a30d783dfa663caf39e06633721c8d4cfcd7e"
    let folder = cache.appendingPathComponent(
      "hub/models--openai-community--gpt2/snapshots/\(commit)"
    )
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let weights = folder.appendingPathComponent("model.safetensors").path
    _ = try PretendCheckpoint.write(PretendCheckpoint.gpt2(tokens: tokens), to: weights)
    return cache.path
  }

  @Test func `a model in Hugging Face's cache is used where it is`() throws {
    let environment = ["HF_HOME": try fillCache(tokens: 50_257)]
    let listed = try #require(
      try book.json("models", environment: environment) as? [[String: Any]]
    )
    let entry = try #require(listed.first { $0["name"] as? String == "gpt2" })
    #expect(entry["where"] as? String == "cache")
    #expect(entry["misnamed"] as? Bool == false)
    let pulled = try book.run("models", "pull", "gpt2", environment: environment)
    #expect(pulled.standardOutput.hasPrefix("gpt2 is in your Hugging Face cache"))
    #expect(leftovers().isEmpty)
    for name in ["gpt2", "gpt2-small", "openai-community/gpt2"] {
      let size = try book.run("eval", "--model", name, "d_vocab", environment: environment)
      #expect(size.standardOutput.hasPrefix("50257"), "\(size.standardError)")
    }
    let removed = try book.run("models", "remove", "gpt2", environment: environment)
    #expect(removed.status == 2)
    #expect(removed.standardError.contains("is in Hugging Face's cache, which others use"))
  }

  @Test func `a cached model of another shape is not taken for the published one`() throws {
    let environment = [
      "HF_HOME": try fillCache(tokens: 100), "HF_HUB_OFFLINE": "1",
    ]
    let pulled = try book.run("models", "pull", "gpt2", environment: environment)
    #expect(pulled.status == 2 && pulled.standardError.contains("[offline]"))
    let shown = try book.run("models", "show", "gpt2", environment: environment)
    #expect(shown.standardOutput.contains(/^name +gpt2\n/))
    #expect(!shown.standardOutput.contains("Published about"))
  }

  @Test func `a damaged model is fetched again when asked, and removed when asked`() throws {
    let served = try ServedModel()
    let environment = served.environment
    try book.run("models", "pull", ServedModel.repository, environment: environment)
    let whole = try Data(contentsOf: weights)
    try whole.prefix(100_000).write(to: weights)
    let verified = try book.run("models", "verify", "tiny-gpt2")
    #expect(verified.status == 1)
    let refused = try book.run("models", "pull", ServedModel.repository, environment: environment)
    #expect(refused.status == 2)
    #expect(refused.standardError.contains("error: [damaged-model] 'tiny-gpt2' is here"))
    #expect(refused.standardError.contains("--force"))
    try book.run("models", "pull", ServedModel.repository, "--force", environment: environment)
    #expect(try Data(contentsOf: weights) == whole)

    // A tokenizer file that is gone is fetched again without asking.
    let vocabulary = modelsFolder + "/tiny-gpt2/vocab.json"
    try FileManager.default.removeItem(atPath: vocabulary)
    try book.run("models", "pull", "tiny-gpt2", environment: environment)
    #expect(FileManager.default.fileExists(atPath: vocabulary))

    #expect(try book.run("models", "rm", "tiny-gpt2").status == 0)
    #expect(leftovers().isEmpty)
    #expect(try book.run("models", "remove", "whisper-tiny.en").status == 2)
  }
}
