import Synchronization

/// The commits of a repository, each with its files.
struct RepositoryHistory: Sendable {
  let branch: String
  let token: String?
  private(set) var newest: String
  private var commits: [String: [String: StoredFile]]

  init(_ repository: LoopbackHub.Repository) {
    branch = repository.branch
    token = repository.token
    newest = repository.commit
    let files = repository.files.map { ($0.name, StoredFile($0)) }
    commits = [newest: Dictionary(files, uniquingKeysWith: { $1 })]
  }

  /// The files of a commit, or of the newest one for the branch's name.
  func files(at revision: String) -> (commit: String, files: [String: StoredFile])? {
    let commit = revision == branch ? newest : revision
    return commits[commit].map { (commit, $0) }
  }

  mutating func replace(_ file: LoopbackHub.File) {
    var files = commits[newest] ?? [:]
    files[file.name] = StoredFile(file)
    var digest = SHA256()
    digest.update(Array("\(newest) \(commits.count) \(file.name)".utf8))
    newest = String(digest.hexadecimalDigits().prefix(40))
    commits[newest] = files
  }
}

/// What all threads of a hub share: the files, the faults and the record of requests.
final class HubState: Sendable {
  private struct Values {
    var repositories: [String: RepositoryHistory]
    var faults: [LoopbackHub.Fault]
    var requests: [(serial: Int, request: LoopbackHub.Request)] = []
    var serial = 0
    var bytesSent = 0
  }

  private let values: Mutex<Values>

  init(_ repositories: [LoopbackHub.Repository], faults: [LoopbackHub.Fault]) {
    let histories = repositories.map { ($0.id, RepositoryHistory($0)) }
    values = Mutex(
      Values(
        repositories: Dictionary(histories, uniquingKeysWith: { $1 }),
        faults: faults
      )
    )
  }

  func history(of repository: String) -> RepositoryHistory? {
    values.withLock { $0.repositories[repository] }
  }

  func replace(_ file: LoopbackHub.File, in repository: String) {
    values.withLock { $0.repositories[repository]?.replace(file) }
  }

  // MARK: Faults

  func setFaults(_ faults: [LoopbackHub.Fault]) {
    values.withLock { $0.faults = faults }
  }

  /// Uses up one showing of the first fault that is due, and counts for those that wait.
  ///
  /// - Parameters:
  ///   - path: The path that was asked for.
  ///   - host: The host that was asked.
  ///   - select: What to do for a kind, or `nil` if it does not show in this answer.
  /// - Returns: What `select` gave for that fault, or `nil` if none is due.
  func takeFault<Effect: Sendable>(
    for path: String,
    at host: LoopbackHub.Host,
    _ select: (LoopbackHub.Fault.Kind) -> Effect?
  ) -> Effect? {
    values.withLock { values in
      for index in values.faults.indices where values.faults[index].concerns(path, at: host) {
        guard let effect = select(values.faults[index].kind) else { continue }
        if values.faults[index].skipping > 0 {
          values.faults[index].skipping -= 1
        } else if values.faults[index].times > 0 {
          values.faults[index].times -= 1
          return effect
        }
      }
      return nil
    }
  }

  // MARK: The record

  var requests: [LoopbackHub.Request] { values.withLock { $0.requests.map(\.request) } }

  var bytesSent: Int { values.withLock { $0.bytesSent } }

  func forgetRequests() {
    values.withLock {
      $0.requests = []
      $0.bytesSent = 0
    }
  }

  /// Records a request and returns the number by which it can be corrected.
  func record(_ request: LoopbackHub.Request) -> Int {
    values.withLock {
      $0.serial += 1
      $0.requests.append(($0.serial, request))
      return $0.serial
    }
  }

  func correct(_ serial: Int, bodyBytes: Int) {
    values.withLock { values in
      guard let index = values.requests.lastIndex(where: { $0.serial == serial }) else { return }
      values.requests[index].request.bodyBytes = bodyBytes
    }
  }

  /// Counts bytes of files; a negative number takes back what could not be written after all.
  func countSent(_ bytes: Int) {
    values.withLock { $0.bytesSent = max(0, $0.bytesSent + bytes) }
  }
}
