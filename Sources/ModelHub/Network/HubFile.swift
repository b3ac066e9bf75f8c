import Foundation

/// A file of a repository on the hub, at a revision.
struct HubFile: Hashable, Sendable {
  let repository: String
  /// A commit, or the name of a branch.
  let revision: String
  let name: String

  /// Returns where the hub serves the file, or `nil` if its parts make no address.
  func url(at endpoint: String) -> URL? {
    let unreserved = CharacterSet(
      charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
    )
    let parts = [
      repository.split(separator: "/").map(String.init), ["resolve"], [revision], [name],
    ]
    .joined().map { $0.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "" }
    guard let url = URL(string: ([endpoint] + parts).joined(separator: "/")),
      let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme), url.host != nil,
      url.user == nil, url.password == nil
    else { return nil }
    return url
  }
}

/// Which version of a file a server serves, as far as its answers tell.
struct FileVersion: Sendable, Hashable {
  /// The size of the whole file in bytes.
  var size: Int
  /// The tag of the server that sent the bytes, as it stands.
  var etag: String?
  /// What the hub says the whole file's SHA-256 is; it says so of large files.
  var sha256: String?
  /// The commit that the revision stands for.
  var commit: String?
}

/// The parts of a `Content-Range` field: which bytes of how many.
struct ContentRange: Equatable {
  let range: Range<Int>
  let size: Int

  /// Reads "bytes 0-9/100"; `nil` for anything else, such as an unknown size.
  init?(_ field: String?) {
    guard let field, let match = field.wholeMatch(of: /bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})/),
      let first = Int(match.1), let last = Int(match.2), let size = Int(match.3),
      first <= last, last < size
    else { return nil }
    self.range = first..<last + 1
    self.size = size
  }
}
