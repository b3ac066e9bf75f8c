import Dispatch
import Foundation
import SourceDiagnostics
import Synchronization

/// Fetches the pieces of a plan over a few connections at once.
struct PieceFetcher: Sendable {
  let client: HubClient
  let plan: PullPlan
  let part: PartFolder
  /// Receives the share of the weights that are here.
  let progress: (@Sendable (Double) -> Void)?
  private static let connections = 4

  /// What the threads share.
  private struct Work: Sendable {
    /// The next one last.
    var waiting: [PullPlan.Piece]
    var bytesHere: Int
    var fault: Diagnostic?
  }

  init(
    client: HubClient,
    plan: PullPlan,
    part: PartFolder,
    progress: (@Sendable (Double) -> Void)?
  ) {
    self.client = client
    self.plan = plan
    self.part = part
    self.progress = progress
  }

  /// Fetches the pieces and waits for the last.
  ///
  /// - Throws: The first fault; the other connections are given up then, pieces in flight with them.
  func fetch(_ pieces: [PullPlan.Piece]) throws(Diagnostic) {
    let missing = pieces.reduce(0) { $0 + $1.range.count }
    let work = Mutex(Work(waiting: pieces.reversed(), bytesHere: plan.byteCount - missing))
    let connections = (0..<min(Self.connections, pieces.count)).map { _ in client.connection() }
    let group = DispatchGroup()
    for connection in connections {
      group.enter()
      // Threads of their own, since each mostly waits.
      Thread.detachNewThread {
        defer { group.leave() }
        while let piece = work.withLock({ $0.fault == nil ? $0.waiting.popLast() : nil }) {
          do {
            try fetch(piece, over: connection) { count in report(count, work) }
          } catch {
            let fault = error as? Diagnostic ?? .writing(part.path, error)
            work.withLock { $0.fault = $0.fault ?? fault }
            client.stop()
            for connection in connections { connection.cancel() }
          }
        }
      }
    }
    group.wait()
    if let fault = work.withLock({ $0.fault }) { throw fault }
  }

  private func report(_ count: Int, _ work: borrowing Mutex<Work>) {
    let bytes = work.withLock { work in
      work.bytesHere += count
      return work.bytesHere
    }
    progress?(Double(bytes) / Double(max(1, plan.byteCount)))
  }

  private func fetch(
    _ piece: PullPlan.Piece,
    over connection: HTTPConnection,
    counting count: @escaping @Sendable (Int) -> Void
  ) throws {
    let source = plan.sources[piece.source]
    let writer = try PieceWriter(part.weights(), piece)
    _ = try client.read(
      piece.range,
      of: source.file,
      expecting: source.version,
      over: connection
    ) { data, offset in
      try writer.write(data, at: offset)
      count(data.count)
    }
    try part.finish(piece, digest: writer.digest())
  }
}
