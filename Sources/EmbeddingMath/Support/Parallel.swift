internal import CKernels
internal import Dispatch
internal import Synchronization

/// The number of processors this process may use, at least one.
package func processorCount() -> Int { max(1, Int(ck_processor_count())) }

/// Runs `body` for every item from 0 on several threads, each with its own state.
///
/// Which thread gets which item is not determined, so whatever `body` adds to a state must not
/// depend on the order of items: integers, or values stored by item.
///
/// - Parameters:
///   - items: The number of items.
///   - threads: The number of threads, at least one.
///   - makeState: Makes one thread's state.
///   - body: The work on one item.
/// - Returns: The states, in no particular order; none when there are no items.
func workConcurrently<State: Sendable>(
  items: Int,
  threads: Int,
  makeState: @Sendable () -> State,
  _ body: @Sendable (inout State, Int) -> Void
) -> [State] {
  guard items > 0 else { return [] }
  let next = Atomic<Int>(0)
  let finished = Mutex<[State]>([])
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, items))) { _ in
    var state = makeState()
    while true {
      let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard item < items else { break }
      body(&state, item)
    }
    finished.withLock { $0.append(state) }
  }
  return finished.withLock { $0 }
}

/// Returns `body` of every index from 0, computed on several threads, in index order.
package func concurrentMap<Result: Sendable>(
  _ count: Int,
  threads: Int = processorCount(),
  _ body: @Sendable (Int) -> Result
) -> [Result] {
  let states = workConcurrently(
    items: count,
    threads: threads,
    makeState: { [(index: Int, result: Result)]() }
  ) { results, index in
    results.append((index, body(index)))
  }
  return states.joined().sorted { $0.index < $1.index }.map(\.result)
}

/// Returns `body` of every index from 0, in index order: a few long tasks that are concurrent inside.
///
/// Within ``concurrentMap(_:threads:_:)`` whatever is concurrent itself runs on one thread, since
/// Dispatch divides the processors by the depth; here each task may use them all, so that one task's
/// sequential steps are another's turn.
package func concurrentTasks<Result: Sendable>(
  _ count: Int,
  threads: Int = processorCount(),
  _ body: @escaping @Sendable (Int) -> Result
) -> [Result] {
  let workers = min(threads, count)
  guard workers > 1 else { return (0..<count).map(body) }
  let shared = Mutex<(next: Int, results: [(index: Int, result: Result)])>((0, []))
  let group = DispatchGroup()
  for _ in 0..<workers {
    DispatchQueue.global().async(group: group) {
      while true {
        let index = shared.withLock { shared in
          defer { shared.next += 1 }
          return shared.next
        }
        guard index < count else { return }
        let result = body(index)
        shared.withLock { $0.results.append((index, result)) }
      }
    }
  }
  group.wait()
  return shared.withLock { $0.results }.sorted { $0.index < $1.index }.map(\.result)
}

/// Consecutive ranges of `length` that cover `0..<count`; the last may be shorter.
func blocks(of length: Int, covering count: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
}
