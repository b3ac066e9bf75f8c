import SourceDiagnostics

/// Faults of token names and tokenizers.
extension Diagnostic {
  static func vocabularyMismatch(tokens: Int, rows: Int) -> Diagnostic {
    Diagnostic(
      "vocabulary-mismatch",
      "the vocabulary has \(tokens) tokens, expected \(rows), one for each row of W_E",
      help: "the token names belong to another model; put the right ones beside the weights"
    )
  }

  static func wrongTokenKinds(kinds: Int, tokens: Int) -> Diagnostic {
    Diagnostic(
      "vocabulary-mismatch",
      "tokenizer.ggml.token_type has \(kinds) entries, expected \(tokens), one for each token",
      help: "the file is damaged or was made by a broken tool; get it again from its source"
    )
  }

  static func rowIDMismatch(ids: Int, rows: Int) -> Diagnostic {
    Diagnostic(
      "row-id-mismatch",
      "workbook.row_ids has \(ids) entries, expected \(rows), one for each row of W_E",
      help: "pack the model again"
    )
  }

  static let duplicateRowIDs = Diagnostic(
    "row-id-mismatch",
    "workbook.row_ids names a token twice",
    help: "pack the model again"
  )

  static func duplicateToken(_ id: Int) -> Diagnostic {
    Diagnostic("duplicate-token-id", "two tokens have the id \(id)")
  }

  static func sparseVocabulary(highest: Int, count: Int) -> Diagnostic {
    Diagnostic(
      "sparse-vocabulary",
      "a token has the id \(highest), but there are only \(count) tokens"
    )
  }

  static func wrongUserTokenRules(rules: Int, tokens: Int) -> Diagnostic {
    Diagnostic(
      "vocabulary-mismatch",
      "workbook.user_token_rules has \(rules) entries, expected \(tokens), one for each"
        + " user-defined token",
      help: "pack the model again"
    )
  }

  static func brokenMerge(line: Int) -> Diagnostic {
    Diagnostic(
      "broken-merge",
      "line \(line) should be two tokens with one space between them",
      help: "get merges.txt again from the model's source"
    )
  }

  static func unknownTokenizer(_ model: String) -> Diagnostic {
    Diagnostic(
      "unknown-tokenizer",
      "the tokenizer's model is '\(model)', expected 'BPE' or 'WordPiece'",
      help: "delete or move the tokenizer to use the weights without token names"
    )
  }
}
