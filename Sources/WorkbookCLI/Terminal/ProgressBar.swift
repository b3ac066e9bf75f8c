import Dispatch
import Foundation
import Synchronization

/// A line on standard error that says how far a long piece of work has come.
///
/// It appears only after a second of work, is redrawn at most ten times a second, and leaves
/// nothing behind. Any thread may report progress; reports that go backwards are ignored.
package final class ProgressBar: Sendable {
  private struct State {
    var fraction = 0.0
    var lastDrawn: Double?
    /// When the work began that the bar is about.
    var start: Double
    var isFinished = false
  }

  /// The room kept for the numbers, so that the bar's length does not jump as they change.
  private static let numbersWidth = 28

  private let title: String
  private let width: Int
  private let isShown: Bool
  private let clock: @Sendable () -> Double
  private let write: @Sendable (String) -> Void
  private let state: Mutex<State>

  /// Starts the clock.
  ///
  /// - Parameters:
  ///   - title: What is being done, such as `comparing pairs`.
  ///   - isShown: Whether to draw at all; see ``TerminalInfo/showsProgress``.
  ///   - width: The terminal's columns.
  ///   - clock: Returns seconds from any fixed moment; never goes backwards.
  ///   - write: Shows text at once on standard error.
  package init(
    _ title: String,
    isShown: Bool,
    width: Int,
    clock: @escaping @Sendable () -> Double = {
      Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    },
    write: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
  ) {
    self.title = title
    self.isShown = isShown
    self.width = width
    self.clock = clock
    self.write = write
    self.state = Mutex(State(start: clock()))
  }

  deinit { finish() }

  /// Runs `work` with a bar that is gone when it returns or throws.
  package static func during<Result>(
    _ title: String,
    on terminal: TerminalInfo,
    ifInterrupted loss: Interruption.Loss = .nothingRecorded,
    _ work: (ProgressBar) throws -> Result
  ) rethrows -> Result {
    let bar = ProgressBar(title, isShown: terminal.showsProgress, width: terminal.width)
    Interruption.begin(clearingLine: terminal.showsProgress, loss: loss)
    defer {
      bar.finish()
      Interruption.end()
    }
    return try work(bar)
  }

  /// Reports that `fraction` of the work, from 0 to 1, is done.
  ///
  /// Cheap enough to call thousands of times a second; draws only when it is time to.
  package func report(_ fraction: Double) {
    guard fraction.isFinite else { return }
    Interruption.note(fraction)
    guard isShown else { return }
    let now = clock()
    state.withLock { state in
      state.fraction = min(1, max(state.fraction, fraction))
      guard !state.isFinished, now - state.start >= 1 else { return }
      if let last = state.lastDrawn, now - last < 0.1 { return }
      state.lastDrawn = now
      write("\r" + line(state.fraction, elapsed: now - state.start) + "\u{1B}[K")
    }
  }

  /// Removes the bar before something else is printed, and starts anew: the next piece of work has
  /// a second of its own before the bar comes back.
  package func interlude() {
    state.withLock { state in
      if state.lastDrawn != nil, !state.isFinished { write("\r\u{1B}[K") }
      state.lastDrawn = nil
      state.fraction = 0
      state.start = clock()
    }
  }

  /// Removes the bar; further reports and calls do nothing.
  package func finish() {
    state.withLock { state in
      if state.lastDrawn != nil, !state.isFinished {
        write("\r\u{1B}[K")
      }
      state.isFinished = true
    }
  }

  private func line(_ fraction: Double, elapsed: Double) -> String {
    let percent = "\(Int(fraction * 100))%"
    let percentText = String(repeating: " ", count: 4 - percent.count) + percent
    let remaining = fraction > 0 ? Self.remaining(elapsed * (1 - fraction) / fraction) : ""
    let numbers = "\(percentText)\(remaining)"
    // The last column stays free: some terminals wrap on filling it.
    let room = width - 1 - DisplayWidth.of(title) - 3 - Self.numbersWidth
    guard room >= 5 else { return String(numbers.prefix(max(0, width - 1))) }
    let length = min(room, 30)
    let filled = Int(fraction * Double(length))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: length - filled)
    return "\(title) [\(bar)]\(numbers)"
  }

  /// Returns an estimate in words, coarser the longer it is.
  private static func remaining(_ seconds: Double) -> String {
    switch seconds {
    case ..<1: ", nearly done"
    case ..<90: ", about \(Int(seconds.rounded(.up))) s left"
    case ..<5400: ", about \(Int((seconds / 60).rounded())) min left"
    case ..<360_000: ", about \(Int((seconds / 3600).rounded())) h left"
    default: ", a very long time left"
    }
  }
}
