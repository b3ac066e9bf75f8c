import PuzzleRegistry
import Synchronization

/// Verdicts that were given, so that an answer many learners share is graded once.
///
/// For one puzzle on one model. What cannot be read is not kept, since its message says where it
/// stands in one learner's file.
package final class VerdictMemory: Sendable {
  /// How many verdicts are kept at most; further ones are computed anew.
  private static let most = 100_000

  private struct Key: Hashable {
    let question: String
    let answer: String
  }

  private let known = Mutex<[Key: Verdict]>([:])

  package init() {}

  /// Returns the distinct answers to a question that no verdict is kept of, in their first order.
  func unknown(_ nodes: [AnswerNode?], to question: Question) -> [AnswerNode] {
    let known = known.withLock { $0 }
    var seen: Set<Key> = []
    return nodes.compactMap(\.self).filter { node in
      let key = Key(question: question.id, answer: node.content)
      return known[key] == nil && seen.insert(key).inserted
    }
  }

  func verdict(
    on question: Question,
    _ node: AnswerNode?,
    _ grade: () -> Verdict
  ) -> Verdict {
    let key = Key(question: question.id, answer: node?.content ?? "")
    if let verdict = known.withLock({ $0[key] }) { return verdict }
    let verdict = grade()
    if verdict.outcome != .unreadable {
      known.withLock { known in
        if known.count < Self.most { known[key] = verdict }
      }
    }
    return verdict
  }
}

extension AnswerNode {
  /// What is written, wherever it stands: equal for answers that are graded alike.
  fileprivate var content: String {
    func counted(_ text: String) -> String { "\(text.utf8.count):\(text)" }
    switch self {
    case .null: return "n"
    case .scalar(let text, let isQuoted, _, _): return (isQuoted ? "q" : "s") + counted(text)
    case .list(let nodes, _): return "l\(nodes.count)[" + nodes.map(\.content).joined() + "]"
    case .map(let fields, _):
      return "m\(fields.count){" + fields.map { counted($0.key) + $0.value.content }.joined() + "}"
    }
  }
}
