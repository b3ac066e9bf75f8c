import Dispatch
import Foundation
import ModelWeights
package import SourceDiagnostics
import Synchronization

/// Fetches a model's tensors from Hugging Face's hub, and only those that are wanted.
///
/// Everything that comes is checked: the size and digest that are published of the whole file
/// before a byte of weights is asked for, the header by the rules for any file, each answer against
/// what was asked, and each tensor's digest at the end. Nothing carries the model's name until all
/// of it is there.
package struct ModelPuller: Sendable {
  /// What to fetch.
  package struct Request: Sendable {
    /// A name of the catalogue, or a repository, "owner/name".
    package var model: String
    /// A branch or commit other than the catalogue's.
    package var revision: String?
    package var selection = PullSelection()
    /// What to call it here; by default its own name.
    package var name: String?

    package init(model: String) { self.model = model }
  }

  /// What came of it.
  package struct Outcome: Sendable {
    package enum Origin: Sendable {
      case fetched
      /// All that was asked for had been fetched before.
      case alreadyHere
      /// Hugging Face's own tools have it; it is used from there.
      case inCache
    }

    package let name: String
    package let path: String
    package let origin: Origin
    /// How many bytes came over the network this time.
    package var bytesReceived = 0
    /// How many bytes of weights an interrupted try had left.
    package var bytesKept = 0
    /// The size of the whole checkpoint on the hub.
    package var checkpointBytes = 0
    package var tensorCount = 0
    /// How many tensors were compared with a published digest; all of them agreed.
    package var publishedDigests = 0
    package var commit: String?
    /// Whether the commit was chosen by the catalogue or the user rather than being the newest.
    package var isPinned = false
  }

  private let settings: HubSettings
  private let folder: String
  private let catalogue: [CatalogueRow]
  private let client: HubClient
  private let notice: @Sendable (Diagnostic) -> Void
  private let progress: (@Sendable (Double) -> Void)?
  private static let connections = 4
  private static let longestTokenizer = 64 << 20

  /// - Parameters:
  ///   - settings: Where the hub is and what to show it.
  ///   - folder: Where models are put, each in a folder of its own; made if need be.
  ///   - catalogue: The models known by name, and what is published of them.
  ///   - patience: How often and how long to try.
  ///   - notice: Receives what the user should know meanwhile.
  ///   - progress: Receives the share of the weights that are here.
  package init(
    settings: HubSettings,
    folder: String,
    catalogue: [CatalogueRow] = Catalogue.rows,
    patience: HubPatience = HubPatience(),
    notice: @escaping @Sendable (Diagnostic) -> Void = { _ in },
    progress: (@Sendable (Double) -> Void)? = nil
  ) {
    self.settings = settings
    self.folder = folder
    self.catalogue = catalogue
    self.client = HubClient(settings: settings, patience: patience, notice: notice)
    self.notice = notice
    self.progress = progress
  }

  /// Fetches a model, or finds that it is here.
  ///
  /// - Throws: What went wrong. After a fault that more tries may mend, what was fetched is kept for
  ///   the next try, in a hidden folder; after any other nothing is left.
  package func pull(_ request: Request) throws(Diagnostic) -> Outcome {
    let target = try Target(request, catalogue)
    if request.revision == nil, let row = target.row, target.name == row.name,
      let path = settings.cache?.snapshot(of: row)
    {
      return Outcome(name: target.name, path: path, origin: .inCache)
    }
    let destination = folder + "/" + target.name
    if let outcome = alreadyHere(target, at: destination) { return outcome }
    guard !settings.isOffline else { throw .offline(target.name) }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotPullTo(folder, reason: error.localizedDescription.lowercased())
    }
    let lock = FolderLock(path: "\(folder)/.\(target.name).lock")
    return try lock.held(whileWaiting: { notice(.anotherPull(target.name)) }) {
      () throws(Diagnostic) in
      // Another process may have fetched it while this one waited.
      if let outcome = alreadyHere(target, at: destination) { return outcome }
      let part = PartFolder(path: "\(folder)/.\(target.name).part")
      do throws(Diagnostic) {
        return try fetch(target, into: part, destination: destination)
      } catch {
        if !Self.passingRules.contains(error.rule) { part.discard() }
        throw error
      }
    }
  }

  /// The faults after which another try may go on where this one stopped.
  private static let passingRules: Set = ["hub-lost", "rate-limited", "disk-full"]

  // MARK: What is asked for

  private struct Target {
    let row: CatalogueRow?
    let name: String
    let repository: String
    /// What to ask the hub for, a commit or a branch.
    let revision: String
    let isPinned: Bool
    let selection: PullSelection

    init(_ request: Request, _ catalogue: [CatalogueRow]) throws(Diagnostic) {
      let row = catalogue.row(named: request.model)
      guard let repository = row?.repository ?? Self.repository(request.model) else {
        throw .notInCatalogue(request.model, among: catalogue.map(\.name))
      }
      let name =
        request.name ?? row?.name ?? repository.split(separator: "/").last.map(String.init) ?? ""
      guard ModelPuller.isName(name) else { throw .badModelName(name) }
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
    }

    private static func repository(_ text: String) -> String? {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, parts.allSatisfy({ ModelPuller.isName(String($0)) }) else {
        return nil
      }
      return text
    }
  }

  /// Returns whether a text can name a model here, or a part of a repository on the hub.
  static func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]{0,95}/) != nil
  }

  private func alreadyHere(_ target: Target, at path: String) -> Outcome? {
    guard let model = PulledModel(at: path), model.repository == target.repository,
      target.revision == (target.isPinned ? model.commit : model.revision),
      model.selection.covers(target.selection)
    else { return nil }
    var outcome = Outcome(name: target.name, path: path, origin: .alreadyHere)
    outcome.commit = model.commit
    outcome.tensorCount = model.header.tensors.count
    return outcome
  }

  // MARK: Fetching

  private func fetch(
    _ target: Target,
    into part: PartFolder,
    destination: String
  ) throws(Diagnostic) -> Outcome {
    let older = PulledModel(at: destination)
    if FileManager.default.fileExists(atPath: destination) {
      guard let older, older.repository == target.repository else {
        throw .nameTaken(target.name, path: destination)
      }
    }
    let connection = client.connection()
    let sources = try weights(of: target, over: connection)
    let revision = sources.first?.file.revision ?? target.revision
    try compare(sources, with: target)
    let sideFiles = try sideFiles(of: target, revision: revision, over: connection)

    let isSameCommit = older?.commit == revision
    var selection = target.selection
    if let older, isSameCommit { selection.formUnion(older.selection) }
    let plan = try PullPlan(
      sources,
      selection: selection,
      isTied: target.row?.tied ?? false,
      present: isSameCommit ? older?.intactTensors() ?? [] : [],
      metadata: PulledModel.metadata(
        name: target.name,
        source: HubFile(repository: target.repository, revision: revision, name: ""),
        askedFor: target.revision,
        endpoint: settings.endpoint,
        license: target.row?.license,
        selection: selection,
        fileDigests: sideFiles.mapValues(ContentDigest.sha256)
      )
    )
    try requireRoom(for: plan.fileSize)
    let kept = try part.prepare(for: plan)
    for (name, bytes) in sideFiles { try part.write(bytes, as: name) }
    let pieces = plan.pieces.filter { !kept.contains($0) }
    client.allow(2 * pieces.reduce(0) { $0 + $1.range.count })
    try fetch(pieces, of: plan, into: part)
    if let older { try copy(from: older, plan, into: part) }
    let published = try seal(part, plan, target)
    try part.moveIntoPlace(at: destination)

    var outcome = Outcome(name: target.name, path: destination, origin: .fetched)
    outcome.bytesReceived = client.bytesReceived
    outcome.bytesKept = kept.reduce(0) { $0 + $1.range.count }
    outcome.checkpointBytes = sources.reduce(0) { $0 + $1.version.size }
    outcome.tensorCount = plan.items.count
    outcome.publishedDigests = published
    outcome.commit = revision
    outcome.isPinned = target.isPinned
    return outcome
  }

  /// Reads the headers of the checkpoint's files, of one commit.
  private func weights(
    of target: Target,
    over connection: HTTPConnection
  ) throws(Diagnostic) -> [RemoteWeights] {
    func file(_ name: String, at revision: String? = nil) -> HubFile {
      HubFile(
        repository: target.repository,
        revision: revision ?? target.revision,
        name: name
      )
    }
    let single = file(target.row?.weights?.file ?? PulledModel.weightsName)
    do {
      return [try header(of: single, over: connection)]
    } catch  where error.rule == Diagnostic.fileNotOnHubRule {
      // Perhaps it is in several parts.
    }
    let indexFile = file("model.safetensors.index.json")
    let index = try client.contents(
      of: indexFile,
      atMost: Self.longestTokenizer,
      over: connection
    )
    guard let index else {
      throw try isThere(file("pytorch_model.bin"), over: connection)
        ? .onlyPickles(target.repository, note: nil)
        : .fileNotOnHub(single.name, repository: target.repository)
    }
    let revision = index.version.commit ?? target.revision
    let shards = try Self.index(index.bytes, of: indexFile)
    var sources: [RemoteWeights] = []
    for name in shards.files {
      let source = try header(of: file(name, at: revision), over: connection)
      for tensor in source.header.tensors where shards.file[tensor.name] != name {
        throw .notInIndex(tensor.name, file: name)
      }
      sources.append(source)
    }
    let present = Set(sources.flatMap { $0.header.tensors.map(\.name) })
    if let missing = shards.file.keys.sorted().first(where: { !present.contains($0) }) {
      throw .notInIndex(missing, file: shards.file[missing] ?? "")
    }
    return sources
  }

  private static func index(
    _ bytes: Data,
    of file: HubFile
  ) throws(Diagnostic) -> SafetensorsIndex {
    do {
      return try SafetensorsIndex(json: [UInt8](bytes))
    } catch {
      throw error.at(SourcePlace(file: file.name))
    }
  }

  private func isThere(
    _ file: HubFile,
    over connection: HTTPConnection
  ) throws(Diagnostic) -> Bool {
    do {
      _ = try client.read(
        0..<1,
        of: file,
        mayEndEarly: true,
        expecting: nil,
        over: connection
      ) { _, _ in }
      return true
    } catch  where error.rule == Diagnostic.fileNotOnHubRule {
      return false
    }
  }

  private func header(
    of file: HubFile,
    over connection: HTTPConnection
  ) throws(Diagnostic) -> RemoteWeights {
    let bytes = Mutex([UInt8]())
    func read(_ range: Range<Int>, _ version: FileVersion?) throws(Diagnostic) -> FileVersion {
      try client.read(
        range,
        of: file,
        mayEndEarly: true,
        expecting: version,
        over: connection
      ) { data, _ in
        bytes.withLock { $0 += data }
      }
    }
    let version = try read(0..<(64 << 10), nil)
    do {
      let prefix = bytes.withLock { $0 }
      let length = try SafetensorsHeader.length(prefix: prefix, fileSize: version.size)
      if length > prefix.count { _ = try read(prefix.count..<length, version) }
      let header = try SafetensorsHeader(bytes: bytes.withLock { $0 }, fileSize: version.size)
      // What a branch stands for may change, so the rest is read of the commit it stands for now.
      let pinned = HubFile(
        repository: file.repository,
        revision: version.commit ?? file.revision,
        name: file.name
      )
      return RemoteWeights(file: pinned, version: version, header: header)
    } catch {
      throw error.place == nil ? error.at(SourcePlace(file: file.name)) : error
    }
  }

  /// Compares what the hub and the headers say with what is published.
  private func compare(
    _ sources: [RemoteWeights],
    with target: Target
  ) throws(Diagnostic) {
    guard let row = target.row else { return }
    if let only = sources.first, sources.count == 1, let published = row.weights {
      if let size = published.bytes, size != only.version.size {
        throw .notAsPublished(
          only.file.name,
          found: "\(only.version.size) bytes",
          published: "\(size) bytes"
        )
      }
      if let digest = published.sha256, let claimed = only.version.sha256, digest != claimed {
        throw .notAsPublished(
          only.file.name,
          found: "the SHA-256 \(claimed)",
          published: digest
        )
      }
    }
    let embedding = sources.flatMap(\.header.tensors).first { $0.canonicalNames.contains("W_E") }
    if let embedding, embedding.shape != [row.tokens, row.channels] {
      throw .notAsPublished(
        embedding.name,
        found: "the shape \(embedding.shape)",
        published: "[\(row.tokens), \(row.channels)]"
      )
    }
  }

  /// Reads the files that name the tokens and tell how the tensors are laid out.
  private func sideFiles(
    of target: Target,
    revision: String,
    over connection: HTTPConnection
  ) throws(Diagnostic) -> [String: Data] {
    var files: [String: Data] = [:]
    func read(_ name: String) throws(Diagnostic) -> Bool {
      let file = HubFile(repository: target.repository, revision: revision, name: name)
      let answer = try client.contents(
        of: file,
        atMost: Self.longestTokenizer,
        over: connection
      )
      files[name] = answer?.bytes
      return answer != nil
    }
    _ = try read("config.json")
    if let known = target.row?.tokenizer, !known.isEmpty {
      for file in known {
        guard try read(file.file) else {
          throw .fileNotOnHub(file.file, repository: target.repository)
        }
        let found = files[file.file].map(ContentDigest.sha256)
        if let published = file.sha256, let found, found != published {
          throw .notAsPublished(file.file, found: "the SHA-256 \(found)", published: published)
        }
      }
    } else if try !read("tokenizer.json") {
      if try read("vocab.json") { _ = try read("merges.txt") } else { _ = try read("vocab.txt") }
    }
    return files
  }

  private func requireRoom(for byteCount: Int) throws(Diagnostic) {
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue else { return }
    guard free > byteCount else { throw .diskFull(folder, free: free, needed: byteCount) }
  }

  // MARK: Weights

  /// What the threads share.
  private struct Work: Sendable {
    var waiting: [PullPlan.Piece]
    var bytesHere: Int
    var fault: Diagnostic?
  }

  private func fetch(
    _ pieces: [PullPlan.Piece],
    of plan: PullPlan,
    into part: PartFolder
  ) throws(Diagnostic) {
    let total = max(1, plan.byteCount)
    let here = plan.byteCount - pieces.reduce(0) { $0 + $1.range.count }
    let work = Mutex(Work(waiting: pieces.reversed(), bytesHere: here))
    let group = DispatchGroup()
    for _ in 0..<min(Self.connections, pieces.count) {
      group.enter()
      // Threads of their own, since each mostly waits.
      Thread.detachNewThread {
        defer { group.leave() }
        let connection = client.connection()
        while let piece = work.withLock({ $0.fault == nil ? $0.waiting.popLast() : nil }) {
          do {
            try fetch(piece, of: plan, into: part, over: connection) { count in
              let (bytes, isStopped) = work.withLock { work in
                work.bytesHere += count
                return (work.bytesHere, work.fault != nil)
              }
              progress?(Double(bytes) / Double(total))
              return !isStopped
            }
          } catch {
            let fault =
              error as? Diagnostic
              ?? .cannotPullTo(part.path, reason: error.localizedDescription.lowercased())
            work.withLock { $0.fault = $0.fault ?? fault }
          }
        }
      }
    }
    group.wait()
    if let fault = work.withLock({ $0.fault }) { throw fault }
  }

  private func fetch(
    _ piece: PullPlan.Piece,
    of plan: PullPlan,
    into part: PartFolder,
    over connection: HTTPConnection,
    counting count: @escaping @Sendable (Int) -> Bool
  ) throws {
    let source = plan.sources[piece.source]
    let writer = try PieceWriter(part.weights(), piece)
    _ = try client.read(
      piece.range,
      of: source.file,
      expecting: source.version,
      over: connection
    ) { data, offset in
      try writer.write(data, at: offset)
      guard count(data.count) else { throw Diagnostic.anotherPartFailed }
    }
    try part.finish(piece, digest: writer.digest())
  }

  /// Copies the tensors that an older file of the same commit holds.
  private func copy(
    from older: PulledModel,
    _ plan: PullPlan,
    into part: PartFolder
  ) throws(Diagnostic) {
    let present = Dictionary(older.header.tensors.map { ($0.name, $0.range) }) { first, _ in first }
    do {
      let source = try FileHandle(forReadingFrom: URL(fileURLWithPath: older.weightsPath))
      let target = try part.weights()
      for item in plan.items where item.isPresent {
        guard let range = present[item.tensor.name], range.count == item.destination.count
        else { continue }
        try source.seek(toOffset: UInt64(range.lowerBound))
        try target.seek(toOffset: UInt64(item.destination.lowerBound))
        var left = range.count
        while left > 0, let bytes = try source.read(upToCount: min(left, 1 << 20)), !bytes.isEmpty {
          try target.write(contentsOf: bytes)
          left -= bytes.count
        }
      }
    } catch {
      throw .cannotPullTo(part.path, reason: error.localizedDescription.lowercased())
    }
  }

  /// Writes the header, now that the digests are known, and opens the result as any model.
  ///
  /// - Returns: How many tensors have the digest that is published for them.
  private func seal(
    _ part: PartFolder,
    _ plan: PullPlan,
    _ target: Target
  ) throws(Diagnostic) -> Int {
    var published = 0
    do {
      let file = try part.weights()
      var digests: [String: String] = [:]
      for item in plan.items {
        let digest = try ContentDigest.sha256(file, in: item.destination)
        digests[item.tensor.name] = digest
        if item.tensor.dtype == "F32", let wanted = target.row?.tensors[item.tensor.name] {
          guard digest == wanted else {
            throw Diagnostic.notAsPublished(
              item.tensor.name,
              found: "the SHA-256 \(digest)",
              published: wanted
            )
          }
          published += 1
        }
      }
      try file.seek(toOffset: 0)
      try file.write(contentsOf: Data(plan.header(digests: digests)))
      try file.close()
      _ = try LoadedModel.open(path: part.path)
    } catch let fault as Diagnostic {
      // The folder will be gone when this is read; on the hub the files have the same names.
      let file = fault.place?.file.split(separator: "/").last.map(String.init)
      throw fault.at(file.map { SourcePlace(file: $0) })
    } catch {
      throw .cannotPullTo(part.path, reason: error.localizedDescription.lowercased())
    }
    return published
  }
}
