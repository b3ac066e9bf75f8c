import Foundation
import ModelWeights
import SourceDiagnostics
import Synchronization

/// One pull of one model: reads the headers, plans, fetches what is missing and seals the result.
struct CheckpointPull: Sendable {
  let target: PullTarget
  let client: HubClient
  let progress: (@Sendable (Double) -> Void)?
  private static let longestTokenizer = 64 << 20

  /// Fetches what is missing and moves the result to its place.
  ///
  /// - Throws: The first fault; what was fetched until then is in the hidden folder.
  func run(
    into part: PartFolder,
    destination: String
  ) throws(Diagnostic) -> ModelPuller.Outcome {
    let older = PulledModel(at: destination)
    if FileManager.default.fileExists(atPath: destination) {
      let weights = destination + "/" + PulledModel.weightsName
      let isDamaged =
        older == nil && FileManager.default.fileExists(atPath: weights)
        && (try? ModelSummary.read(path: destination)) == nil
      if isDamaged, !target.replaces {
        throw .damagedModel(target.name, repository: target.repository, path: destination)
      }
      guard isDamaged || older?.repository == target.repository else {
        throw .nameTaken(target.name, path: destination)
      }
    }
    let connection = client.connection()
    let sources = try weights(over: connection)
    let revision = sources.first?.file.revision ?? target.revision
    try compare(sources)
    try requireLayers(sources)
    let sideFiles = try sideFiles(revision: revision, over: connection)

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
        endpoint: client.settings.endpoint,
        license: target.row?.license,
        selection: selection,
        fileDigests: sideFiles.mapValues(ContentDigest.sha256)
      )
    )
    try requireRoom(for: plan.fileSize - part.allocatedBytes, beside: destination)
    let kept = try part.prepare(for: plan)
    for (name, bytes) in sideFiles { try part.write(bytes, as: name) }
    // A tokenizer or layout that cannot be read is found before the weights are fetched.
    try part.write(header: plan.header(digests: [:]))
    try requireOpenable(part)
    let pieces = plan.pieces.filter { !kept.contains($0) }
    client.allow(2 * pieces.reduce(0) { $0 + $1.range.count })
    try PieceFetcher(client: client, plan: plan, part: part, progress: progress).fetch(pieces)
    if let older { try copy(from: older, plan, into: part) }
    let published = try seal(part, plan)
    try part.moveIntoPlace(at: destination)

    var outcome = ModelPuller.Outcome(name: target.name, path: destination, origin: .fetched)
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
    _ sources: [RemoteWeights]
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

  private func requireLayers(_ sources: [RemoteWeights]) throws(Diagnostic) {
    guard let wanted = target.selection.layers.max() else { return }
    let names = sources.flatMap { $0.header.tensors.flatMap(\.canonicalNames) }
    let last = names.compactMap { PullSelection.split($0).layer }.max() ?? -1
    guard wanted <= last else {
      throw .noSuchLayer(wanted, repository: target.repository, last: last)
    }
  }

  /// Reads the files that name the tokens and tell how the tensors are laid out.
  private func sideFiles(
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

  private func requireRoom(
    for byteCount: Int,
    beside destination: String
  ) throws(Diagnostic) {
    let folder = URL(fileURLWithPath: destination).deletingLastPathComponent().path
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue else { return }
    guard free > byteCount else { throw .diskFull(folder, free: free, needed: byteCount) }
  }

  // MARK: Finishing

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
      throw .writing(part.path, error)
    }
  }

  /// Writes the header, now that the digests are known, and opens the result as any model.
  ///
  /// - Returns: How many tensors have the digest that is published for them.
  private func seal(
    _ part: PartFolder,
    _ plan: PullPlan
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
      let header = plan.header(digests: digests)
      try part.write(header: header)
      let digest = ContentDigest.sha256(Data(header))
      try part.write(Data((digest + "\n").utf8), as: PulledModel.sealName)
      try requireOpenable(part)
    } catch let fault as Diagnostic {
      throw fault
    } catch {
      throw .writing(part.path, error)
    }
    return published
  }

  private func requireOpenable(_ part: PartFolder) throws(Diagnostic) {
    do {
      _ = try LoadedModel.open(path: part.path)
    } catch {
      // The folder will be gone when this is read; on the hub the files have the same names.
      let file = error.place?.file.split(separator: "/").last.map(String.init)
      throw error.at(file.map { SourcePlace(file: $0) })
    }
  }
}
