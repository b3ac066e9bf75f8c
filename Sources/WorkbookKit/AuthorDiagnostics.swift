import PuzzleRegistry
import SourceDiagnostics

// Every message about making, editing and releasing puzzles, in one place.

extension Diagnostic {
  // MARK: New puzzles

  static func badNewID(_ id: String) -> Diagnostic {
    Diagnostic(
      "bad-name",
      "'\(escapingControls(String(id.prefix(64))))' cannot be a puzzle's id, expected lower-case "
        + "letters and digits, in groups joined by hyphens, at most 64",
      help: "use a name such as 'mean-cosine'"
    )
  }

  static func badTitle(longest: Int) -> Diagnostic {
    Diagnostic(
      "bad-title",
      "this cannot be a title, expected one line of 1 to \(longest) characters"
    )
  }

  static func idTaken(_ id: String, path: String) -> Diagnostic {
    Diagnostic(
      "id-taken",
      "'\(id)' is taken, and nothing was changed",
      help: "choose another id, or remove what is there",
      at: SourcePlace(file: path)
    )
  }

  static func prefixTaken(_ id: String, by other: String) -> Diagnostic {
    Diagnostic(
      "id-taken",
      "'\(id)' is a short name of \(other), which would lose it",
      help: "choose an id that is not the beginning of another"
    )
  }

  static func sharedShortName(_ short: String, id: String, other: String) -> Diagnostic {
    Diagnostic(
      "short-name",
      "'\(short)' named \(other) alone until now, and is no longer enough",
      help: "an id that begins otherwise keeps short names short",
      severity: .warning
    )
  }

  // MARK: Drafts

  static func draftLeft(_ path: String, puzzle: String, file: String) -> Diagnostic {
    Diagnostic(
      "draft-left",
      "an earlier edit of \(file) was not stored; its draft is \(path)",
      help: "go on with it: workbook solution edit \(puzzle) --file \(file) --resume; "
        + "or drop it: the same with --discard"
    )
  }

  static func noDraft(_ file: String) -> Diagnostic {
    Diagnostic(
      "no-draft",
      "no draft of \(file) was left to go on with",
      help: "without --resume the stored text is opened"
    )
  }

  static func draftOutdated(_ path: String, file: String) -> Diagnostic {
    Diagnostic(
      "draft-outdated",
      "\(file) was changed after this draft of it was made, so storing it would undo that",
      help: "take over by hand what you need, then drop the draft with --discard",
      at: SourcePlace(file: path)
    )
  }

  static func draftInUse(_ path: String) -> Diagnostic {
    Diagnostic(
      "draft-in-use",
      "this file is being edited already, in \(path)",
      help: "finish that edit first"
    )
  }

  static func draftNotPrivate(_ path: String) -> Diagnostic {
    Diagnostic(
      "draft-not-private",
      "drafts are kept here, and it is not a folder of your own",
      help: "move away what is there",
      at: SourcePlace(file: path)
    )
  }

  // MARK: Releases

  static func releaseExists(_ path: String) -> Diagnostic {
    Diagnostic(
      "release-exists",
      "there is something here already, and nothing was changed",
      help: "name a folder that is not there yet, or an empty one",
      at: SourcePlace(file: path)
    )
  }

  static func releaseInside(_ path: String, part: String) -> Diagnostic {
    Diagnostic(
      "release-inside",
      "the learners' copy cannot lie in the workbook's own \(part)",
      help: "name a folder elsewhere",
      at: SourcePlace(file: path)
    )
  }

  static func nothingToRelease(_ path: String) -> Diagnostic {
    Diagnostic(
      "no-puzzles",
      "this workbook has no puzzles to release",
      help: "workbook new ID makes one",
      at: SourcePlace(file: path)
    )
  }

  static func notReleased(_ path: String) -> Diagnostic {
    Diagnostic(
      "not-released",
      "this is a link or no regular file, and was not copied",
      help: "put the file itself there",
      at: SourcePlace(file: path),
      severity: .warning
    )
  }

  static func keyFileReleased(_ path: String) -> Diagnostic {
    Diagnostic("key-leak", "this file has a key's name", at: SourcePlace(file: path))
  }

  static func keyLeak(_ secret: String, of question: String, at place: SourcePlace) -> Diagnostic {
    Diagnostic(
      "key-leak",
      "the key's \(secret) of '\(question)' stands here, where learners read it",
      help: "say it in other words, or take it out",
      at: place
    )
  }

  static func answerWithheld(_ puzzle: String) -> Diagnostic {
    Diagnostic(
      "answer-withheld",
      "the answer to \(puzzle) is not in this copy",
      help: "your instructor has it"
    )
  }
}
