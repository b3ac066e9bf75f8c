import Foundation
import Testing

/// The autograder for Gradescope, unpacked and run as Gradescope runs it.
@Suite struct AutograderTests {
  private let group: TemporaryClass
  private let root: URL

  init() throws {
    group = try TemporaryClass()
    root = group.book.root.appendingPathComponent("autograder")
  }

  @discardableResult
  private func bash(_ command: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = group.book.root
    var variables = ProcessInfo.processInfo.environment
    variables["AUTOGRADER_ROOT"] = root.path
    process.environment = variables
    let file = group.book.root.appendingPathComponent("bash-\(UUID().uuidString)")
    try Data().write(to: file)
    process.standardOutput = try FileHandle(forWritingTo: file)
    process.standardError = process.standardOutput
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
  }

  private func results() throws -> [String: Any] {
    let data = try Data(contentsOf: root.appendingPathComponent("results/results.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `the archive unpacks, sets up and grades what learners hand in`() throws {
    let made = try group.book.run("release", "--gradescope", "autograder.zip")
    #expect(made.status == 0, "\(made.standardError)")
    #expect(made.standardOutput.contains("models: whisper-tiny.en"), "\(made)")
    // Python's reader is the judge of the archive.
    let unpack = """
      import os, sys, zipfile
      archive = zipfile.ZipFile("autograder.zip")
      assert archive.testzip() is None
      for info in archive.infolist():
          path = archive.extract(info, "autograder/source")
          os.chmod(path, info.external_attr >> 16 & 0o777)
      print(*sorted(name for name in archive.namelist() if "/" not in name))
      """
    try group.write(unpack, to: "unpack.py")
    let unpacked = try bash("python3 unpack.py")
    #expect(unpacked.output == "run_autograder setup.sh workbook\n", "\(unpacked)")
    let setup = try bash("autograder/source/setup.sh")
    #expect(setup.status == 0, "\(setup)")

    try group.write(TemporaryClass.good, to: "autograder/submission/\(TemporaryClass.puzzle).yaml")
    symlink("/etc/passwd", root.appendingPathComponent("submission/more.yaml").path)
    let run = try bash("cd autograder && source/run_autograder")
    #expect(run.status == 0, "\(run)")
    #expect(try results()["score"] as? Double == 7)
    #expect((try results()["tests"] as? [[String: Any]])?.count == 8)

    // The next one is somebody else's.
    try group.write("puzzle: [\n", to: "autograder/submission/\(TemporaryClass.puzzle).yaml")
    #expect(try bash("autograder/source/run_autograder").status == 0)
    #expect(try results()["score"] as? Double == 0)

    // Where the grader fails there is no score.
    try bash("rm autograder/results/results.json; rm -r autograder/source/course/models")
    try group.write(TemporaryClass.good, to: "autograder/submission/\(TemporaryClass.puzzle).yaml")
    #expect(try bash("autograder/source/run_autograder").status != 0)
    #expect(throws: (any Error).self) { try results() }
  }

  @Test func `an archive is not replaced, and options that do not go together are refused`() throws
  {
    try group.write("mine", to: "autograder.zip")
    let taken = try group.book.run("release", "--gradescope", "autograder.zip")
    #expect(taken.status == 2 && taken.standardError.contains("[file-exists]"), "\(taken)")
    #expect(try group.text("autograder.zip") == "mine")
    #expect(try group.book.run("release").status == 64)
    #expect(try group.book.run("release", "--gradescope", "a.zip", "--out", "b").status == 64)
    #expect(try group.book.run("release", "--out", "b", "--puzzle", "puzzle9").status == 64)
  }
}
