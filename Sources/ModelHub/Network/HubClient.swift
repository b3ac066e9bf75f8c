import Foundation
import SourceDiagnostics
import Synchronization

/// Reads files from Hugging Face's hub, whole or by range, and believes no answer unchecked.
///
/// The token is shown to the hub alone: a redirect to another host goes without it. What passes
/// (a cut connection, a server's bad moment, a request to wait) is tried again, what does not is
/// thrown. Any number of threads may read at once, each with a connection of its own.
final class HubClient: Sendable {
  /// Receives a piece of a file and the offset in the file where it belongs.
  typealias Receiver = (Data, Int) throws -> Void

  let settings: HubSettings
  let patience: HubPatience
  private let notice: @Sendable (Diagnostic) -> Void
  private let places = Mutex<[HubFile: Place]>([:])
  /// How many more bytes of bodies may come before something is wrong.
  private let allowance = Mutex(256 << 20)
  private let received = Mutex(0)
  private let stopSignal = StopSignal()
  private static let mostRedirects = 10
  private static let tokenBytes = 4096
  /// How many bytes make a failed try a step forward.
  private static let progressBytes = 64 << 10

  init(
    settings: HubSettings,
    patience: HubPatience,
    notice: @escaping @Sendable (Diagnostic) -> Void
  ) {
    self.settings = settings
    self.patience = patience
    self.notice = notice
  }

  func connection() -> HTTPConnection { HTTPConnection(patience: patience.silence) }

  /// How many bytes of bodies have come so far.
  var bytesReceived: Int { received.withLock { $0 } }

  /// Ends all pauses, and every read at its next try; nothing can be read any more.
  func stop() { stopSignal.raise() }

  /// Allows so many more bytes to come; more than was allowed is a fault of the server's.
  func allow(_ byteCount: Int) {
    allowance.withLock { $0 = $0.addingReportingOverflow(byteCount).partialValue }
  }

  /// Reads some bytes of a file.
  ///
  /// - Parameters:
  ///   - range: Which bytes; not empty.
  ///   - file: Of which file.
  ///   - mayEndEarly: Whether the file may be shorter than the range.
  ///   - version: What the file must still be; `nil` at the first read.
  ///   - connection: What to read over.
  ///   - receive: Called with each piece in order, on another thread.
  /// - Returns: The version that was served.
  /// - Throws: What went wrong, after as many tries as ``HubPatience`` has.
  func read(
    _ range: Range<Int>,
    of file: HubFile,
    mayEndEarly: Bool = false,
    expecting version: FileVersion?,
    over connection: HTTPConnection,
    receive: Receiver
  ) throws(Diagnostic) -> FileVersion {
    let start = Mutex(range.lowerBound)
    let served = Mutex(version)
    return try trying(file) { () throws(Setback) in
      let rest = start.withLock { $0 }..<range.upperBound
      let question = Question(file: file, range: rest, expected: served.withLock { $0 })
      let check = BodyCheck(question, mayEndEarly: mayEndEarly)
      let before = rest.lowerBound
      do throws(Setback) {
        let (_, commit, sha256) = try self.ask(question, over: connection) { head, data in
          let offset = try check.accept(data, head)
          // What goes on after an interruption must be the same file.
          served.withLock { $0 = $0 ?? check.version }
          try self.count(data, of: file)
          try receive(data, offset)
          start.withLock { $0 = offset + data.count }
          return true
        }
        var version = try check.finish()
        version.commit = commit
        version.sha256 = sha256
        served.withLock { [version] in $0 = version }
        return version
      } catch {
        throw error.madeProgress(start.withLock { $0 } - before >= Self.progressBytes)
      }
    }
  }

  /// Reads a whole small file.
  ///
  /// - Returns: `nil` if the repository has no such file.
  func contents(
    of file: HubFile,
    atMost limit: Int,
    over connection: HTTPConnection
  ) throws(Diagnostic) -> (bytes: Data, version: FileVersion)? {
    let body = Mutex(Data())
    do {
      let version = try trying(file) { () throws(Setback) in
        body.withLock { $0 = Data() }
        let question = Question(file: file, range: nil, expected: nil)
        let (head, commit, sha256) = try self.ask(question, over: connection) { head, data in
          guard head.status == 200 else { return false }
          try self.count(data, of: file)
          let size = body.withLock { body in
            body.append(data)
            return body.count
          }
          guard size <= limit else { throw Diagnostic.hubFileTooLong(file.name, limit: limit) }
          return true
        }
        let size = body.withLock { $0.count }
        return FileVersion(size: size, etag: head["etag"], sha256: sha256, commit: commit)
      }
      return (body.withLock { $0 }, version)
    } catch  where error.rule == Diagnostic.fileNotOnHubRule {
      return nil
    }
  }

  private func count(_ data: Data, of file: HubFile) throws(Diagnostic) {
    received.withLock { $0 += data.count }
    let left = allowance.withLock { left in
      left -= data.count
      return left
    }
    guard left >= 0 else { throw .tooManyBytes(file.name) }
  }

  // MARK: Trying again

  /// Why a try failed, and whether another may succeed.
  private enum Setback: Error {
    case final(Diagnostic)
    case passing(reason: String, wait: Double?, progress: Bool)

    func madeProgress(_ progress: Bool) -> Setback {
      guard case .passing(let reason, let wait, _) = self else { return self }
      return .passing(reason: reason, wait: wait, progress: progress)
    }
  }

  private func trying<Result>(
    _ file: HubFile,
    _ body: () throws(Setback) -> Result
  ) throws(Diagnostic) -> Result {
    var failures = 0
    while true {
      guard !stopSignal.isRaised else { throw .anotherPartFailed }
      let setback: Setback
      do throws(Setback) {
        return try body()
      } catch {
        setback = error
      }
      switch setback {
      case .final(let fault): throw fault
      case .passing(let reason, let wait, let progress):
        guard !stopSignal.isRaised else { throw .anotherPartFailed }
        failures = progress ? 1 : failures + 1
        if let wait, wait > patience.longestWait {
          throw .rateLimited(file.name, seconds: wait)
        }
        guard failures < patience.failures else { throw .hubLost(file.name, reason: reason) }
        let pause = patience.firstPause * Double(1 << min(failures - 1, 8))
        if let wait, wait >= 1 { notice(.waitingForHub(seconds: wait)) }
        self.pause(max(pause, wait ?? 0))
      }
    }
  }

  private func pause(_ seconds: Double) {
    if let pause = patience.pause { pause(seconds) } else { stopSignal.wait(seconds) }
  }

  // MARK: Asking once

  private struct Question {
    let file: HubFile
    let range: Range<Int>?
    let expected: FileVersion?
  }

  /// Where a file's bytes are served, once redirects were followed.
  private struct Place {
    var url: URL
    var commit: String?
    var sha256: String?
  }

  /// Sends one request, follows its redirects, and judges the status.
  ///
  /// - Returns: The last answer's head, and what the hub said of the file on the way.
  private func ask(
    _ question: Question,
    over connection: HTTPConnection,
    receive: HTTPConnection.Receiver
  ) throws(Setback) -> (head: HTTPConnection.Head, commit: String?, sha256: String?) {
    let file = question.file
    guard let start = file.url(at: settings.endpoint) else {
      throw .final(.badEndpoint(settings.endpoint))
    }
    var place = places.withLock { $0[file] } ?? Place(url: start)
    for _ in 0...Self.mostRedirects {
      let head = try exchange(question, with: place.url, over: connection, receive: receive)
      if place.url.host == start.host, place.url.port == start.port {
        place.commit = Self.commit(head["x-repo-commit"]) ?? place.commit
        place.sha256 = Self.sha256(head["x-linked-etag"]) ?? place.sha256
      }
      switch head.status {
      case 301, 302, 303, 307, 308:
        place.url = try redirected(from: place.url, to: head["location"], file: file)
      case 200, 206:
        let wanted = question.range == nil ? 200 : 206
        guard head.status == wanted else { throw unranged(head, question) }
        places.withLock { [place] in $0[file] = place }
        return (head, place.commit, place.sha256)
      default:
        let wasRemembered = places.withLock { $0.removeValue(forKey: file) } != nil
        // A signed address stops working after a while; the hub gives a new one.
        if wasRemembered, [401, 403, 404, 410].contains(head.status) {
          throw .passing(reason: "the address has expired", wait: nil, progress: false)
        }
        throw refusal(head, file, isHub: place.url.host == start.host)
      }
    }
    throw .final(.tooManyRedirects(file.name, limit: Self.mostRedirects))
  }

  private func exchange(
    _ question: Question,
    with url: URL,
    over connection: HTTPConnection,
    receive: HTTPConnection.Receiver
  ) throws(Setback) -> HTTPConnection.Head {
    var fields = ["User-Agent": "workbook (swift)"]
    if let range = question.range {
      fields["Range"] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
      // A weak tag says too little to tell versions apart.
      if let etag = question.expected?.etag, !etag.hasPrefix("W/") { fields["If-Range"] = etag }
    }
    if let token = settings.token, isHub(url) {
      guard token.utf8.count <= Self.tokenBytes, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
      else { throw .final(.badToken) }
      fields["Authorization"] = "Bearer \(token)"
    }
    let wanted = question.range == nil ? 200 : 206
    do {
      return try connection.get(url, fields: fields) { head, data in
        try head.status == wanted && receive(head, data)
      }
    } catch {
      switch error {
      case .unreachable(let reason), .lost(let reason):
        throw .passing(reason: reason, wait: nil, progress: false)
      case .unavailable: throw .final(.noCurl)
      case .stopped(let error as Diagnostic): throw .final(error)
      case .stopped(let error):
        throw .final(.writing(question.file.name, error))
      }
    }
  }

  private func isHub(_ url: URL) -> Bool {
    guard let hub = URL(string: settings.endpoint) else { return false }
    return url.scheme?.lowercased() == hub.scheme?.lowercased() && url.host == hub.host
      && url.port == hub.port
  }

  private func redirected(
    from url: URL,
    to location: String?,
    file: HubFile
  ) throws(Setback) -> URL {
    guard let location, let next = URL(string: location, relativeTo: url)?.absoluteURL,
      let scheme = next.scheme?.lowercased(), next.host != nil,
      scheme == "https" || scheme == "http" && url.scheme?.lowercased() == "http"
    else { throw .final(.badRedirect(file.name, location: location)) }
    return next
  }

  private static func commit(_ field: String?) -> String? {
    field?.wholeMatch(of: /[0-9a-f]{40}/) == nil ? nil : field
  }

  private static func sha256(_ field: String?) -> String? {
    let text = field?.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
    return text?.wholeMatch(of: /[0-9a-f]{64}/) == nil ? nil : text
  }

  // MARK: Refusals

  private func unranged(_ head: HTTPConnection.Head, _ question: Question) -> Setback {
    if let expected = question.expected?.etag, let etag = head["etag"], etag != expected {
      return .final(.hubFileChanged(question.file.name))
    }
    return .final(.rangesIgnored(question.file.name))
  }

  private func refusal(
    _ head: HTTPConnection.Head,
    _ file: HubFile,
    isHub: Bool
  ) -> Setback {
    let code = head["x-error-code"]
    let hasToken = settings.token != nil
    switch head.status {
    case 401: return .final(.notLetIn(file.repository, hasToken: hasToken))
    case 403 where isHub: return .final(.forbidden(file.repository, hasToken: hasToken))
    case 404 where code == "RepoNotFound": return .final(.noRepository(file.repository))
    case 404 where code == "RevisionNotFound":
      return .final(.noRevision(file.revision, of: file.repository))
    case 404: return .final(.fileNotOnHub(file.name, repository: file.repository))
    case 412, 416: return .final(.hubFileChanged(file.name))
    case 408, 429, 500...599:
      return .passing(
        reason: "the server answered \(head.status)",
        wait: Self.wait(head["retry-after"]),
        progress: false
      )
    default: return .final(.unexpectedStatus(head.status, file: file.name))
    }
  }

  /// The most seconds that a message names.
  private static let longestNamed = 1e9

  /// Reads a `Retry-After` field: seconds, or a date.
  static func wait(_ field: String?, now: Date = Date()) -> Double? {
    guard let field else { return nil }
    if !field.isEmpty, field.allSatisfy({ $0.isASCII && $0.isNumber }) {
      // More digits than a number holds mean longer than anyone waits.
      return min(Double(field) ?? longestNamed, longestNamed)
    }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    return formatter.date(from: field).map { min(max(0, $0.timeIntervalSince(now)), longestNamed) }
  }

  // MARK: Bodies

  /// Checks the answer to a range as it comes in.
  private final class BodyCheck: Sendable {
    private struct State {
      var version: FileVersion?
      var end = 0
      var next = 0
    }

    private let question: Question
    private let mayEndEarly: Bool
    private let state = Mutex(State())

    init(_ question: Question, mayEndEarly: Bool) {
      self.question = question
      self.mayEndEarly = mayEndEarly
    }

    /// Which version the answer is of, once it has begun.
    var version: FileVersion? { state.withLock { $0.version } }

    /// Returns the offset where a piece belongs.
    func accept(_ data: Data, _ head: HTTPConnection.Head) throws(Diagnostic) -> Int {
      var state = state.withLock { $0 }
      if state.version == nil { state = try opened(head) }
      let offset = state.next
      state.next += data.count
      guard state.next <= state.end else { throw .wrongLength(question.file.name) }
      self.state.withLock { [state] in $0 = state }
      return offset
    }

    private func opened(_ head: HTTPConnection.Head) throws(Diagnostic) -> State {
      let file = question.file.name
      guard let asked = question.range, let sent = ContentRange(head["content-range"]),
        sent.range.lowerBound == asked.lowerBound,
        sent.range.upperBound
          == (mayEndEarly ? min(asked.upperBound, sent.size) : asked.upperBound)
      else { throw .wrongContentRange(file, found: head["content-range"]) }
      if let length = head["content-length"], Int(length) != sent.range.count {
        throw .wrongLength(file)
      }
      if let expected = question.expected {
        guard expected.size == sent.size, expected.etag == nil || expected.etag == head["etag"]
        else { throw .hubFileChanged(file) }
      }
      return State(
        version: FileVersion(size: sent.size, etag: head["etag"]),
        end: sent.range.upperBound,
        next: sent.range.lowerBound
      )
    }

    /// Returns the version served, once the exchange has ended.
    func finish() throws(Setback) -> FileVersion {
      let state = state.withLock { $0 }
      guard let version = state.version, state.next == state.end else {
        throw .passing(reason: "the answer ended early", wait: nil, progress: false)
      }
      return version
    }
  }
}
