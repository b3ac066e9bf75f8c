/// The files of a workbook before they are written, which a planted fault edits.
struct PlantedFiles: Sendable {
  /// Something that is no regular file.
  enum Oddity: Sendable {
    case folder, link, socket
  }

  /// An edit that does not fit the text it is made in.
  struct NoSuchText: Error {
    let text: String
    let path: String
  }

  /// The texts by path; a solution's are plain, and encoded when they are written.
  private(set) var texts: [String: String]
  /// Bytes that are written as they are.
  private(set) var stored: [String: [UInt8]] = [:]
  private(set) var oddities: [String: Oddity] = [:]

  init(isLean: Bool) {
    texts = PlantedPuzzle.texts(isLean: isLean)
  }

  /// Puts one text in the place of another, which must be there exactly once.
  mutating func replace(_ old: String, with new: String, in path: String) throws {
    guard let text = texts[path], text.ranges(of: old).count == 1 else {
      throw NoSuchText(text: old, path: path)
    }
    texts[path] = text.replacing(old, with: new)
  }

  mutating func append(_ text: String, to path: String) throws {
    guard let old = texts[path] else { throw NoSuchText(text: text, path: path) }
    texts[path] = old + text
  }

  mutating func write(_ text: String, to path: String) { texts[path] = text }

  mutating func add(_ files: [String: String]) { texts.merge(files) { $1 } }

  /// Writes bytes under this very name, neither encoded nor checked.
  mutating func store(_ bytes: some Sequence<UInt8>, as path: String) {
    stored[path] = Array(bytes)
  }

  mutating func remove(_ path: String) { texts[path] = nil }

  /// Takes a file away and leaves something odd in its place.
  mutating func put(_ oddity: Oddity, at path: String) {
    texts[path] = nil
    oddities[path] = oddity
  }

  /// Makes a file lie there plain instead of encoded.
  mutating func leavePlain(_ path: String) {
    if let text = texts.removeValue(forKey: path) { stored[path] = Array(text.utf8) }
  }
}
