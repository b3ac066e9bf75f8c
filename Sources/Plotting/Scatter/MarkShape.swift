/// How the points of one group are marked, told apart by shape and filling.
enum MarkShape: CaseIterable {
  case circle, cross, filledTriangle, square, disc, plus, triangle, filledSquare

  static func forGroup(_ index: Int) -> MarkShape { allCases[index % allCases.count] }

  var isFilled: Bool { [.filledTriangle, .disc, .filledSquare].contains(self) }

  /// Returns the character that stands for the shape on a terminal.
  func glyph(isUnicode: Bool) -> Character {
    switch self {
    case .circle: isUnicode ? "○" : "o"
    case .cross: isUnicode ? "×" : "x"
    case .filledTriangle: isUnicode ? "▲" : "A"
    case .square: isUnicode ? "□" : "#"
    case .disc: isUnicode ? "●" : "@"
    case .plus: "+"
    case .triangle: isUnicode ? "△" : "^"
    case .filledSquare: isUnicode ? "■" : "%"
    }
  }

  /// Returns the shape as SVG path data around a point, `radius` high above and below it.
  func path(x: Double, y: Double, radius: Double) -> String {
    func number(_ value: Double) -> String { ChartNumber.trimmed(SVGWriter.number(value)) }
    func from(_ dx: Double, _ dy: Double) -> String { "M\(number(x + dx)),\(number(y + dy))" }
    let (r, d) = (number(radius), number(2 * radius))
    switch self {
    case .circle, .disc:
      return from(-radius, 0) + "a\(r),\(r) 0 1 1 \(d),0a\(r),\(r) 0 1 1 -\(d),0z"
    case .cross:
      return from(-radius, -radius) + "l\(d),\(d)m-\(d),0l\(d),-\(d)"
    case .plus:
      return from(-radius, 0) + "h\(d)m-\(r),-\(r)v\(d)"
    case .triangle, .filledTriangle:
      return from(0, -radius * 1.2) + "l\(number(radius * 1.1)),\(number(radius * 2))"
        + "h-\(number(radius * 2.2))z"
    case .square, .filledSquare:
      let side = number(radius * 1.8)
      return from(-radius * 0.9, -radius * 0.9) + "h\(side)v\(side)h-\(side)z"
    }
  }
}
