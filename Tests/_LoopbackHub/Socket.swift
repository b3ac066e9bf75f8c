import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A call to the system that failed.
package struct SystemFault: Error, Sendable, CustomStringConvertible {
  let call: String
  let code: Int32

  init(_ call: String, code: Int32 = errno) {
    self.call = call
    self.code = code
  }

  package var description: String { "\(call) failed: \(String(cString: strerror(code)))" }
}

/// Wakes every thread of a hub when it stops.
///
/// It is the reading end of a pipe whose writing end closes: all that wait for a socket wait for
/// this too.
final class StopSignal: Sendable {
  fileprivate let readingEnd: Int32
  private let writingEnd: Mutex<Int32?>

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemFault("pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    readingEnd = ends[0]
    writingEnd = Mutex(ends[1])
  }

  deinit {
    raise()
    close(readingEnd)
  }

  func raise() {
    writingEnd.withLock { end in
      if let end { close(end) }
      end = nil
    }
  }

  /// Waits for so long and returns whether the signal was raised meanwhile.
  func isRaised(within seconds: Double) -> Bool {
    var waiting = [pollfd(fd: readingEnd, events: Int16(POLLIN), revents: 0)]
    let count = poll(&waiting, nfds_t(1), Int32(min(seconds * 1000, 3_600_000).rounded(.up)))
    return count > 0
  }
}

/// A socket that never blocks but in `wait`, and that closes when it is let go.
final class Socket: Sendable {
  private let descriptor: Int32

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    #if canImport(Darwin)
    setOption(SOL_SOCKET, SO_NOSIGPIPE)
    #endif
  }

  deinit {
    close(descriptor)
  }

  /// Opens a socket that listens on 127.0.0.1 at a free port.
  static func listening() throws -> (socket: Socket, port: Int) {
    #if canImport(Darwin)
    let kind = SOCK_STREAM
    #else
    let kind = Int32(SOCK_STREAM.rawValue)
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw SystemFault("socket") }
    let listener = Socket(descriptor)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { place in
      place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard bound else { throw SystemFault("bind") }
    guard listen(descriptor, 128) == 0 else { throw SystemFault("listen") }
    return (listener, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// Takes the next connection, or returns `nil` once the hub stops.
  func nextConnection(until signal: StopSignal) -> Socket? {
    while wait(for: POLLIN, until: signal) {
      let accepted = accept(descriptor, nil, nil)
      if accepted >= 0 {
        let socket = Socket(accepted)
        socket.setOption(Int32(IPPROTO_TCP), TCP_NODELAY)
        return socket
      }
      // Without free descriptors the connection stays in the queue; look again a little later.
      if errno == EMFILE || errno == ENFILE { _ = signal.isRaised(within: 0.02) }
    }
    return nil
  }

  /// Returns what came, or `nil` at the end of the connection or once the hub stops.
  func read(until signal: StopSignal) -> [UInt8]? {
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    while wait(for: POLLIN, until: signal) {
      let got = recv(descriptor, &piece, piece.count, 0)
      if got > 0 { return Array(piece[..<got]) }
      if got == 0 || !Self.isPassing(errno) { return nil }
    }
    return nil
  }

  /// Returns how many bytes were written: fewer than given if the client left or the hub stops.
  func write(_ bytes: [UInt8], until signal: StopSignal) -> Int {
    #if canImport(Darwin)
    let flags: Int32 = 0
    #else
    let flags = Int32(MSG_NOSIGNAL)
    #endif
    var written = 0
    while written < bytes.count, wait(for: POLLOUT, until: signal) {
      let sent = bytes[written...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, flags)
      }
      if sent >= 0 { written += sent } else if !Self.isPassing(errno) { break }
    }
    return written
  }

  /// Keeps the connection open and silent until the client closes it or the hub stops.
  func stall(until signal: StopSignal) {
    while read(until: signal) != nil {}
  }

  /// Ends the connection, or the listening, before the last one who holds the socket lets it go.
  func hangUp() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// Waits without a limit; returns whether the socket is ready rather than the hub stopped.
  private func wait(for event: Int32, until signal: StopSignal) -> Bool {
    while true {
      var waiting = [
        pollfd(fd: descriptor, events: Int16(event), revents: 0),
        pollfd(fd: signal.readingEnd, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&waiting, nfds_t(waiting.count), -1)
      if count < 0, errno != EINTR { return false }
      if waiting[1].revents != 0 { return false }
      if count > 0 { return true }
    }
  }

  private func setOption(_ level: Int32, _ option: Int32) {
    var on: Int32 = 1
    setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func isPassing(_ code: Int32) -> Bool {
    code == EAGAIN || code == EWOULDBLOCK || code == EINTR
  }
}
