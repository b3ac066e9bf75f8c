/// How long some work took in each of several rounds.
struct Timing {
  /// In the order measured.
  let seconds: [Double]

  /// Runs `work` once unmeasured, to warm the caches, and then `rounds` times.
  init(rounds: Int, _ work: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    try work()
    seconds = try (0..<rounds).map { _ in
      let duration = try clock.measure(work)
      return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
  }

  /// The least disturbed round.
  var least: Double { seconds.min() ?? .nan }

  /// The upper middle round.
  var middle: Double { seconds.isEmpty ? .nan : seconds.sorted()[seconds.count / 2] }
}
