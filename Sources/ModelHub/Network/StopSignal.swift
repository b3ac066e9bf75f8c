import Foundation

/// A signal that is raised once and ends every wait.
///
/// `@unchecked Sendable`: `raised` is read and written while the condition is locked.
final class StopSignal: @unchecked Sendable {
  private let condition = NSCondition()
  private var raised = false

  var isRaised: Bool {
    condition.lock()
    defer { condition.unlock() }
    return raised
  }

  func raise() {
    condition.lock()
    raised = true
    condition.broadcast()
    condition.unlock()
  }

  /// Waits so many seconds, or until the signal is raised.
  func wait(_ seconds: Double) {
    let end = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    while !raised, condition.wait(until: end) {}
    condition.unlock()
  }
}
