import Foundation

/// Asks a person a question.
///
/// Questions go to standard error, so that results on standard output stay clean.
package struct Prompt: Sendable {
  private let read: @Sendable () -> String?
  private let write: @Sendable (String) -> Void

  /// - Parameters:
  ///   - read: Returns the next line without its line break, or `nil` at the end of input.
  ///   - write: Shows text at once, without adding a line break.
  package init(
    read: @escaping @Sendable () -> String? = { readLine() },
    write: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }
  ) {
    self.read = read
    self.write = write
  }

  /// Returns the answer without spaces around it, or `nil` at the end of input.
  package func ask(_ question: String) -> String? {
    write(question + " ")
    guard let answer = read() else {
      write("\n")
      return nil
    }
    return answer.trimmingCharacters(in: .whitespaces)
  }

  /// Returns the answer to a question of yes or no, asking again until it is one of them.
  ///
  /// An empty answer means `standard`; the end of input means nobody answered, which is `nil`.
  package func confirm(_ question: String, standard: Bool = false) -> Bool? {
    while let answer = ask("\(question) [\(standard ? "Y/n" : "y/N")]") {
      switch answer.lowercased() {
      case "": return standard
      case "y", "yes": return true
      case "n", "no": return false
      default: write("Please answer y or n.\n")
      }
    }
    return nil
  }
}
