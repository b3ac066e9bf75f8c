/// The points of some groups sorted into the cells of a terminal picture.
struct ScatterField {
  /// What the characters of a picture stand for.
  enum Look {
    case dots, densities, groups
  }

  let groups: [ScatterGroup]
  /// An empty picture of the size to draw.
  let frame: TerminalPanel
  let style: TerminalStyle
  private var grid: DotGrid
  /// The group each cell belongs to, -1 for none, -2 for several.
  private var owners: [Int]

  init(_ groups: [ScatterGroup], frame: TerminalPanel, style: TerminalStyle) {
    self.groups = groups
    self.frame = frame
    self.style = style
    self.grid = DotGrid(
      columnCount: frame.horizontal.columnCount,
      rowCount: frame.rowCount,
      isUnicode: style.unicode
    )
    self.owners = Array(repeating: -1, count: grid.counts.count)
    for (index, group) in groups.enumerated() {
      for point in group.points {
        let dot = dot(point)
        let cell = grid.cell(of: dot)
        grid.add(dot)
        owners[cell] = owners[cell] == -1 || owners[cell] == index ? index : -2
      }
    }
  }

  /// The most points in one cell.
  var most: Int { grid.counts.max() ?? 0 }

  /// Whether cells that hold points hold more of them on average than a braille character has dots.
  var isCrowded: Bool {
    let occupied = grid.counts.filter { $0 > 0 }
    return occupied.reduce(0, +) > 8 * occupied.count
  }

  /// Whether some cell holds points of several groups.
  var isMixed: Bool { owners.contains(-2) }

  /// Whether some group has most of its points where there are points of others too, so that a
  /// picture of all groups would hide it.
  var hidesGroup: Bool {
    groups.contains { group in
      2 * group.points.count { owners[grid.cell(of: dot($0))] == -2 } > group.points.count
    }
  }

  /// Returns the place of a count among the characters for densities.
  static func level(of count: Int) -> Int {
    count < 2 ? 0 : count < 10 ? 1 : count < 100 ? 2 : count < 1000 ? 3 : 4
  }

  /// Returns the picture, with the labelled points whose labels found no room in it.
  func picture(_ look: Look) -> (panel: TerminalPanel, homeless: [ScatterPoint]) {
    var panel = frame
    for cell in owners.indices where owners[cell] != -1 {
      panel[cell] = content(cell, look)
    }
    return label(&panel, look)
  }

  private func content(_ cell: Int, _ look: Look) -> TerminalPanel.Cell {
    switch look {
    case .dots:
      return TerminalPanel.Cell(text: String(grid.character(cell)), style: "36")
    case .densities:
      let level = Self.level(of: grid.counts[cell])
      return TerminalPanel.Cell(text: String(style.glyphs.densities[level]), style: "36")
    case .groups:
      let owner = owners[cell]
      guard owner >= 0 else { return TerminalPanel.Cell(text: String(style.glyphs.mixed)) }
      let glyph = MarkShape.forGroup(owner).glyph(isUnicode: style.unicode)
      return TerminalPanel.Cell(text: String(glyph), style: Self.colours[owner % 4])
    }
  }

  /// Writes the labels beside their points.
  ///
  /// A label may hide a few other points, but no labelled one, and at most as many cells of them as
  /// make half its length.
  private func label(
    _ panel: inout TerminalPanel,
    _ look: Look
  ) -> (panel: TerminalPanel, homeless: [ScatterPoint]) {
    var placer = LabelPlacer(
      frame: .init(x: 0, y: 0, width: Double(grid.columnCount), height: Double(grid.rowCount)),
      gap: 1
    )
    let labelled = groups.flatMap(\.points).filter { $0.label != nil }
    for point in labelled {
      let cell = grid.cell(of: dot(point))
      if look != .groups { panel[cell] = .init(text: String(style.glyphs.point), style: "1") }
      let (column, row) = (cell % grid.columnCount, cell / grid.columnCount)
      placer.reserve(
        .init(x: Double(column), y: Double(row), width: 1, height: 1),
        owner: cell
      )
    }
    var homeless: [ScatterPoint] = []
    for point in labelled {
      let cell = grid.cell(of: dot(point))
      let text = PlotText.label(
        point.label ?? "",
        limit: Self.labelColumns,
        ellipsis: style.glyphs.ellipsis
      )
      let boxes = places(beside: cell, width: PlotText.columns(text))
      guard let found = placer.place(boxes, owner: cell) else {
        homeless.append(point)
        continue
      }
      panel.write(text, row: Int(boxes[found].y), column: Int(boxes[found].x), style: "1")
    }
    return (panel, homeless)
  }

  /// Returns where a label may stand, what hides fewest points first.
  private func places(beside cell: Int, width: Int) -> [LabelPlacer.Box] {
    let (column, row) = (cell % grid.columnCount, cell / grid.columnCount)
    let places = [
      (column + 1, row), (column - width, row), (column - width / 2, row - 1),
      (column - width / 2, row + 1), (column + 1, row - 1), (column - width, row - 1),
      (column + 1, row + 1), (column - width, row + 1),
    ]
    let costs = places.map { column, row in
      (column..<(column + width)).count {
        (0..<grid.columnCount).contains($0) && (0..<grid.rowCount).contains(row)
          && grid.counts[row * grid.columnCount + $0] > 0
      }
    }
    return places.indices.filter { 2 * costs[$0] <= width }
      .sorted { (costs[$0], $0) < (costs[$1], $1) }
      .map { index in
        LabelPlacer.Box(
          x: Double(places[index].0),
          y: Double(places[index].1),
          width: Double(width),
          height: 1
        )
      }
  }

  private func dot(_ point: ScatterPoint) -> (x: Int, y: Int) {
    grid.dot(frame.horizontal.axis.fraction(point.x), frame.vertical.fraction(point.y))
  }

  static let labelColumns = 24
  private static let colours = ["36", "33", "32", "35"]
}
