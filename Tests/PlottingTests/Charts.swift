import Foundation
import Plotting

/// Charts with known shapes, the same on every machine.
enum Charts {
  /// Returns counts shaped like a bell, rounded so that no platform's `exp` can differ visibly.
  static func bell(centre: Double, deviation: Double, total: Double, bins: Int) -> [Int] {
    (0..<bins).map { bin in
      let value = -1 + (Double(bin) + 0.5) * 2 / Double(bins)
      let distance = (value - centre) / deviation
      let density = exp(-distance * distance / 2) / (deviation * 2.506_628_274_631)
      return Int((density * total * 2 / Double(bins)).rounded())
    }
  }

  static func bellSeries(
    _ name: String,
    centre: Double,
    deviation: Double,
    total: Double = 1_262_857_896,
    bins: Int = 400
  ) -> HistogramSeries {
    HistogramSeries(
      name: name,
      lower: -1,
      upper: 1,
      counts: bell(centre: centre, deviation: deviation, total: total, bins: bins),
      mean: centre,
      standardDeviation: deviation,
      markers: [
        .init("5%", centre - 1.645 * deviation), .init("median", centre),
        .init("95%", centre + 1.645 * deviation),
      ]
    )
  }

  static let single = HistogramChart(
    title: "Pairwise cosine similarity of token embeddings",
    subtitle: "whisper-tiny.en · raw weights · all 50,257 rows",
    series: [bellSeries("whisper-tiny.en", centre: 0.74, deviation: 0.07)],
    axisLabel: "cosine(a, b)",
    sentence: "Nearly every pair of tokens points the same way: the mean cosine is 0.740."
  )

  static let several = HistogramChart(
    title: "Pairwise cosine similarity in three models",
    subtitle: "raw weights · all rows",
    series: [
      bellSeries("whisper-tiny.en", centre: 0.74, deviation: 0.07),
      bellSeries("smollm2-135m", centre: 0.44, deviation: 0.06, total: 1_207_934_976, bins: 2048),
      bellSeries("minilm-l6", centre: 0.02, deviation: 0.08, total: 465_780_981, bins: 40),
    ],
    axisLabel: "cosine(a, b)",
    sentence: "The mean cosine differs from model to model far more than the spread within one."
  )

  static let overlaid = HistogramChart(
    title: "Synonyms against random pairs",
    subtitle: "smollm2-135m · 40 pairs against all 1,207,934,976",
    series: [
      bellSeries("random pairs", centre: 0.1, deviation: 0.12),
      bellSeries("synonyms", centre: 0.5, deviation: 0.15, total: 4000, bins: 50),
    ],
    axisLabel: "cosine(a, b)",
    sentence: "Synonyms lie to the right of random pairs.",
    layout: .overlaid
  )

  static func one(_ series: HistogramSeries, title: String = "Edge case") -> HistogramChart {
    HistogramChart(
      title: title,
      subtitle: "made up",
      series: [series],
      axisLabel: "value",
      sentence: "It says what it shows."
    )
  }
}
