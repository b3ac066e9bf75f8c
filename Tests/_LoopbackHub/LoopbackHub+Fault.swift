extension LoopbackHub {
  /// What goes wrong, for requests whose path ends with `file` and that reach `host`.
  ///
  /// A fault is used up only by requests in which it shows, as each ``Kind`` says. A request shows
  /// at most one fault of each group of kinds, the first in the list that applies; faults of
  /// different groups add up, such as `slow` and `cut`.
  package struct Fault: Sendable {
    package enum Host: Sendable {
      case hub, store, either
    }

    package enum Kind: Sendable {
      // In place of any answer.

      /// An answer with this status, such as 429 with `Retry-After`.
      case status(Int, headers: [String: String] = [:])
      /// A redirect to any `Location`, such as another host or `file:///etc/passwd`.
      case redirect(to: String)
      /// A redirect to the very address that was asked for.
      case redirectLoop
      /// Bytes that are no HTTP answer.
      case notHTTP
      /// Headers without end, until 64 MB or until the client has had enough.
      case hugeHeaders
      /// The connection closes after so many bytes of an answer's head, at most 80.
      case cutHead(afterBytes: Int)
      /// A redirect to the same address whose body goes on, until 64 MB or until the client leaves.
      case endlessRedirect
      /// The connection closes without an answer.
      case refuse

      // Which file it is: in every answer about an existing file.

      /// The file has this ETag, given without quotes, and counts as another file.
      case changedETag(String)

      // The range: in answers to GET requests with a range.

      /// 200 with the whole file.
      case ignoreRange
      /// This text as `Content-Range`.
      case wrongContentRange(String)
      /// 206 without `Content-Range`.
      case missingContentRange

      // The length: in answers to GET requests with a file's bytes.

      /// `Content-Length` and body are shorter than they should be, `Content-Range` as asked.
      case shortBody(missing: Int)
      /// `Content-Length` and body are longer, by what follows in the file and then by zeros.
      case longBody(extra: Int)

      // The content: in answers to GET requests that include this byte.

      /// The byte at this offset of the file has its lowest bit flipped; the ETag stays.
      case changedByte(at: Int)

      // The end: in answers to GET requests with more bytes of a file than this.

      /// The connection closes after so many bytes of the body.
      case cut(afterBytes: Int)
      /// Nothing comes after so many bytes of the body, with the connection open until `stop()` or
      /// until the client closes it.
      case stall(afterBytes: Int)

      // The pace: in answers to GET requests with a file's bytes.

      /// So many bytes a second, in up to twenty pieces a second.
      case slow(bytesPerSecond: Int)
    }

    let kind: Kind
    let file: String
    let host: Host
    var skipping: Int
    var times: Int

    /// Describes a fault.
    ///
    /// - Parameters:
    ///   - kind: What goes wrong.
    ///   - file: How the path ends for which it does; empty for all.
    ///   - host: Where it does.
    ///   - skipping: How many requests in which it would show go well first.
    ///   - times: In how many it then shows.
    package init(
      _ kind: Kind,
      file: String,
      host: Host = .either,
      skipping: Int = 0,
      times: Int = .max
    ) {
      self.kind = kind
      self.file = file
      self.host = host
      self.skipping = skipping
      self.times = times
    }

    func concerns(_ path: String, at asked: LoopbackHub.Host) -> Bool {
      let isHere =
        switch host {
        case .hub: asked == .hub
        case .store: asked == .store
        case .either: true
        }
      return isHere && (file.isEmpty || path.hasSuffix(file))
    }
  }
}
