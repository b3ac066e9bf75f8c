import MetricLanguage
import PuzzleRegistry
import SourceDiagnostics
import Testing

/// Mutates the example's files with a fixed seed: whatever comes of it, nothing traps.
@Suite struct MutationTests {
  private static let rounds = 400

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `mutated files are read or refused`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let puzzle = try ExamplePuzzle.puzzle()
    for _ in 0..<MutationTests.rounds {
      let puzzleYAML = mutated(ExamplePuzzle.puzzleYAML, &random)
      let prompt = mutated(ExamplePuzzle.prompt, &random)
      let lexicon = mutated(ExamplePuzzle.lexiconYAML, &random)
      let read = try? ExamplePuzzle.puzzle(yaml: puzzleYAML, prompt: prompt, lexicon: lexicon)
      if let read { _ = StarterSubmission.text(for: read, model: "gpt2") }

      let key = mutated(ExamplePuzzle.keyYAML, &random)
      for isEncoded in [false, true] {
        check {
          _ = try Key(
            yaml: isEncoded ? rot13(key) : key,
            file: "key.yaml",
            for: read ?? puzzle,
            isEncoded: isEncoded
          )
        }
      }
      check {
        _ = try Hint.hints(
          yaml: mutated(ExamplePuzzle.hintsYAML, &random),
          file: "h",
          puzzleID: ExamplePuzzle.id
        )
      }
      check { _ = try ProseTemplate(parsing: mutated(ExamplePuzzle.answer, &random), file: "a") }
      check {
        let text = mutated(ExamplePuzzle.submissionYAML, &random)
        let submission = try Submission(text: text, file: "a", puzzle: nil)
        for (id, node) in submission.answers {
          for question in puzzle.questions where question.id == id || id.count % 3 == 0 {
            check { _ = try question.read(node) }
          }
        }
      }
    }
  }

  /// Runs `body`; what it reports must be something that can be shown.
  private func check(_ body: () throws -> Void) {
    do {
      try body()
    } catch let fault as Diagnostic {
      #expect(!fault.rendered().isEmpty)
    } catch let report as DiagnosticReport {
      #expect(!report.diagnostics.isEmpty && !report.description.isEmpty)
    } catch {
      Issue.record("an error that is no diagnostic: \(error)")
    }
  }

  private static let fragments = [
    "&a ", "*a", "!!int ", "---\n", "\t", "\r", "\u{0}", "\u{FEFF}", "[", "]", "{", "}", ": ", "- ",
    "? ", "\"", "'", "|", ">", "#", "%", "@", "{{", "}}", "|", "\n", "\u{2028}", "e\u{301}",
    "1e999",
    "~", "null", "-0", "\\", "<<: ", "…",
  ]

  /// Returns `text` with a few pieces removed, repeated, swapped or put in.
  private func mutated(_ text: String, _ random: inout SplitMix) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<random.next(below: 4) + 1 {
      let position = random.next(below: scalars.count + 1)
      let end = min(scalars.count, position + random.next(below: 12))
      switch random.next(below: 4) {
      case 0: scalars.removeSubrange(position..<end)
      case 1:
        scalars.insert(contentsOf: scalars[position..<end], at: random.next(below: position + 1))
      case 2:
        let fragment = MutationTests.fragments[random.next(below: MutationTests.fragments.count)]
        scalars.insert(contentsOf: fragment.unicodeScalars, at: position)
      default:
        if position < scalars.count {
          scalars[position] = Unicode.Scalar(UInt8(random.next(below: 128)))
        }
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}

/// A small generator that gives the same numbers everywhere.
private struct SplitMix {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return Int(mixed % UInt64(max(1, bound)))
  }
}
