extension AuthoringRule {
  /// The rules about the files of a workbook.
  static let files: [AuthoringRule] = [
    AuthoringRule(
      id: "missing-file",
      summary: "every file a puzzle needs is there",
      explanation:
        "A puzzle is puzzle.yaml and prompt.md; its solution is key.yaml, hints.yaml and "
        + "answer.md, each encoded as .rot13 once it is finished."
    ),
    AuthoringRule(
      id: "not-a-regular-file",
      summary: "every file is a regular file",
      explanation:
        "Links, folders, pipes and devices are not opened, because a workbook may come from "
        + "a stranger. Put the file itself in its place."
    ),
    AuthoringRule(
      id: "not-a-folder",
      summary: "every puzzle is a real folder",
      explanation:
        "A link to a folder elsewhere is not followed. Move or copy the folder into the "
        + "workbook."
    ),
    AuthoringRule(
      id: "unreadable-file",
      summary: "every file can be read",
      explanation:
        "The operating system refused to open or read the file. Its permissions usually say "
        + "why."
    ),
    AuthoringRule(
      id: "file-too-large",
      summary: "no file is larger than its limit",
      explanation:
        "YAML files may hold 256 KB and Markdown files 1 MB, far more than a puzzle needs, "
        + "so that a hostile file costs little."
    ),
    AuthoringRule(
      id: "not-utf8",
      summary: "every file is UTF-8 text",
      explanation:
        "Other encodings would show differently to different readers. Every editor can save "
        + "as UTF-8; a byte order mark does no harm."
    ),
    AuthoringRule(
      id: "stray-file",
      summary: "the folders hold nothing that is not read",
      explanation:
        "A file that nothing reads is usually a misspelt name, such as lexicon.yml for "
        + "lexicon.yaml. Names that start with a dot are ignored."
    ),
    AuthoringRule(
      id: "plain-key",
      summary: "the files of a solution are encoded",
      explanation:
        "A plain key spoils the puzzle for whoever opens it. Encode it once it is finished; "
        + "the plain file is accepted while authoring."
    ),
    AuthoringRule(
      id: "two-forms",
      summary: "no file is there both plain and encoded",
      explanation:
        "Only the encoded file is read, so an edit of the plain one would have no effect. "
        + "Delete the older of the two."
    ),
    AuthoringRule(
      id: "orphan-key",
      summary: "every folder under solutions belongs to a puzzle",
      explanation:
        "A solution without a puzzle is usually left over from renaming one. Rename or "
        + "delete it."
    ),
    AuthoringRule(
      id: "not-rot13",
      summary: "every encoded file decodes to text",
      explanation:
        "A file whose name ends in .rot13 but whose text is plain would be shown garbled, and "
        + "spoils the puzzle for whoever opens it."
    ),
    AuthoringRule(
      id: "unfinished",
      summary: "no text says TODO any more",
      explanation:
        "workbook new writes TODO where something is to be filled in. Comments of YAML files may "
        + "say it."
    ),
    AuthoringRule(
      id: "lost-id",
      summary: "no published id is lost",
      explanation:
        "Learners' files, keys and grades name puzzles and questions by id. puzzles/ids.yaml lists "
        + "those that were published; workbook lint --pin-ids adds to it."
    ),
  ]
}
