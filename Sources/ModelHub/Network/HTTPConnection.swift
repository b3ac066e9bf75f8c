import Dispatch
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A connection that carries one HTTP exchange at a time and waits for its end.
///
/// Redirects are answers like others: whether to follow one, and what to show the next host, is the
/// caller's to decide. Nothing is cached, no cookie is kept, no body is held in memory.
final class HTTPConnection: Sendable {
  /// What a server answers before the body.
  struct Head: Sendable {
    let status: Int
    /// By lowercase name.
    let fields: [String: String]

    subscript(name: String) -> String? { fields[name] }
  }

  enum Failure: Error {
    /// No answer: the host is not found, refuses, does not speak HTTP, or says nothing in time.
    case unreachable(String)
    /// The answer ended before it was whole.
    case lost(String)
    /// The receiver threw.
    case stopped(any Error)
  }

  /// What becomes of a piece of a body.
  ///
  /// Returning `false` ends the exchange as if the body were whole; throwing ends it as a failure.
  typealias Receiver = @Sendable (Head, Data) throws -> Bool

  private let session: URLSession
  private let delegate = Delegate()
  /// What the session reports on, one thing after another.
  private let queue = OperationQueue()

  /// - Parameter patience: After how many seconds of silence an exchange fails.
  init(patience: Double) {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = patience
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.urlCredentialStorage = nil
    configuration.httpShouldSetCookies = false
    queue.maxConcurrentOperationCount = 1
    session = URLSession(configuration: configuration, delegate: delegate, delegateQueue: queue)
  }

  deinit { session.invalidateAndCancel() }

  /// Ends the exchange in progress, if there is one, as lost; any thread may.
  func cancel() {
    guard let exchange = delegate.current.withLock({ $0 }) else { return }
    // The session traps when a task that was cancelled is then told what to do about a redirect or
    // an answer. On its own queue the two cannot cross: whoever comes second knows of the first.
    queue.addOperation {
      let task = exchange.state.withLock { state in
        state.isCancelled = true
        return state.task
      }
      task?.cancel()
    }
  }

  /// Sends a GET request and waits for the whole answer.
  ///
  /// - Parameters:
  ///   - url: Where to; `http` or `https`.
  ///   - fields: Header fields to send.
  ///   - receive: Called with each piece of the body, on another thread, one after another.
  /// - Returns: The head of the answer, whatever its status.
  /// - Throws: If there was no whole answer, or `receive` threw.
  func get(
    _ url: URL,
    fields: [String: String],
    receive: @escaping Receiver
  ) throws(Failure) -> Head {
    var request = URLRequest(url: url)
    // Ranges are of the bytes themselves, so none may be compressed on the way.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
    let task = session.dataTask(with: request)
    let exchange = Exchange(task, receive: receive)
    delegate.current.withLock { $0 = exchange }
    task.resume()
    exchange.ended.wait()
    delegate.current.withLock { $0 = nil }
    return try exchange.outcome()
  }

  /// What has come of the exchange in progress.
  private final class Exchange: Sendable {
    struct State {
      /// Set to `nil` at the end, as a task holds on to its session.
      var task: URLSessionTask?
      var isCancelled = false
      var head: Head?
      var hasEnough = false
      var refusal: (any Error)?
      var error: (any Error)?
    }

    let ended = DispatchSemaphore(value: 0)
    let state: Mutex<State>
    let receive: Receiver

    init(_ task: URLSessionTask, receive: @escaping Receiver) {
      self.state = Mutex(State(task: task))
      self.receive = receive
    }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func outcome() throws(Failure) -> Head {
      let state = state.withLock { $0 }
      if let refusal = state.refusal { throw .stopped(refusal) }
      switch (state.head, state.hasEnough ? nil : state.error) {
      case (let head?, nil): return head
      case (nil, let error): throw .unreachable(Self.reason(error))
      case (_?, let error?): throw .lost(Self.reason(error))
      }
    }

    private static func reason(_ error: (any Error)?) -> String {
      guard let error = error as NSError? else { return "there was no answer" }
      if error.domain == NSURLErrorDomain, error.code == NSURLErrorTimedOut {
        return "the server said nothing for too long"
      }
      let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError
      let text = (underlying ?? error).userInfo[NSLocalizedDescriptionKey] as? String
      return text.map { $0.prefix(1).lowercased() + $0.dropFirst() }
        ?? "the connection was closed"
    }
  }

  /// Passes on what the session reports of its only task.
  private final class Delegate: NSObject, URLSessionDataDelegate, Sendable {
    let current = Mutex<Exchange?>(nil)

    private var exchange: Exchange? { current.withLock { $0 } }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest,
      completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
      note(response)
      if exchange?.isCancelled == false { completionHandler(nil) }
    }

    func urlSession(
      _ session: URLSession,
      dataTask: URLSessionDataTask,
      didReceive response: URLResponse,
      completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
      if let response = response as? HTTPURLResponse { note(response) }
      if exchange?.isCancelled == false { completionHandler(.allow) }
    }

    private func note(_ response: HTTPURLResponse) {
      var fields: [String: String] = [:]
      for (name, value) in response.allHeaderFields {
        if let name = name as? String, let value = value as? String {
          fields[name.lowercased()] = value
        }
      }
      let head = Head(status: response.statusCode, fields: fields)
      exchange?.state.withLock { $0.head = head }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
      guard let exchange else { return }
      let (head, isOver) = exchange.state.withLock { ($0.head, $0.hasEnough || $0.refusal != nil) }
      guard let head, !isOver else { return }
      do {
        guard try !exchange.receive(head, data) else { return }
        exchange.state.withLock { $0.hasEnough = true }
      } catch {
        exchange.state.withLock { $0.refusal = error }
      }
      dataTask.cancel()
    }

    func urlSession(
      _ session: URLSession,
      task: URLSessionTask,
      didCompleteWithError error: (any Error)?
    ) {
      guard let exchange else { return }
      exchange.state.withLock { state in
        state.error = error
        state.task = nil
      }
      exchange.ended.signal()
    }
  }
}
