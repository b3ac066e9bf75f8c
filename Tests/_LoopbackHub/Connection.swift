/// Answers the requests of one connection, one after the other, in its own thread.
final class Connection {
  private static let longestHead = 1 << 16
  private static let longestBody = 1 << 20
  private static let pieceSize = 1 << 16

  private let socket: Socket
  private let host: LoopbackHub.Host
  private let answers: Answers
  private let signal: StopSignal
  /// What came but was not yet read.
  private var arrived: [UInt8] = []

  private var state: HubState { answers.state }

  init(_ socket: Socket, host: LoopbackHub.Host, answers: Answers, signal: StopSignal) {
    self.socket = socket
    self.host = host
    self.answers = answers
    self.signal = signal
  }

  /// Returns when the client leaves, when a fault closes the connection or when the hub stops.
  func serve() {
    while let bytes = nextHead() {
      guard let head = RequestHead(bytes) else { return give(status: 400) }
      guard let length = head.bodyLength, length <= Self.longestBody else {
        return give(status: 400)
      }
      guard skip(length) else { return }
      guard respond(to: head) else { return }
    }
  }

  // MARK: Reading

  /// Reads up to the next empty line; `nil` at the end of the connection.
  private func nextHead() -> [UInt8]? {
    while true {
      // Empty lines before a request are passed over, as RFC 9112 says.
      let blank = arrived.prefix { $0 == 10 || $0 == 13 }.count
      arrived.removeFirst(blank)
      if let end = endOfHead() {
        defer { arrived.removeFirst(end) }
        return Array(arrived[..<end])
      }
      guard arrived.count <= Self.longestHead else {
        give(status: 431)
        return nil
      }
      guard let piece = socket.read(until: signal) else { return nil }
      arrived += piece
    }
  }

  private func endOfHead() -> Int? {
    let line = UInt8(ascii: "\n")
    for index in arrived.indices where arrived[index] == line {
      let rest = arrived[(index + 1)...]
      if rest.first == line { return index + 2 }
      if rest.starts(with: [UInt8(ascii: "\r"), line]) { return index + 3 }
    }
    return nil
  }

  private func skip(_ count: Int) -> Bool {
    while arrived.count < count {
      guard let piece = socket.read(until: signal) else { return false }
      arrived += piece
    }
    arrived.removeFirst(count)
    return true
  }

  // MARK: Writing

  /// Answers a request that cannot be understood and therefore is not recorded.
  private func give(status: Int) {
    let text = Answer.Message.reason(for: status)
    let message = Answer.Message(status: status, headers: [], body: Answer.Body(text))
    _ = socket.write(message.head(keepsAlive: false) + Array(text.utf8), until: signal)
  }

  /// Returns whether the connection can take another request.
  private func respond(to head: RequestHead) -> Bool {
    switch answers.answer(to: head, at: host) {
    case .message(let message):
      let isComplete = send(message, for: head)
      return isComplete && head.keepsAlive
    case .disorder(let disorder):
      _ = state.record(request(head, status: 0, bodyBytes: 0))
      send(disorder)
      return false
    }
  }

  private func send(_ disorder: Answer.Disorder) {
    switch disorder {
    case .refuse:
      break
    case .notHTTP:
      _ = socket.write([0, 255, 254, 1] + Array("no answer of this world\r\n".utf8), until: signal)
    case .cutHead(let count):
      let head =
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 10\r\nContent-Range: bytes 0-9/10\r\n"
      _ = socket.write(Array(head.utf8.prefix(count)), until: signal)
    case .endlessRedirect:
      var next = Array("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n".utf8)
      for _ in 0..<1024 {
        guard socket.write(next, until: signal) == next.count else { return }
        next = [UInt8](repeating: 0x78, count: 64 << 10)
      }
    case .hugeHeaders:
      let value = String(repeating: "x", count: 1000)
      let lines = (0..<64).map { "X-Padding-\($0): \(value)\r\n" }.joined()
      var next = Array(("HTTP/1.1 200 OK\r\n" + lines).utf8)
      for _ in 0..<1024 {
        guard socket.write(next, until: signal) == next.count else { return }
        next = Array(lines.utf8)
      }
    }
  }

  /// Sends a message and records the request; returns whether all of it was sent.
  ///
  /// The record is made just before the last bytes go out: a client that has all of an answer
  /// finds it there. If they then cannot be written, the record is corrected.
  private func send(_ message: Answer.Message, for head: RequestHead) -> Bool {
    let body = message.body
    let isSent = head.method != "HEAD" && Answer.Message.hasBody(message.status)
    let whole = isSent ? body.count : 0
    let wanted = isSent ? min(whole, body.end?.bytesBefore ?? whole) : 0
    let headBytes = message.head(keepsAlive: head.keepsAlive)
    func record(_ bodyBytes: Int) -> Int {
      state.record(request(head, status: message.status, bodyBytes: bodyBytes))
    }

    var serial = wanted == 0 ? record(0) : nil
    guard socket.write(headBytes, until: signal) == headBytes.count else {
      if serial == nil { _ = record(0) }
      return false
    }
    let pieceSize = body.bytesPerSecond.map { min(Self.pieceSize, max(1, $0 / 20)) }
    var sent = 0
    while sent < wanted {
      let piece = body.bytes(at: sent, count: min(pieceSize ?? Self.pieceSize, wanted - sent))
      if sent + piece.count == wanted { serial = record(wanted) }
      if body.isOfFile { state.countSent(piece.count) }
      let written = socket.write(piece, until: signal)
      sent += written
      guard written == piece.count, !pauses(after: written, of: body) else {
        if body.isOfFile { state.countSent(written - piece.count) }
        if let serial { state.correct(serial, bodyBytes: sent) } else { _ = record(sent) }
        return false
      }
    }
    if isSent, case .stall = body.end { socket.stall(until: signal) }
    return wanted == whole
  }

  /// Waits as long as the pace of the body asks for; returns whether the hub stopped meanwhile.
  private func pauses(after count: Int, of body: Answer.Body) -> Bool {
    guard let pace = body.bytesPerSecond else { return false }
    return signal.isRaised(within: Double(count) / Double(pace))
  }

  private func request(
    _ head: RequestHead,
    status: Int,
    bodyBytes: Int
  ) -> LoopbackHub.Request {
    LoopbackHub.Request(
      method: head.method,
      host: host,
      path: head.path,
      range: head.headers["range"],
      authorization: head.headers["authorization"],
      headers: head.headers,
      status: status,
      bodyBytes: bodyBytes
    )
  }
}
