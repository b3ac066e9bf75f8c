/// Finds places for labels that stay within a frame and overlap nothing that was placed before.
struct LabelPlacer {
  /// A rectangle; `y` grows downwards.
  struct Box {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    func overlaps(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height
        && other.y < y + height
    }

    func isWithin(_ frame: Box) -> Bool {
      x >= frame.x && y >= frame.y && x + width <= frame.x + frame.width
        && y + height <= frame.y + frame.height
    }

    /// Returns the box with `gap` more at its left and right.
    func widened(by gap: Double) -> Box {
      Box(x: x - gap, y: y, width: width + 2 * gap, height: height)
    }
  }

  let frame: Box
  /// What stays free to the left and right of whatever is placed.
  let gap: Double
  private var taken: [(box: Box, owner: Int?)] = []

  init(frame: Box, gap: Double) {
    self.frame = frame
    self.gap = gap
  }

  /// Keeps labels away from a box, except those of its owner.
  mutating func reserve(_ box: Box, owner: Int) {
    taken.append((box.widened(by: gap), owner))
  }

  /// Takes the first of `candidates` that is free, and returns its index.
  mutating func place(_ candidates: [Box], owner: Int? = nil) -> Int? {
    let found = candidates.firstIndex { box in
      box.isWithin(frame)
        && taken.allSatisfy { ($0.owner != nil && $0.owner == owner) || !$0.box.overlaps(box) }
    }
    if let found { taken.append((candidates[found].widened(by: gap), nil)) }
    return found
  }
}

extension LabelPlacer.Box {
  /// Returns the eight boxes of a size around a point, the best first: right, left, above, below,
  /// then the corners.
  ///
  /// - Parameters:
  ///   - x: Where the point is.
  ///   - y: Where the point is.
  ///   - distance: How far beside the point a box begins, and how far above or below.
  ///   - width: The width of the box.
  ///   - height: The height of the box.
  /// - Returns: The boxes, some of which may lie outside any frame.
  static func around(
    x: Double,
    y: Double,
    distance: (x: Double, y: Double),
    width: Double,
    height: Double
  ) -> [LabelPlacer.Box] {
    let (left, right) = (x - distance.x - width, x + distance.x)
    let (above, below) = (y - distance.y - height, y + distance.y)
    let (centre, middle) = (x - width / 2, y - height / 2)
    let corners = [
      (right, middle), (left, middle), (centre, above), (centre, below),
      (right, above), (left, above), (right, below), (left, below),
    ]
    return corners.map { LabelPlacer.Box(x: $0.0, y: $0.1, width: width, height: height) }
  }
}
