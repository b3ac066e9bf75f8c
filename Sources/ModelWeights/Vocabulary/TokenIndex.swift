/// Ids by bytes.
struct TokenIndex: Sendable {
  /// Keys share the vocabulary's storage.
  ///
  /// Of equal tokens the first counts, and one that is text before one that is not.
  private let ids: [ArraySlice<UInt8>: Int32]
  private let isText: [Bool]
  /// The token of each single byte, where that is text.
  private(set) var byteTokens: [Int32?] = []

  /// - Parameters:
  ///   - names: Each token's bytes.
  ///   - isText: Whether each is one that splitting can arrive at, rather than a mark or one that
  ///     was added to the vocabulary.
  init(_ names: ByteStrings, isText: [Bool]) {
    var ids: [ArraySlice<UInt8>: Int32] = [:]
    ids.reserveCapacity(names.count)
    for id in 0..<names.count {
      let name = names[id]
      guard let earlier = ids[name] else {
        ids[name] = Int32(id)
        continue
      }
      if isText[id], !isText[Int(earlier)] { ids[name] = Int32(id) }
    }
    self.ids = ids
    self.isText = isText
    self.byteTokens = (0...255).map { text([UInt8($0)]) }
  }

  subscript(bytes: ArraySlice<UInt8>) -> Int32? { ids[bytes] }

  /// Returns the token with these bytes if it is one that splitting can arrive at.
  func text(_ bytes: ArraySlice<UInt8>) -> Int32? {
    ids[bytes].flatMap { isText[Int($0)] ? $0 : nil }
  }
}
