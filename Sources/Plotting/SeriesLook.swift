/// How one series is told from the others: by hatching and line style as much as by colour.
struct SeriesLook {
  let colour: String
  /// The dash pattern of the outline; empty for a solid line.
  let dash: String
  /// The strokes of an 8 × 8 tile of the filling, as SVG path data; empty for an even tint.
  let hatching: String

  /// How many series look different from each other.
  static let count = all.count

  private static let all = [
    SeriesLook(colour: "#0b5fa5", dash: "", hatching: ""),
    SeriesLook(colour: "#b3470a", dash: "6 3", hatching: "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4"),
    SeriesLook(colour: "#2b7a3d", dash: "2 2", hatching: "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4"),
    SeriesLook(colour: "#7a3b8f", dash: "8 3 2 3", hatching: "M0,4 h8"),
    SeriesLook(colour: "#8a6100", dash: "14 4", hatching: "M4,0 v8"),
    SeriesLook(colour: "#00707a", dash: "1 4", hatching: "M0,4 h8 M4,0 v8"),
    SeriesLook(colour: "#a3195b", dash: "10 3 2 3 2 3", hatching: "M0,0 l8,8 M0,8 l8,-8"),
    SeriesLook(colour: "#404040", dash: "4 7", hatching: "M3,4 h2"),
  ]

  static func forSeries(_ index: Int) -> SeriesLook { all[index % all.count] }

  /// The pattern element that fills this series' bars.
  func pattern(id: String) -> String {
    let strokes =
      hatching.isEmpty
      ? "" : "<path d=\"\(hatching)\" stroke=\"\(colour)\" stroke-width=\"1.2\" fill=\"none\"/>"
    let tint = hatching.isEmpty ? "0.3" : "0.08"
    return "<pattern id=\"\(id)\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
      + "<rect width=\"8\" height=\"8\" fill=\"\(colour)\" fill-opacity=\"\(tint)\"/>"
      + strokes + "</pattern>"
  }
}
