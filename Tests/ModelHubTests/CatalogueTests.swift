import Foundation
import ModelHub
import Testing

@Suite struct CatalogueTests {
  private static let models = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("models").path

  @Test func `it knows twelve models in their order`() {
    #expect(
      Catalogue.names == [
        "gpt2", "gpt2-medium", "gpt2-large", "gpt-neo-125m", "distilgpt2", "pythia-70m",
        "pythia-160m", "opt-125m", "smollm2-135m", "whisper-tiny.en", "minilm-l6",
        "bert-base-uncased",
      ]
    )
  }

  @Test func `no two models share a name in any case`() {
    let names = Catalogue.rows.flatMap { [$0.name, $0.repository] + $0.aliases }
    #expect(Set(names.map { $0.lowercased() }).count == names.count)
    for name in names { #expect(Catalogue.row(named: name.uppercased()) != nil, "\(name)") }
  }

  @Test func `an alias or a repository leads to the model`() {
    #expect(Catalogue.name(for: "gpt2-small") == "gpt2")
    #expect(Catalogue.name(for: "EleutherAI/PYTHIA-70m") == "pythia-70m")
    #expect(Catalogue.name(for: "no-such-model") == "no-such-model")
    #expect(Catalogue.row(named: "") == nil)
  }

  @Test(arguments: Catalogue.rows)
  func `commits and digests are whole`(_ row: CatalogueRow) {
    if let revision = row.revision { #expect(isHexadecimal(revision, digits: 40)) }
    let files = [row.weights, row.bundled].compactMap { $0 } + row.tokenizer
    let digests = files.compactMap(\.sha256) + row.tensors.values
    for digest in digests { #expect(isHexadecimal(digest, digits: 64), "\(digest)") }
    for size in files.compactMap(\.bytes) { #expect(size > 0) }
    #expect(row.weights.map { $0.file.hasSuffix(".safetensors") } ?? true)
    #expect(files.allSatisfy { !$0.file.contains("/") && !$0.file.hasPrefix(".") })
  }

  @Test(arguments: Catalogue.rows)
  func `every model has a licence, a tokenizer and a shape`(_ row: CatalogueRow) {
    #expect(row.license?.isEmpty == false)
    #expect(!row.tokenizer.isEmpty)
    #expect(row.tokens > 30_000 && row.channels >= 384 && row.layers >= 4)
    #expect(row.contextLength >= 448)
    #expect(row.repository.split(separator: "/").count == 2)
    #expect(row.weights != nil || row.note != nil)
  }

  @Test(arguments: Catalogue.rows)
  func `every published number has a source`(_ row: CatalogueRow) {
    for finding in row.published {
      #expect(finding.source.contains(/(19|20)\d\d/), "\(finding.source)")
      #expect(finding.finding.first?.isLowercase == true && !finding.finding.hasSuffix("."))
    }
  }

  @Test(arguments: Catalogue.rows.filter { $0.bundled != nil })
  func `the digests of bundled models are those of their files`(_ row: CatalogueRow) throws {
    let bundled = try #require(row.bundled)
    let shelf = ModelShelf(bundled: Self.models)
    #expect(try shelf.digest(of: "\(Self.models)/\(bundled.file)") == bundled.sha256)
    #expect(bundled.file == row.name + ".gguf")
  }

  @Test func `three models are bundled`() {
    let bundled = Catalogue.rows.filter { $0.bundled != nil }.map(\.name)
    #expect(bundled == ["smollm2-135m", "whisper-tiny.en", "minilm-l6"])
  }

  private func isHexadecimal(_ text: String, digits: Int) -> Bool {
    text.count == digits && text.allSatisfy { "0123456789abcdef".contains($0) }
  }
}
