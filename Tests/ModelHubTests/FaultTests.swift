import Foundation
import ModelHub
import SourceDiagnostics
import Testing
import _LoopbackHub

/// Every fault that a server can have, and what becomes of a pull that meets it.
@Suite struct FaultTests {
  /// Where in a pull the fault shows.
  enum Moment: String {
    case header, piece, tokenizer

    var file: String { self == .tokenizer ? "vocab.json" : "model.safetensors" }
  }

  /// A fault that shows again and again, and what it comes to.
  struct Case: Sendable, CustomTestStringConvertible {
    let kind: LoopbackHub.Fault.Kind
    let moment: Moment
    let rule: String
    let message: String

    init(_ kind: LoopbackHub.Fault.Kind, _ moment: Moment, _ rule: String, _ message: String) {
      self.kind = kind
      self.moment = moment
      self.rule = rule
      self.message = message
    }

    var testDescription: String { "\(kind) of the \(moment)" }

    /// Whether the message ends in words of the system's that vary, such as libcurl's.
    var isInSystemsWords: Bool { message.hasSuffix(": ") }

    var fault: LoopbackHub.Fault {
      switch moment {
      case .header: .init(kind, file: moment.file, host: isOfHub ? .hub : .store)
      case .piece: .init(kind, file: moment.file, host: .store, skipping: 1)
      case .tokenizer: .init(kind, file: moment.file)
      }
    }

    private var isOfHub: Bool {
      switch kind {
      case .status, .redirect: true
      default: false
      }
    }
  }

  @Test(arguments: refusals + redirects + wrongAnswers)
  func `a fault that stays ends the pull and leaves nothing`(_ example: Case) throws {
    let bench = try PullBench(faults: [example.fault])
    let fault = bench.refusal()
    #expect(fault?.rule == example.rule)
    #expect(fault?.message == example.message)
    #expect(fault?.place?.file.hasPrefix("/") != true, "a file that was thrown away is not named")
    #expect(bench.listing.isEmpty)
    #expect(bench.pauses.isEmpty, "it is not tried again")
  }

  @Test(arguments: interruptions)
  func `a fault that may pass is tried again, and what came is kept`(_ example: Case) throws {
    let bench = try PullBench(faults: [example.fault])
    let fault = bench.refusal(failures: 2, silence: 1)
    #expect(fault?.rule == example.rule)
    #expect(
      example.isInSystemsWords
        ? fault?.message.hasPrefix(example.message) == true : fault?.message == example.message
    )
    #expect(bench.listing == (example.moment == .piece ? [".tiny-gpt2.part"] : []))
    if example.rule == "hub-lost" { #expect(!bench.pauses.isEmpty, "it was tried again") }

    bench.hub.setFaults([])
    let outcome = try bench.pull()
    // What the hub has sent says less: it may still be sending to connections that were given up.
    let whole = try PullBench().pull()
    #expect(outcome.bytesReceived + outcome.bytesKept == whole.bytesReceived)
    #expect(bench.listing == ["tiny-gpt2"])
  }

  @Test func `a challenge for a password is an answer like others`() throws {
    let challenge = ["WWW-Authenticate": "Basic realm=\"x\""]
    let bench = try PullBench(faults: [
      .init(.status(401, headers: challenge), file: "model.safetensors")
    ])
    #expect(bench.refusal()?.rule == "not-let-in")
  }

  @Test func `the endless body of a redirect is not read`() throws {
    let bench = try PullBench(faults: [.init(.endlessRedirect, file: "model.safetensors")])
    // It leads to a page that is no file.
    #expect(bench.refusal() != nil)
    #expect(bench.listing.isEmpty)
  }

  @Test func `an answer that hardly moves is given up`() throws {
    let bench = try PullBench(faults: [
      .init(.slow(bytesPerSecond: 20), file: "model.safetensors", host: .store)
    ])
    let fault = bench.refusal(failures: 2, silence: 1)
    #expect(fault?.rule == "hub-lost")
  }

  @Test(arguments: ["9223372036854775807", "99999999999999999999999", "1e400", "-5", ""])
  func `a wait of any length is a number that can be said`(_ wait: String) throws {
    let bench = try PullBench(faults: [
      .init(.status(429, headers: ["Retry-After": wait]), file: "model.safetensors")
    ])
    #expect(["rate-limited", "hub-lost"].contains(bench.refusal()?.rule))
  }

  // MARK: The table

  static let repository = PullBench.repository

  static let refusals = [
    Case(
      .status(401),
      .header,
      "not-let-in",
      "the hub asks for a token for '\(repository)', or has no such repository (401)"
    ),
    Case(
      .status(403),
      .header,
      "forbidden",
      "the hub does not let anyone without a token read '\(repository)' (403)"
    ),
    Case(
      .status(404, headers: ["X-Error-Code": "RepoNotFound"]),
      .header,
      "no-such-repository",
      "the hub has no repository '\(repository)' (404)"
    ),
    Case(
      .status(404, headers: ["X-Error-Code": "RevisionNotFound"]),
      .header,
      "no-such-revision",
      "'\(repository)' has no revision 'main' (404)"
    ),
    Case(
      .status(404),
      .piece,
      "no-such-file-on-hub",
      "'\(repository)' has no file 'model.safetensors' (404)"
    ),
    Case(
      .status(403),
      .piece,
      "unexpected-answer",
      "the server answered 403 when asked for 'model.safetensors', expected 200 or 206"
    ),
    Case(
      .status(418),
      .header,
      "unexpected-answer",
      "the server answered 418 when asked for 'model.safetensors', expected 200 or 206"
    ),
    Case(
      .status(204),
      .piece,
      "unexpected-answer",
      "the server answered 204 when asked for 'model.safetensors', expected 200 or 206"
    ),
    Case(
      .status(412),
      .piece,
      "file-changed",
      "'model.safetensors' became another file while it was read"
    ),
    Case(
      .status(416),
      .piece,
      "file-changed",
      "'model.safetensors' became another file while it was read"
    ),
    Case(
      .status(401),
      .tokenizer,
      "not-let-in",
      "the hub asks for a token for '\(repository)', or has no such repository (401)"
    ),
  ]

  static let redirects =
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/", "data:,x"].map {
      Case(
        .redirect(to: $0),
        .header,
        "bad-redirect",
        "the server sends readers of 'model.safetensors' to '\($0)', expected an https address"
      )
    } + [
      Case(
        .redirect(to: "file:///etc/passwd"),
        .piece,
        "bad-redirect",
        "the server sends readers of 'model.safetensors' to 'file:///etc/passwd', expected an https"
          + " address"
      ),
      Case(
        .redirect(to: "file:///etc/passwd"),
        .tokenizer,
        "bad-redirect",
        "the server sends readers of 'vocab.json' to 'file:///etc/passwd', expected an https address"
      ),
    ]
    + [
      (Moment.header, "model.safetensors"), (.piece, "model.safetensors"),
      (.tokenizer, "vocab.json"),
    ].map {
      Case(
        .redirectLoop,
        $0,
        "too-many-redirects",
        "the server sends readers of '\($1)' from one place to another more than 10 times"
      )
    }

  static let wrongAnswers =
    [Moment.header, .piece].flatMap { moment in
      [
        Case(
          .ignoreRange,
          moment,
          "ranges-ignored",
          "the server sends all of 'model.safetensors' when asked for a part (200), expected 206"
        ),
        Case(
          .missingContentRange,
          moment,
          "wrong-range",
          "the server sent another part of 'model.safetensors' than it was asked for"
            + " (Content-Range: none)"
        ),
        Case(
          .shortBody(missing: 10),
          moment,
          "wrong-length",
          "the server sent another number of bytes of 'model.safetensors' than it announced"
        ),
        Case(
          .longBody(extra: 10),
          moment,
          "wrong-length",
          "the server sent another number of bytes of 'model.safetensors' than it announced"
        ),
      ]
        + ["bytes 1-65536/1300000", "bytes */1300000", "bytes 0-65535/*", "nonsense"]
        .map {
          Case(
            .wrongContentRange($0),
            moment,
            "wrong-range",
            "the server sent another part of 'model.safetensors' than it was asked for"
              + " (Content-Range: '\($0)')"
          )
        }
    } + [
      Case(
        .changedETag("another"),
        .piece,
        "file-changed",
        "'model.safetensors' became another file while it was read"
      ),
      Case(
        .wrongContentRange("bytes 0-9/10"),
        .header,
        "wrong-length",
        "the server sent another number of bytes of 'model.safetensors' than it announced"
      ),
      Case(
        .wrongContentRange("bytes 0-9/10"),
        .piece,
        "wrong-range",
        "the server sent another part of 'model.safetensors' than it was asked for"
          + " (Content-Range: 'bytes 0-9/10')"
      ),
      Case(.changedByte(at: 3), .header, "truncated-file", "the file ends inside the header"),
      Case(
        .shortBody(missing: 10),
        .tokenizer,
        "malformed-json",
        "the JSON is broken at byte 36771: expected the end of a string"
      ),
      Case(
        .longBody(extra: 10),
        .tokenizer,
        "malformed-json",
        "the JSON is broken at byte 36781: expected the end of the text"
      ),
    ]

  static let interruptions =
    [Moment.header, .piece, .tokenizer].flatMap { moment in
      let failed = "reading '\(moment.file)' failed again and again: "
      return [500, 502, 503, 504, 408, 429].map {
        Case(.status($0), moment, "hub-lost", failed + "the server answered \($0)")
      } + [
        Case(.cut(afterBytes: 20_000), moment, "hub-lost", failed),
        Case(
          .stall(afterBytes: 20_000),
          moment,
          "hub-lost",
          failed + "the server said nothing for too long"
        ),
        Case(.notHTTP, moment, "hub-lost", failed),
        Case(.refuse, moment, "hub-lost", failed),
        // Where Foundation's own client would trap.
        Case(.cutHead(afterBytes: 5), moment, "hub-lost", failed),
        Case(.cutHead(afterBytes: 31), moment, "hub-lost", failed),
        Case(.cutHead(afterBytes: 45), moment, "hub-lost", failed),
        Case(
          .status(429, headers: ["Retry-After": "3600"]),
          moment,
          "rate-limited",
          "the server asks to wait 3600 s before '\(moment.file)' may be read"
        ),
      ]
    } + [
      Case(
        .hugeHeaders,
        .header,
        "hub-lost",
        "reading 'model.safetensors' failed again and again: "
      )
    ]
}
