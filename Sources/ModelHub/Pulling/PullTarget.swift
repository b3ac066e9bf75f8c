import SourceDiagnostics

/// What a pull is about, once the request and the catalogue are put together.
struct PullTarget: Sendable {
  let row: CatalogueRow?
  let name: String
  let repository: String
  /// What to ask the hub for, a commit or a branch.
  let revision: String
  let isPinned: Bool
  let selection: PullSelection
  let replaces: Bool

  /// - Parameters:
  ///   - request: What is asked for.
  ///   - catalogue: The models known by name.
  ///   - endpoint: The hub, whose address may stand before a repository.
  /// - Throws: If the request names nothing that can be fetched, or a name that another model has.
  init(
    _ request: ModelPuller.Request,
    _ catalogue: [CatalogueRow],
    endpoint: String
  ) throws(Diagnostic) {
    let named = Self.withoutAddress(request.model, endpoint: endpoint)
    let row = catalogue.row(named: named)
    guard let repository = row?.repository ?? Self.repository(named) else {
      throw .notInCatalogue(request.model, among: catalogue.map(\.name))
    }
    let name =
      request.name ?? row?.name ?? repository.split(separator: "/").last.map(String.init) ?? ""
    guard ModelPuller.isName(name) else { throw .badModelName(name) }
    if let other = catalogue.row(named: name), other.repository != repository {
      throw .publishedName(name, repository: other.repository)
    }
    if row != nil, row?.weights == nil, request.revision == nil {
      throw .onlyPickles(repository, note: row?.note)
    }
    // A published digest is of the catalogue's own commit.
    let isOwn = request.revision == nil || request.revision == row?.revision
    self.row = isOwn ? row : nil
    self.name = name
    self.repository = repository
    self.revision = request.revision ?? row?.revision ?? "main"
    self.isPinned = revision.wholeMatch(of: /[0-9a-f]{40}/) != nil
    self.selection = request.selection
    self.replaces = request.replaces
  }

  /// Returns "owner/name" for the address of a repository's page; any other text as it is.
  private static func withoutAddress(_ text: String, endpoint: String) -> String {
    for address in [endpoint + "/", "https://huggingface.co/", "huggingface.co/"]
    where text.hasPrefix(address) {
      return text.dropFirst(address.count).split(separator: "/").prefix(2).joined(separator: "/")
    }
    return text
  }

  private static func repository(_ text: String) -> String? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ ModelPuller.isName(String($0)) }) else {
      return nil
    }
    return text
  }
}
