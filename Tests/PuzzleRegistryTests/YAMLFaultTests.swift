import PuzzleRegistry
import Testing

/// What stops a YAML file, each with the one message it gives.
@Suite struct YAMLFaultTests {
  @Test func `a tab in the indentation`() {
    let expected = """
      a.yaml:2:1: error: [tab-indentation] this line is indented with a tab, expected spaces
      2 |  guess: 1
        | ^
      help: replace the tab with two spaces
      """
    #expect(
      submissionFaults(
        """
        answers:
        	guess: 1
        """
      ) == expected
    )
  }

  @Test func `a tab after spaces`() {
    let expected = """
      a.yaml:3:3: error: [tab-indentation] this line is indented with a tab, expected spaces
      3 |    predicts: 2
        |   ^
      help: replace the tab with two spaces
      """
    #expect(
      submissionFaults(
        """
        answers:
          guess: 1
          	predicts: 2
        """
      ) == expected
    )
  }

  @Test func `an anchor`() {
    let expected = """
      a.yaml:1:9: error: [yaml-anchor] '&name' is a YAML anchor or alias, which is not allowed
      1 | puzzle: &name x
        |         ^
      help: write the value out, or quote it if it is a text
      """
    #expect(
      submissionFaults(
        """
        puzzle: &name x
        model: *name
        """
      ) == expected
    )
  }

  @Test func `an anchor on a list`() {
    let expected = """
      a.yaml:2:10: error: [yaml-anchor] '&all' is a YAML anchor or alias, which is not allowed
      2 | answers: &all [1, 2]
        |          ^
      help: write the value out, or quote it if it is a text
      """
    #expect(
      submissionFaults(
        """
        puzzle: x
        answers: &all [1, 2]
        """
      ) == expected
    )
  }

  @Test func `an alias of nothing`() {
    let expected = """
      a.yaml:1:9: error: [yaml-anchor] '*name' is a YAML anchor or alias, which is not allowed
      1 | puzzle: *name
        |         ^^^^^
      help: write the value out, or quote it if it is a text
      """
    #expect(submissionFaults("puzzle: *name") == expected)
  }

  @Test func `a tag`() {
    let expected = """
      a.yaml:1:9: error: [yaml-tag] '!!binary' is a YAML tag, which is not allowed
      1 | puzzle: !!binary aGk=
        |         ^
      help: remove it, or quote it if it is a text
      """
    #expect(submissionFaults("puzzle: !!binary aGk=") == expected)
  }

  @Test func `a tag on a mapping`() {
    let expected = """
      a.yaml:1:1: error: [yaml-tag] '!thing' is a YAML tag, which is not allowed
      1 | !thing
        | ^
      help: remove it, or quote it if it is a text
      """
    #expect(
      submissionFaults(
        """
        !thing
        puzzle: x
        """
      ) == expected
    )
  }

  @Test func `a duplicate key`() {
    let expected = """
      a.yaml:3:3: error: [duplicate-key] the key 'guess' appears more than once in one mapping
      3 |   guess: 1
        |   ^^^^^
      help: keep one of them
      """
    #expect(
      submissionFaults(
        """
        puzzle: x
        answers:
          guess: 1
          guess: 2
        """
      ) == expected
    )
  }

  @Test func `a duplicate key, once quoted`() {
    let expected = """
      a.yaml:1:1: error: [duplicate-key] the key 'no' appears more than once in one mapping
      1 | no: x
        | ^^
      help: keep one of them
      """
    #expect(
      submissionFaults(
        """
        no: x
        "no": y
        """
      ) == expected
    )
  }

  @Test func `a second document`() {
    let expected = """
      a.yaml:2:1: error: [several-documents] a second YAML document starts here, expected one
      2 | ---
        | ^
      help: remove the line of three hyphens
      """
    #expect(
      submissionFaults(
        """
        puzzle: x
        ---
        puzzle: y
        """
      ) == expected
    )
  }

  @Test func `an empty file`() {
    let expected = """
      a.yaml: error: [empty-file] this file holds no value
      """
    #expect(submissionFaults("") == expected)
  }

  @Test func `a file of comments`() {
    let expected = """
      a.yaml: error: [empty-file] this file holds no value
      """
    #expect(
      submissionFaults(
        """
        # nothing

        # here
        """
      ) == expected
    )
  }

  @Test func `a quote that never ends`() {
    let expected = """
      a.yaml:3:8: error: [yaml-syntax] what starts here never ends
      3 |   why: "because
        |        ^
      help: close the quote or bracket
      """
    #expect(
      submissionFaults(
        """
        puzzle: x
        answers:
          why: "because
          guess: 1
        """
      ) == expected
    )
  }

  @Test func `a bracket that never ends`() {
    let expected = """
      a.yaml:2:10: error: [yaml-syntax] what starts here never ends
      2 |   which: [a, b
        |          ^
      help: close the quote or bracket
      """
    #expect(
      submissionFaults(
        """
        answers:
          which: [a, b

        """
      ) == expected
    )
  }

  @Test func `a colon in a plain text`() {
    let expected = """
      a.yaml:2:15: error: [yaml-syntax] this is not valid YAML: mapping values are not allowed in this context
      2 |   why: because: it is
        |               ^
      help: put a text that holds ': ' in quotes, or check the indentation
      """
    #expect(
      submissionFaults(
        """
        answers:
          why: because: it is
        """
      ) == expected
    )
  }

  @Test func `a text that starts with @`() {
    let expected = """
      a.yaml:2:8: error: [yaml-syntax] this is not valid YAML: found character that cannot start any token
      2 |   why: @home
        |        ^
      help: put a text that starts with this character in quotes
      """
    #expect(
      submissionFaults(
        """
        answers:
          why: @home
        """
      ) == expected
    )
  }

  @Test func `a missing colon`() {
    let expected = """
      a.yaml:2:1: error: [yaml-syntax] this is not valid YAML: could not find expected ':'
      2 | answers
        | ^
      help: write 'key: value', with a space after the colon
      """
    #expect(
      submissionFaults(
        """
        puzzle: x
        answers

        """
      ) == expected
    )
  }

  @Test func `uneven indentation`() {
    let expected = """
      a.yaml:3:3: error: [yaml-syntax] this is not valid YAML: did not find expected key
      3 |   predicts: 2
        |   ^
      help: check that this line is indented like the others, and that quotes are closed
      """
    #expect(
      submissionFaults(
        """
        answers:
           guess: 1
          predicts: 2
        """
      ) == expected
    )
  }

  @Test func `a bad escape`() {
    let expected = #"""
      a.yaml:2:13: error: [yaml-syntax] this is not valid YAML: found unknown escape character
      2 |   closest: "\d"
        |             ^
      help: use single quotes, in which a backslash is a plain character
      """#
    #expect(
      submissionFaults(
        #"""
        answers:
          closest: "\d"
        """#
      ) == expected
    )
  }

  @Test func `a key that is a list`() {
    let expected = """
      a.yaml:2:1: error: [key-not-text] a key is a list or a mapping, expected a name
      2 | [a, b]: y
        | ^
      help: quote it if it is a text
      """
    #expect(
      submissionFaults(
        """
        puzzle: x
        [a, b]: y
        """
      ) == expected
    )
  }

  @Test func `nesting beyond the cap`() {
    let expected = """
      a.yaml:1:35: error: [too-deep] this is nested more than 32 levels deep
      1 | a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
        |                                   ^
      """
    #expect(
      submissionFaults(
        "a: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
      ) == expected
    )
  }

  @Test func `nesting far beyond the cap`() {
    let expected = """
      a.yaml:1:1: error: [too-deep] this is nested more than 32 levels deep
      """
    #expect(submissionFaults(String(repeating: "[", count: 100_000)) == expected)
  }

  @Test func `nesting by dashes`() {
    let expected = """
      a.yaml:1:1999: error: [too-deep] this is nested more than 32 levels deep
      """
    #expect(submissionFaults(String(repeating: "- ", count: 100_000)) == expected)
  }

  @Test func `an invisible character`() {
    let expected = #"""
      a.yaml:1:10: error: [control-character] the invisible character U+0007 is not allowed here
      1 | puzzle: a\u{7}b
        |          ^^^^^
      help: remove it, or write it as an escape in a double-quoted text
      """#
    #expect(submissionFaults("puzzle: a\u{7}b") == expected)
  }

  @Test func `a byte order mark inside`() {
    let expected = #"""
      a.yaml:2:9: error: [control-character] the invisible character U+FEFF is not allowed here
      2 | model: a\u{feff}b
        |         ^^^^^^^^
      help: remove it, or write it as an escape in a double-quoted text
      """#
    #expect(submissionFaults("puzzle: x\nmodel: a\u{FEFF}b") == expected)
  }

  @Test func `a fault after Windows line ends`() {
    let expected = """
      a.yaml:4:1: error: [yaml-syntax] the file ends in the middle of a list or mapping
      4 | 
        | ^
      help: close the bracket
      """
    #expect(submissionFaults("puzzle: x\r\nmodle: y\r\nanswers: [\r\n") == expected)
  }

  @Test func `a fault after wide characters`() {
    let expected = """
      a.yaml:1:16: error: [yaml-anchor] '*x' is a YAML anchor or alias, which is not allowed
      1 | puzzle: ["é👩‍👩‍👧", *x]
        |                ^^
      help: write the value out, or quote it if it is a text
      """
    #expect(submissionFaults("puzzle: [\"e\u{301}👩‍👩‍👧\", *x]") == expected)
  }
}
