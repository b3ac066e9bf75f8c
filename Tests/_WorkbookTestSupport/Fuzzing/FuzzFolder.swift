import Foundation

/// The folder in which one format's files are made and by which its process tells how it went.
///
/// It lies in memory where the system has a file system there. Its name holds the number of the
/// process that runs the tests, so that the test and the process it starts agree on it.
package struct FuzzFolder: Sendable {
  private let path: String

  private init(_ format: FuzzFormat, testProcess: Int32) {
    let memory = "/dev/shm"
    let isThere = FileManager.default.isWritableFile(atPath: memory)
    let parent = isThere ? memory : FileManager.default.temporaryDirectory.path
    path = "\(parent)/workbook-fuzz-\(testProcess)-\(format.rawValue)"
  }

  /// Where files are made.
  var work: String { path + "/work" }
  private var roundPath: String { path + "/round" }
  private var reasonPath: String { path + "/reason" }
  private var recordPath: String { path + "/record.json" }

  // MARK: In the process that fuzzes

  static func create(for format: FuzzFormat) throws -> FuzzFolder {
    let folder = FuzzFolder(format, testProcess: getppid())
    try? FileManager.default.removeItem(atPath: folder.path)
    try FileManager.default.createDirectory(
      atPath: folder.work,
      withIntermediateDirectories: true
    )
    return folder
  }

  /// Says which round begins.
  func note(_ place: FuzzPlan.Place) throws {
    try Data(place.description.utf8).write(to: URL(fileURLWithPath: roundPath))
  }

  func giveUp(_ reason: String) {
    try? Data(reason.utf8).write(to: URL(fileURLWithPath: reasonPath))
  }

  func finish(_ record: FuzzRecord) throws {
    try JSONEncoder().encode(record).write(to: URL(fileURLWithPath: recordPath))
  }

  // MARK: In the test

  /// Returns what a process recorded, and removes its folder.
  ///
  /// A process that did not finish is a complaint, which says how to repeat its last round; then the
  /// folder stays, with the files of that round in it.
  package static func outcome(of plan: FuzzPlan) -> FuzzRecord {
    let folder = FuzzFolder(plan.format, testProcess: getpid())
    if let data = FileManager.default.contents(atPath: folder.recordPath),
      let record = try? JSONDecoder().decode(FuzzRecord.self, from: data)
    {
      if record.complaints.isEmpty { try? FileManager.default.removeItem(atPath: folder.path) }
      return record
    }
    func text(_ path: String) -> String? {
      FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
    var record = FuzzRecord()
    let command = text(folder.roundPath).flatMap(FuzzPlan.Place.init)?.command
    record.complain(
      "the process ended: \(text(folder.reasonPath) ?? "a trap, or more memory than allowed");"
        + " its files are in \(folder.path); repeat with \(command ?? "nothing, it never began")"
    )
    return record
  }
}

extension FuzzFolder {
  /// Returns what is wrong with the run of a format: promises that were broken, or files that were
  /// all sound or all hopeless.
  ///
  /// - Parameters:
  ///   - format: The format, whose process has ended.
  ///   - share: The least share of the files that must have been opened.
  ///   - rules: How many different rules must have been met.
  /// - Returns: A sentence for each shortcoming; none if all is well.
  package static func shortcomings(
    of format: FuzzFormat,
    opened share: Double,
    rules: Int
  ) -> [String] {
    let plan = FuzzPlan(format)
    let record = outcome(of: plan)
    print("fuzzed \(format.rawValue): \(record.summary)")
    guard record.complaints.isEmpty, !plan.isReplay else { return record.complaints }
    var found: [String] = []
    if record.rounds == 0 { found.append("no round was run") }
    if record.openedShare < share || record.openedShare > 0.95 {
      found.append("another share was opened than should be: \(record.summary)")
    }
    if record.rules.count < rules {
      found.append("only these rules were met: \(record.rules.keys.sorted())")
    }
    return found
  }
}
