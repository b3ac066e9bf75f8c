/// A value in a YAML file, as its writer wrote it: nothing is guessed from how a scalar looks.
///
/// `no`, `on`, `~` and `1.0` are the texts they are spelt with; the reader of a field decides what
/// kind of value it wants.
struct YAMLNode: Sendable {
  /// How a scalar was written.
  enum Style: Sendable {
    case plain
    case quoted
    case block
  }

  indirect enum Content: Sendable {
    case scalar(String, Style)
    case list([YAMLNode])
    /// The fields, in file order; keys are distinct scalars.
    case map([Field])
  }

  struct Field: Sendable {
    let key: String
    let keyMark: Mark
    let value: YAMLNode
  }

  /// A position, line and column counted from 1, columns in Unicode scalars (the parser's count).
  struct Mark: Sendable, Hashable {
    let line: Int
    let column: Int
  }

  let content: Content
  let mark: Mark

  /// Whether nothing was written, as after the colon of `answer:`.
  var isEmpty: Bool {
    if case .scalar("", .plain) = content { true } else { false }
  }

  /// Whether it is a list without elements.
  var isEmptyList: Bool {
    if case .list(let elements) = content { elements.isEmpty } else { false }
  }

  /// What the value is, for messages: `a text`, `a list`, `a mapping`, `nothing`.
  var kind: String {
    switch content {
    case .scalar: isEmpty ? "nothing" : "a single value"
    case .list: "a list"
    case .map: "a mapping"
    }
  }
}
