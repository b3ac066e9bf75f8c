/// What one target may import.
struct ImportRule: Sendable {
  /// Targets of this package.
  var own: Set<String> = []
  /// Modules of other packages.
  var packages: Set<String> = []
  /// Modules that come with the toolchain or the system.
  var system: Set<String> = []
}

/// Who may import what: the module graph of the design, written out once.
enum ImportTable {
  static let standard: Set = ["Synchronization"]
  static let foundation: Set = [
    "Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin",
  ]

  static let rules: [String: ImportRule] = [
    "CKernels": ImportRule(),
    "CTransfer": ImportRule(),
    "EmbeddingMath": ImportRule(
      own: ["CKernels"],
      system: ["Dispatch", "Synchronization", "Glibc", "Musl", "Darwin"]
    ),
    "SourceDiagnostics": ImportRule(system: standard),
    "ModelWeights": ImportRule(own: ["EmbeddingMath", "SourceDiagnostics"], system: foundation),
    "ModelHub": ImportRule(
      own: ["CTransfer", "ModelWeights", "SourceDiagnostics"],
      packages: ["Crypto"],
      system: foundation
    ),
    "MetricLanguage": ImportRule(own: ["EmbeddingMath", "SourceDiagnostics"], system: foundation),
    "PuzzleRegistry": ImportRule(
      own: ["MetricLanguage", "SourceDiagnostics"],
      packages: ["Yams"],
      system: foundation
    ),
    "Grading": ImportRule(
      own: ["PuzzleRegistry", "MetricLanguage", "EmbeddingMath", "SourceDiagnostics"],
      system: foundation
    ),
    "ProgressStore": ImportRule(
      own: ["Grading", "PuzzleRegistry", "SourceDiagnostics"],
      packages: ["GRDB"],
      system: foundation
    ),
    "Plotting": ImportRule(system: foundation),
    "WorkbookKit": ImportRule(
      own: [
        "EmbeddingMath", "SourceDiagnostics", "ModelWeights", "ModelHub", "MetricLanguage",
        "PuzzleRegistry", "Grading", "ProgressStore", "Plotting",
      ],
      system: foundation
    ),
    "WorkbookCLI": ImportRule(
      own: [
        "WorkbookKit", "Plotting", "Grading", "PuzzleRegistry", "MetricLanguage",
        "SourceDiagnostics",
      ],
      packages: ["ArgumentParser"],
      system: foundation
    ),
  ]
}
