import Foundation
import PuzzleRegistry

/// Waits for one file's content to change.
///
/// What counts is the content: saving a file unchanged is no change, and a file that an editor
/// replaces, or removes and writes anew, is the same file. Where the system tells of changes they are
/// seen at once; in any case the file is looked at now and then, since not every change is told.
package struct FileWatch {
  /// Why waiting ended.
  package enum Wakeup: Sendable {
    case changed
    /// Something can be read from the descriptor that was given.
    case input
    /// A signal came.
    case signal
  }

  private enum Content: Equatable {
    case missing
    case bytes(Data)
    /// It is no regular file, too large, or closed to us; told apart by size and date.
    case unreadable(size: Int, modified: Date?)
  }

  /// How long a file has to stay as it is to count as written, in microseconds.
  private static let settling: UInt32 = 60_000
  /// How often that is waited for at most: a file that never settles is looked at as it is.
  private static let mostSettlings = 30

  package let path: String
  /// Whether the file is looked at twice a second, rather than when the system tells of a change.
  package let isPolling: Bool

  private let events: FolderEvents?
  private var seen: Content

  /// Notes the file's content.
  ///
  /// - Parameters:
  ///   - path: The file; it need not be there.
  ///   - isPolling: Whether to do without the system's events; without any, that is done anyway.
  package init(_ path: String, isPolling: Bool = false) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    // Editors replace a file, so it is its folder that is listened to.
    let events = isPolling ? nil : FolderEvents(folder: folder)
    self.isPolling = events == nil
    self.events = events
    self.path = path
    self.seen = Self.content(of: path)
  }

  /// Whether the file was there when it was last looked at.
  package var isThere: Bool { seen != .missing }

  /// Waits until the file's content is another than at the last look, or until something else comes.
  ///
  /// - Parameter input: A descriptor to watch as well.
  /// - Returns: What came first.
  package mutating func next(orInputFrom input: Int32? = nil) -> Wakeup {
    while true {
      var waits: [pollfd] = []
      if let input { waits.append(pollfd(fd: input, events: Int16(POLLIN), revents: 0)) }
      if let events {
        waits.append(pollfd(fd: events.descriptor, events: Int16(POLLIN), revents: 0))
      }
      let found = poll(&waits, nfds_t(waits.count), isPolling ? 500 : 2000)
      if found < 0, errno == EINTR { return .signal }
      if input != nil, let first = waits.first, first.revents != 0 { return .input }
      events?.drain()
      if hasChanged() { return .changed }
    }
  }

  /// Looks at the file, waiting until nobody is in the middle of writing it.
  private mutating func hasChanged() -> Bool {
    var now = Self.content(of: path)
    guard now != seen else { return false }
    for _ in 0..<Self.mostSettlings {
      usleep(Self.settling)
      let later = Self.content(of: path)
      // Between an editor's removing a file and writing it anew there is none.
      if later == now, later != .missing { break }
      now = later
    }
    defer { seen = now }
    return now != seen
  }

  private static func content(of path: String) -> Content {
    if let data = try? BoundedFile.contents(at: path, limit: BoundedFile.yamlLimit) {
      return .bytes(data)
    }
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
      return .missing
    }
    return .unreadable(
      size: (attributes[.size] as? NSNumber)?.intValue ?? 0,
      modified: attributes[.modificationDate] as? Date
    )
  }
}
