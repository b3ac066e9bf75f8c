import Synchronization
import Testing
import WorkbookCLI

private final class Person: Sendable {
  private let answers: Mutex<[String]>
  let heard = Mutex("")

  init(_ answers: String...) { self.answers = Mutex(answers) }

  var prompt: Prompt {
    Prompt(
      read: { self.answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } },
      write: { text in self.heard.withLock { $0 += text } }
    )
  }
}

struct `questions` {
  @Test func `an answer comes without the spaces around it`() {
    let person = Person("  0.5 ")
    #expect(person.prompt.ask("Your guess?") == "0.5")
    #expect(person.heard.withLock { $0 } == "Your guess? ")
  }

  @Test func `the end of input is no answer`() {
    #expect(Person().prompt.ask("Your guess?") == nil)
    #expect(Person().prompt.confirm("Sure?", standard: true) == nil)
  }

  @Test func `an empty answer means the standard one`() {
    #expect(Person("").prompt.confirm("Sure?", standard: true) == true)
    #expect(Person("").prompt.confirm("Sure?") == false)
  }

  @Test func `it asks until the answer is yes or no`() {
    let person = Person("perhaps", "YES")
    #expect(person.prompt.confirm("Sure?") == true)
    #expect(
      person.heard.withLock { $0 } == "Sure? [y/N] Please answer y or n.\nSure? [y/N] "
    )
  }
}
