import Foundation

/// How long to fuzz, as the environment says.
///
/// Without variables every format gets its share of ``defaultSeconds``, with seed 1.
package struct FuzzPlan: Sendable {
  /// One round of one run, written "gguf:1:2345": format, seed, round.
  package struct Place: Sendable, Hashable, CustomStringConvertible {
    package let format: FuzzFormat
    package let seed: UInt64
    package let round: Int

    package var description: String { "\(format.rawValue):\(seed):\(round)" }

    /// The command that runs this round and no other.
    package var command: String {
      "WORKBOOK_FUZZ_ROUND=\(self) swift test -c release --disable-testable-imports"
        + " --filter FuzzTests"
    }

    package init(format: FuzzFormat, seed: UInt64, round: Int) {
      self.format = format
      self.seed = seed
      self.round = round
    }

    init?(_ text: String) {
      let parts = text.split(separator: ":").map(String.init)
      guard parts.count == 3, let format = FuzzFormat(rawValue: parts[0]),
        let seed = UInt64(parts[1]), let round = Int(parts[2])
      else { return nil }
      self.init(format: format, seed: seed, round: round)
    }
  }

  /// The processor time that all formats together take in an ordinary test run.
  private static let defaultSeconds = 20.0

  package let format: FuzzFormat
  package let seed: UInt64
  /// The rounds to run; a run without a number of files stops by time instead.
  let rounds: Range<Int>
  let seconds: Double?

  /// Whether a single round is repeated, which proves nothing about the whole.
  package var isReplay: Bool { rounds.count == 1 }

  package init(_ format: FuzzFormat) {
    let environment = ProcessInfo.processInfo.environment
    self.format = format
    if let place = environment["WORKBOOK_FUZZ_ROUND"].flatMap(Place.init) {
      seed = place.seed
      rounds = place.round..<place.round + 1
      seconds = nil
      return
    }
    seed = environment["WORKBOOK_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    if let files = environment["WORKBOOK_FUZZ_FILES"].flatMap(Int.init) {
      rounds = 0..<max(2, files * format.share / 100)
      seconds = nil
    } else {
      rounds = 0..<10_000_000
      seconds = FuzzPlan.defaultSeconds * Double(format.share) / 100
    }
  }

  /// Returns whether a format is to be fuzzed: all are, unless one round of one is repeated.
  package static func includes(_ format: FuzzFormat) -> Bool {
    guard let text = ProcessInfo.processInfo.environment["WORKBOOK_FUZZ_ROUND"] else { return true }
    return Place(text)?.format == format
  }
}
