import Foundation
import Plotting
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

struct `svg charts` {
  @Test func `one series`() throws {
    expectSnapshot(Charts.single.svg(), named: "single.svg")
  }

  @Test func `several series`() throws {
    expectSnapshot(Charts.several.svg(), named: "several.svg")
  }

  @Test func `an overlay`() throws {
    expectSnapshot(Charts.overlaid.svg(), named: "overlaid.svg")
  }

  @Test func `hostile texts are escaped`() throws {
    let hostile = "<script>&\"'\u{0}\u{1B}\u{FFFE}]]>"
    let series = HistogramSeries(
      name: hostile,
      lower: 0,
      upper: 1,
      counts: [1, 2],
      mean: 0.5,
      markers: [.init(hostile, 0.5)]
    )
    let chart = HistogramChart(
      title: hostile,
      subtitle: hostile,
      series: [series, series],
      axisLabel: hostile,
      unit: hostile,
      sentence: hostile
    )
    let svg = chart.svg()
    #expect(!svg.contains("<script>"))
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }

  @Test(arguments: [Charts.single, Charts.several, Charts.overlaid])
  func `the document is well formed and describes itself`(chart: HistogramChart) {
    let svg = chart.svg()
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    #expect(svg.contains("role=\"img\""))
    #expect(svg.contains("<title id="))
    #expect(svg.contains("<desc id="))
    #expect(svg.contains("mean"))
    #expect(!svg.contains("nan"))
    #expect(!svg.contains("href"))
  }

  @Test func `two charts share no identifiers`() {
    let ids = [Charts.single, Charts.several].map { chart in
      Set(chart.svg().matches(of: #/id="([^"]*)"/#).map { String($0.1) })
    }
    #expect(!ids[0].isEmpty)
    #expect(ids[0].isDisjoint(with: ids[1]))
  }
}
