import SourceDiagnostics

/// Every fault this target reports, in the order of the work: opening, GGUF, safetensors, tensors,
/// vocabulary, packing. ``LoadedModel/open(path:)`` adds the path as the place.
extension Diagnostic {
  private static let askForAnotherCopy =
    "the file is damaged or was made by a broken tool; get it again from its source"

  // MARK: Opening

  static func cannotOpen(reason: String) -> Diagnostic {
    Diagnostic("unreadable-file", "cannot open the file: \(reason)")
  }

  static let notARegularFile = Diagnostic(
    "not-a-file",
    "expected a regular file, found a folder, pipe or device"
  )

  static let fileShrank = Diagnostic(
    "file-changed",
    "the file has become shorter since it was opened",
    help: "another program is writing to it; wait until it is done, then run the command again"
  )

  static let pickledFile = Diagnostic(
    "pickled-weights",
    "this is a pickle, which can run code when it is read",
    help: "convert it with: python -c \"import torch, safetensors.torch as s; "
      + "s.save_file(torch.load('in.bin', weights_only=True), 'model.safetensors')\""
  )

  static let numpyFile = Diagnostic(
    "numpy-array",
    "this is a numpy array, expected GGUF or safetensors",
    help: "`workbook models import FILE --tokens WORDS` makes a model of it"
  )

  static let wrongMagic = Diagnostic(
    "wrong-magic",
    "the name ends in .gguf but the file does not begin with 'GGUF'",
    help: askForAnotherCopy
  )

  static func onlyPickle(_ name: String, in folder: String) -> Diagnostic {
    Diagnostic(
      "pickled-weights",
      "the folder '\(folder)' holds only a pickle, '\(name)', which can run code when it is read",
      help: pickledFile.help
    )
  }

  static func noWeights(in folder: String) -> Diagnostic {
    Diagnostic(
      "no-weights",
      "the folder '\(folder)' holds no .safetensors or .gguf file",
      help: "name a .gguf or .safetensors file, or a folder that holds one"
    )
  }

  static func severalWeights(_ names: [String], in folder: String) -> Diagnostic {
    Diagnostic(
      "several-weights",
      "the folder '\(folder)' holds \(names.count) weight files, none of them model.safetensors,"
        + " and no index",
      help: "name one of them: "
        + names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    )
  }

  static func sideFileTooLong(_ name: String, limit: Int) -> Diagnostic {
    Diagnostic("file-too-long", "'\(name)' is longer than the \(limit) bytes accepted")
  }

  // MARK: Headers

  static func truncated(_ place: String) -> Diagnostic {
    Diagnostic("truncated-file", "the file ends inside \(place)", help: askForAnotherCopy)
  }

  static let bigEndian = Diagnostic(
    "big-endian",
    "this is a big-endian GGUF file, expected little-endian",
    help: "convert it with gguf-convert-endian from the Python package gguf"
  )

  static func unsupportedVersion(_ version: Int) -> Diagnostic {
    Diagnostic(
      "unsupported-version",
      "this is GGUF version \(version), expected version 2 or 3",
      help: "convert the model again with a current llama.cpp"
    )
  }

  static func tooMany(_ things: String, declared: String, limit: Int) -> Diagnostic {
    Diagnostic(
      "too-many",
      "the file declares \(declared) \(things), expected at most \(limit)",
      help: askForAnotherCopy
    )
  }

  static func textTooLong(_ place: String, bytes: String, limit: Int) -> Diagnostic {
    Diagnostic(
      "text-too-long",
      "\(place) has \(bytes) bytes, expected at most \(limit)",
      help: askForAnotherCopy
    )
  }

  static func badKey(_ key: String) -> Diagnostic {
    Diagnostic(
      "bad-key",
      "the metadata key '\(key.prefix(80))' should be lowercase letters, digits, '_', '-' and '.'",
      help: askForAnotherCopy
    )
  }

  static func duplicateKey(_ key: String) -> Diagnostic {
    Diagnostic(
      "duplicate-key",
      "the key '\(key.prefix(80))' appears twice",
      help: askForAnotherCopy
    )
  }

  static func unknownMetadataType(key: String, code: Int) -> Diagnostic {
    Diagnostic(
      "unknown-metadata-type",
      "'\(key)' has the unknown type \(code), expected 0 to 12",
      help: askForAnotherCopy
    )
  }

  static func wrongMetadataType(key: String, expected: [String]) -> Diagnostic {
    Diagnostic(
      "wrong-metadata-type",
      "'\(key)' should be an array of \(expected.joined(separator: " or "))",
      help: askForAnotherCopy
    )
  }

  static func nestedArray(_ key: String) -> Diagnostic {
    Diagnostic(
      "nested-array",
      "'\(key)' is an array of arrays, which is not supported",
      help: askForAnotherCopy
    )
  }

  static func badTruth(key: String, byte: Int) -> Diagnostic {
    Diagnostic(
      "bad-truth-value",
      "'\(key)' holds the byte \(byte), expected 0 or 1 for a truth value",
      help: askForAnotherCopy
    )
  }

  static func notUTF8(_ place: String) -> Diagnostic {
    Diagnostic("not-utf8", "\(place) is not a text in UTF-8", help: askForAnotherCopy)
  }

  static func badAlignment(atMost limit: Int) -> Diagnostic {
    Diagnostic(
      "bad-alignment",
      "general.alignment should be a power of two from 8 to \(limit)",
      help: askForAnotherCopy
    )
  }

  static func headerTooLong(_ bytes: String, limit: Int) -> Diagnostic {
    Diagnostic(
      "header-too-long",
      "a safetensors header of \(bytes) bytes is announced, expected at most \(limit)",
      help: "the file may not be safetensors at all; GGUF and safetensors can be read"
    )
  }

  static let headerNotAnObject = Diagnostic(
    "header-not-an-object",
    "the safetensors header should begin with '{'",
    help: "the file may not be safetensors at all; GGUF and safetensors can be read"
  )

  static let headerBeginsWithSpace = Diagnostic(
    "header-begins-with-space",
    "the safetensors header begins with white space, expected '{' as its first byte",
    help: "write the file again with a current safetensors"
  )

  static func metadataNotText(_ key: String) -> Diagnostic {
    Diagnostic(
      "metadata-not-text",
      "'\(key.prefix(80))' in __metadata__ should be a text",
      help: askForAnotherCopy
    )
  }

  static func malformedJSON(at offset: Int, expected: String) -> Diagnostic {
    Diagnostic(
      "malformed-json",
      "the JSON is broken at byte \(offset): expected \(expected)",
      help: askForAnotherCopy
    )
  }

  static func jsonTooDeep(_ limit: Int) -> Diagnostic {
    Diagnostic(
      "json-too-deep",
      "the JSON is nested more than \(limit) levels deep",
      help: askForAnotherCopy
    )
  }

  // MARK: Index of files

  static let emptyIndex = Diagnostic(
    "empty-index",
    "the index places no tensor, expected a 'weight_map' of tensors to files",
    help: askForAnotherCopy
  )

  static func indexEntryNotText(_ tensor: String) -> Diagnostic {
    Diagnostic(
      "index-entry-not-text",
      "the index should give the name of a file for tensor '\(tensor.prefix(80))'",
      help: askForAnotherCopy
    )
  }

  static func shardElsewhere(tensor: String, file: String) -> Diagnostic {
    Diagnostic(
      "shard-elsewhere",
      "the index places tensor '\(tensor.prefix(80))' in '\(file.prefix(80))', expected the plain"
        + " name of a .safetensors file beside the index",
      help: askForAnotherCopy
    )
  }

  static func missingTensor(_ name: String) -> Diagnostic {
    Diagnostic(
      "missing-tensor",
      "the index places tensor '\(name)' in this file, which does not hold it",
      help: shardHelp
    )
  }

  static func strayTensor(_ name: String, belongsIn file: String?) -> Diagnostic {
    Diagnostic(
      "stray-tensor",
      "this file holds tensor '\(name)', which the index "
        + (file.map { "places in '\($0)'" } ?? "does not name"),
      help: shardHelp
    )
  }

  private static let shardHelp =
    "the index and its files are not of the same version; get all of them again"

  // MARK: Tensor entries

  static func duplicateTensor(_ name: String) -> Diagnostic {
    Diagnostic(
      "duplicate-tensor",
      "the tensor '\(name)' appears twice",
      help: askForAnotherCopy
    )
  }

  static func badRank(tensor: String, rank: Int) -> Diagnostic {
    Diagnostic(
      "bad-rank",
      "tensor '\(tensor)' has \(rank) dimensions, expected 1 to 4",
      help: askForAnotherCopy
    )
  }

  static func badDimension(tensor: String, dimension: String) -> Diagnostic {
    Diagnostic(
      "bad-dimension",
      "tensor '\(tensor)' has a dimension of \(dimension), expected 1 to \(Int.max)",
      help: askForAnotherCopy
    )
  }

  static func unknownTensorType(tensor: String, type: String) -> Diagnostic {
    Diagnostic(
      "unknown-tensor-type",
      "tensor '\(tensor)' has the unknown type \(type)",
      help: "the format may be newer than this program; "
        + "\(ElementType.readableNames) can be read"
    )
  }

  static func brokenBlocks(tensor: String, columns: Int, type: String, block: Int) -> Diagnostic {
    Diagnostic(
      "broken-blocks",
      "tensor '\(tensor)' has rows of \(columns) values, expected a multiple of \(block)"
        + " for \(type)",
      help: askForAnotherCopy
    )
  }

  static func tensorTooLarge(_ name: String) -> Diagnostic {
    Diagnostic(
      "tensor-size",
      "the dimensions of tensor '\(name)' do not give a whole number of bytes"
        + " a computer can count",
      help: askForAnotherCopy
    )
  }

  static func misalignedTensor(_ name: String, alignment: Int) -> Diagnostic {
    Diagnostic(
      "misaligned-tensor",
      "tensor '\(name)' should begin at a multiple of \(alignment) bytes",
      help: askForAnotherCopy
    )
  }

  static func scatteredTensor(_ name: String, offset: String, expected: Int) -> Diagnostic {
    Diagnostic(
      "scattered-tensor",
      "tensor '\(name)' begins at byte \(offset) of the data, expected \(expected), where the one"
        + " before it ends",
      help: askForAnotherCopy
    )
  }

  static func tensorPastEnd(_ name: String, fileSize: Int) -> Diagnostic {
    Diagnostic(
      "tensor-past-end",
      "tensor '\(name)' ends after the file does, at \(fileSize) bytes",
      help: askForAnotherCopy
    )
  }

  static func wrongTensorSize(_ name: String, declared: Int, needed: Int) -> Diagnostic {
    Diagnostic(
      "tensor-size",
      "tensor '\(name)' is given \(declared) bytes, expected \(needed) for its shape and type",
      help: askForAnotherCopy
    )
  }

  static func strayBytes(_ count: Int) -> Diagnostic {
    Diagnostic(
      "stray-bytes",
      "\(count) bytes at the end of the file belong to no tensor",
      help: askForAnotherCopy
    )
  }

  static func incompleteTensor(_ name: String) -> Diagnostic {
    Diagnostic(
      "incomplete-tensor",
      "the entry of tensor '\(name)' needs 'dtype', 'shape' and two 'data_offsets'",
      help: askForAnotherCopy
    )
  }

  static func unknownTensorField(tensor: String, field: String) -> Diagnostic {
    Diagnostic(
      "unknown-tensor-field",
      "the entry of tensor '\(tensor)' holds '\(field.prefix(80))', expected only 'dtype', 'shape'"
        + " and 'data_offsets'",
      help: askForAnotherCopy
    )
  }

  // MARK: Reading tensors

  static func ambiguousTensor(_ canonical: String, _ first: String, _ second: String) -> Diagnostic
  {
    Diagnostic(
      "ambiguous-tensor",
      "both '\(first)' and '\(second)' would be \(canonical)",
      help: "the file holds two models; save them apart"
    )
  }

  static func unknownTensor(_ name: String, among names: [String]) -> Diagnostic {
    Diagnostic(
      "unknown-tensor",
      "the model has no tensor '\(name)'",
      help: Suggestion.help(for: name, among: names)
    )
  }

  static func unsupportedType(tensor: String, type: String) -> Diagnostic {
    Diagnostic(
      "unsupported-type",
      "reading \(type) is not supported yet (tensor '\(tensor)')",
      help: "use a file that stores this tensor otherwise; \(ElementType.readableNames) can be read"
    )
  }

  static func notAMatrix(tensor: String, shape: [Int]) -> Diagnostic {
    Diagnostic(
      "not-a-matrix",
      "tensor '\(tensor)' has the shape [\(shape.map(String.init).joined(separator: ", "))],"
        + " expected at most two dimensions"
    )
  }

  static func emptyTensor(_ name: String) -> Diagnostic {
    Diagnostic("empty-tensor", "tensor '\(name)' holds no values")
  }

  static func embeddingNotAMatrix(tensor: String, shape: [Int]) -> Diagnostic {
    Diagnostic(
      "not-a-matrix",
      "tensor '\(tensor)' has the shape [\(shape.map(String.init).joined(separator: ", "))],"
        + " expected one row for each token and one column for each channel",
      help: "the file is damaged or was made by a broken tool; get it again from its source"
    )
  }
}

extension Diagnostic {
  // MARK: Vocabulary

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

extension Diagnostic {
  // MARK: Packing

  static let nothingToPack = Diagnostic(
    "nothing-to-pack",
    "the model has no tensor that can be packed",
    help: "`workbook models show` lists its tensors and their types"
  )

  static func rowsOutOfRange(_ range: Range<Int>, size: Int) -> Diagnostic {
    Diagnostic(
      "rows-out-of-range",
      "the ids \(range.lowerBound)..\(range.last ?? range.lowerBound) are not all among the model's"
        + " 0..\(size - 1)"
    )
  }

  static func sampleTooLarge(_ count: Int, size: Int) -> Diagnostic {
    Diagnostic(
      "rows-out-of-range",
      "a sample of \(count) rows was asked for, expected 1 to \(size)"
    )
  }

  static func unembeddingMismatch(_ tensor: String, rows: Int, expected: Int) -> Diagnostic {
    Diagnostic(
      "unembedding-mismatch",
      "\(tensor) has outputs for \(rows) tokens, expected \(expected), one for each row of W_E",
      help: "keep all rows, or leave \(tensor) out of the tensors to pack"
    )
  }

  static func cannotWrite(_ path: String, reason: String) -> Diagnostic {
    Diagnostic("unwritable-file", "cannot write '\(path)': \(reason)")
  }

  static func packOverflow(_ tensor: String, type: String) -> Diagnostic {
    Diagnostic(
      "pack-overflow",
      "tensor '\(tensor)' holds values too large for \(type)",
      help: "store matrices as f32"
    )
  }

  static func packFailed(_ part: String) -> Diagnostic {
    Diagnostic(
      "pack-mismatch",
      "\(part) was not read back as it was written",
      help: "the older file, if there was one, is unchanged; this is a fault of the program"
    )
  }
}

extension Diagnostic {
  // MARK: Importing

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
