import CTransfer
import Foundation

/// A connection that carries one HTTP exchange at a time and waits for its end.
///
/// Redirects are answers like others: whether to follow one, and what to show the next host, is the
/// caller's to decide. Nothing is cached or decoded, no cookie is kept, no body is held in memory,
/// and what is too slow to end is given up.
///
/// `@unchecked Sendable`: one thread at a time calls ``get(_:fields:receive:)``; any other may call
/// ``cancel()`` meanwhile, which the C side allows.
final class HTTPConnection: @unchecked Sendable {
  /// What a server answers before the body.
  struct Head: Sendable {
    let status: Int
    /// By lowercase name; of repeated fields the last.
    let fields: [String: String]

    subscript(name: String) -> String? { fields[name] }
  }

  enum Failure: Error {
    /// No answer: the host is not found, refuses, does not speak HTTP, or says nothing in time.
    case unreachable(String)
    /// The answer ended before it was whole.
    case lost(String)
    /// There is no libcurl on this machine.
    case unavailable
    /// The receiver threw.
    case stopped(any Error)
  }

  /// What becomes of a piece of a body.
  ///
  /// Returning `false` ends the exchange as if the body were whole; throwing ends it as a failure.
  typealias Receiver = (Head, Data) throws -> Bool

  /// The bytes a second below which an exchange is given up, once its patience is over.
  private static let slowest = 1024

  private let handle: OpaquePointer?
  private let patience: Int

  /// - Parameter patience: After how many seconds without a head, or with hardly a byte, an exchange
  ///   fails.
  init(patience: Double) {
    self.handle = ct_open()
    self.patience = max(1, Int(patience.rounded(.up)))
  }

  deinit { ct_close(handle) }

  /// Ends the exchange in progress as lost, and every later one; any thread may.
  func cancel() {
    if let handle { ct_cancel(handle) }
  }

  /// Sends a GET request and waits for the whole answer.
  ///
  /// - Parameters:
  ///   - url: Where to; `http` or `https`.
  ///   - fields: Header fields to send; none may hold a line break.
  ///   - receive: Called with each piece of the body, one after another.
  /// - Returns: The head of the answer, whatever its status.
  /// - Throws: If there was no whole answer, or `receive` threw.
  func get(
    _ url: URL,
    fields: [String: String],
    receive: Receiver
  ) throws(Failure) -> Head {
    guard let handle else { throw .unavailable }
    // Ranges are of the bytes themselves, so none may be compressed on the way.
    let lines = fields.merging(["Accept-Encoding": "identity"]) { $1 }
      .map { "\($0.key): \($0.value)\n" }.joined()
    guard ct_begin(handle, url.absoluteString, lines, patience, Self.slowest) else {
      throw .unreachable("the request cannot be made")
    }
    defer { ct_end(handle) }
    var head: Head?
    while true {
      switch ct_next(handle) {
      case CT_HEAD: head = Self.head(handle)
      case CT_BODY:
        guard let head else { throw .unreachable("there was no answer") }
        do {
          let data = Data(bytes: ct_bytes(handle), count: ct_count(handle))
          guard try receive(head, data) else { return head }
        } catch {
          throw .stopped(error)
        }
      case CT_END:
        guard let head else { throw .unreachable("there was no answer") }
        return head
      default:
        let text = String(cString: ct_failure(handle))
        let reason = text.prefix(1).lowercased() + text.dropFirst()
        throw head == nil ? .unreachable(reason) : .lost(reason)
      }
    }
  }

  private static func head(_ handle: OpaquePointer) -> Head {
    var fields: [String: String] = [:]
    for line in String(cString: ct_fields(handle)).split(whereSeparator: \.isNewline).dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...]
      fields[line[..<colon].lowercased()] = value.trimmingCharacters(in: .whitespaces)
    }
    return Head(status: ct_status(handle), fields: fields)
  }
}
