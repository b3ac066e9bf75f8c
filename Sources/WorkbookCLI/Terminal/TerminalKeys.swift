import Foundation
import Synchronization

/// Single keys from the terminal, without waiting for Enter, and signals that end the program.
///
/// While this is on, the terminal shows no typed characters. However the program ends, short of being
/// killed outright, and whenever it is stopped, the terminal gets its old settings back. There is one
/// terminal, hence no value to make.
enum TerminalKeys {
  /// Starts reading single keys, if asked to, and ending with the status that the signal calls for:
  /// 130 after Ctrl-C, 143 after a request to end.
  ///
  /// A signal that whoever started the program had it ignore stays ignored.
  static func begin(readingKeys: Bool) {
    // Asked for now, since a signal handler must not be the first to.
    isOn.store(readingKeys && original != nil, ordering: .relaxed)
    makeRaw()
    // Taken from whoever has it: a runtime that reports crashes would leave the terminal as it is.
    _ = signal(SIGQUIT) { TerminalKeys.leave($0) }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let previous = signal(number) { TerminalKeys.leave($0) }
      if let previous { _ = signal(number, previous) }
    }
    guard readingKeys else { return }
    _ = signal(SIGTSTP) { _ in TerminalKeys.stop() }
    _ = signal(SIGCONT) { _ in TerminalKeys.goOn() }
  }

  /// Gives the terminal its settings back; signals still end the program.
  static func end() {
    restore()
    isOn.store(false, ordering: .relaxed)
  }

  /// Returns the next key; `nil` once there is no terminal any more.
  static func next() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = read(STDIN_FILENO, &byte, 1)
      if count == 1 { return byte }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      return nil
    }
  }

  private static let isOn = Atomic(false)

  /// The terminal's settings when the program began; `nil` where standard input is none.
  private static let original: termios? = {
    var settings = termios()
    return tcgetattr(STDIN_FILENO, &settings) == 0 ? settings : nil
  }()

  private static func makeRaw() {
    guard isOn.load(ordering: .relaxed), var settings = original else { return }
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }

  private static func restore() {
    guard isOn.load(ordering: .relaxed), var settings = original else { return }
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }

  // MARK: Signal handlers, which only call what they may

  private static func leave(_ number: Int32) {
    restore()
    _exit(128 + number)
  }

  private static func stop() {
    restore()
    _ = signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
  }

  private static func goOn() {
    makeRaw()
    _ = signal(SIGTSTP) { _ in TerminalKeys.stop() }
  }
}
