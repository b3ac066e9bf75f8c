/// Splits text into the tokens of a byte-level byte-pair encoding.
struct BytePairEncoder {
  let index: TokenIndex
  let merges: MergeTable
  /// Whether a piece that is a token is taken whole, whatever the merges say.
  let takesWholePieces: Bool

  func encode(_ text: String, split: PreTokenizer) -> [Int] {
    var tokens: [Int] = []
    for piece in split.pieces(of: text) {
      var bytes: [UInt8] = []
      for scalar in piece { bytes.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
      append(bytes, to: &tokens)
    }
    return tokens
  }

  /// A token being merged, linked to its neighbours; `token` is -1 once it was merged away.
  private struct Link {
    var token: Int32
    var previous: Int
    var next: Int
  }

  private func append(_ bytes: [UInt8], to tokens: inout [Int]) {
    if takesWholePieces || merges.isEmpty, let id = index.text(bytes[...]) {
      tokens.append(Int(id))
      return
    }
    // A file with a sample of the rows: whole pieces are all it can know.
    if merges.isEmpty { return }
    // A byte without a token is passed over, as the reference implementation does.
    let start = bytes.compactMap { index.byteTokens[Int($0)] }
    var links = start.enumerated().map {
      Link(token: $1, previous: $0 - 1, next: $0 + 1 < start.count ? $0 + 1 : -1)
    }
    var queue = MergeQueue()
    for index in links.indices.dropLast() { offer(index, links, &queue) }
    while let best = queue.popFirst() {
      let index = best.position
      let next = links[index].next
      guard next >= 0, links[index].token >= 0,
        let merge = merges[links[index].token, links[next].token],
        merge.rank == best.rank
      else { continue }
      links[index].token = merge.result
      links[next].token = -1
      links[index].next = links[next].next
      if links[index].next >= 0 { links[links[index].next].previous = index }
      offer(index, links, &queue)
      if links[index].previous >= 0 { offer(links[index].previous, links, &queue) }
    }
    for link in links where link.token >= 0 { tokens.append(Int(link.token)) }
  }

  private func offer(_ index: Int, _ links: [Link], _ queue: inout MergeQueue) {
    let next = links[index].next
    guard next >= 0,
      let merge = merges[links[index].token, links[next].token]
    else { return }
    queue.insert(MergeQueue.Entry(rank: merge.rank, position: index))
  }
}

/// Possible merges, the best first; of equal ones the leftmost.
private struct MergeQueue {
  struct Entry {
    let rank: Int
    let position: Int

    static func < (left: Entry, right: Entry) -> Bool {
      (left.rank, left.position) < (right.rank, right.position)
    }
  }

  /// A binary heap, its least entry first.
  private var heap: [Entry] = []

  mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() -> Entry? {
    guard let first = heap.first else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      if least == parent { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
