import ArgumentParser
import SourceDiagnostics
import WorkbookKit

/// Which part of a class to grade: given by number, or by what a cluster's scheduler says.
enum ShardArgument: ExpressibleByArgument {
  case part(Shard)
  /// The array task that Slurm runs.
  case slurm
  /// The index that a Kubernetes Job gives a pod, of so many.
  case kubernetes(count: Int)

  init?(argument: String) {
    if argument == "slurm" {
      self = .slurm
      return
    }
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(parts[1]), count > 0 else { return nil }
    if parts[0] == "kubernetes" {
      self = .kubernetes(count: count)
      return
    }
    guard let number = Int(parts[0]), let shard = Shard(number, of: count) else { return nil }
    self = .part(shard)
  }

  /// Returns the part.
  ///
  /// - Throws: That the scheduler's variables are not there, or say no part.
  func resolved(in environment: [String: String]) throws(Diagnostic) -> Shard {
    func number(_ name: String) throws(Diagnostic) -> Int {
      guard let text = environment[name] else { throw .noShardVariable(name) }
      guard let number = Int(text), abs(number) <= 1_000_000_000 else {
        throw .badShardVariable(name, text)
      }
      return number
    }
    switch self {
    case .part(let shard): return shard
    case .slurm:
      // An array may count from any number.
      let first =
        environment["SLURM_ARRAY_TASK_MIN"] == nil ? 1 : try number("SLURM_ARRAY_TASK_MIN")
      let task = try number("SLURM_ARRAY_TASK_ID")
      let count = try number("SLURM_ARRAY_TASK_COUNT")
      guard let shard = Shard(task - first + 1, of: count) else {
        throw .badShardVariable("SLURM_ARRAY_TASK_ID", "\(task), of \(count) from \(first)")
      }
      return shard
    case .kubernetes(let count):
      let index = try number("JOB_COMPLETION_INDEX")
      guard let shard = Shard(index + 1, of: count) else {
        throw .badShardVariable("JOB_COMPLETION_INDEX", "\(index), of \(count)")
      }
      return shard
    }
  }
}

extension Diagnostic {
  fileprivate static func noShardVariable(_ name: String) -> Diagnostic {
    Diagnostic(
      "no-shard",
      "\(name) is not set, so there is no telling which part of the class to grade",
      help: "this is for jobs that the scheduler starts; by hand, say --shard 1/8"
    )
  }

  fileprivate static func badShardVariable(_ name: String, _ value: String) -> Diagnostic {
    Diagnostic(
      "no-shard",
      "\(name) is '\(escapingControls(value))', which is no part of the class",
      help: "number an array's tasks without gaps, such as --array=1-8"
    )
  }
}
