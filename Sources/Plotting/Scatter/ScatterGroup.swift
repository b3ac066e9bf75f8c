/// One point of a scatter chart.
package struct ScatterPoint: Hashable, Sendable {
  package var x: Double
  package var y: Double
  /// A text to write beside the point.
  ///
  /// It may come from anywhere: control characters in it are replaced, and it is cut if it is long.
  package var label: String?

  package init(x: Double, y: Double, label: String? = nil) {
    self.x = x
    self.y = y
    self.label = label
  }

  /// Whether both coordinates are finite and small enough to be drawn.
  var isDrawable: Bool { ChartAxis.isDrawable(x) && ChartAxis.isDrawable(y) }
}

/// Points of one kind, drawn with one mark.
package struct ScatterGroup: Hashable, Sendable {
  /// What the points are, shown where there are several groups.
  package var name: String
  package var points: [ScatterPoint]

  package init(name: String, points: [ScatterPoint]) {
    self.name = name
    self.points = points
  }
}
