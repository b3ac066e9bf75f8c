import Foundation
import Testing

/// Editing a solution with the built program: nothing is lost, and nobody else can read it.
@Suite struct SolutionEditTests {
  private func key(_ book: TemporaryWorkbook) -> URL {
    book.root.appendingPathComponent("solutions/\(TemporaryWorkbook.puzzle)/key.yaml.rot13")
  }

  /// Writes a shell script that is the editor; its first argument is the draft.
  private func editor(_ lines: String..., in book: TemporaryWorkbook) throws -> [String: String] {
    let script = book.root.appendingPathComponent("editor-\(UUID().uuidString)")
    try Data((["#!/bin/sh"] + lines).joined(separator: "\n").utf8).write(to: script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    return ["VISUAL": "", "EDITOR": script.path]
  }

  private func drafts(_ book: TemporaryWorkbook) throws -> [URL] {
    let folder = book.root.appendingPathComponent("state/workbook/drafts")
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix("key.yaml") }.map { folder.appendingPathComponent($0) }
  }

  /// Starts an edit whose editor adds a comment and stays open, kills the program and its editor.
  ///
  /// - Returns: The draft that is left.
  private func editAndKill(_ book: TemporaryWorkbook, adding line: String = "# mine") throws -> URL
  {
    let pid = book.root.appendingPathComponent("pid")
    try? FileManager.default.removeItem(at: pid)
    let environment = try editor(
      line.isEmpty ? ":" : "echo '\(line)' >> \"$1\"",
      "echo $$ > '\(pid.path).new' && mv '\(pid.path).new' '\(pid.path)'",
      "exec sleep 60",
      in: book
    )
    let (process, _, _) = try book.process(
      ["solution", "edit", "puzzle1"],
      environment: environment
    )
    try process.run()
    for _ in 0..<500 where !FileManager.default.fileExists(atPath: pid.path) {
      Thread.sleep(forTimeInterval: 0.02)
    }
    let text = try String(contentsOf: pid, encoding: .utf8)
    let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    kill(child, SIGTERM)
    return try #require(try drafts(book).first)
  }

  @Test func `the draft and its folder are the author's alone, and are gone once stored`() throws {
    let book = try TemporaryWorkbook()
    let seen = book.root.appendingPathComponent("seen")
    let environment = try editor(
      "ls -l \"$1\" > '\(seen.path)'; ls -ld \"$(dirname \"$1\")\" >> '\(seen.path)'",
      "echo '# mine' >> \"$1\"",
      in: book
    )
    let edited = try book.run("solution", "edit", "puzzle1", environment: environment)
    #expect(edited.status == 0, "\(edited.standardError)")
    let lines = try String(contentsOf: seen, encoding: .utf8).split(separator: "\n")
    #expect(lines.map { $0.prefix(10) } == ["-rw-------", "drwx------"])
    #expect(try drafts(book).isEmpty)
    #expect(try String(contentsOf: key(book), encoding: .utf8).hasSuffix("# zvar\n"))
  }

  @Test func `a draft that a killed edit leaves is found, and gone on with only when asked`() throws
  {
    let book = try TemporaryWorkbook()
    let before = try Data(contentsOf: key(book))
    let draft = try editAndKill(book)
    #expect(try String(contentsOf: draft, encoding: .utf8).hasSuffix("# mine\n"))
    #expect(try Data(contentsOf: key(book)) == before)

    let opened = book.root.appendingPathComponent("opened")
    let touching = try editor("touch '\(opened.path)'", in: book)
    let again = try book.run("solution", "edit", "puzzle1", environment: touching)
    #expect(again.status == 2)
    #expect(again.standardError.contains("error: [draft-left] "), "\(again.standardError)")
    #expect(again.standardError.contains(draft.path))
    #expect(again.standardError.contains("--resume"))
    #expect(!FileManager.default.fileExists(atPath: opened.path), "the editor was not opened")

    // Another file of the same solution is not in its way.
    let hints = try book.run(
      "solution",
      "edit",
      "puzzle1",
      "--file",
      "hints.yaml",
      environment: touching
    )
    #expect(hints.status == 0, "\(hints.standardError)")

    let resumed = try book.run("solution", "edit", "puzzle1", "--resume", environment: touching)
    #expect(resumed.status == 0, "\(resumed.standardError)")
    #expect(try String(contentsOf: key(book), encoding: .utf8).hasSuffix("# zvar\n"))
    #expect(try drafts(book).isEmpty)
    let none = try book.run("solution", "edit", "puzzle1", "--resume", environment: touching)
    #expect(none.status == 2)
    #expect(none.standardError.contains("[no-draft]"))
  }

  @Test func `a draft is dropped when asked, and when nothing was written in it`() throws {
    let book = try TemporaryWorkbook()
    let before = try Data(contentsOf: key(book))
    _ = try editAndKill(book)
    let quiet = try editor(":", in: book)
    let dropped = try book.run("solution", "edit", "puzzle1", "--discard", environment: quiet)
    #expect(dropped.status == 0, "\(dropped.standardError)")
    #expect(dropped.standardOutput.contains("Nothing was changed."))
    #expect(try drafts(book).isEmpty)

    _ = try editAndKill(book, adding: "")
    #expect(try book.run("solution", "edit", "puzzle1", environment: quiet).status == 0)
    #expect(try Data(contentsOf: key(book)) == before)
    let both = try book.run("solution", "edit", "puzzle1", "--discard", "--resume")
    #expect(both.status == 64)
  }

  @Test func `a draft of a text that was changed since is not stored over it`() throws {
    let book = try TemporaryWorkbook()
    let draft = try editAndKill(book)
    var stored = try String(contentsOf: key(book), encoding: .utf8)
    stored += "# gurvef\n"
    try Data(stored.utf8).write(to: key(book))
    let quiet = try editor(":", in: book)
    let resumed = try book.run("solution", "edit", "puzzle1", "--resume", environment: quiet)
    #expect(resumed.status == 2)
    #expect(resumed.standardError.contains("[draft-outdated]"), "\(resumed.standardError)")
    #expect(try String(contentsOf: key(book), encoding: .utf8) == stored)
    #expect(FileManager.default.fileExists(atPath: draft.path))
  }

  @Test func `a second edit of the same file waits for the first to end`() throws {
    let book = try TemporaryWorkbook()
    let inner = try editor("echo '# inner' >> \"$1\"", in: book)
    let said = book.root.appendingPathComponent("said")
    let outer = try editor(
      "EDITOR='\(inner["EDITOR"] ?? "")' '\(TemporaryWorkbook.program.path)' solution edit puzzle1 "
        + "2> '\(said.path)'",
      "echo \"status $?\" >> '\(said.path)'",
      "echo '# outer' >> \"$1\"",
      in: book
    )
    let edited = try book.run("solution", "edit", "puzzle1", environment: outer)
    #expect(edited.status == 0, "\(edited.standardError)")
    let text = try String(contentsOf: said, encoding: .utf8)
    #expect(text.contains("[draft-in-use]") && text.hasSuffix("status 2\n"), "\(text)")
    let stored = try String(contentsOf: key(book), encoding: .utf8)
    #expect(stored.hasSuffix("# bhgre\n") && !stored.contains("# vaare"))
  }

  @Test func `what an editor that fails has saved is kept`() throws {
    let book = try TemporaryWorkbook()
    let before = try Data(contentsOf: key(book))
    let failing = try editor("echo '# mine' >> \"$1\"", "exit 3", in: book)
    let failed = try book.run("solution", "edit", "puzzle1", environment: failing)
    #expect(failed.status == 2)
    #expect(failed.standardError.contains("[editor-failed] the editor ended with status 3"))
    let draft = try #require(try drafts(book).first)
    #expect(failed.standardError.contains("Your text is kept in \(draft.path)"))
    #expect(try Data(contentsOf: key(book)) == before)

    let bytes = try editor("printf '\\377' >> \"$1\"", in: book)
    let garbled = try book.run("solution", "edit", "puzzle1", "--resume", environment: bytes)
    #expect(garbled.status == 2)
    #expect(garbled.standardError.contains("UTF-8"), "\(garbled.standardError)")
    #expect(FileManager.default.fileExists(atPath: draft.path))
    #expect(try Data(contentsOf: key(book)) == before)
  }

  @Test func `without a home the draft is kept in the workbook`() throws {
    let book = try TemporaryWorkbook()
    let seen = book.root.appendingPathComponent("seen")
    var environment = try editor("echo \"$1\" > '\(seen.path)'", in: book)
    environment["HOME"] = ""
    environment["XDG_STATE_HOME"] = "relative"
    #expect(try book.run("solution", "edit", "puzzle1", environment: environment).status == 0)
    #expect(try String(contentsOf: seen, encoding: .utf8).contains("/.workbook/drafts/"))
  }

  @Test func `a folder for drafts that others could have made is not used`() throws {
    let book = try TemporaryWorkbook()
    let state = book.root.appendingPathComponent("state/workbook")
    let elsewhere = book.root.appendingPathComponent("elsewhere")
    for folder in [state, elsewhere] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      at: state.appendingPathComponent("drafts"),
      withDestinationURL: elsewhere
    )
    let quiet = try editor(":", in: book)
    let refused = try book.run("solution", "edit", "puzzle1", environment: quiet)
    #expect(refused.status == 2)
    #expect(refused.standardError.contains("[draft-not-private]"), "\(refused.standardError)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
  }
}
