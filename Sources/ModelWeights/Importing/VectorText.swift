import SourceDiagnostics

/// An embedding in a text file: on each line a word and its numbers.
///
/// word2vec's form begins with a line "count columns", GloVe's does not. In GloVe's a word may hold
/// spaces: the last numbers are the row.
struct VectorText: EmbeddingSource {
  private(set) var rowCount = 0
  let columnCount: Int
  private(set) var notes: [String] = []
  private var kept = ByteStrings()
  /// Rows in blocks, so that growing copies nothing.
  private var blocks: [[Float]] = []
  private let rowsPerBlock: Int

  var words: ByteStrings? { kept }

  init(
    _ file: MappedFile,
    format: EmbeddingImporter.Format,
    path: String,
    progress: (Double) -> Void
  ) throws(Diagnostic) {
    var lines = LineReader(file)
    var announced: Int?
    var ahead = try lines.next(atMost: EmbeddingImporter.Limit.lineBytes)
    if format == .word2vec {
      guard let header = ahead.flatMap(Self.announced) else { throw .notAnEmbedding }
      columnCount = header.columns
      announced = header.rows
      ahead = try lines.next(atMost: EmbeddingImporter.Limit.lineBytes)
    } else {
      guard let columns = ahead.flatMap(Self.columnCount) else { throw .notAnEmbedding }
      columnCount = columns
    }
    try Self.requireSize(rows: announced ?? 1, columns: columnCount)
    rowsPerBlock = max(1, (1 << 20) / columnCount)
    var seen: Set<[UInt8]> = []
    var counts = Counts()
    while let line = ahead {
      let row = Row(line: line, number: lines.number, path: path)
      ahead = try lines.next(atMost: EmbeddingImporter.Limit.lineBytes)
      if row.fields.isEmpty {
        // Blank lines are the end of the file, or a fault.
        guard ahead != nil else { break }
        throw row.blank
      }
      if let announced, counts.lines == announced { throw row.oneTooMany(announced: announced) }
      counts.lines += 1
      let values = try row.values(columnCount, wordMayHoldSpaces: format == .glove)
      if seen.insert(Array(row.word(columnCount))).inserted {
        try append(values, named: row.word(columnCount))
        if String(validating: row.word(columnCount), as: UTF8.self) == nil { counts.notUTF8 += 1 }
      } else {
        counts.repeated += 1
      }
      if counts.lines.isMultiple(of: 1000) {
        progress(Double(lines.offset) / Double(max(1, file.byteCount)))
      }
    }
    if let announced, counts.lines != announced {
      throw .wrongLineCount(announced: announced, found: counts.lines)
    }
    notes = counts.notes
  }

  private mutating func append(
    _ values: [Float],
    named word: ArraySlice<UInt8>
  ) throws(Diagnostic) {
    if rowCount.isMultiple(of: rowsPerBlock) { blocks.append([]) }
    blocks[blocks.count - 1] += values
    kept.append(word)
    rowCount += 1
    try Self.requireSize(rows: rowCount, columns: columnCount)
  }

  private static func requireSize(rows: Int, columns: Int) throws(Diagnostic) {
    try EmbeddingWriter.requireSize(
      rows: rows,
      columns: columns,
      atMost: EmbeddingImporter.Limit.words
    )
  }

  /// What there is to tell about a file.
  private struct Counts {
    var lines = 0
    var repeated = 0
    var notUTF8 = 0

    var notes: [String] {
      var notes: [String] = []
      if repeated > 0 {
        notes.append(
          repeated == 1
            ? "1 repeated word was left out" : "\(repeated) repeated words were left out"
        )
      }
      if notUTF8 > 0 {
        notes.append(notUTF8 == 1 ? "1 word is not UTF-8" : "\(notUTF8) words are not UTF-8")
      }
      return notes
    }
  }

  // MARK: Reading

  /// Calls `body` with all rows, in order, some at a time.
  func forEachBlock(_ body: ([Float]) throws(Diagnostic) -> Void) throws(Diagnostic) {
    for block in blocks { try body(block) }
  }

  // MARK: First lines

  /// Returns the numbers of rows and columns if the line consists of nothing else.
  static func announced(in line: ArraySlice<UInt8>) -> (rows: Int, columns: Int)? {
    let fields = fields(of: line)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard fields.count == 2,
      fields.allSatisfy({ line[$0].count <= 12 && line[$0].allSatisfy(digits.contains) }),
      let rows = Int(String(decoding: line[fields[0]], as: UTF8.self)),
      let columns = Int(String(decoding: line[fields[1]], as: UTF8.self))
    else { return nil }
    return (rows, columns)
  }

  /// Returns how many numbers stand behind the word of a line; `nil` if there are none.
  static func columnCount(of line: ArraySlice<UInt8>) -> Int? {
    let fields = fields(of: line)
    let numbers = fields.reversed().prefix { DecimalNumber.isNumber(line[$0]) }.count
    let columns = min(numbers, fields.count - 1)
    return columns > 0 ? columns : nil
  }

  /// Returns where the parts of a line are that spaces or tabs set apart.
  static func fields(of line: ArraySlice<UInt8>) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    var start = line.startIndex
    for index in line.indices where line[index] == 0x20 || line[index] == 0x09 {
      if start < index { fields.append(start..<index) }
      start = index + 1
    }
    if start < line.endIndex { fields.append(start..<line.endIndex) }
    return fields
  }

  /// One line, cut at its spaces.
  private struct Row {
    let line: ArraySlice<UInt8>
    let number: Int
    let path: String
    let fields: [Range<Int>]

    init(line: ArraySlice<UInt8>, number: Int, path: String) {
      self.line = line
      self.number = number
      self.path = path
      self.fields = VectorText.fields(of: line)
    }

    /// Returns the last fields as numbers.
    func values(
      _ columns: Int,
      wordMayHoldSpaces: Bool
    ) throws(Diagnostic) -> [Float] {
      let found = fields.count - 1
      guard let first = fields.first, first.lowerBound == line.startIndex else {
        throw Diagnostic.noWord.at(place(line.startIndex))
      }
      let isLong = found > columns
      let before = found - columns
      if found < columns || isLong && !wordMayHoldSpaces
        || isLong && DecimalNumber.isNumber(line[fields[before]])
      {
        throw Diagnostic.wrongNumberCount(found: found, expected: columns)
          .at(place(fields.last?.lowerBound))
      }
      var values: [Float] = []
      values.reserveCapacity(columns)
      for field in fields.suffix(columns) {
        guard let value = DecimalNumber.float(line[field]) else {
          throw badNumber(field)
        }
        values.append(value)
      }
      return values
    }

    /// Returns everything before the numbers and the spaces that set them apart.
    func word(_ columns: Int) -> ArraySlice<UInt8> {
      line[line.startIndex..<fields[max(0, fields.count - columns - 1)].upperBound]
    }

    // MARK: Faults

    var blank: Diagnostic { Diagnostic.blankLine.at(place(nil)) }

    func oneTooMany(announced: Int) -> Diagnostic {
      Diagnostic.moreLines(than: announced).at(place(nil))
    }

    private func badNumber(_ field: Range<Int>) -> Diagnostic {
      let text = String(decoding: line[field], as: UTF8.self)
      let fault: Diagnostic =
        DecimalNumber.isNumber(line[field]) ? .numberTooLarge(text) : .badNumber(text)
      return fault.at(place(field.lowerBound, length: text.count))
    }

    private func place(_ index: Int?, length: Int = 1) -> SourcePlace {
      SourcePlace(
        file: path,
        line: number,
        column: index.map { String(decoding: line[..<$0], as: UTF8.self).count + 1 },
        length: length,
        quotedLine: String(decoding: line, as: UTF8.self)
      )
    }
  }
}
