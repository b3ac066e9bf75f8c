extension Answers {
  /// What stands in place of the answer, if a fault of that group is due.
  func faultInPlace(of head: RequestHead, at host: LoopbackHub.Host) -> Answer? {
    let kind = state.takeFault(for: head.path, at: host) { kind in
      switch kind {
      case .status, .redirect, .redirectLoop, .notHTTP, .hugeHeaders, .cutHead, .endlessRedirect,
        .refuse:
        kind
      default: nil
      }
    }
    switch kind {
    case .status(let status, let headers):
      let sorted = headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
      return .text(status, Answer.Message.reason(for: status), headers: sorted)
    case .redirect(let location):
      return .redirect(302, to: location)
    case .redirectLoop:
      return .redirect(302, to: (host == .hub ? endpoint : storeEndpoint) + head.target)
    case .notHTTP: return .disorder(.notHTTP)
    case .hugeHeaders: return .disorder(.hugeHeaders)
    case .cutHead(let count): return .disorder(.cutHead(afterBytes: count))
    case .endlessRedirect: return .disorder(.endlessRedirect)
    case .refuse: return .disorder(.refuse)
    default: return nil
    }
  }

  /// The ETag without quotes, or the one that a fault puts in its place.
  func shownETag(
    of stored: StoredFile,
    _ content: ContentReader,
    for head: RequestHead,
    at host: LoopbackHub.Host
  ) -> String {
    let changed = state.takeFault(for: head.path, at: host) { kind in
      if case .changedETag(let etag) = kind { etag } else { nil }
    }
    return changed ?? stored.etag(of: content)
  }

  func ignoresRange(of head: RequestHead, at host: LoopbackHub.Host) -> Bool {
    guard head.method == "GET" else { return false }
    let fault: Void? = state.takeFault(for: head.path, at: host) { kind in
      if case .ignoreRange = kind { () } else { nil }
    }
    return fault != nil
  }

  /// The text for `Content-Range`, or `nil` if a fault leaves it out.
  func shownContentRange(
    _ text: String,
    for head: RequestHead,
    at host: LoopbackHub.Host
  ) -> String? {
    guard head.method == "GET" else { return text }
    let fault = state.takeFault(for: head.path, at: host) { kind in
      switch kind {
      case .wrongContentRange, .missingContentRange: kind
      default: nil
      }
    }
    switch fault {
    case .wrongContentRange(let wrong): return wrong
    case .missingContentRange: return nil
    default: return text
    }
  }

  /// The message with a body of another length or content, or sent in another way.
  func withBodyFaults(
    _ message: Answer.Message,
    for head: RequestHead,
    at host: LoopbackHub.Host
  ) -> Answer.Message {
    guard head.method == "GET" else { return message }
    var body = message.body

    let change = state.takeFault(for: head.path, at: host) { kind -> Int? in
      switch kind {
      case .shortBody(let missing): -min(max(missing, 0), message.body.count)
      case .longBody(let extra): min(max(extra, 0), 1 << 40)
      default: nil
      }
    }
    body.count += change ?? 0

    let stretch = body.start..<(body.start + body.count)
    body.flippedByte = state.takeFault(for: head.path, at: host) { kind in
      if case .changedByte(let offset) = kind, stretch.contains(offset) { offset } else { nil }
    }

    body.end = state.takeFault(for: head.path, at: host) { kind in
      switch kind {
      case .cut(let count) where count < stretch.count: .cut(afterBytes: count)
      case .stall(let count) where count < stretch.count: .stall(afterBytes: count)
      default: nil
      }
    }

    body.bytesPerSecond = state.takeFault(for: head.path, at: host) { kind in
      if case .slow(let pace) = kind { max(1, pace) } else { nil }
    }
    var message = message
    message.body = body
    return message
  }
}
