/// Why a vocabulary may split a text otherwise than its model does.
///
/// Raw values are those of "workbook.tokenizer_caveat" in a packed file.
enum Caveat: String, Sendable, CaseIterable {
  case unknownSplit = "unknown-split"
  case unknownNormalizer = "unknown-normalizer"
  case unknownModel = "unknown-model"
  case noMerges = "no-merges"
  case dropout
  case affixes
  case unknownBytes = "unknown-bytes"
  case unusualPieces = "unusual-pieces"
  case words
  case unsupported

  /// A sentence's end after "this vocabulary".
  var message: String {
    switch self {
    case .unknownSplit: "cuts text into words by a rule this program does not know"
    case .unknownNormalizer: "changes text before splitting it in a way this program does not know"
    case .unknownModel: "has a property this program does not know"
    case .noMerges: "came without merges, so only words that are one token are found"
    case .dropout: "was saved with dropout, which splits the same text in a new way each time"
    case .affixes: "marks the parts of a word in a way this program does not know"
    case .unknownBytes: "lacks some bytes and replaces them in a way this program does not know"
    case .unusualPieces: "has a word length, mark or unknown token that is not BERT's"
    case .words: "is a list of whole words; those it does not hold are left out"
    case .unsupported: "is of a kind (such as SentencePiece) whose text this program cannot split"
    }
  }
}
