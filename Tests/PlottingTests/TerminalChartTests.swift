import Plotting
import Testing

struct `terminal charts` {
  @Test func `one series fills eighty columns`() throws {
    expectSnapshot(Charts.single.terminalText(), named: "single.txt")
  }

  @Test func `ascii needs no block characters`() throws {
    expectSnapshot(
      Charts.single.terminalText(TerminalStyle(width: 60, unicode: false)),
      named: "ascii.txt"
    )
  }

  @Test func `several series stand one under the other on one axis`() throws {
    expectSnapshot(Charts.several.terminalText(), named: "several.txt")
  }

  @Test func `an overlay is stacked on a terminal`() throws {
    expectSnapshot(Charts.overlaid.terminalText(), named: "overlaid.txt")
  }

  @Test func `the axis can be cut down to where there are values`() throws {
    var chart = Charts.single
    chart.extent = .occupied
    expectSnapshot(chart.terminalText(TerminalStyle(width: 100)), named: "occupied.txt")
  }

  @Test func `a negative range and lone outliers show`() throws {
    var counts = [Int](repeating: 0, count: 50)
    (counts[0], counts[20], counts[21], counts[49]) = (1, 900_000, 400_000, 2)
    let series = HistogramSeries(
      name: "",
      lower: -350,
      upper: -50,
      counts: counts,
      mean: -227,
      standardDeviation: 3.5,
      markers: [.init("median", -228)]
    )
    expectSnapshot(Charts.one(series).terminalText(), named: "outliers.txt")
  }

  @Test func `without values it says so`() {
    let series = HistogramSeries(name: "", lower: 0, upper: 1, counts: [0, 0])
    let text = Charts.one(series).terminalText()
    #expect(text.contains("\n0 pairs\n"))
    #expect(!text.contains("in one bar"))
  }

  @Test func `without series it says so`() {
    let chart = HistogramChart(
      title: "t",
      subtitle: "",
      series: [],
      axisLabel: "",
      sentence: "Nothing was measured."
    )
    #expect(chart.terminalText().contains("(nothing to draw)"))
  }

  @Test(arguments: [40, 61, 80, 133])
  func `no line is wider than the terminal`(width: Int) {
    for chart in [Charts.single, Charts.several, Charts.overlaid] {
      for unicode in [true, false] {
        let text = chart.terminalText(TerminalStyle(width: width, unicode: unicode))
        for line in text.split(separator: "\n") where line.count > width {
          Issue.record("\(line.count) columns: \(line)")
        }
      }
    }
  }

  @Test func `colour only adds escape sequences`() {
    let plain = Charts.several.terminalText()
    var stripped = Charts.several.terminalText(TerminalStyle(colour: true))
    for code in ["0", "1", "2", "36"] {
      stripped = stripped.split(separator: "\u{1B}[\(code)m", omittingEmptySubsequences: false)
        .joined()
    }
    #expect(stripped == plain)
  }

  @Test func `a hostile title cannot drive the terminal`() {
    let series = HistogramSeries(name: "\u{1B}[2J", lower: 0, upper: 1, counts: [1])
    let chart = HistogramChart(
      title: "a\u{1B}]0;x\u{7}",
      subtitle: "\u{9B}2J",
      series: [series, series],
      axisLabel: "\r\u{8}",
      sentence: "\u{202E}reversed"
    )
    let controls = chart.terminalText().unicodeScalars.filter {
      $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
    }
    #expect(controls.isEmpty)
  }

  @Test(arguments: [
    HistogramSeries(name: "one bin", lower: 0, upper: 1, counts: [7]),
    HistogramSeries(name: "no room", lower: 3, upper: 3, counts: [1, 2, 3], mean: 3),
    HistogramSeries(name: "reversed", lower: 3, upper: -3, counts: [1]),
    HistogramSeries(name: "no bins", lower: 0, upper: 1, counts: []),
    HistogramSeries(name: "not finite", lower: -.infinity, upper: .nan, counts: [4], mean: .nan),
    HistogramSeries(name: "overflow", lower: 0, upper: 1, counts: [.max, .max, .min]),
    HistogramSeries(name: "huge", lower: -1e308, upper: 1e308, counts: [1, 2]),
    HistogramSeries(name: "tiny", lower: 1e-12, upper: 3e-12, counts: [1, 2], mean: 2e-12),
    HistogramSeries(name: "narrow", lower: 1e9, upper: 1e9 + 1e-6, counts: [1, 2]),
    HistogramSeries(name: "wide", lower: -1e12, upper: 5e12, counts: [1, 2], mean: 1e12),
  ])
  func `what cannot be drawn well is drawn somehow`(series: HistogramSeries) {
    let chart = Charts.one(series)
    #expect(chart.terminalText().contains("It says what it shows."))
    #expect(chart.svg().hasSuffix("</svg>\n"))
  }

  @Test func `a single bin stands in the middle of its axis`() throws {
    let series = HistogramSeries(name: "", lower: 2, upper: 2, counts: [5], mean: 2)
    #expect(series.lower == 1)
    #expect(series.upper == 3)
    expectSnapshot(Charts.one(series).terminalText(), named: "one-bin.txt")
  }
}
