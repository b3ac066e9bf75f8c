import SourceDiagnostics

/// Faults of opening a file and of its header. ``LoadedModel/open(path:)`` adds the path as the place.
extension Diagnostic {
  /// What to do about a file that breaks a rule of its format.
  static let askForAnotherCopy =
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

  static let textFile = Diagnostic(
    "text-file",
    "this is text, expected GGUF or safetensors",
    help: "`workbook models import FILE` makes a model of word vectors as text"
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
}
