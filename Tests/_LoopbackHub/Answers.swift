/// Decides what each host answers.
struct Answers: Sendable {
  let state: HubState
  let endpoint: String
  let storeEndpoint: String

  func answer(to head: RequestHead, at host: LoopbackHub.Host) -> Answer {
    if let fault = faultInPlace(of: head, at: host) { return fault }
    guard head.method == "GET" || head.method == "HEAD" else {
      return .text(405, "Method Not Allowed", headers: [(name: "Allow", value: "GET, HEAD")])
    }
    switch host {
    case .hub: return hubAnswer(to: head)
    case .store: return storeAnswer(to: head)
    }
  }

  // MARK: The hub

  private func hubAnswer(to head: RequestHead) -> Answer {
    let parts = head.components
    if parts.starts(with: ["api", "resolve-cache", "models"]) {
      guard parts.count > 6 else { return .text(404, "Not Found") }
      let place = FilePlace(
        repository: parts[3...4].joined(separator: "/"),
        revision: parts[5],
        file: parts[6...].joined(separator: "/")
      )
      return hubAnswer(to: head, about: place, isCached: true)
    }
    guard let place = FilePlace(parts, after: "resolve") else { return .text(404, "Not Found") }
    return hubAnswer(to: head, about: place, isCached: false)
  }

  private func hubAnswer(to head: RequestHead, about place: FilePlace, isCached: Bool) -> Answer {
    let authorization = head.headers["authorization"]
    guard let history = state.history(of: place.repository) else {
      // The hub does not tell strangers which repositories are private and which there are not.
      let status = authorization == nil ? 401 : 404
      return .failure(status, code: "RepoNotFound", "Repository not found")
    }
    if let token = history.token, authorization != "Bearer \(token)" {
      let message = "Access to model \(place.repository) is restricted"
      return .failure(authorization == nil ? 401 : 403, code: "GatedRepo", message)
    }
    guard let (commit, files) = history.files(at: place.revision) else {
      return .failure(404, code: "RevisionNotFound", "Invalid rev id: \(place.revision)")
    }
    let commitHeader = (name: "X-Repo-Commit", value: commit)
    guard let stored = files[place.file] else {
      return .failure(404, code: "EntryNotFound", "Entry not found", headers: [commitHeader])
    }
    guard let content = stored.open() else { return .text(500, "Internal Server Error") }
    let etag = shownETag(of: stored, content, for: head, at: .hub)
    let placed = FilePlace(repository: place.repository, revision: commit, file: place.file)
    if stored.file.isLarge {
      let linked = [
        (name: "X-Linked-Size", value: "\(content.count)"),
        (name: "X-Linked-ETag", value: "\"\(etag)\""),
      ]
      let location = storeEndpoint + placed.storeTarget
      return .redirect(302, to: location, headers: [commitHeader] + linked)
    }
    if stored.file.redirectsWithinHub, !isCached {
      return .redirect(307, to: placed.cacheTarget(etag: etag), headers: [commitHeader])
    }
    return contentAnswer(to: head, content, etag: etag, at: .hub, headers: [commitHeader])
  }

  // MARK: The store

  /// Answers with a file's bytes if the address is one that the hub gave out, query included.
  private func storeAnswer(to head: RequestHead) -> Answer {
    guard
      let place = FilePlace(head.components, after: "object"),
      let stored = state.history(of: place.repository)?.files(at: place.revision)?.files[place.file]
    else { return .text(404, "NoSuchKey") }
    guard head.query == place.signature else { return .text(403, "SignatureDoesNotMatch") }
    guard let content = stored.open() else { return .text(500, "InternalError") }
    let etag = shownETag(of: stored, content, for: head, at: .store)
    return contentAnswer(to: head, content, etag: etag, at: .store, headers: [])
  }

  // MARK: Both

  private func contentAnswer(
    to head: RequestHead,
    _ content: ContentReader,
    etag: String,
    at host: LoopbackHub.Host,
    headers: [(name: String, value: String)]
  ) -> Answer {
    var headers = headers
    headers.append((name: "ETag", value: "\"\(etag)\""))
    headers.append((name: "Accept-Ranges", value: "bytes"))
    if let wanted = head.headers["if-match"], !Self.lists(etag, in: wanted) {
      return .text(412, "Precondition Failed", headers: headers)
    }
    if let known = head.headers["if-none-match"], Self.lists(etag, in: known) {
      return .message(Answer.Message(status: 304, headers: headers, body: Answer.Body("")))
    }
    headers.append((name: "Content-Type", value: "application/octet-stream"))

    switch askedRange(of: head, in: content.count, etag: etag, at: host) {
    case .whole:
      let body = Answer.Body(content, 0..<content.count)
      let message = Answer.Message(status: 200, headers: headers, body: body)
      return .message(withBodyFaults(message, for: head, at: host))
    case .part(let range):
      let text = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(content.count)"
      if let shown = shownContentRange(text, for: head, at: host) {
        headers.append((name: "Content-Range", value: shown))
      }
      let body = Answer.Body(content, range)
      let message = Answer.Message(status: 206, headers: headers, body: body)
      return .message(withBodyFaults(message, for: head, at: host))
    case .unsatisfiable:
      headers.append((name: "Content-Range", value: "bytes */\(content.count)"))
      return .text(416, "Range Not Satisfiable", headers: headers)
    }
  }

  private func askedRange(
    of head: RequestHead,
    in count: Int,
    etag: String,
    at host: LoopbackHub.Host
  ) -> AskedRange {
    guard let range = head.headers["range"], !ignoresRange(of: head, at: host) else {
      return .whole
    }
    if let known = head.headers["if-range"], known != "\"\(etag)\"" { return .whole }
    return AskedRange(range, in: count)
  }

  private static func lists(_ etag: String, in header: String) -> Bool {
    header.split(separator: ",").contains { item in
      let item = item.drop { $0 == " " }.prefix { $0 != " " }
      return item == "*" || item == "\"\(etag)\""
    }
  }
}

/// Which file an address means.
private struct FilePlace {
  let repository: String
  let revision: String
  let file: String

  init(repository: String, revision: String, file: String) {
    self.repository = repository
    self.revision = revision
    self.file = file
  }

  /// Reads `owner/name/WORD/revision/file`, where the owner may be missing.
  init?(_ components: [String], after word: String) {
    guard
      let index = components.prefix(3).dropFirst().firstIndex(of: word),
      components.count > index + 2
    else { return nil }
    repository = components[..<index].joined(separator: "/")
    revision = components[index + 1]
    file = components[(index + 2)...].joined(separator: "/")
  }

  var storeTarget: String {
    "/\(Self.encoded(repository))/object/\(revision)/\(Self.encoded(file))?\(signature)"
  }

  /// A query with an encoded part, which a client must hand on as it is.
  var signature: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let disposition = "inline%3B%20filename%3D%22\(Self.encoded(name))%22"
    return "response-content-disposition=\(disposition)&X-Amz-Expires=3600&X-Amz-Signature=10c4"
  }

  func cacheTarget(etag: String) -> String {
    let path = "\(Self.encoded(repository))/\(revision)/\(Self.encoded(file))"
    return "/api/resolve-cache/models/\(path)?etag=%22\(Self.encoded(etag))%22"
  }

  /// Encodes all but slashes and what RFC 3986 calls unreserved.
  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let character = Character(UnicodeScalar(byte))
      if character.isASCII, character.isLetter || character.isNumber || "/-._~".contains(character)
      {
        return String(character)
      }
      return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
