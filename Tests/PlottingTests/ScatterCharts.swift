import Foundation
import Plotting

/// Scatter charts with known shapes, the same on every machine.
enum ScatterCharts {
  /// Returns numbers between 0 and 1 that look random, always the same for a seed.
  static func random(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(1 << 31)
    }
  }

  /// Returns points around a centre, the more the nearer.
  static func cloud(
    _ count: Int,
    x: Double,
    y: Double,
    radius: Double,
    seed: UInt64
  ) -> [ScatterPoint] {
    let numbers = random(count * 6, seed: seed)
    return (0..<count).map { index in
      let part = numbers[(index * 6)..<(index * 6 + 6)]
      let (across, up) = (part.prefix(3).reduce(0, +), part.suffix(3).reduce(0, +))
      return ScatterPoint(x: x + (across - 1.5) * radius, y: y + (up - 1.5) * radius)
    }
  }

  static func chart(_ groups: [ScatterGroup], numbers: [String] = []) -> ScatterChart {
    ScatterChart(
      title: "Norm against similarity to the mean",
      subtitle: "whisper-tiny.en · raw weights · all 50,257 rows",
      xLabel: "cosine to the mean row",
      yLabel: "norm",
      groups: groups,
      sentence: "Tokens with small norms point away from the mean.",
      numbers: numbers
    )
  }

  static func one(_ points: [ScatterPoint]) -> ScatterChart {
    chart([ScatterGroup(name: "all", points: points)])
  }

  static let sparse = chart(
    [ScatterGroup(name: "all", points: cloud(150, x: 0.4, y: 2, radius: 0.3, seed: 1) + named)],
    numbers: ["rank correlation 0.58", "slope 0.12"]
  )

  private static let named = [
    ScatterPoint(x: 0.9, y: 2.9, label: "king"),
    ScatterPoint(x: 0.88, y: 2.86, label: "queen"),
    ScatterPoint(x: 0.02, y: 1.2, label: " SolidGoldMagikarp"),
    ScatterPoint(x: 1, y: 1.2, label: "at the right edge"),
  ]

  static let dense = chart(
    [
      ScatterGroup(
        name: "all",
        points: cloud(49_000, x: 0.6, y: 2, radius: 0.4, seed: 2)
          + cloud(1000, x: -0.3, y: 1, radius: 0.2, seed: 3)
          + [ScatterPoint(x: -0.45, y: 2.8, label: "�")]
      )
    ],
    numbers: ["rank correlation 0.61"]
  )

  /// Two groups that lie apart.
  static let apart = chart(
    [
      ScatterGroup(name: "men", points: words(["man", "king", "uncle", "boy", "actor"], x: 0)),
      ScatterGroup(
        name: "women",
        points: words(["woman", "queen", "aunt", "girl", "actress"], x: 1)
      ),
      ScatterGroup(name: "others", points: cloud(30, x: 0.6, y: 0.4, radius: 0.5, seed: 4)),
    ],
    numbers: ["10 words labelled"]
  )

  private static func words(_ words: [String], x: Double) -> [ScatterPoint] {
    words.enumerated().map { index, word in
      let place = Double(index)
      return ScatterPoint(x: x + place * 0.13, y: place * 0.25 + x * 0.1, label: word)
    }
  }

  /// Four groups in one place.
  static let together = chart(
    ["starts with a space", "other word parts", "digits", "bytes"].enumerated().map { index, name in
      let centre = Double(index) * 0.1
      return ScatterGroup(
        name: name,
        points: cloud(400 - 80 * index, x: centre, y: 1 + centre, radius: 0.5, seed: UInt64(index))
      )
    }
  )

  static let crowd = chart([
    ScatterGroup(name: "words", points: cloud(40_000, x: 0.6, y: 2, radius: 0.4, seed: 5)),
    ScatterGroup(name: "rare", points: cloud(300, x: 0.5, y: 1.9, radius: 0.1, seed: 6)),
  ])
}
