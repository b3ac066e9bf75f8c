import Plotting
import WorkbookKit

/// A chart's values as JSON, in place of its picture.
struct ChartPage {
  private let chart: Chart

  init(_ chart: Chart) {
    self.chart = chart
  }

  var json: JSONValue {
    var fields: [String: JSONValue] = [
      "title": .text(chart.title), "basis": .text(chart.subtitle),
      "sentence": .text(chart.sentence),
    ]
    switch chart {
    case .histogram(let histogram):
      fields["kind"] = .text("histogram")
      fields["series"] = .array(histogram.series.map(json))
    case .scatter(let scatter):
      fields["kind"] = .text("scatter")
      fields["numbers"] = .array(scatter.numbers.map { .text($0) })
      fields["groups"] = .array(scatter.groups.map(json))
    case .line(let line):
      fields["kind"] = .text("line")
      fields["series"] = .array(
        line.series.map { series in
          .object([
            "name": .text(series.name), "start": .number(series.start),
            "values": .array(series.values.map { .number($0) }),
          ])
        }
      )
    }
    return .object(fields)
  }

  private func json(_ series: HistogramSeries) -> JSONValue {
    .object([
      "name": .text(series.name), "lower": .number(series.lower), "upper": .number(series.upper),
      "counts": .array(series.counts.map { .integer($0) }),
      "mean": series.mean.map { .number($0) } ?? .null,
      "standard_deviation": series.standardDeviation.map { .number($0) } ?? .null,
    ])
  }

  private func json(_ group: ScatterGroup) -> JSONValue {
    .object([
      "name": .text(group.name),
      "x": .array(group.points.map { .number($0.x) }),
      "y": .array(group.points.map { .number($0.y) }),
    ])
  }
}
