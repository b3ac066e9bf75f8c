import Foundation
import Synchronization

/// Runs work that recurses further than a borrowed thread's stack may allow.
enum DeepStack {
  /// The YAML parser stops at 1,000 levels of nesting and takes about 1 KB of stack for each.
  private static let size = 8 * 1024 * 1024

  /// Returns what `body` makes on a thread of its own, waiting for it.
  static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
    let box = Box<Value>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      let value = body()
      box.value.withLock { $0 = value }
      done.signal()
    }
    thread.stackSize = size
    thread.start()
    done.wait()
    return box.value.withLock { $0 }
  }

  private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}
