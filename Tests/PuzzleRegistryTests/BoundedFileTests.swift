import Foundation
import PuzzleRegistry
import SourceDiagnostics
import Testing

@Suite struct BoundedFileTests {
  private func reading(
    _ relative: String,
    in workbook: TemporaryWorkbook,
    limit: Int = BoundedFile.yamlLimit
  ) -> String {
    workbook.shortened(
      report { _ = try BoundedFile.text(at: workbook.path(relative), limit: limit) }
    )
  }

  @Test func `a byte order mark is dropped and line ends are kept`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.write(Data([0xEF, 0xBB, 0xBF]) + Data("a: 1\r\n".utf8), to: "a.yaml")
    #expect(try BoundedFile.text(at: workbook.path("a.yaml"), limit: 100) == "a: 1\r\n")
  }

  @Test func `a missing file is named`() throws {
    let workbook = try TemporaryWorkbook()
    #expect(
      reading("none.yaml", in: workbook) == "none.yaml: error: [missing-file] there is no such file"
    )
  }

  @Test func `a link is not followed`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.write("a: 1", to: "a.yaml")
    try FileManager.default.createSymbolicLink(
      atPath: workbook.path("link.yaml"),
      withDestinationPath: workbook.path("a.yaml")
    )
    #expect(
      reading("link.yaml", in: workbook) == """
        link.yaml: error: [not-a-regular-file] this is a symbolic link, expected a regular file
        help: put the file itself here; links are not followed
        """
    )
  }

  @Test func `a folder is not a file`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.write("a: 1", to: "folder/a.yaml")
    #expect(
      reading("folder", in: workbook)
        == "folder: error: [not-a-regular-file] this is a folder, expected a regular file"
    )
  }

  @Test func `a pipe is not waited for`() throws {
    let workbook = try TemporaryWorkbook()
    try #require(mkfifo(workbook.path("pipe"), 0o600) == 0)
    #expect(
      reading("pipe", in: workbook)
        == "pipe: error: [not-a-regular-file] this is a pipe or device, expected a regular file"
    )
  }

  @Test func `a device is not read`() {
    #expect(
      report { _ = try BoundedFile.text(at: "/dev/zero", limit: 10) }
        == "/dev/zero: error: [not-a-regular-file] this is a pipe or device, expected a regular file"
    )
  }

  @Test func `a file over the limit is refused and one at the limit is read`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.write(Data(repeating: 0x20, count: 300 * 1024), to: "large.yaml")
    try workbook.write(Data(repeating: 0x20, count: 1024), to: "exact.yaml")
    #expect(
      reading("large.yaml", in: workbook) == """
        large.yaml: error: [file-too-large] this file is larger than 256 KB, the most that is read
        help: shorten it
        """
    )
    #expect(reading("exact.yaml", in: workbook, limit: 1024).isEmpty)
    #expect(reading("exact.yaml", in: workbook, limit: 1023).contains("[file-too-large]"))
  }

  @Test func `the line of the first byte that is not UTF-8 is told`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.write(
      Data("a: é\nb: 2\nc: caf".utf8) + Data([0xE9, 0x0A, 0xFF]),
      to: "latin.yaml"
    )
    #expect(
      reading("latin.yaml", in: workbook) == """
        latin.yaml:3: error: [not-utf8] line 3 holds the byte 0xE9, which is not UTF-8 text
        help: save the file as UTF-8
        """
    )
  }

  @Test func `UTF-16 is recognised`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.write(Data([0xFF, 0xFE, 0x61, 0x00]), to: "wide.yaml")
    #expect(
      reading("wide.yaml", in: workbook) == """
        wide.yaml: error: [not-utf8] this file is UTF-16 text, expected UTF-8
        help: save the file as UTF-8
        """
    )
  }

  @Test func `a text cut inside a character is not UTF-8`() throws {
    let workbook = try TemporaryWorkbook()
    try workbook.write(Data([0x61, 0xE2, 0x82]), to: "cut.yaml")
    #expect(reading("cut.yaml", in: workbook).contains("line 1 holds the byte 0xE2"))
  }
}
