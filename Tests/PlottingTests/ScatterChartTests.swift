import Foundation
import Plotting
import Testing

struct `scatter charts` {
  @Test func `one group is drawn in braille with labels at their points`() throws {
    expectSnapshot(ScatterCharts.sparse.terminalText(), named: "scatter.txt")
  }

  @Test func `one group as a document`() throws {
    expectSnapshot(ScatterCharts.sparse.svg(), named: "scatter.svg")
  }

  @Test func `more points than dots show how many there are`() throws {
    expectSnapshot(ScatterCharts.dense.terminalText(), named: "scatter-dense.txt")
  }

  @Test func `groups apart share a picture, each with its own character`() throws {
    let text = ScatterCharts.apart.terminalText()
    for glyph in ["○", "×", "▲"] {
      #expect(text.split(separator: glyph).count > 5, "\(glyph) marks no points")
    }
    expectSnapshot(text, named: "scatter-groups.txt")
  }

  @Test func `groups as a document`() throws {
    expectSnapshot(ScatterCharts.apart.svg(), named: "scatter-groups.svg")
  }

  @Test func `groups in one place have a panel each`() throws {
    expectSnapshot(ScatterCharts.together.terminalText(), named: "scatter-panels.txt")
  }

  @Test func `a rare group in a crowd has a panel of its own`() throws {
    expectSnapshot(ScatterCharts.crowd.terminalText(), named: "scatter-crowd.txt")
  }

  @Test func `ascii shows how many points there are`() throws {
    let style = TerminalStyle(width: 60, unicode: false)
    expectSnapshot(ScatterCharts.sparse.terminalText(style), named: "scatter-ascii.txt")
  }

  @Test func `without colour every group of a document has its own shape`() {
    let groups = (0..<ScatterChart.groupLimit).map { index in
      ScatterGroup(name: "\(index)", points: [ScatterPoint(x: Double(index), y: 1)])
    }
    let shapes = ScatterCharts.chart(groups).svg()
      .matches(of: #/<path d="M[-0-9.]+,[-0-9.]+([^"]*)" (fill="none" stroke="#[0-9a-e]|fill="#)/#)
      .map { "\($0.1) \($0.2.prefix(8))" }
    #expect(Set(shapes).count == ScatterChart.groupLimit)
  }

  @Test func `more groups than marks share the last one`() {
    let groups = (0..<300).map { index in
      ScatterGroup(name: "g\(index)", points: [ScatterPoint(x: Double(index), y: 0)])
    }
    let chart = ScatterCharts.chart(groups)
    for text in [chart.terminalText(), chart.svg()] {
      #expect(text.contains("others (293 groups): 293 points"))
      #expect(text.contains("g6: 1 point"))
      #expect(!text.contains("g7: 1 point"))
    }
  }

  // MARK: Many points

  @Test func `a document draws no more points than its limit and says so`() {
    let svg = ScatterCharts.dense.svg()
    #expect(svg.contains("drawn: 5,001 of 50,001 points, evenly chosen"))
    #expect(svg.utf8.count < 400_000)
    #expect(svg == ScatterCharts.dense.svg())
  }

  @Test func `labelled points are drawn however many others there are`() {
    let crowd = ScatterCharts.cloud(52_000, x: 0, y: 0, radius: 1, seed: 7)
    let chart = ScatterCharts.one(crowd + [ScatterPoint(x: 40, y: 40, label: "far away")])
    #expect(chart.svg().contains(">far away</text>"))
    #expect(chart.terminalText().contains("far away●"))
  }

  @Test func `a lone point beside thousands shows on a terminal`() {
    let points = [ScatterPoint](repeating: ScatterPoint(x: 0, y: 0), count: 20_000)
    let text = ScatterCharts.one(points + [ScatterPoint(x: 1, y: 1)]).terminalText()
    #expect(text.contains("·\n"))
    #expect(text.contains("█ 1,000 or more"))
  }

  // MARK: Points that cannot be drawn

  @Test func `points that are not finite are counted`() {
    let chart = ScatterCharts.one([
      ScatterPoint(x: .nan, y: 1, label: "lost"), ScatterPoint(x: 1, y: .infinity),
      ScatterPoint(x: 1e200, y: 1), ScatterPoint(x: 1, y: 2),
    ])
    for text in [chart.terminalText(), chart.svg()] {
      #expect(text.contains("not drawn: 3 points, not finite or beyond 1e100"))
      #expect(text.contains("1 point"))
      #expect(!text.contains("lost"))
    }
  }

  @Test(arguments: [
    [], [ScatterPoint(x: .nan, y: .nan)], [ScatterPoint(x: 3, y: -2)],
    [ScatterPoint](repeating: ScatterPoint(x: 7, y: 7, label: "same"), count: 9),
    [ScatterPoint(x: 1e9, y: 1e9), ScatterPoint(x: 1e9 + 1e-6, y: 1e9)],
    [ScatterPoint(x: -1e100, y: 1e-300), ScatterPoint(x: 1e100, y: -1e-300)],
    [ScatterPoint(x: 1e-12, y: 0), ScatterPoint(x: 3e-12, y: .leastNonzeroMagnitude)],
    [ScatterPoint(x: -123_456_789.25, y: 0), ScatterPoint(x: -123_456_789, y: 1)],
  ])
  func `what cannot be drawn well is drawn somehow`(points: [ScatterPoint]) {
    let chart = ScatterCharts.one(points)
    for width in [0, 40, 80] {
      let text = chart.terminalText(TerminalStyle(width: width))
      #expect(text.contains(chart.sentence.prefix(20)))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= max(40, width) })
    }
    let isEmpty = !points.contains { $0.x.isFinite }
    #expect(chart.terminalText().contains("(nothing to draw)") == isEmpty)
    let svg = chart.svg()
    #expect(svg.contains("(nothing to draw)") == isEmpty)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.hasSuffix("</svg>\n"))
  }

  // MARK: Labels

  @Test func `labels in one place are all readable somewhere`() {
    let points = (10..<22).map { ScatterPoint(x: 5, y: 5, label: "label<\($0)>") }
    let chart = ScatterCharts.one(points + [ScatterPoint(x: 0, y: 0), ScatterPoint(x: 9, y: 9)])
    let (text, svg) = (chart.terminalText(), chart.svg())
    for number in 10..<22 {
      #expect(text.contains("label<\(number)>"))
      #expect(svg.contains("label&lt;\(number)&gt;"))
    }
    #expect(text.contains("labels without room: "))
  }

  @Test func `labels of a document overlap neither each other nor the frame`() {
    let places = ScatterCharts.random(120, seed: 8)
    let points = (0..<60).map { index in
      ScatterPoint(x: places[index], y: places[index + 60], label: "label \(index)")
    }
    let grounds = ScatterCharts.one(points).svg()
      .matches(of: #/<rect x="([0-9.]+)" y="([0-9.]+)" width="([0-9.]+)" height="14"/#)
      .compactMap { match -> (x: Double, y: Double, width: Double)? in
        guard let x = Double(match.1), let y = Double(match.2), let width = Double(match.3) else {
          return nil
        }
        return (x + 1, y, width - 2)
      }
    #expect(grounds.count > 40)
    for (index, ground) in grounds.enumerated() {
      #expect(ground.x >= 72 && ground.x + ground.width <= 696.1)
      for other in grounds.dropFirst(index + 1) {
        let isApart =
          ground.x + ground.width <= other.x || other.x + other.width <= ground.x
          || abs(ground.y - other.y) >= 13.9
        #expect(isApart, "labels at \(ground) and \(other) overlap")
      }
    }
  }

  @Test func `a long label is cut`() {
    let long = String(repeating: "x", count: 10_000)
    let chart = ScatterCharts.one([ScatterPoint(x: 1, y: 1, label: long)])
    #expect(chart.terminalText().contains("x…"))
    #expect(chart.terminalText(TerminalStyle(unicode: false)).contains("x..."))
    #expect(!chart.svg().contains(long.prefix(100)))
  }

  @Test func `more labels than the limit are counted`() {
    let points = (0..<500).map { ScatterPoint(x: Double($0), y: 0, label: "n\($0)") }
    let chart = ScatterCharts.one(points)
    for text in [chart.terminalText(), chart.svg()] {
      #expect(text.contains("left out: 300 further labels"))
      #expect(text.contains("500 points"))
    }
  }
}
