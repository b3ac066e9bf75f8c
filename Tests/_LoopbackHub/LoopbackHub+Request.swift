extension LoopbackHub {
  /// Which of the two hosts a request came to.
  package enum Host: Sendable, Hashable {
    case hub, store
  }

  /// A request that was answered.
  package struct Request: Sendable {
    package let method: String
    package let host: Host
    /// The path without the query, with percent signs decoded.
    package let path: String
    /// The `Range` header as it came.
    package let range: String?
    /// The `Authorization` header as it came.
    package let authorization: String?
    /// All headers, by their names in lower case.
    package let headers: [String: String]
    /// The status of the answer; 0 if a fault gave something that has none.
    package let status: Int
    /// How many bytes of the answer's body were written, of whatever kind.
    package internal(set) var bodyBytes: Int
  }
}
