/// What of a scatter chart can be drawn, within its limits, and what had to be left out.
struct ScatterContents {
  /// At most ``ScatterChart/groupLimit`` groups of drawable points.
  private(set) var groups: [ScatterGroup] = []
  /// What the axes need to cover, with a margin.
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>
  /// What was left out, one text each.
  let notices: [String]

  init(_ chart: ScatterChart) {
    var (leftOut, labelCount, labelsLeftOut) = (0, 0, 0)
    var (xBounds, yBounds) = (Bounds(), Bounds())
    for group in Self.merged(chart.groups) {
      var drawn = ScatterGroup(name: group.name, points: [])
      for var point in group.points {
        guard point.isDrawable else {
          leftOut += 1
          continue
        }
        if point.label?.isEmpty == true { point.label = nil }
        if point.label != nil {
          labelCount += 1
          if labelCount > ScatterChart.labelLimit {
            labelsLeftOut += 1
            point.label = nil
          }
        }
        xBounds.include(point.x)
        yBounds.include(point.y)
        drawn.points.append(point)
      }
      groups.append(drawn)
    }
    xRange = ChartAxis.range(around: xBounds.range, margin: 0.03)
    yRange = ChartAxis.range(around: yBounds.range, margin: 0.04)
    var notices: [String] = []
    if leftOut > 0 {
      notices.append(
        "not drawn: \(ChartNumber.count(leftOut, "point")), not finite or beyond 1e100"
      )
    }
    if labelsLeftOut > 0 {
      notices.append("left out: \(ChartNumber.count(labelsLeftOut, "further label"))")
    }
    self.notices = notices
  }

  var pointCount: Int { groups.reduce(0) { $0 + $1.points.count } }

  /// Returns how many points a group has, with its name if there are others.
  func heading(_ index: Int) -> String {
    let count = ChartNumber.count(groups[index].points.count, "point")
    return groups.count > 1 ? "\(groups[index].name): \(count)" : count
  }

  /// Returns the groups with those beyond the limit joined into one.
  private static func merged(_ groups: [ScatterGroup]) -> [ScatterGroup] {
    let limit = ScatterChart.groupLimit
    guard groups.count > limit else { return groups }
    let others = groups.dropFirst(limit - 1)
    let joined = ScatterGroup(
      name: "others (\(ChartNumber.count(others.count, "group")))",
      points: others.flatMap(\.points)
    )
    return groups.prefix(limit - 1) + [joined]
  }
}

/// The lowest and the highest of some values.
struct Bounds {
  private(set) var range: ClosedRange<Double>?

  mutating func include(_ value: Double) {
    guard let range else {
      self.range = value...value
      return
    }
    guard !range.contains(value) else { return }
    self.range = min(range.lowerBound, value)...max(range.upperBound, value)
  }
}
