import EmbeddingMath
import Foundation
import ModelWeights
import SourceDiagnostics
import _WorkbookTestSupport

extension FuzzRecord {
  /// Does with an opened model all that a user can, and checks what must hold of any model.
  mutating func use(_ model: LoadedModel, packingTo path: String, _ dice: inout Dice) {
    attempt(needsPlace: true) { try ModelSummary.read(path: model.path) }
    for tensor in model.storedTensors {
      attempt { try model.float32Bytes(ofStored: tensor.fileName) { _ in } }
    }
    for name in model.tensors.compactMap(\.canonicalName) {
      guard let matrix = attempt({ try model.matrix(name) }) else { continue }
      let shape = model.shape(of: name) ?? []
      if shape.reduce(1, *) != matrix.rowCount * matrix.columnCount {
        complain(
          "\(name) has the shape \(shape) and \(matrix.rowCount) x \(matrix.columnCount) values"
        )
      }
      let odd = attempt { try model.firstNonFinite(in: name) }
      if let odd, (odd == nil) != (matrix.firstNonFinite() == nil) {
        complain("\(name) is finite or not, depending on who asks")
      }
      attempt { try model.roundingStep(of: name) }
    }
    _ = (model.layerCount, model.vocabularySize, model.modelWidth, model.contextLength)
    if let vocabulary = model.vocabulary { use(vocabulary, &dice) }
    if dice.oneIn(3) { pack(model, to: path, &dice) }
  }

  private mutating func use(_ vocabulary: Vocabulary, _ dice: inout Dice) {
    let ids = 0..<vocabulary.count
    for id in ids.prefix(24) + ids.suffix(2) {
      checkShown(vocabulary.displayName(of: id), "the name of token \(id)")
      _ = (vocabulary.startsWord(id), vocabulary.hasLeadingSpace(id), vocabulary.isSpecial(id))
      let bytes = vocabulary.bytes(of: id)
      let found = vocabulary.id(ofBytes: bytes)
      if found.map({ vocabulary.bytes(of: $0) }) != bytes { complain("token \(id) is not found") }
      let name = String(decoding: bytes, as: UTF8.self)
      _ = vocabulary.wordInitialToken(for: name)
      // Splitting takes a microsecond or two for each mark, and some names are nothing else.
      check(vocabulary.tokenize(String(name.unicodeScalars.prefix(50_000))), in: ids)
    }
    check(vocabulary.tokenize(dice.nastyText()), in: ids)
    if (vocabulary.caveat == nil) != vocabulary.tokenizesExactly { complain("a caveat is missing") }
  }

  private mutating func check(_ tokens: [Int], in ids: Range<Int>) {
    if !tokens.allSatisfy(ids.contains) { complain("a text has tokens that are none: \(tokens)") }
  }

  /// Packs some of a model and opens that; only a fault of the program can make the two differ.
  private mutating func pack(_ model: LoadedModel, to path: String, _ dice: inout Dice) {
    let rows = model.vocabularySize ?? 0
    let extreme = Int(truncatingIfNeeded: dice.extreme())
    let lower = dice.oneIn(8) ? extreme : dice.below(rows + 1)
    let upper = max(lower, dice.oneIn(8) ? extreme : dice.below(rows + 2))
    let options = PackOptions(
      rows: dice.pick([
        .all, .all, .range(lower..<upper), .sample(count: dice.below(rows + 2), seed: 1),
      ]),
      matrixType: dice.pick(PackOptions.MatrixType.allCases),
      name: dice.oneIn(4) ? dice.nastyText() : nil
    )
    let report: PackReport
    do {
      report = try ModelPacker.pack(model, to: path, options: options)
    } catch {
      check(error, needsPlace: false)
      if error.rule == "pack-mismatch" { complain(error.message) }
      return
    }
    do {
      let packed = try LoadedModel.open(path: report.path)
      guard options.rows == .all, let vocabulary = model.vocabulary,
        let other = packed.vocabulary
      else { return }
      let text = dice.nastyText()
      if other.tokenize(text) != vocabulary.tokenize(text) {
        complain("a packed vocabulary splits '\(text)' in another way")
      }
    } catch {
      complain("what was packed is refused: \(error)")
    }
  }
}

/// Files a round writes over and over.
struct FuzzFiles {
  let folder: String

  func path(_ name: String) -> String { folder + "/" + name }

  func write(_ bytes: [UInt8], to name: String, _ record: inout FuzzRecord) {
    record.byteCount += bytes.count
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    } catch {
      record.complain("the fuzzer cannot write: \(error)")
    }
  }

  func removeAll() {
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] {
      try? manager.removeItem(atPath: path(name))
    }
  }
}

/// Names of tensors that mean something, in GGUF and in the checkpoints of several models.
enum FuzzNames {
  static let gguf = [
    "output.weight", "position_embd.weight", "token_types.weight", "output_norm.weight",
    "output_norm.bias", "blk.0.attn_q.weight", "blk.0.attn_k.weight", "blk.0.attn_v.weight",
    "blk.0.attn_qkv.weight", "blk.0.attn_qkv.bias", "blk.0.attn_output.weight",
    "blk.0.ffn_up.weight", "blk.1.ffn_down.weight", "blk.1.ffn_gate.weight",
    "blk.0.attn_norm.weight",
    "blk.99999999999999999999.ffn_up.weight", "blk.9223372036854775807.ffn_up.weight",
    "rope_freqs.weight",
  ]
  static let checkpoint = [
    "transformer.wpe.weight", "h.0.attn.c_attn.weight", "h.0.attn.c_attn.bias", "h.0.ln_1.weight",
    "h.0.mlp.c_fc.weight", "gpt_neox.layers.0.attention.query_key_value.weight",
    "gpt_neox.embed_in.weight", "embed_out.weight", "model.embed_tokens.weight",
    "model.layers.0.self_attn.q_proj.weight", "model.layers.0.mlp.gate_proj.weight",
    "bert.embeddings.word_embeddings.weight", "bert.embeddings.LayerNorm.weight",
    "embeddings.position_embeddings.weight", "encoder.layer.0.attention.self.query.weight",
    "model.decoder.embed_tokens.weight", "model.decoder.embed_positions.weight", "lm_head.weight",
    "h.9223372036854775807.attn.c_attn.weight", "h.0.attn.masked_bias", "unheard.of",
  ]
}
