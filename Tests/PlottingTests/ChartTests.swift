import Foundation
import Plotting
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A chart under a name, as a description of 40,000 points would swamp the log.
struct SampleChart: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let chart: Chart

  init(_ name: String, _ chart: Chart) {
    self.testDescription = name
    self.chart = chart
  }
}

/// What holds for charts of every kind.
struct `charts of any kind` {
  static let charts = [
    SampleChart("histograms", .histogram(Charts.several)),
    SampleChart("overlay", .histogram(Charts.overlaid)),
    SampleChart("points", .scatter(ScatterCharts.sparse)),
    SampleChart("groups apart", .scatter(ScatterCharts.apart)),
    SampleChart("groups together", .scatter(ScatterCharts.together)),
    SampleChart("crowd", .scatter(ScatterCharts.crowd)),
    SampleChart("line", .line(LineCharts.single)),
    SampleChart("lines", .line(LineCharts.layers)),
  ]

  /// A text that drives terminals, means something in XML, and is wide.
  static let hostile = "\u{1B}[2J</text><script>&\"\r\n\t\u{202E}\u{FFFE}漢字👩‍🔬" + tail
  private static let tail = String(repeating: "字", count: 60)

  static let hostileCharts = [
    SampleChart(
      "hostile points",
      .scatter(
        ScatterChart(
          title: hostile,
          subtitle: hostile,
          xLabel: hostile,
          yLabel: hostile,
          groups: (0..<3).map { group in
            let points = (0..<8).map { index in
              ScatterPoint(x: Double(index * group), y: Double(index), label: hostile)
            }
            return ScatterGroup(name: hostile, points: points)
          },
          sentence: hostile,
          numbers: [hostile, hostile]
        )
      )
    ),
    SampleChart(
      "hostile lines",
      .line(
        LineChart(
          title: hostile,
          subtitle: hostile,
          xLabel: hostile,
          yLabel: hostile,
          series: (0..<2).map { _ in LineSeries(name: hostile, values: [1, 3, 2]) },
          marks: [LineMark(x: 1, text: hostile), LineMark(x: 9, text: hostile)],
          sentence: hostile,
          numbers: [hostile]
        )
      )
    ),
  ]

  @Test(arguments: charts)
  func `a chart passes on what it is and how it is drawn`(sample: SampleChart) {
    let chart = sample.chart
    let style = TerminalStyle(width: 70, unicode: false)
    switch chart {
    case .histogram(let inner):
      #expect(chart.title == inner.title && chart.subtitle == inner.subtitle)
      #expect(chart.sentence == inner.sentence)
      #expect(chart.terminalText(style) == inner.terminalText(style))
      #expect(chart.svg() == inner.svg())
    case .scatter(let inner):
      #expect(chart.title == inner.title && chart.subtitle == inner.subtitle)
      #expect(chart.sentence == inner.sentence)
      #expect(chart.terminalText(style) == inner.terminalText(style))
      #expect(chart.svg() == inner.svg())
    case .line(let inner):
      #expect(chart.title == inner.title && chart.subtitle == inner.subtitle)
      #expect(chart.sentence == inner.sentence)
      #expect(chart.terminalText(style) == inner.terminalText(style))
      #expect(chart.svg() == inner.svg())
    }
  }

  @Test(arguments: charts + hostileCharts)
  func `no line is wider than the terminal`(sample: SampleChart) {
    let chart = sample.chart
    for width in [40, 57, 80, 120] {
      for unicode in [true, false] {
        let text = chart.terminalText(TerminalStyle(width: width, unicode: unicode))
        for line in text.split(separator: "\n") where Self.columns(line) > width {
          Issue.record("\(Self.columns(line)) of \(width) columns: \(line)")
        }
      }
    }
  }

  @Test(arguments: charts)
  func `a picture at eighty columns keeps to a screen`(sample: SampleChart) {
    let chart = sample.chart
    #expect(chart.terminalText().split(separator: "\n").count <= 30)
  }

  @Test(arguments: charts)
  func `without unicode only the given texts are not ascii`(sample: SampleChart) {
    let chart = sample.chart
    let text = chart.terminalText(TerminalStyle(unicode: false))
    let own = text.replacing(chart.subtitle, with: "")
    #expect(own.filter { !$0.isASCII }.isEmpty)
  }

  @Test(arguments: charts)
  func `colour only adds escape sequences`(sample: SampleChart) {
    let chart = sample.chart
    let coloured = chart.terminalText(TerminalStyle(colour: true))
    #expect(coloured.contains("\u{1B}["))
    #expect(coloured.replacing(#/\u{1B}\[[0-9]+m/#, with: "") == chart.terminalText())
  }

  @Test(arguments: charts + hostileCharts)
  func `a document is well formed and describes itself`(sample: SampleChart) {
    let chart = sample.chart
    let svg = chart.svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(svg.contains("<title id="))
    #expect(svg.contains("<desc id="))
    #expect(!svg.contains("<script>"))
    #expect(!svg.contains("href"))
  }

  @Test(arguments: hostileCharts)
  func `hostile texts cannot drive the terminal`(sample: SampleChart) {
    let chart = sample.chart
    let controls = chart.terminalText().unicodeScalars.filter {
      $0 != "\n" && $0 != "\u{200D}" && [.control, .format].contains($0.properties.generalCategory)
    }
    #expect(controls.isEmpty)
  }

  @Test(arguments: charts)
  func `numbers and a sentence say what is drawn`(sample: SampleChart) {
    let chart = sample.chart
    let text = chart.terminalText(TerminalStyle(width: 200))
    #expect(text.hasSuffix(chart.sentence))
    #expect(text.contains(#/[0-9] (pairs|points|values)/#))
    #expect(chart.svg().contains(#/<desc[^>]*>[^<]*[0-9] (pairs|points|values)/#))
  }

  @Test func `overlaid histograms share a scale in shares on a terminal`() {
    let text = Charts.overlaid.terminalText()
    #expect(text.split(separator: "\n").count { $0.hasPrefix("   10% ┤") } == 2)
  }

  /// The columns of a line, with two for the wide characters these tests use.
  private static func columns(_ line: Substring) -> Int {
    line.reduce(0) { $0 + ("漢字👩‍🔬".contains($1) ? 2 : 1) }
  }
}
