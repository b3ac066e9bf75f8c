import Foundation
import SourceDiagnostics

/// Every fault this target reports: the shelf, the catalogue, the hub, and what it sends.
extension Diagnostic {
  // MARK: The shelf

  static func unknownModel(_ name: String, among names: [String], known: String?) -> Diagnostic {
    if let known {
      return Diagnostic(
        "model-not-here",
        "the model '\(known)' is not on this machine",
        help: "fetch it with: workbook models pull \(known)"
      )
    }
    let list =
      names.isEmpty
      ? "there are no models here; name a file, or get one with `workbook models pull`"
      : "there is: \(names.joined(separator: ", "))"
    let meant = Suggestion.closest(to: name, among: names + Catalogue.names)
      .map { "did you mean '\($0)'? " }
    return Diagnostic("unknown-model", "no model named '\(name)'", help: (meant ?? "") + list)
  }

  static func noSuchFile(_ path: String) -> Diagnostic {
    Diagnostic(
      "no-such-file",
      "there is no file or folder '\(path)'",
      help: "a model's name has no '/' in it; a path must lead to a file or folder"
    )
  }

  static func undigestable(reason: String) -> Diagnostic {
    Diagnostic("unreadable-file", "cannot read the file: \(reason)")
  }

  // MARK: What is asked for

  static func notInCatalogue(_ name: String, among names: [String]) -> Diagnostic {
    let meant = Suggestion.closest(to: name, among: names).map { "did you mean '\($0)'? " } ?? ""
    return Diagnostic(
      "unknown-model",
      "no model named '\(name)' is known here",
      help: meant + "known are \(names.joined(separator: ", "));"
        + " any other is named by its repository, such as owner/name"
    )
  }

  static func badModelName(_ name: String) -> Diagnostic {
    Diagnostic(
      "bad-model-name",
      "'\(name)' cannot be a model's name here, expected letters, digits, '.', '_' and '-'",
      help: "choose one with --name"
    )
  }

  static func publishedName(_ name: String, repository: String) -> Diagnostic {
    Diagnostic(
      "name-taken",
      "'\(name)' is the name of a published model, '\(repository)', and would be taken for it",
      help: "choose another name with --name"
    )
  }

  static func damagedModel(_ name: String, repository: String, path: String) -> Diagnostic {
    Diagnostic(
      "damaged-model",
      "'\(name)' is here, but it cannot be read",
      help: "fetch it again with: workbook models pull \(repository) --name \(name) --force",
      at: SourcePlace(file: path)
    )
  }

  static func noSuchLayer(_ layer: Int, repository: String, last: Int) -> Diagnostic {
    Diagnostic(
      "no-such-layer",
      last < 0
        ? "'\(repository)' has no layers that are known here, so no layer \(layer)"
        : "'\(repository)' has the layers 0..\(last), so no layer \(layer)"
    )
  }

  static func notRemovable(_ name: String, place: String) -> Diagnostic {
    Diagnostic(
      "not-removable",
      "'\(name)' \(place)",
      help: "only models that were fetched or imported are removed"
    )
  }

  static func notRemoved(_ path: String, reason: String) -> Diagnostic {
    Diagnostic(
      "not-removed",
      "it cannot be removed: \(reason)",
      at: SourcePlace(file: path)
    )
  }

  static func cannotLinkConverted(_ path: String) -> Diagnostic {
    Diagnostic(
      "cannot-link",
      "'\(path)' has to be converted, so it cannot be linked to",
      help: "run the command again without --link"
    )
  }

  static func tokensNotNeeded(_ path: String) -> Diagnostic {
    Diagnostic(
      "unused-tokens",
      "'\(path)' brings its own tokens; a file of them is only for numpy arrays",
      help: "run the command again without --tokens"
    )
  }

  static func nameTaken(_ name: String, path: String) -> Diagnostic {
    Diagnostic(
      "name-taken",
      "another model has the name '\(name)' already, and it was left alone",
      help: "choose another name with --name",
      at: SourcePlace(file: path)
    )
  }

  static func onlyPickles(_ repository: String, note: String?) -> Diagnostic {
    Diagnostic(
      "pickled-weights",
      "'\(repository)' has no safetensors, only a pickle, which can run code when it is read",
      help: note
        ?? "convert it yourself with Python's torch and safetensors, then `workbook models import`"
    )
  }

  static func noEmbeddingOnHub(_ repository: String) -> Diagnostic {
    Diagnostic(
      "no-embedding",
      "'\(repository)' holds no tensor that is known here as a token embedding",
      help: "`--all` fetches a checkpoint of any kind only if it holds one"
    )
  }

  static func offline(_ name: String) -> Diagnostic {
    Diagnostic(
      "offline",
      "'\(name)' is not here, and HF_HUB_OFFLINE forbids the network",
      help: "unset HF_HUB_OFFLINE, or copy the model's folder here and `workbook models import` it"
    )
  }

  // MARK: The hub's answers

  static func badEndpoint(_ endpoint: String) -> Diagnostic {
    // What stands before an "@" may be a password.
    let shown = endpoint.contains("@") ? "an address with a user name" : "'\(endpoint)'"
    return Diagnostic(
      "bad-endpoint",
      "HF_ENDPOINT is \(shown), expected an address such as https://huggingface.co"
    )
  }

  static let noCurl = Diagnostic(
    "no-libcurl",
    "there is no libcurl (7.68 or later) on this machine, which fetching needs",
    help: "install it (on Debian and Ubuntu: apt-get install libcurl4), or copy the model's folder"
      + " here and `workbook models import` it"
  )

  static func tooMuchWanted(_ repository: String, limit: Int) -> Diagnostic {
    Diagnostic(
      "too-many-bytes",
      "the tensors wanted of '\(repository)' take more than \(limit >> 30) GiB",
      help: "fetch some layers instead of all"
    )
  }

  static let badToken = Diagnostic(
    "bad-token",
    "the token for the hub holds characters that no token has",
    help: "set HF_TOKEN to a token from https://huggingface.co/settings/tokens, or unset it"
  )

  static func notLetIn(_ repository: String, hasToken: Bool) -> Diagnostic {
    Diagnostic(
      "not-let-in",
      hasToken
        ? "the hub does not accept the token for '\(repository)' (401)"
        : "the hub asks for a token for '\(repository)', or has no such repository (401)",
      help: hasToken
        ? "check HF_TOKEN, or get a new one at https://huggingface.co/settings/tokens"
        : "check the name; if it is right, set HF_TOKEN"
    )
  }

  static func forbidden(_ repository: String, hasToken: Bool) -> Diagnostic {
    Diagnostic(
      "forbidden",
      "the hub does not let \(hasToken ? "this token" : "anyone without a token")"
        + " read '\(repository)' (403)",
      help: "accept the model's conditions on its page on the hub"
        + (hasToken ? "" : ", then set HF_TOKEN")
    )
  }

  static func noRepository(_ repository: String) -> Diagnostic {
    Diagnostic(
      "no-such-repository",
      "the hub has no repository '\(repository)' (404)",
      help: "check the owner and the name"
    )
  }

  static func noRevision(_ revision: String, of repository: String) -> Diagnostic {
    Diagnostic(
      "no-such-revision",
      "'\(repository)' has no revision '\(revision)' (404)",
      help: "name a branch or a commit with --revision, such as main"
    )
  }

  static let fileNotOnHubRule = "no-such-file-on-hub"

  static func fileNotOnHub(_ file: String, repository: String) -> Diagnostic {
    Diagnostic(
      fileNotOnHubRule,
      "'\(repository)' has no file '\(file)' (404)",
      help: "look at the repository's files on the hub; only safetensors can be fetched"
    )
  }

  static func unexpectedStatus(_ status: Int, file: String) -> Diagnostic {
    Diagnostic(
      "unexpected-answer",
      "the server answered \(status) when asked for '\(file)', expected 200 or 206"
    )
  }

  static func rateLimited(_ file: String, seconds: Double) -> Diagnostic {
    Diagnostic(
      "rate-limited",
      "the server asks to wait \(Int(seconds)) s before '\(file)' may be read",
      help: "run the command again later; what is here is kept, and a token (HF_TOKEN) allows more"
    )
  }

  static func hubLost(_ file: String, reason: String) -> Diagnostic {
    Diagnostic(
      "hub-lost",
      "reading '\(file)' failed again and again: \(reason)",
      help: "check the network, then run the command again; it goes on where it stopped"
    )
  }

  static func rangesIgnored(_ file: String) -> Diagnostic {
    Diagnostic(
      "ranges-ignored",
      "the server sends all of '\(file)' when asked for a part (200), expected 206",
      help: "HF_ENDPOINT or a proxy on the way does not know ranges; use another"
    )
  }

  static func wrongContentRange(_ file: String, found: String?) -> Diagnostic {
    Diagnostic(
      "wrong-range",
      "the server sent another part of '\(file)' than it was asked for"
        + " (Content-Range: \(found.map { "'\($0.prefix(80))'" } ?? "none"))",
      help: "HF_ENDPOINT or a proxy on the way is broken; use another"
    )
  }

  static func wrongLength(_ file: String) -> Diagnostic {
    Diagnostic(
      "wrong-length",
      "the server sent another number of bytes of '\(file)' than it announced",
      help: "HF_ENDPOINT or a proxy on the way is broken; use another"
    )
  }

  static func tooManyBytes(_ file: String) -> Diagnostic {
    Diagnostic(
      "too-many-bytes",
      "the server sent far more bytes than were asked for, the last of them of '\(file)'"
    )
  }

  static func hubFileTooLong(_ file: String, limit: Int) -> Diagnostic {
    Diagnostic("file-too-long", "'\(file)' is longer than the \(limit) bytes accepted")
  }

  static func hubFileChanged(_ file: String) -> Diagnostic {
    Diagnostic(
      "file-changed",
      "'\(file)' became another file while it was read",
      help: "what was fetched of it is gone; run the command again"
    )
  }

  static func badRedirect(_ file: String, location: String?) -> Diagnostic {
    Diagnostic(
      "bad-redirect",
      "the server sends readers of '\(file)' to"
        + " \(location.map { "'\($0.prefix(120))'" } ?? "nowhere"), expected an https address"
    )
  }

  static func tooManyRedirects(_ file: String, limit: Int) -> Diagnostic {
    Diagnostic(
      "too-many-redirects",
      "the server sends readers of '\(file)' from one place to another more than \(limit) times"
    )
  }

  static func notAsPublished(_ what: String, found: String, published: String) -> Diagnostic {
    Diagnostic(
      "not-as-published",
      "'\(what)' has \(found), expected \(published) as published",
      help: "it is not the model it is named after; to study it all the same, name its repository"
        + " and --revision"
    )
  }

  static func notInIndex(_ tensor: String, file: String) -> Diagnostic {
    Diagnostic(
      "index-mismatch",
      "the index and the files do not agree on where tensor '\(tensor)' is ('\(file)')"
    )
  }

  // MARK: This machine

  static func cannotPullTo(_ path: String, reason: String) -> Diagnostic {
    Diagnostic(
      "unwritable-folder",
      "cannot write '\(path)': \(reason)",
      help: "set WORKBOOK_MODELS to a folder that can be written"
    )
  }

  static let diskFullRule = "disk-full"
  private static let makeRoom =
    "free some space, or set WORKBOOK_MODELS to a folder on another disk; what is here is kept"

  static func diskFull(_ path: String, free: Int, needed: Int) -> Diagnostic {
    Diagnostic(
      diskFullRule,
      "'\(path)' has room for \(free / 1_000_000) MB, expected \(needed / 1_000_000) MB",
      help: makeRoom
    )
  }

  /// Returns why something could not be written there.
  static func writing(_ path: String, _ error: any Error) -> Diagnostic {
    let reason = failureText(error)
    let full = [ENOSPC, EDQUOT].map { String(cString: strerror($0)).lowercased() }
    guard full.contains(reason) else { return .cannotPullTo(path, reason: reason) }
    return Diagnostic(diskFullRule, "cannot write '\(path)': \(reason)", help: makeRoom)
  }

  /// Ends the other threads' reads after one has failed; never shown.
  static let anotherPartFailed = Diagnostic("stopped", "another part failed")

  // MARK: Notices

  static func waitingForHub(seconds: Double) -> Diagnostic {
    Diagnostic(
      "waiting",
      "the server asks to wait \(Int(seconds)) s",
      severity: .warning
    )
  }

  static func anotherWriter(_ name: String) -> Diagnostic {
    Diagnostic(
      "waiting",
      "another process is fetching or importing '\(name)'; waiting for it",
      severity: .warning
    )
  }

  static func anotherPull(_ name: String) -> Diagnostic {
    Diagnostic(
      "waiting",
      "another process is fetching '\(name)'; waiting for it",
      severity: .warning
    )
  }
}
