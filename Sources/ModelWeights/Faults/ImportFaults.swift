import SourceDiagnostics

/// Faults of embeddings that come as text or arrays.
extension Diagnostic {
  private static let saveAsText =
    "in Python, with gensim: vectors.save_word2vec_format('vectors.txt', binary=False)"
  private static let saveAsArray =
    "in Python: numpy.save('fixed.npy', numpy.ascontiguousarray(array, dtype='<f4'))"

  static let notAnEmbedding = Diagnostic(
    "unknown-embedding",
    "expected word2vec text, GloVe text or a numpy array",
    help: "GGUF and safetensors files need no conversion"
  )

  static let compressedFile = Diagnostic(
    "compressed-file",
    "the file is compressed with gzip",
    help: "gunzip it first"
  )

  static let gensimPickle = Diagnostic(
    "pickled-embedding",
    "this is a pickle, such as gensim's .kv and .model files, which can run code when it is read",
    help: "load it where you trust it and save it as text; \(saveAsText)"
  )

  static let word2vecBinary = Diagnostic(
    "word2vec-binary",
    "this is word2vec's binary format, expected its text format",
    help: "save it as text; \(saveAsText)"
  )

  static let needlessTokens = Diagnostic(
    "needless-tokens",
    "a list of words was given, but the words of a text file are in the file itself",
    help: "leave out --tokens, which names the rows of a numpy array"
  )

  static func tooManyRows(_ rows: String, limit: Int) -> Diagnostic {
    Diagnostic(
      "too-many-rows",
      "there are \(rows) rows, expected at most \(limit)",
      help: "keep a part of them; such files often begin with the most frequent words"
    )
  }

  static func tooManyColumns(_ columns: Int, limit: Int) -> Diagnostic {
    Diagnostic("too-many-columns", "a row has \(columns) numbers, expected at most \(limit)")
  }

  static func embeddingTooLarge(rows: Int, columns: Int, limit: Int) -> Diagnostic {
    Diagnostic(
      "embedding-too-large",
      "\(rows) rows of \(columns) float32 numbers take more than \(limit) bytes",
      help: "keep a part of the rows; such files often begin with the most frequent words"
    )
  }

  static func emptyEmbedding(rows: Int, columns: Int) -> Diagnostic {
    Diagnostic(
      "empty-embedding",
      "there are \(rows) rows of \(columns) numbers, expected at least one of each"
    )
  }

  static func lineTooLong(_ line: Int, _ limit: Int) -> Diagnostic {
    Diagnostic("line-too-long", "line \(line) is longer than the \(limit) bytes accepted")
  }

  static func badNumber(_ text: String) -> Diagnostic {
    Diagnostic("bad-number", "found '\(text.prefix(40))', expected a number such as -0.25 or 1e-3")
  }

  static func numberTooLarge(_ text: String) -> Diagnostic {
    Diagnostic("number-too-large", "found '\(text.prefix(40))', which is too large for float32")
  }

  static func wrongNumberCount(found: Int, expected: Int) -> Diagnostic {
    Diagnostic(
      "wrong-number-count",
      "found \(found) \(found == 1 ? "part" : "parts") after the word, expected \(expected)"
        + " \(expected == 1 ? "number" : "numbers") as announced or on the first line",
      help: "the file may be cut off, or a word may hold a space"
    )
  }

  static let noWord = Diagnostic("no-word", "the line begins with a space, expected a word")

  static let blankLine = Diagnostic(
    "blank-line",
    "found a line without a word, expected a word and its numbers"
  )

  static func moreLines(than announced: Int) -> Diagnostic {
    Diagnostic(
      "wrong-line-count",
      "found one more word than the \(announced) that the first line announces",
      help: "correct the first line, or leave it out to read the file as GloVe text"
    )
  }

  static func wrongLineCount(announced: Int, found: Int) -> Diagnostic {
    Diagnostic(
      "wrong-line-count",
      "the first line announces \(announced) words, found \(found)",
      help: "the file may be cut off; otherwise correct the first line, or leave it out"
    )
  }

  static func wrongWordCount(words: Int, rows: Int) -> Diagnostic {
    Diagnostic(
      "wrong-word-count",
      "the list has \(words) words, expected \(rows), one for each row of the array"
    )
  }

  static func unknownNumpyVersion(_ version: String) -> Diagnostic {
    Diagnostic(
      "unsupported-version",
      "this is version \(version) of numpy's format, expected 1.0, 2.0 or 3.0",
      help: saveAsArray
    )
  }

  static func numpyHeaderTooLong(_ length: Int) -> Diagnostic {
    Diagnostic(
      "header-too-long",
      "a numpy header of \(length) bytes is announced, expected at most \(NumpyHeader.longest)"
    )
  }

  static func malformedNumpyHeader(at offset: Int, expected: String) -> Diagnostic {
    Diagnostic(
      "malformed-numpy-header",
      "the numpy header is broken at character \(offset): expected \(expected)",
      help: saveAsArray
    )
  }

  static func unknownNumpyKey(_ key: String) -> Diagnostic {
    Diagnostic(
      "unknown-numpy-key",
      "the numpy header holds '\(key.prefix(80))', expected only 'descr', 'fortran_order' and 'shape'",
      help: saveAsArray
    )
  }

  static let incompleteNumpyHeader = Diagnostic(
    "incomplete-numpy-header",
    "the numpy header needs 'descr', 'fortran_order' and 'shape'",
    help: saveAsArray
  )

  static let numpyObjects = Diagnostic(
    "numpy-objects",
    "the array holds Python objects, which can run code when they are read",
    help: saveAsArray
  )

  static let structuredArray = Diagnostic(
    "wrong-array-type",
    "the array holds records, expected plain numbers",
    help: saveAsArray
  )

  static func bigEndianArray(_ type: String) -> Diagnostic {
    Diagnostic(
      "big-endian",
      "the array's type is the big-endian '\(type.prefix(40))', expected '<f4', '<f2' or '<f8'",
      help: saveAsArray
    )
  }

  static func wrongArrayType(_ type: String) -> Diagnostic {
    Diagnostic(
      "wrong-array-type",
      "the array's type is '\(type.prefix(40))', expected '<f4', '<f2' or '<f8'",
      help: saveAsArray
    )
  }

  static let fortranOrder = Diagnostic(
    "fortran-order",
    "the array is stored column by column, expected row by row",
    help: saveAsArray
  )

  static func wrongDimensions(_ shape: [Int]) -> Diagnostic {
    Diagnostic(
      "wrong-dimensions",
      "the array's shape is (\(shape.map(String.init).joined(separator: ", "))), expected rows and"
        + " columns"
    )
  }

  static func wrongArraySize(found: Int, shape: [Int], valueBytes: Int) -> Diagnostic {
    Diagnostic(
      "wrong-array-size",
      "\(found) bytes follow the header, expected"
        + " \((shape + [valueBytes]).map(String.init).joined(separator: " × "))",
      help: "the file may be cut off; save the array again"
    )
  }

  static func valueTooLarge(_ value: Double, row: Int, column: Int) -> Diagnostic {
    Diagnostic(
      "number-too-large",
      "row \(row), column \(column) holds \(value), which is too large for float32"
    )
  }
}
