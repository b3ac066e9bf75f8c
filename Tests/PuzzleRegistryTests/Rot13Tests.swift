import PuzzleRegistry
import Testing

@Suite struct Rot13Tests {
  @Test func `letters turn and nothing else does`() {
    #expect(rot13("Hello, World 42! é\r\n\t{{ x }}") == "Uryyb, Jbeyq 42! é\r\n\t{{ k }}")
  }

  @Test(arguments: [
    "", "abcxyzABCXYZ", "🧩 e\u{301}\u{0}", ExamplePuzzle.keyYAML, ExamplePuzzle.answer,
  ])
  func `turning twice gives the text back`(text: String) {
    #expect(rot13(rot13(text)) == text)
    #expect(rot13(text).utf8.count == text.utf8.count)
  }
}
