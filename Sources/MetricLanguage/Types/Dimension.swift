/// How long a value is in one direction: known before the formula runs, or at most so long.
///
/// An upper bound is what costs are reckoned with where only the run tells the length, as for the
/// rows a mask selects.
package struct Dimension: Hashable, Sendable {
  /// The length, where it is known before the formula runs.
  package let exact: Int?
  /// The length is at most this, and reckoned as this.
  let most: Int

  /// A length that nothing bounds is taken to be this.
  private static let assumed = 50_000

  private init(exact: Int?, most: Int) {
    self.exact = exact
    self.most = most
  }

  static func exactly(_ length: Int) -> Dimension {
    Dimension(exact: length, most: length)
  }

  /// A length that only the run tells.
  static func atMost(_ length: Int) -> Dimension {
    Dimension(exact: nil, most: max(0, length))
  }

  /// A length of which nothing is known.
  static let unknown = atMost(assumed)

  /// The most there can be of what is selected from this.
  var selected: Dimension { .atMost(most) }

  /// What is known of a length that this and the other both describe.
  func agreeing(with other: Dimension) -> Dimension {
    if let known = exact ?? other.exact { return .exactly(known) }
    return .atMost(min(most, other.most))
  }

  /// The shorter of two lengths.
  func shorter(_ other: Dimension) -> Dimension {
    if let exact, let second = other.exact { return .exactly(min(exact, second)) }
    return .atMost(min(most, other.most))
  }

  /// One less, and never below 0.
  var oneFewer: Dimension {
    exact.map { .exactly(max(0, $0 - 1)) } ?? .atMost(most - 1)
  }

  /// Whether both are known, and differ.
  func differs(from other: Dimension) -> Bool {
    guard let exact, let second = other.exact else { return false }
    return exact != second
  }
}

extension Dimension: CustomStringConvertible {
  /// The length with a comma between each three digits, or `?`.
  package var description: String { exact.map(grouped) ?? "?" }
}
