import Synchronization
import Testing
import WorkbookCLI

/// A clock that a test moves and a stream that it reads.
private final class Stage: Sendable {
  let now = Mutex(0.0)
  let written = Mutex<[String]>([])

  func bar(isShown: Bool = true, width: Int = 60) -> ProgressBar {
    ProgressBar(
      "comparing pairs",
      isShown: isShown,
      width: width,
      clock: { self.now.withLock { $0 } },
      write: { text in self.written.withLock { $0.append(text) } }
    )
  }

  func report(_ fraction: Double, at time: Double, on bar: ProgressBar) {
    now.withLock { $0 = time }
    bar.report(fraction)
  }

  var output: [String] { written.withLock { $0 } }
}

@Suite(.serialized)
struct `progress bars` {
  @Test func `work under a second shows nothing`() {
    let stage = Stage()
    let bar = stage.bar()
    stage.report(0.5, at: 0.99, on: bar)
    bar.finish()
    #expect(stage.output.isEmpty)
  }

  @Test func `longer work shows percent and remaining time and then leaves nothing`() {
    let stage = Stage()
    let bar = stage.bar()
    stage.report(0.25, at: 2, on: bar)
    bar.finish()
    bar.finish()
    #expect(
      stage.output == [
        "\rcomparing pairs [###----------] 25%, about 6 s left\u{1B}[K", "\r\u{1B}[K",
      ]
    )
  }

  @Test func `it is drawn at most ten times a second`() {
    let stage = Stage()
    let bar = stage.bar()
    for step in 0..<1000 { stage.report(Double(step) / 1000, at: 1 + Double(step) / 1000, on: bar) }
    #expect((9...11).contains(stage.output.count))
    bar.finish()
  }

  @Test func `it never goes backwards or past the end`() {
    let stage = Stage()
    let bar = stage.bar()
    stage.report(0.5, at: 2, on: bar)
    stage.report(0.1, at: 3, on: bar)
    stage.report(.nan, at: 4, on: bar)
    stage.report(7, at: 5, on: bar)
    bar.finish()
    let percents = stage.output.compactMap { $0.firstMatch(of: #/\d+%/#).map { String($0.0) } }
    #expect(percents == ["50%", "50%", "100%"])
  }

  @Test(arguments: [1, 5, 20, 35, 200])
  func `it stays within the terminal`(width: Int) {
    let stage = Stage()
    let bar = stage.bar(width: width)
    stage.report(0.001, at: 5000, on: bar)
    bar.finish()
    #expect(stage.output.allSatisfy { $0.count - "\r\u{1B}[K".count < width })
  }

  @Test func `without a terminal it is silent`() {
    let stage = Stage()
    let bar = stage.bar(isShown: false)
    stage.report(0.5, at: 10, on: bar)
    bar.finish()
    #expect(stage.output.isEmpty)
  }

  @Test func `many threads may report at once`() async {
    let stage = Stage()
    let bar = stage.bar()
    stage.now.withLock { $0 = 2 }
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { for step in 0..<500 { bar.report(Double(step * task) / 4000) } }
      }
    }
    bar.finish()
    #expect(stage.output.count == 2)
  }
}
