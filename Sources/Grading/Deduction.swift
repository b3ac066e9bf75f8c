package import PuzzleRegistry

/// Something taken off a puzzle's points by the policy, and why.
package struct Deduction: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Codable { case hints, reveal, late }

  package let kind: Kind
  /// What it is for, as a learner reads it: `2 hints`, `3 h 20 min late`.
  package let reason: String
  /// Thousandths of a point, or of a percent.
  package let size: Int
  package let isPercent: Bool

  init(_ kind: Kind, _ size: GradingPolicy.Size, times count: Int = 1, reason: String) {
    self.kind = kind
    self.reason = reason
    switch size {
    case .points(let thousandths): (self.size, isPercent) = (thousandths * count, false)
    case .percent(let thousandths): (self.size, isPercent) = (thousandths * count, true)
    }
  }

  /// The size as it is read: `10%`, `0.5 points`.
  package var sizeText: String {
    let number = Points(thousandths: size).text
    return isPercent ? "\(number)%" : "\(number) point\(number == "1" ? "" : "s")"
  }
}

/// Points before and after what the policy takes off.
package struct DeductedPoints: Sendable, Hashable {
  /// Each deduction with what it took, in the order in which they apply.
  package let taken: [(deduction: Deduction, points: Points)]
  /// What is left, never less than none.
  package let left: Points

  /// Takes deductions off points.
  ///
  /// Those for hints and for the answer are shares of the puzzle's points; that for lateness, which
  /// comes last, is a share of what is left. Each is rounded to thousandths of a point, halves to even,
  /// and takes no more than there is.
  ///
  /// - Parameters:
  ///   - deductions: What is taken off, in order.
  ///   - earned: The points before.
  ///   - possible: The puzzle's points.
  package init(_ deductions: [Deduction], from earned: Points, of possible: Points) {
    var left = max(0, earned.thousandths)
    var taken: [(deduction: Deduction, points: Points)] = []
    for deduction in deductions {
      let whole = deduction.kind == .late ? left : possible.thousandths
      let wanted = deduction.isPercent ? Self.share(deduction.size, of: whole) : deduction.size
      let amount = max(0, min(left, wanted))
      left -= amount
      taken.append((deduction, Points(thousandths: amount)))
    }
    self.taken = taken
    self.left = Points(thousandths: left)
  }

  /// Returns so many thousandths of a percent of some thousandths, halves to even.
  private static func share(_ size: Int, of whole: Int) -> Int {
    let (product, overflow) = whole.multipliedReportingOverflow(by: size)
    guard !overflow else { return whole }
    let (quotient, rest) = product.quotientAndRemainder(dividingBy: 100_000)
    let isUp = rest * 2 > 100_000 || (rest * 2 == 100_000 && !quotient.isMultiple(of: 2))
    return quotient + (isUp ? 1 : 0)
  }

  package static func == (left: DeductedPoints, right: DeductedPoints) -> Bool {
    left.left == right.left && left.taken.map(\.points) == right.taken.map(\.points)
      && left.taken.map(\.deduction) == right.taken.map(\.deduction)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(left)
    hasher.combine(taken.map(\.points))
  }
}

extension GradingPolicy {
  /// Judges whether a submission is late, and what is taken off its points.
  ///
  /// - Parameters:
  ///   - puzzle: The puzzle's id.
  ///   - learner: Whose it is.
  ///   - handedIn: When, in seconds since 1970; `nil` if that is not known, which is never late.
  ///   - isOwnClock: Whether only the learner's own clock says so.
  ///   - hints: How many hints were shown.
  ///   - isRevealed: Whether the answer was.
  /// - Returns: The judgement, with deductions in the order in which they apply.
  package func judge(
    _ puzzle: String,
    by learner: String,
    handedIn: Double?,
    isOwnClock: Bool,
    hints: Int,
    isRevealed: Bool
  ) -> (isLate: Bool, deductions: [Deduction]) {
    var deductions: [Deduction] = []
    let counted = max(0, hints - freeHints)
    if let hint, counted > 0 {
      let free = freeHints > 0 ? " beyond the first \(freeHints)" : ""
      deductions.append(
        Deduction(
          .hints,
          hint,
          times: min(counted, 1_000),
          reason: "\(counted) hint\(counted == 1 ? "" : "s")\(free)"
        )
      )
    }
    if let reveal, isRevealed {
      deductions.append(Deduction(.reveal, reveal, reason: "the answer was shown"))
    }
    guard let due = due(of: puzzle, for: learner), let handedIn, handedIn > due + grace else {
      return (false, deductions)
    }
    let lateness = handedIn - due
    if let step = late.first(where: { lateness <= $0.within ?? .infinity }) {
      let clock = isOwnClock ? " by the learner's own clock" : ""
      deductions.append(
        Deduction(
          .late,
          step.off,
          reason: "handed in \(ZonedTime.lengthText(lateness)) late\(clock)"
        )
      )
    }
    return (true, deductions)
  }

  /// The time from which a learner's submission is late: the latest of the puzzle's own due date, or
  /// the common one, and the learner's extensions.
  package func due(of puzzle: String, for learner: String) -> Double? {
    guard let common = dueByPuzzle[puzzle] ?? due else { return nil }
    let own = extensions.filter {
      $0.learner == learner && ($0.puzzles.isEmpty || $0.puzzles.contains(puzzle))
    }
    return own.map(\.until).reduce(common, max)
  }
}
