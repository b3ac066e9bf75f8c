import Foundation
import Synchronization

/// A kind of file and what is done with each.
package protocol FuzzTarget: Sendable {
  static var format: FuzzFormat { get }

  /// Makes ready in a folder that is there already, and empty, for the files of all rounds.
  init(folder: String) throws

  /// Makes one file, opens it and uses all that it offers.
  mutating func run(_ dice: inout Dice, _ record: inout FuzzRecord)
}

/// The process that fuzzes one format: it is ended by what would be a trap, a hang or a flood.
///
/// A test starts it as an exit test. Whatever ends it, the folder it leaves says in which round.
package enum FuzzProcess {
  /// The address space a round may take beyond what is in use after warming up.
  ///
  /// Files are of some 200 kB at most, seldom of 1 MB. The rest is room for thread stacks of 8 MB
  /// and for malloc, which keeps what it has freed.
  private static let allowedBytes = 96 << 20
  /// The processor time of one round.
  private static let allowedSeconds = 2.0
  /// The stack of the thread that reads: what threads other than the first get on macOS.
  private static let stackSize = 512 << 10
  private static let warmingRounds = 100

  /// Runs a format's rounds on a thread with a small stack, and returns when they are done.
  package static func run<Target: FuzzTarget>(_ type: Target.Type) throws {
    let folder = try FuzzFolder.create(for: Target.format)
    let target = try Target(folder: folder.work)
    let failure = Mutex<(any Error)?>(nil)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      do {
        try run(target, in: folder)
      } catch {
        failure.withLock { $0 = error }
      }
      done.signal()
    }
    thread.stackSize = stackSize
    thread.start()
    done.wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Takes memory under the limit that a round has, to show that the limit holds.
  package static func takeMemory(megabytes: Int) {
    ProcessLimits.limitAddressSpace(to: ProcessLimits.memoryInUse.mapped + allowedBytes)
    let memory = [UInt8](repeating: 1, count: megabytes << 20)
    precondition(memory.last == 1)
  }

  private static func run(_ target: some FuzzTarget, in folder: FuzzFolder) throws {
    var target = target
    let plan = FuzzPlan(type(of: target).format)
    let watchdog = Watchdog(allowedSeconds: allowedSeconds, folder: folder)
    watchdog.start()
    var warming = FuzzRecord()
    // Other rounds than those that count, so that repeating one of these repeats it cold.
    let other = plan.seed &+ 1_000_003
    for round in 0..<warmingRounds {
      try folder.note(FuzzPlan.Place(format: plan.format, seed: other, round: round))
      var dice = Dice(seed: other, round: round)
      target.run(&dice, &warming)
    }
    let before = ProcessLimits.memoryInUse
    ProcessLimits.limitAddressSpace(to: before.mapped + allowedBytes)
    var record = FuzzRecord()
    let start = ProcessLimits.processorSeconds
    for round in plan.rounds {
      record.round = round
      try folder.note(FuzzPlan.Place(format: plan.format, seed: plan.seed, round: round))
      let began = ProcessLimits.processorSeconds
      watchdog.begin()
      var dice = Dice(seed: plan.seed, round: round)
      target.run(&dice, &record)
      watchdog.end()
      record.rounds += 1
      let now = ProcessLimits.processorSeconds
      if now - began > record.slowest {
        record.slowest = now - began
        record.slowestRound = round
      }
      if let seconds = plan.seconds, now - start > seconds { break }
    }
    record.seconds = ProcessLimits.processorSeconds - start
    record.memoryBytes = max(0, ProcessLimits.memoryInUse.largest - before.resident)
    try folder.finish(record)
  }
}

/// Ends the process when a round takes too long.
///
/// Time is the processor's, so that a busy machine is no fault; a round that waits for ever is ended
/// by the clock.
private final class Watchdog: Sendable {
  private static let patience = 120.0

  private let allowedSeconds: Double
  private let folder: FuzzFolder
  /// When the present round began, by the processor's time and by the clock.
  private let began = Mutex<(processor: Double, clock: Date)?>(nil)

  init(allowedSeconds: Double, folder: FuzzFolder) {
    self.allowedSeconds = allowedSeconds
    self.folder = folder
  }

  func begin() { began.withLock { $0 = (ProcessLimits.processorSeconds, Date()) } }

  func end() { began.withLock { $0 = nil } }

  func start() {
    let thread = Thread {
      while true {
        Thread.sleep(forTimeInterval: 0.05)
        self.look()
      }
    }
    thread.start()
  }

  private func look() {
    guard let began = began.withLock({ $0 }) else { return }
    let worked = ProcessLimits.processorSeconds - began.processor
    let waited = -began.clock.timeIntervalSinceNow
    guard worked > allowedSeconds || waited > Self.patience else { return }
    folder.giveUp("it took \(worked) s of processor time and \(waited) s in all")
    abort()
  }
}
