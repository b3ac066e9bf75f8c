import Foundation
import Plotting
import Testing

struct `line charts` {
  @Test func `one series with marked positions`() throws {
    expectSnapshot(LineCharts.single.terminalText(), named: "line.txt")
  }

  @Test func `series stand one under the other on common axes`() throws {
    expectSnapshot(LineCharts.layers.terminalText(), named: "line-series.txt")
  }

  @Test func `series as a document`() throws {
    expectSnapshot(LineCharts.layers.svg(), named: "line-series.svg")
  }

  @Test func `ascii needs no braille`() throws {
    let style = TerminalStyle(width: 60, unicode: false)
    expectSnapshot(LineCharts.layers.terminalText(style), named: "line-ascii.txt")
  }

  @Test func `a spike among fifty thousand values shows`() throws {
    for (style, ink) in [
      (TerminalStyle(), "\u{2801}"..."\u{28FF}"), (TerminalStyle(unicode: false), "'"..."|"),
    ] as [(TerminalStyle, ClosedRange<Character>)] {
      let lines = LineCharts.spikes.terminalText(style).split(separator: "\n")
      for label in [" 1.0 ", " 0.0 "] {
        let line = try #require(lines.first { $0.hasPrefix(label) })
        #expect(line.dropFirst(6).contains(where: ink.contains), "no spike at \(label)")
      }
    }
    let path = try #require(
      LineCharts.spikes.svg().firstMatch(of: #/<path d="([^"]*)" fill="none"/#)
    )
    let heights = Set(path.1.matches(of: #/,([0-9.]+)/#).map { String($0.1) })
    #expect(heights.count == 3)
  }

  @Test func `a value that is not finite breaks the line and is counted`() throws {
    let chart = LineCharts.one([0, 1, .nan, 1, .infinity, 5, 1e200, 0, 0])
    for text in [chart.terminalText(TerminalStyle(width: 120)), chart.svg()] {
      #expect(text.contains("6 values"))
      #expect(text.contains("not drawn: 3, not finite or beyond 1e100"))
    }
    // Two lines of two values; the lone values are dots.
    let path = try #require(chart.svg().firstMatch(of: #/<path d="([^"]*)" fill="none"/#))
    #expect(path.1.count { $0 == "M" } == 2)
  }

  @Test func `a gap stays empty on a terminal`() throws {
    let values = [Double](repeating: 0, count: 10) + [Double](repeating: .nan, count: 20)
    let chart = LineCharts.one(values + [Double](repeating: 0, count: 10))
    let line = try #require(
      chart.terminalText(TerminalStyle(unicode: false)).split(separator: "\n")
        .first { $0.hasPrefix(" 0.0 |") }
    )
    #expect(line.contains(#/['.|]{15,}\ {30,}['.|]{15,}/#))
  }

  @Test func `without colour every series of a document has its own dashes`() {
    let series = (0..<LineChart.seriesLimit).map { index in
      LineSeries(name: "\(index)", values: [0, Double(index)])
    }
    let dashes = LineCharts.chart(series).svg()
      .matches(of: #/<path d="[^"]*" fill="none"[^>]*round"( stroke-dasharray="[^"]*")?\/>/#)
      .map { String($0.1 ?? "") }
    #expect(dashes.count == LineChart.seriesLimit)
    #expect(Set(dashes).count == LineChart.seriesLimit)
  }

  @Test func `more series or marks than the limits are counted`() {
    let chart = LineCharts.chart(
      (0..<20).map { LineSeries(name: "s\($0)", values: [1, 2]) },
      marks: (0..<100).map { LineMark(x: Double($0) / 100, text: "m\($0)") }
    )
    for text in [chart.terminalText(), chart.svg()] {
      #expect(text.contains("not drawn: 12 further series"))
      #expect(text.contains("not shown: 60 further marks"))
    }
  }

  @Test func `a mark off the axis is listed`() {
    let chart = LineCharts.chart(
      [LineSeries(name: "", values: [1, 2, 3])],
      marks: [
        LineMark(x: 1, text: "inside"), LineMark(x: 7, text: "outside"),
        LineMark(x: .nan, text: "nowhere"),
      ]
    )
    for text in [chart.terminalText(), chart.svg()] {
      #expect(text.contains("not in the picture: outside (7)"))
      #expect(text.contains("nowhere (no finite position)"))
      #expect(text.contains("inside"))
      #expect(!text.contains("inside ("))
    }
  }

  @Test func `marks in one place are all named`() {
    let marks = (10..<20).map { LineMark(x: 1, text: "mark \($0)") }
    let chart = LineCharts.chart([LineSeries(name: "", values: [1, 2, 3])], marks: marks)
    for text in [chart.terminalText(), chart.svg()] {
      for mark in marks { #expect(text.contains(mark.text)) }
    }
  }

  @Test(arguments: [
    LineSeries(name: "empty", values: []),
    LineSeries(name: "nothing finite", values: [.nan, .infinity, -.infinity]),
    LineSeries(name: "one value", values: [3]),
    LineSeries(name: "constant", values: [2, 2, 2, 2]),
    LineSeries(name: "huge", values: [-1e100, 1e100]),
    LineSeries(name: "tiny", values: [1e-300, 3e-300]),
    LineSeries(name: "far right", start: 1e100, values: [1, 2, 3]),
    LineSeries(name: "nowhere", start: .nan, values: [1, 2, 3]),
    LineSeries(name: "narrow", values: [1e9, 1e9 + 1e-6]),
  ])
  func `what cannot be drawn well is drawn somehow`(series: LineSeries) {
    let chart = LineCharts.chart([series], marks: [LineMark(x: 0, text: "start")])
    let isEmpty = !series.values.contains { $0.isFinite }
    let svg = chart.svg()
    for width in [0, 40, 80] {
      let text = chart.terminalText(TerminalStyle(width: width))
      #expect(text.contains("(nothing to draw)") == isEmpty)
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= max(40, width) })
    }
    #expect(svg.contains("(nothing to draw)") == isEmpty)
    #expect(!svg.contains("nan") && !svg.contains("inf,"))
    #expect(svg.hasSuffix("</svg>\n"))
  }
}
