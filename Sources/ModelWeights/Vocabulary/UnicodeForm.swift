import Foundation

/// Unicode's normalisation forms, by the algorithm of Unicode Standard Annex 15.
///
/// Foundation knows how single characters fall apart and pairs join; the order of marks is worked
/// out here, since Foundation leaves some marks (such as U+0F73 behind U+05AB) out of order.
enum UnicodeForm {
  /// Returns the text with each character taken apart and marks in their canonical order.
  static func decomposed(_ text: String, compatibly: Bool = false) -> String {
    String(String.UnicodeScalarView(decomposition(of: text, compatibly: compatibly)))
  }

  /// Returns the text taken apart and put together again.
  ///
  /// - Complexity: O(n log n).
  static func composed(_ text: String, compatibly: Bool = false) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result: [Unicode.Scalar] = []
    var starter: Int?
    /// The class of the last mark behind the starter; 0 if there is none.
    var lastClass: UInt8 = 0
    for scalar in decomposition(of: text, compatibly: compatibly) {
      let ownClass = combiningClass(scalar)
      let isBlocked = lastClass != 0 && lastClass >= ownClass
      if let starter, !isBlocked, let whole = joined(result[starter], scalar) {
        result[starter] = whole
        continue
      }
      if ownClass == 0 { starter = result.count }
      lastClass = ownClass
      result.append(scalar)
    }
    return String(String.UnicodeScalarView(result))
  }

  private static func decomposition(of text: String, compatibly: Bool) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        scalars.append(scalar)
      } else {
        let text = String(scalar)
        scalars += Array(
          (compatibly
            ? text.decomposedStringWithCompatibilityMapping
            : text.decomposedStringWithCanonicalMapping).unicodeScalars
        )
      }
    }
    sortMarks(&scalars)
    return scalars
  }

  /// Sorts each run of marks by their classes, equal ones as they stand.
  private static func sortMarks(_ scalars: inout [Unicode.Scalar]) {
    var start = 0
    while start < scalars.count {
      var end = start
      var isSorted = true
      var previous: UInt8 = 0
      while end < scalars.count {
        let ownClass = combiningClass(scalars[end])
        if ownClass == 0 { break }
        isSorted = isSorted && previous <= ownClass
        previous = ownClass
        end += 1
      }
      if !isSorted {
        let marks = scalars[start..<end].enumerated()
          .map { (ownClass: combiningClass($1), place: $0, scalar: $1) }
          .sorted { ($0.ownClass, $0.place) < ($1.ownClass, $1.place) }
        scalars.replaceSubrange(start..<end, with: marks.map(\.scalar))
      }
      start = end + 1
    }
  }

  private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    scalar.isASCII ? 0 : scalar.properties.canonicalCombiningClass.rawValue
  }

  /// Returns what two characters that stand side by side join into, if they do.
  private static func joined(
    _ first: Unicode.Scalar,
    _ second: Unicode.Scalar
  ) -> Unicode.Scalar? {
    // Only marks and the later parts of Hangul syllables join what is before them.
    guard second.value >= 0x300 else { return nil }
    if let syllable = syllable(first.value, second.value) { return syllable }
    switch second.properties.generalCategory {
    case .nonspacingMark, .spacingMark: break
    default: return nil
    }
    // Taken apart first: Foundation joins three parts (U+0CCB) but not two and the third.
    var pair = String(first).decomposedStringWithCanonicalMapping
    pair.unicodeScalars.append(second)
    let whole = pair.precomposedStringWithCanonicalMapping.unicodeScalars
    // Foundation drops what it counts as invisible, so the way back has to lead here again.
    guard whole.count == 1, let scalar = whole.first,
      String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
        .elementsEqual(pair.unicodeScalars)
    else { return nil }
    return scalar
  }

  /// Returns the Hangul syllable of a consonant and a vowel, or of those joined and a final consonant.
  private static func syllable(_ first: UInt32, _ second: UInt32) -> Unicode.Scalar? {
    let syllables: Range<UInt32> = 0xAC00..<0xD7A4
    let finals: UInt32 = 28
    if (0x1100..<0x1113).contains(first), (0x1161..<0x1176).contains(second) {
      return Unicode.Scalar(
        syllables.lowerBound + ((first - 0x1100) * 21 + second - 0x1161) * finals
      )
    }
    guard syllables.contains(first), (first - syllables.lowerBound).isMultiple(of: finals),
      (0x11A8..<0x11C3).contains(second)
    else { return nil }
    return Unicode.Scalar(first + second - 0x11A7)
  }
}
