import SourceDiagnostics

/// Faults in which files are there and how they are stored.
extension PlantedFault {
  private typealias Path = PlantedPuzzle.Path

  static let files: [PlantedFault] = [
    PlantedFault(rule: "missing-file", what: "there is no prompt") { $0.remove(Path.prompt) },
    PlantedFault(rule: "missing-file", what: "there is no answer") { $0.remove(Path.answer) },
    PlantedFault(rule: "not-a-regular-file", what: "the prompt is a folder") {
      $0.put(.folder, at: Path.prompt)
    },
    PlantedFault(rule: "not-a-regular-file", what: "the lexicon is a link") {
      $0.put(.link, at: Path.lexicon)
    },
    PlantedFault(rule: "not-a-folder", what: "a second puzzle is a link") {
      $0.put(.link, at: "puzzles/\(PlantedPuzzle.twinID)")
    },
    PlantedFault(rule: "unreadable-file", what: "the lexicon is a socket") {
      $0.put(.socket, at: Path.lexicon)
    },
    PlantedFault(rule: "file-too-large", what: "the prompt is over 1 MB") {
      $0.write(String(repeating: "word ", count: 210_000), to: Path.prompt)
    },
    PlantedFault(rule: "not-utf8", what: "the prompt is Latin-1") {
      $0.remove(Path.prompt)
      $0.store(Array("Caf".utf8) + [0xE9, 0x0A], as: Path.prompt)
    },
    PlantedFault(rule: "stray-file", what: "a lexicon ends in .yml", severity: .warning) {
      $0.write("other: [he, we]\n", to: "puzzles/\(PlantedPuzzle.id)/lexicon.yml")
    },
    PlantedFault(rule: "plain-key", what: "the hints are not encoded", severity: .warning) {
      $0.leavePlain(Path.hints)
    },
    PlantedFault(rule: "two-forms", what: "the answer is there plain and encoded") {
      $0.store("An older answer.\n".utf8, as: Path.answer)
    },
    PlantedFault(rule: "orphan-key", what: "a solution has no puzzle", severity: .warning) {
      $0.put(.folder, at: "solutions/\(PlantedPuzzle.twinID)")
    },
    PlantedFault(rule: "not-rot13", what: "a plain answer is named as encoded") {
      $0.remove(Path.answer)
      let plain = "Half of the cosine is one vector that all of the rows hold in common.\n"
      $0.store(plain.utf8, as: Path.answer + ".rot13")
    },
    PlantedFault(rule: "unfinished", what: "the prompt says TODO") {
      try $0.append("TODO: say more.\n", to: Path.prompt)
    },
    PlantedFault(rule: "unfinished", what: "a hint says TODO") {
      try $0.append("- TODO\n", to: Path.hints)
    },
    PlantedFault(rule: "lost-id", what: "a published puzzle is gone") {
      try $0.append("\(PlantedPuzzle.twinID): [length]\n", to: Path.ids)
    },
    .replacing(
      "near, why]",
      with: "near, why, gone]",
      in: Path.ids,
      breaks: "lost-id",
      "a published question is gone"
    ),
  ]

  static let yaml: [PlantedFault] = [
    PlantedFault(rule: "empty-file", what: "the lexicon holds a comment only") {
      $0.write("# Nothing yet.\n", to: Path.lexicon)
    },
    .replacing(
      "title: Where is zero",
      with: "title: \"Where is zero",
      in: Path.puzzle,
      breaks: "yaml-syntax",
      "a quote is never closed"
    ),
    .replacing(
      "  why:\n    rubric",
      with: "  why:\n\t\trubric",
      in: Path.key,
      breaks: "tab-indentation",
      "a line of the key starts with tabs"
    ),
    .replacing(
      "Where is zero",
      with: "Where\u{7} is zero",
      in: Path.puzzle,
      breaks: "control-character",
      "the title rings a bell"
    ),
    .replacing(
      "minutes: 20",
      with: "minutes: &time 20",
      in: Path.puzzle,
      breaks: "yaml-anchor",
      "a value has an anchor"
    ),
    .replacing(
      "minutes: 20",
      with: "minutes: !!int 20",
      in: Path.puzzle,
      breaks: "yaml-tag",
      "a value has a tag"
    ),
    .replacing(
      "minutes: 20",
      with: "minutes: 20\nminutes: 30",
      in: Path.puzzle,
      breaks: "duplicate-key",
      "the minutes are given twice"
    ),
    PlantedFault(rule: "several-documents", what: "the lexicon holds two documents") {
      try $0.append("---\nother: [he, we]\n", to: Path.lexicon)
    },
    PlantedFault(rule: "too-deep", what: "a list is nested forty levels deep") {
      let nest = String(repeating: "[", count: 40) + "he" + String(repeating: "]", count: 40)
      try $0.append("deep: \(nest)\n", to: Path.lexicon)
    },
    PlantedFault(rule: "too-many-values", what: "the lexicon lists 20,001 words") {
      let words = String(repeating: "he, ", count: 20_000) + "he"
      try $0.append("many: [\(words)]\n", to: Path.lexicon)
    },
    PlantedFault(rule: "key-not-text", what: "a list names a list") {
      try $0.append("? [he, we]\n: [you]\n", to: Path.lexicon)
    },
  ]
}
