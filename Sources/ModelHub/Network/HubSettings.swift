import Foundation

/// What the environment says about Hugging Face's hub, read as Hugging Face's own tools read it.
///
/// `HF_ENDPOINT`, `HF_TOKEN`, `HF_TOKEN_PATH`, `HF_HOME`, `HF_HUB_CACHE`, `HF_HUB_OFFLINE` and
/// `HF_HUB_DISABLE_IMPLICIT_TOKEN` mean what they mean there; so do `XDG_CACHE_HOME` and `HOME`.
package struct HubSettings: Sendable {
  /// Where the hub is, without a slash at the end.
  package let endpoint: String
  /// What to show the hub, and nobody else, as `Authorization`; `nil` for none.
  package let token: String?
  /// What Hugging Face's tools downloaded; `nil` without a home.
  package let cache: HuggingFaceCache?
  /// Whether the network must not be used.
  package let isOffline: Bool

  package init(environment: [String: String]) {
    let variables = HubVariables(environment)
    var endpoint = variables.text("HF_ENDPOINT") ?? "https://huggingface.co"
    while endpoint.hasSuffix("/") { endpoint.removeLast() }
    self.endpoint = endpoint
    self.cache = variables.cacheFolder.map(HuggingFaceCache.init)
    let isSaid = variables.text("HF_HUB_OFFLINE") != nil
    self.isOffline = variables.isOn(isSaid ? "HF_HUB_OFFLINE" : "TRANSFORMERS_OFFLINE")
    if variables.isOn("HF_HUB_DISABLE_IMPLICIT_TOKEN") {
      self.token = nil
    } else {
      self.token =
        variables.text("HF_TOKEN") ?? variables.text("HUGGING_FACE_HUB_TOKEN")
        ?? variables.tokenFile.flatMap { SmallFile.text(at: $0, atMost: 4096) }
    }
  }
}

/// The variables that say where Hugging Face's tools keep things.
struct HubVariables {
  private let environment: [String: String]

  init(_ environment: [String: String]) { self.environment = environment }

  /// The value without space around it; `nil` if it is missing or empty.
  func text(_ name: String) -> String? {
    let text = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
    return text?.isEmpty == false ? text : nil
  }

  func isOn(_ name: String) -> Bool {
    text(name).map { ["1", "ON", "YES", "TRUE"].contains($0.uppercased()) } ?? false
  }

  var cacheFolder: String? {
    path("HF_HUB_CACHE") ?? path("HUGGINGFACE_HUB_CACHE") ?? home.map { $0 + "/hub" }
  }

  /// The file that `hf auth login` writes.
  var tokenFile: String? { path("HF_TOKEN_PATH") ?? home.map { $0 + "/token" } }

  private var home: String? {
    let caches = path("XDG_CACHE_HOME") ?? userHome.map { $0 + "/.cache" }
    return path("HF_HOME") ?? caches.map { $0 + "/huggingface" }
  }

  private var userHome: String? { text("HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } }

  private func path(_ name: String) -> String? {
    guard let path = text(name).map(expanded) else { return nil }
    guard path == "~" || path.hasPrefix("~/") else { return path }
    return userHome.map { $0 + path.dropFirst() }
  }

  /// Puts variables in place of `$NAME` and `${NAME}`; what is not set stays as it stands.
  private func expanded(_ path: String) -> String {
    path.replacing(/\$(?:(\w+)|\{([^}]*)\})/) { match in
      (match.1 ?? match.2).flatMap { environment[String($0)] } ?? String(match.0)
    }
  }
}
