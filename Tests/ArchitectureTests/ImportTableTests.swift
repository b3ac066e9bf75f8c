import Testing

struct `the import table` {
  @Test func `every import of every file stands in it`() throws {
    for file in try Repository.sources() where file.isSwift {
      guard let rule = ImportTable.rules[file.target] else { continue }
      let allowed = rule.own.union(rule.packages).union(rule.system)
      for found in file.code.imports where !allowed.contains(found.module) {
        Issue.record("\(file.path):\(found.line): \(file.target) may not import \(found.module)")
      }
    }
  }

  @Test func `it lists exactly the folders of Sources`() throws {
    #expect(try Repository.folders(in: "Sources") == ImportTable.rules.keys.sorted())
  }

  @Test func `it has no cycles`() {
    func reachable(from target: String, _ seen: inout Set<String>) {
      for next in ImportTable.rules[target]?.own ?? [] where seen.insert(next).inserted {
        reachable(from: next, &seen)
      }
    }
    for target in ImportTable.rules.keys.sorted() {
      var seen: Set<String> = []
      reachable(from: target, &seen)
      #expect(!seen.contains(target), "\(target) reaches itself")
    }
  }

  @Test func `its promises hold`() throws {
    let foundations: Set = ["Foundation", "FoundationEssentials"]
    #expect(ImportTable.rules["EmbeddingMath"]?.system.isDisjoint(with: foundations) == true)
    #expect(ImportTable.rules["WorkbookCLI"]?.own.contains("ProgressStore") == false)
    for (target, rule) in ImportTable.rules {
      #expect(rule.own.isSubset(of: ImportTable.rules.keys), "\(target) names an unknown target")
    }
  }
}

struct `reading imports` {
  @Test(arguments: [
    ("import Foundation", ["Foundation"]),
    ("  package import EmbeddingMath  // why", ["EmbeddingMath"]),
    ("@preconcurrency import Dispatch", ["Dispatch"]),
    ("@_exported public import A", ["A"]),
    ("import struct Foundation.URL", ["Foundation"]),
    ("@preconcurrency package import func Glibc.open", ["Glibc"]),
    ("import A; import B.C", ["A", "B"]),
    ("/* x */ import A", ["A"]),
    ("// import A\n/* import B\n/* */ import C */\nlet text = \"import D\"", []),
    ("let text = \"\"\"\n  import A\n  \"\"\"\nimport B", ["B"]),
    ("let text = #\"\\\"#\nimport A", ["A"]),
    ("let text = \"\\\"\"; import A", ["A"]),
    ("let important = 1", []),
  ])
  func `each form names its module`(source: String, modules: [String]) {
    #expect(SwiftCode(source).imports.map(\.module) == modules)
  }

  @Test func `lines are counted through comments and strings`() {
    let source = "/*\n\n*/\nlet a = \"\"\"\n\n\"\"\"\nimport A"
    #expect(SwiftCode(source).imports.map(\.line) == [7])
  }
}
