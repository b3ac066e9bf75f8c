/// What a host does about a request.
enum Answer {
  case message(Message)
  case disorder(Disorder)

  /// An answer that does not follow HTTP.
  enum Disorder {
    case notHTTP, hugeHeaders, endlessRedirect, refuse
    case cutHead(afterBytes: Int)
  }

  struct Message {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: Body

    /// The first line and the headers, with the empty line at their end.
    func head(keepsAlive: Bool) -> [UInt8] {
      var lines = ["HTTP/1.1 \(status) \(Self.reason(for: status))"]
      lines += headers.map { "\($0.name): \($0.value)" }
      if Self.hasBody(status) { lines.append("Content-Length: \(body.count)") }
      lines.append("Connection: \(keepsAlive ? "keep-alive" : "close")")
      return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    static func hasBody(_ status: Int) -> Bool {
      status >= 200 && status != 204 && status != 304
    }

    static func reason(for status: Int) -> String {
      reasons[status] ?? "Status \(status)"
    }

    private static let reasons = [
      200: "OK", 206: "Partial Content", 301: "Moved Permanently", 302: "Found",
      304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
      400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
      405: "Method Not Allowed", 412: "Precondition Failed", 416: "Range Not Satisfiable",
      429: "Too Many Requests", 431: "Request Header Fields Too Large",
      500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
      504: "Gateway Timeout",
    ]
  }

  /// A stretch of bytes, and how it is sent.
  struct Body {
    enum End {
      case cut(afterBytes: Int)
      case stall(afterBytes: Int)

      var bytesBefore: Int {
        switch self {
        case .cut(let count), .stall(let count): max(0, count)
        }
      }
    }

    let content: ContentReader
    /// Whether these are bytes of a file rather than words about one.
    let isOfFile: Bool
    var start: Int
    /// The length that is announced and, without an ``end``, sent.
    var count: Int
    var flippedByte: Int?
    var end: End?
    var bytesPerSecond: Int?

    init(_ content: ContentReader, _ range: Range<Int>) {
      self.content = content
      isOfFile = true
      start = range.lowerBound
      count = range.count
    }

    init(_ text: String) {
      content = ContentReader(Array(text.utf8))
      isOfFile = false
      start = 0
      count = content.count
    }

    /// The bytes of the body from `offset` on.
    func bytes(at offset: Int, count: Int) -> [UInt8] {
      var bytes = content.bytes(at: start + offset, count: count)
      if let flippedByte, (0..<count).contains(flippedByte - start - offset) {
        bytes[flippedByte - start - offset] ^= 1
      }
      return bytes
    }
  }

  static func text(
    _ status: Int,
    _ text: String,
    headers: [(name: String, value: String)] = []
  ) -> Answer {
    let type = (name: "Content-Type", value: "text/plain; charset=utf-8")
    return .message(Message(status: status, headers: headers + [type], body: Body(text)))
  }

  /// A failure as the hub words it, in headers for programs and in a body for people.
  static func failure(
    _ status: Int,
    code: String,
    _ message: String,
    headers: [(name: String, value: String)] = []
  ) -> Answer {
    let codes = [(name: "X-Error-Code", value: code), (name: "X-Error-Message", value: message)]
    return text(status, message, headers: headers + codes)
  }

  static func redirect(
    _ status: Int,
    to location: String,
    headers: [(name: String, value: String)] = []
  ) -> Answer {
    text(
      status,
      "\(Message.reason(for: status)). Redirecting to \(location)",
      headers: [(name: "Location", value: location)] + headers
    )
  }
}
