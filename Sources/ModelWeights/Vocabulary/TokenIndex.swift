/// Ids by bytes.
struct TokenIndex: Sendable {
  /// Keys share the vocabulary's storage.
  ///
  /// Of equal tokens the first counts.
  private let ids: [ArraySlice<UInt8>: Int32]
  /// The token of each single byte.
  let byteTokens: [Int32?]

  init(_ names: ByteStrings) {
    var ids: [ArraySlice<UInt8>: Int32] = [:]
    ids.reserveCapacity(names.count)
    for id in 0..<names.count {
      let name = names[id]
      if ids[name] == nil { ids[name] = Int32(id) }
    }
    self.byteTokens = (0...255).map { ids[[UInt8($0)]] }
    self.ids = ids
  }

  subscript(bytes: ArraySlice<UInt8>) -> Int32? { ids[bytes] }
}
