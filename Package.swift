// swift-tools-version: 6.2

import PackageDescription

/// Settings every Swift target shares.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let mathLibrary: [LinkerSetting] = [.linkedLibrary("m", .when(platforms: [.linux]))]

let package = Package(
  name: "workbook",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "workbook", targets: ["WorkbookCLI"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .target(name: "CKernels"),
    .target(
      name: "CTransfer",
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]
    ),
    .target(
      name: "EmbeddingMath",
      dependencies: ["CKernels"],
      swiftSettings: house + [.strictMemorySafety()],
      linkerSettings: mathLibrary
    ),
    .target(name: "SourceDiagnostics", swiftSettings: house),
    .target(
      name: "ModelWeights",
      dependencies: ["EmbeddingMath", "SourceDiagnostics"],
      swiftSettings: house
    ),
    .target(
      name: "ModelHub",
      dependencies: [
        "CTransfer", "ModelWeights", "SourceDiagnostics",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [.embedInCode("Catalogue/catalogue.json")],
      swiftSettings: house
    ),
    .target(
      name: "MetricLanguage",
      dependencies: ["EmbeddingMath", "SourceDiagnostics"],
      swiftSettings: house
    ),
    .target(
      name: "PuzzleRegistry",
      dependencies: [
        "MetricLanguage", "SourceDiagnostics",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: house
    ),
    .target(
      name: "Grading",
      dependencies: ["PuzzleRegistry", "MetricLanguage", "EmbeddingMath", "SourceDiagnostics"],
      swiftSettings: house
    ),
    .target(
      name: "ProgressStore",
      dependencies: [
        "Grading", "SourceDiagnostics",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: house
    ),
    .target(name: "Plotting", swiftSettings: house),
    .target(
      name: "WorkbookKit",
      dependencies: [
        "EmbeddingMath", "SourceDiagnostics", "ModelWeights", "ModelHub", "MetricLanguage",
        "PuzzleRegistry", "Grading", "ProgressStore", "Plotting",
      ],
      resources: [.embedInCode("Templates")],
      swiftSettings: house
    ),
    .executableTarget(
      name: "WorkbookCLI",
      dependencies: [
        "WorkbookKit", "Plotting", "Grading", "PuzzleRegistry", "MetricLanguage",
        "SourceDiagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house
    ),

    .target(
      name: "_WorkbookTestSupport",
      dependencies: ["EmbeddingMath", "MetricLanguage", "SourceDiagnostics"],
      path: "Tests/_WorkbookTestSupport",
      swiftSettings: house
    ),
    .target(
      name: "_LoopbackHub",
      path: "Tests/_LoopbackHub",
      swiftSettings: house
    ),
    .testTarget(
      name: "ArchitectureTests",
      swiftSettings: house
    ),
    .testTarget(
      name: "Benchmarks",
      dependencies: ["CKernels", "EmbeddingMath"],
      exclude: ["compare-numpy.py"],
      swiftSettings: house
    ),
    .testTarget(
      name: "EmbeddingMathTests",
      dependencies: ["EmbeddingMath", "_WorkbookTestSupport"],
      exclude: ["Goldens"],
      swiftSettings: house
    ),
    .testTarget(
      name: "SourceDiagnosticsTests",
      dependencies: ["SourceDiagnostics"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ModelWeightsTests",
      dependencies: [
        "ModelWeights", "EmbeddingMath", "SourceDiagnostics", "_WorkbookTestSupport",
      ],
      exclude: ["Fixtures"],
      swiftSettings: house
    ),
    .testTarget(
      name: "ModelHubTests",
      dependencies: [
        "ModelHub", "ModelWeights", "EmbeddingMath", "SourceDiagnostics", "_LoopbackHub",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "MetricLanguageTests",
      dependencies: [
        "MetricLanguage", "EmbeddingMath", "SourceDiagnostics", "_WorkbookTestSupport",
      ],
      exclude: ["Goldens"],
      swiftSettings: house
    ),
    .testTarget(
      name: "PuzzleRegistryTests",
      dependencies: [
        "PuzzleRegistry", "MetricLanguage", "SourceDiagnostics", "_WorkbookTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "GradingTests",
      dependencies: [
        "Grading", "PuzzleRegistry", "MetricLanguage", "EmbeddingMath", "SourceDiagnostics",
        "_WorkbookTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "ProgressStoreTests",
      dependencies: [
        "ProgressStore", "Grading", "SourceDiagnostics",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "PlottingTests",
      dependencies: ["Plotting", "_WorkbookTestSupport"],
      exclude: ["Snapshots"],
      swiftSettings: house
    ),
    .testTarget(
      name: "PuzzleContentTests",
      dependencies: [
        "WorkbookKit", "Grading", "MetricLanguage", "PuzzleRegistry", "SourceDiagnostics",
        "_WorkbookTestSupport",
      ],
      exclude: ["Snapshots"],
      swiftSettings: house
    ),
    .testTarget(
      name: "WorkbookCLITests",
      dependencies: ["WorkbookCLI", "_LoopbackHub"],
      swiftSettings: house
    ),
  ]
)
