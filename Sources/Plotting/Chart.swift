/// A chart of any kind.
package enum Chart: Hashable, Sendable {
  case histogram(HistogramChart)
  case scatter(ScatterChart)
  case line(LineChart)

  package var title: String {
    switch self {
    case .histogram(let chart): chart.title
    case .scatter(let chart): chart.title
    case .line(let chart): chart.title
    }
  }

  /// The basis line: what was measured.
  package var subtitle: String {
    switch self {
    case .histogram(let chart): chart.subtitle
    case .scatter(let chart): chart.subtitle
    case .line(let chart): chart.subtitle
    }
  }

  /// The one sentence that says what the chart shows.
  package var sentence: String {
    switch self {
    case .histogram(let chart): chart.sentence
    case .scatter(let chart): chart.sentence
    case .line(let chart): chart.sentence
    }
  }

  /// Returns the chart as lines of text, without a final line break.
  package func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
    switch self {
    case .histogram(let chart): chart.terminalText(style)
    case .scatter(let chart): chart.terminalText(style)
    case .line(let chart): chart.terminalText(style)
    }
  }

  /// Returns the chart as a complete SVG document that refers to nothing outside itself.
  package func svg() -> String {
    switch self {
    case .histogram(let chart): chart.svg()
    case .scatter(let chart): chart.svg()
    case .line(let chart): chart.svg()
    }
  }
}
