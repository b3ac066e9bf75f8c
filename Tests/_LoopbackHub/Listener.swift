import Dispatch
import Foundation

/// Takes the connections of one host, each into a thread of its own.
struct Listener: Sendable {
  private let socket: Socket
  private let host: LoopbackHub.Host
  private let answers: Answers
  private let signal: StopSignal
  private let threads: DispatchGroup

  init(
    _ socket: Socket,
    host: LoopbackHub.Host,
    answers: Answers,
    signal: StopSignal,
    threads: DispatchGroup
  ) {
    self.socket = socket
    self.host = host
    self.answers = answers
    self.signal = signal
    self.threads = threads
  }

  func start() {
    inThread {
      while let socket = self.socket.nextConnection(until: signal) {
        inThread {
          Connection(socket, host: host, answers: answers, signal: signal).serve()
          socket.hangUp()
        }
      }
      socket.hangUp()
    }
  }

  private func inThread(_ work: @escaping @Sendable () -> Void) {
    threads.enter()
    Thread.detachNewThread {
      work()
      threads.leave()
    }
  }
}
