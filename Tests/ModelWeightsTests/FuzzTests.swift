import Testing
import _WorkbookTestSupport

/// Damaged files of every kind end in a diagnostic or a model: never in a trap, a hang or a flood.
///
/// Each format has a process of its own, which the system ends when a limit is broken. See
/// `docs/fuzzing.md` for running it longer and for repeating what it finds.
@Suite(.serialized) struct FuzzTests {
  @Test(.enabled(if: FuzzPlan.includes(.gguf)))
  func `damaged GGUF files are opened or refused`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(GGUFFuzz.self) }
    expect(.gguf, opened: 0.15, rules: 20)
  }

  @Test(.enabled(if: FuzzPlan.includes(.safetensors)))
  func `damaged safetensors files are opened or refused`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(SafetensorsFuzz.self) }
    expect(.safetensors, opened: 0.1, rules: 20)
  }

  @Test(.enabled(if: FuzzPlan.includes(.shards)))
  func `damaged indices of safetensors files are opened or refused`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(ShardsFuzz.self) }
    expect(.shards, opened: 0.1, rules: 10)
  }

  @Test(.enabled(if: FuzzPlan.includes(.tokenizers)))
  func `damaged tokenizers are opened or refused`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(TokenizerFuzz.self) }
    expect(.tokenizers, opened: 0.15, rules: 8)
  }

  @Test(.enabled(if: FuzzPlan.includes(.embeddings)))
  func `damaged embeddings are converted or refused`() async {
    await #expect(processExitsWith: .success) { try FuzzProcess.run(EmbeddingFuzz.self) }
    expect(.embeddings, opened: 0.1, rules: 20)
  }

  private func expect(_ format: FuzzFormat, opened share: Double, rules: Int) {
    let found = FuzzFolder.shortcomings(of: format, opened: share, rules: rules)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }
}
