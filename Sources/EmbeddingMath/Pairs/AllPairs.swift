internal import Synchronization

/// Compares all pairs of rows of a matrix, on several threads.
///
/// Results are the same to the last bit for any number of threads. Rows with a NaN or infinity
/// take no part: their pairs are counted as non-finite, and nothing else changes.
public struct AllPairs: Sendable {
  /// The number of threads used.
  public let threads: Int

  let kernels: Kernels

  /// Creates an engine.
  ///
  /// - Parameters:
  ///   - threads: How many threads to use; by default one for each processor.
  ///   - instructionSet: The version of the kernels; the default is the fastest here, or the one
  ///     that the environment variable `WORKBOOK_KERNEL` names.
  /// - Precondition: The processor has the instruction set.
  public init(threads: Int? = nil, instructionSet: InstructionSet = .preferred) {
    self.threads = max(1, threads ?? processorCount())
    kernels = Kernels(instructionSet)
  }
}

/// Reports progress of work on several threads and stops it on request.
struct Supervisor: ~Copyable, Sendable {
  private let done = Mutex(0)
  private let isStopped = Atomic(false)
  private let total: Int
  private let progress: (@Sendable (Double) -> Void)?
  private let isCancelled: (@Sendable () -> Bool)?

  init(
    total: Int,
    progress: (@Sendable (Double) -> Void)?,
    isCancelled: (@Sendable () -> Bool)?
  ) {
    self.total = total
    self.progress = progress
    self.isCancelled = isCancelled
  }

  /// Whether the work was stopped.
  var wasStopped: Bool { isStopped.load(ordering: .relaxed) }

  /// Asks whether to begin another part.
  func shouldContinue() -> Bool {
    if wasStopped { return false }
    guard let isCancelled, isCancelled() else { return true }
    isStopped.store(true, ordering: .relaxed)
    return false
  }

  /// Reports that a part is done; the shares reported never fall.
  func finish(_ amount: Int) {
    guard let progress else { return }
    done.withLock { done in
      done += amount
      progress(Double(done) / Double(total))
    }
  }
}
