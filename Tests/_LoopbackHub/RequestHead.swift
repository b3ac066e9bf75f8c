import Foundation

/// The first line and the headers of a request.
struct RequestHead: Sendable {
  let method: String
  /// The target as it came, without scheme and host.
  let target: String
  /// The path without the query, with percent signs decoded.
  let path: String
  /// The parts of the path, each decoded, so that an encoded slash separates nothing.
  let components: [String]
  let query: String
  let headers: [String: String]
  let keepsAlive: Bool

  /// Reads what stands before the empty line; `nil` if that is no HTTP/1 request.
  init?(_ bytes: some Sequence<UInt8>) {
    let text = String(decoding: Array(bytes), as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\r\n" || $0 == "\n" }
    let first = lines.first?.split(separator: " ") ?? []
    guard first.count == 3, first[2].hasPrefix("HTTP/1.") else { return nil }
    method = String(first[0])
    target = Self.withoutHost(String(first[1]))
    guard target.hasPrefix("/") else { return nil }

    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = Self.decoded(parts[0])
    components = parts[0].split(separator: "/").map(Self.decoded)
    query = parts.count > 1 ? String(parts[1]) : ""

    let pairs = lines.dropFirst().compactMap { line -> (String, String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      return (line[..<colon].lowercased(), value)
    }
    headers = Dictionary(pairs, uniquingKeysWith: { "\($0), \($1)" })
    keepsAlive = first[2] != "HTTP/1.0" && headers["connection"]?.lowercased() != "close"
  }

  /// How many bytes of a body follow, or `nil` if that cannot be told.
  var bodyLength: Int? {
    if headers["transfer-encoding"] != nil { return nil }
    guard let length = headers["content-length"] else { return 0 }
    return Int(length).flatMap { $0 >= 0 ? $0 : nil }
  }

  private static func withoutHost(_ target: String) -> String {
    guard let scheme = target.range(of: "://"), !target.hasPrefix("/") else { return target }
    let rest = target[scheme.upperBound...]
    return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
  }

  private static func decoded(_ text: Substring) -> String {
    text.removingPercentEncoding ?? String(text)
  }
}

/// What a `Range` header asks for in a file of a known length.
enum AskedRange {
  case whole
  case part(Range<Int>)
  case unsatisfiable

  /// Reads the header; several ranges, other units and nonsense count as none, as RFC 9110 allows.
  init(_ header: String?, in count: Int) {
    guard let header, header.hasPrefix("bytes=") else {
      self = .whole
      return
    }
    let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2 else {
      self = .whole
      return
    }
    switch (Self.number(bounds[0]), Self.number(bounds[1])) {
    case (let first?, let last?) where first <= last:
      self = Self.part(from: first, through: last, in: count)
    case (let first?, nil) where bounds[1].isEmpty:
      self = Self.part(from: first, through: .max, in: count)
    case (nil, let length?) where bounds[0].isEmpty:
      let part = max(0, count - length)..<count
      self = part.isEmpty ? .unsatisfiable : .part(part)
    default:
      self = .whole
    }
  }

  private static func part(from first: Int, through last: Int, in count: Int) -> AskedRange {
    first < count ? .part(first..<(min(last, count - 1) + 1)) : .unsatisfiable
  }

  private static func number(_ text: Substring) -> Int? {
    text.allSatisfy(\.isASCII) && text.allSatisfy(\.isNumber) ? Int(text) : nil
  }
}
