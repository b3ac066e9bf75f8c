import Foundation
import Testing
import _LoopbackHub

/// Weights that are not what they seem.
@Suite struct StrangeWeightsTests {
  /// Writes a GPT-2-shaped file whose embedding holds a ramp, and one value of the test's choice.
  private func write(_ odd: Float, at place: (row: Int, column: Int), to path: String) throws {
    let plain = PretendCheckpoint.gpt2(layers: 1, tokens: 600, channels: 32, context: 16)
    let tensors = plain.map { tensor in
      guard tensor.name == "wte.weight" else { return tensor }
      return PretendCheckpoint.Tensor(tensor.name, dtype: "F32", shape: tensor.shape) { write in
        var bytes: [UInt8] = []
        for index in 0..<600 * 32 {
          let value = index == place.row * 32 + place.column ? odd : Float(index % 97) - 40
          withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        write(bytes)
      }
    }
    _ = try PretendCheckpoint.write(tensors, to: path)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `a weight that is no number fails the puzzle and is named`(odd: Float) throws {
    let book = try TemporaryWorkbook()
    let path = book.root.appendingPathComponent("odd.safetensors").path
    try write(odd, at: (123, 7), to: path)
    let started = try book.run("start", "puzzle1", "--model", path)
    #expect(started.status == 2)
    #expect(started.standardError.contains("error: [non-finite-weight] W_E holds"))
    #expect(started.standardError.contains("at row 123, column 7, expected finite numbers"))
    // A calculator may look at anything.
    let counted = try book.run("eval", "--model", path, "d_vocab")
    #expect(counted.status == 0, "\(counted.standardError)")
  }

  @Test func `a file named after a published model is held to its shape`() throws {
    let book = try TemporaryWorkbook()
    let folder = book.root.appendingPathComponent("mine")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write(0.5, at: (0, 0), to: folder.appendingPathComponent("gpt2.safetensors").path)
    let environment = ["WORKBOOK_MODELS": folder.path]
    let listed = try book.run("models", environment: environment)
    #expect(listed.standardOutput.contains("unknown weights"))
    let shown = try book.run("models", "show", "gpt2", environment: environment)
    #expect(shown.standardOutput.contains("their shape is not the published one's"))
    let verified = try book.run("models", "verify", "gpt2", environment: environment)
    #expect(verified.status == 1, "GPT-2's tensors have published digests")
    let started = try book.run("start", "puzzle1", "--model", "gpt2", environment: environment)
    #expect(started.standardError.contains("warning: [unknown-weights] 'gpt2' has the name of"))
  }
}
