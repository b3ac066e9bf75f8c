import SourceDiagnostics

/// Names with the ids a file gives them, in any order, until each id is known to have one.
struct TokenTable {
  /// A token that was added to a finished vocabulary.
  struct Added {
    var id: Int?
    var name: [UInt8] = []
    var kind = TokenKind.userDefined
    var rules: UserTokens.Rules = []
  }

  /// Names in the order of their ids.
  struct Names {
    let names: ByteStrings
    let kinds: [TokenKind]
    /// How those that are looked for first are looked for, by id.
    let rules: [Int: UserTokens.Rules]
  }

  var tokens: [(id: Int, name: [UInt8])] = []
  /// Spelled as they are, and stronger than ``tokens``.
  var added: [Added] = []

  /// Puts the names in order; ids without one are called `<unused123>`.
  ///
  /// - Parameter kind: Returns the kind of a token that was not added.
  /// - Returns: A name for each id up to the highest.
  /// - Throws: If two tokens have one id, or there are far more ids than tokens.
  func names(kind: ([UInt8]) -> TokenKind) throws(Diagnostic) -> Names {
    var highest = -1
    for (id, _) in tokens { highest = max(highest, id) }
    for token in added { highest = max(highest, token.id ?? -1) }
    let declared = tokens.count + added.count
    guard highest < 2 * declared + 1024 else {
      throw .sparseVocabulary(highest: highest, count: declared)
    }
    var entries = [(name: [UInt8], kind: TokenKind)?](repeating: nil, count: highest + 1)
    for (id, name) in tokens {
      guard entries[id] == nil else { throw .duplicateToken(id) }
      entries[id] = (name, kind(name))
    }
    var rules: [Int: UserTokens.Rules] = [:]
    var seen: [Int: [UInt8]] = [:]
    for token in added {
      guard let id = token.id else { continue }
      let isTextToo = entries[id]?.name == token.name && seen[id] == nil
      let earlier = seen.updateValue(token.name, forKey: id)
      guard earlier == nil || earlier == token.name else { throw .duplicateToken(id) }
      entries[id] = (token.name, token.kind)
      guard token.kind == .userDefined else { continue }
      rules[id] = isTextToo ? token.rules.union(.isTextToo) : token.rules
    }
    var names = ByteStrings(reservingCount: entries.count, byteCount: entries.count * 8)
    var kinds: [TokenKind] = []
    for (id, entry) in entries.enumerated() {
      names.append(entry?.name ?? Array("<unused\(id)>".utf8))
      kinds.append(entry?.kind ?? .unused)
    }
    return Names(names: names, kinds: kinds, rules: rules)
  }
}
