import Testing

struct `code rules` {
  /// What may not be written in the sources at all, with the reason.
  private static let forbidden: [(pattern: String, reason: String)] = [
    (#"\btry!"#, "throw, or handle the error"),
    (#"\bas!"#, "use as? and handle nil"),
    (#"\bfatalError\("#, "use precondition for programmer mistakes, a Diagnostic for users'"),
    (#"\bunsafeFlags\b"#, "a package that uses it cannot be depended on"),
  ]

  @Test func `nothing in the sources ends the program on bad input`() throws {
    for rule in Self.forbidden {
      let pattern = try Regex(rule.pattern)
      for found in try occurrences(of: pattern, in: { _ in true }) {
        Issue.record("\(found): \(rule.reason)")
      }
    }
  }

  @Test func `pointers stay in the numeric core and in the one file that maps files`() throws {
    let pattern = try Regex(#"UnsafePointer|UnsafeMutable|UnsafeRaw|withUnsafe|\bunsafe "#)
    let found = try occurrences(of: pattern) { file in
      file.target != "EmbeddingMath" && file.target != "CKernels"
        && file.path.wholeMatch(of: #/Sources/ModelWeights/(.+/)?MappedFile[^/]*\.swift/#) == nil
    }
    for place in found { Issue.record("\(place): unsafe code outside its two places") }
  }

  @Test func `tests use no internals`() throws {
    for path in try Repository.paths(beneath: "Tests") where path.hasSuffix(".swift") {
      let isTestable = SwiftCode(try Repository.text(path)).lines.contains {
        $0.contains("@testable")
      }
      #expect(!isTestable, "\(path) uses @testable, which the release test build has not")
    }
  }

  @Test func `the manifest sets no unsafe flags`() throws {
    let lines = SwiftCode(try Repository.text("Package.swift")).lines
    #expect(lines.allSatisfy { !$0.contains("unsafeFlags") })
  }

  /// Scripts that compare the program with others are run by continuous integration instead.
  @Test func `every test folder is a target`() throws {
    let manifest = try Repository.text("Package.swift")
    for folder in try Repository.folders(in: "Tests") where folder != "Peers" {
      let isTarget = manifest.contains("name: \"\(folder)\"")
      #expect(isTarget, "Tests/\(folder) is no target in Package.swift")
    }
  }

  private func occurrences(
    of pattern: Regex<AnyRegexOutput>,
    in isChecked: (Repository.SourceFile) -> Bool
  ) throws -> [String] {
    try Repository.sources().filter { $0.isSwift && isChecked($0) }.flatMap { file in
      file.code.lines.enumerated().compactMap { index, line in
        line.firstMatch(of: pattern).map { "\(file.path):\(index + 1): \(line[$0.range])" }
      }
    }
  }
}
