import Foundation
import Plotting

/// Line charts with known shapes, the same on every machine.
enum LineCharts {
  static func chart(
    _ series: [LineSeries],
    marks: [LineMark] = [],
    numbers: [String] = []
  ) -> LineChart {
    LineChart(
      title: "One direction of the positions",
      subtitle: "gpt-neo-125m · W_pos · 2,048 positions",
      xLabel: "position",
      yLabel: "component",
      series: series,
      marks: marks,
      sentence: "The component swings once in 1,024 positions.",
      numbers: numbers
    )
  }

  static func one(_ values: [Double], start: Double = 0) -> LineChart {
    chart([LineSeries(name: "all", start: start, values: values)])
  }

  /// A wave rounded so that no platform's `sin` can differ visibly.
  static func wave(_ count: Int, period: Double, height: Double = 1) -> [Double] {
    (0..<count).map { index in
      (sin(2 * .pi * Double(index) / period) * height * 10_000).rounded() / 10_000
    }
  }

  static let single = chart(
    [LineSeries(name: "first", values: wave(2048, period: 1024))],
    marks: [
      LineMark(x: 256, text: "first crest"), LineMark(x: 768, text: "first trough"),
      LineMark(x: 1280, text: "second crest"), LineMark(x: 1300, text: "just after it"),
      LineMark(x: 2040, text: "nearly the end"), LineMark(x: 9000, text: "beyond the end"),
    ],
    numbers: ["period 1,024"]
  )

  static let layers = chart(
    [
      LineSeries(name: "gpt-neo-125m", start: 1, values: [0.1, 0.3, 0.35, 0.5, 0.45, 0.7, 0.9]),
      LineSeries(name: "smollm2-135m", start: 1, values: [0.2, 0.25, .nan, 0.3, 0.32, 0.3, 0.4]),
      LineSeries(name: "minilm-l6", start: 0, values: [0.8, 0.7, 0.72, 0.6, 0.5, 0.3, 0.2, 0.1]),
    ],
    marks: [LineMark(x: 4, text: "middle layer")]
  )

  /// A flat line of 50,000 values with one spike up and one down.
  static let spikes: LineChart = {
    var values = [Double](repeating: 0.5, count: 50_000)
    (values[20_001], values[30_001]) = (1, 0)
    return one(values)
  }()
}
