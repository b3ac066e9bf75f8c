import Crypto
import Foundation
package import ModelWeights
package import SourceDiagnostics

extension ModelShelf {
  /// Computes the digests of a model's files and tensors and compares them with what is known.
  ///
  /// A bundled model is compared with the file that comes with the workbook, a fetched one with the
  /// published digests of its tensors and with those recorded when it was fetched, one in Hugging
  /// Face's cache with the published digest of the file.
  ///
  /// - Parameters:
  ///   - nameOrPath: The model.
  ///   - progress: Receives the share that is done.
  /// - Returns: A check for each file or tensor; of a model that nothing is known of, its digests.
  /// - Throws: If it cannot be found or read.
  /// - Complexity: O(bytes of the model).
  package func verify(
    _ nameOrPath: String,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(Diagnostic) -> [ModelCheck] {
    let entry = try entry(nameOrPath)
    let checks = try checks(of: entry, progress: progress)
    let isChanged = checks.contains { check in
      if case .changed = check.finding { true } else { false }
    }
    // A file that cannot be read is no model, whatever its digest.
    if !isChanged { _ = try entry.summary.get() }
    return checks
  }

  private func checks(
    of entry: ShelfEntry,
    progress: (@Sendable (Double) -> Void)?
  ) throws(Diagnostic) -> [ModelCheck] {
    let row = Catalogue.row(named: entry.name)
    switch entry.place {
    case .pulled:
      guard let model = PulledModel(at: entry.path) else { return [] }
      let isRow = row?.repository == model.repository && row?.revision == model.commit
      return try checks(of: model, row: isRow ? row : nil, progress: progress)
    case .bundled:
      let file = Self.lastComponent(entry.path)
      let known = row?.bundled.flatMap { $0.file == file ? $0.sha256 : nil }
      return try checks(
        ofFiles: entry.path,
        row: row,
        known: [file: known].compactMapValues { $0 },
        progress: progress
      )
    case .cache, .imported, .file:
      let files = [row?.weights].compactMap { $0 } + (row?.tokenizer ?? [])
      let known = Dictionary(
        files.compactMap { file in file.sha256.map { (file.file, $0) } }
      ) { first, _ in first }
      return try checks(ofFiles: entry.path, row: row, known: known, progress: progress)
    }
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  // MARK: Models that were fetched

  private func checks(
    of model: PulledModel,
    row: CatalogueRow?,
    progress: (@Sendable (Double) -> Void)?
  ) throws(Diagnostic) -> [ModelCheck] {
    var checks: [ModelCheck] = []
    let recorded = model.tensorDigests
    do {
      let file = try RegularFile.open(model.weightsPath)
      defer { try? file.close() }
      for tensor in model.header.tensors {
        let digest = try ContentDigest.sha256(file, in: tensor.range)
        let published = tensor.dtype == "F32" ? row?.tensors[tensor.name] : nil
        checks.append(
          Self.check(tensor.name, digest, published: published, recorded: recorded[tensor.name])
        )
        progress?(Double(tensor.range.upperBound) / Double(max(1, model.header.fileSize)))
      }
      let (found, recordedHeader) = model.headerDigest
      checks.append(Self.check("header", found, published: nil, recorded: recordedHeader))
    } catch {
      throw Diagnostic.undigestable(reason: failureText(error))
        .at(SourcePlace(file: model.weightsPath))
    }
    let present = Set(model.header.tensors.map(\.name))
    for (name, digest) in recorded.sorted(by: { $0.key < $1.key }) where !present.contains(name) {
      checks.append(Self.missing(name, expected: digest))
    }
    for (name, recorded) in model.fileDigests.sorted(by: { $0.key < $1.key }) {
      let published = row?.tokenizer.first { $0.file == name }?.sha256
      let path = model.path + "/" + name
      guard FileManager.default.fileExists(atPath: path) else {
        checks.append(Self.missing(name, expected: recorded))
        continue
      }
      let digest = try digest(of: path)
      checks.append(Self.check(name, digest, published: published, recorded: recorded))
    }
    return checks
  }

  private static func missing(_ subject: String, expected: String) -> ModelCheck {
    ModelCheck(subject: subject, sha256: "missing", finding: .changed(expected: expected))
  }

  private static func check(
    _ subject: String,
    _ digest: String,
    published: String?,
    recorded: String?
  ) -> ModelCheck {
    let finding: ModelCheck.Finding
    if let published {
      finding = digest == published ? .published : .changed(expected: published)
    } else if let recorded {
      finding = digest == recorded ? .unchanged : .changed(expected: recorded)
    } else {
      finding = .unknown
    }
    return ModelCheck(subject: subject, sha256: digest, finding: finding)
  }

  // MARK: Models that came otherwise

  private func checks(
    ofFiles path: String,
    row: CatalogueRow?,
    known: [String: String],
    progress: (@Sendable (Double) -> Void)?
  ) throws(Diagnostic) -> [ModelCheck] {
    var checks: [ModelCheck] = []
    let files = Self.files(at: path)
    let total = files.reduce(1) { $0 + Self.byteCount(of: $1) }
    var done = 0
    for file in files {
      let name = Self.lastComponent(file)
      let digest = try digest(of: file) { count in
        done += count
        progress?(Double(done) / Double(total))
      }
      checks.append(Self.check(name, digest, published: known[name], recorded: nil))
    }
    guard let tensors = row?.tensors, !tensors.isEmpty,
      !checks.contains(where: { $0.finding == .published && $0.subject.hasSuffix(".safetensors") })
    else { return checks }
    let model = try LoadedModel.open(path: path)
    for tensor in model.storedTensors {
      guard let published = tensors[tensor.fileName] else { continue }
      let digest = try Self.float32Digest(of: tensor.fileName, in: model)
      checks.append(Self.check(tensor.fileName, digest, published: published, recorded: nil))
    }
    return checks
  }

  /// The files of a model that can be compared: itself, or the weights and tokenizer of a folder.
  private static func files(at path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { return [path] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let others: Set = ["tokenizer.json", "vocab.json", "merges.txt", "vocab.txt", "config.json"]
    return names.sorted().filter { others.contains($0) || $0.hasSuffix(".safetensors") }
      .map { path + "/" + $0 }
  }

  private static func byteCount(of path: String) -> Int {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let size = (try? FileManager.default.attributesOfItem(atPath: real))?[.size] as? NSNumber
    return size?.intValue ?? 0
  }

  /// Returns the SHA-256 of a stored tensor's values as little-endian float32.
  package static func float32Digest(
    of tensor: String,
    in model: LoadedModel
  ) throws(Diagnostic) -> String {
    var hash = SHA256()
    try model.float32Bytes(ofStored: tensor) { hash.update(data: $0) }
    return ContentDigest.hexadecimal(hash.finalize())
  }
}
