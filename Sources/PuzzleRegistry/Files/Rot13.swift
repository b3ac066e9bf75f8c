/// Returns `text` with each ASCII letter moved thirteen places along the alphabet.
///
/// Everything else stays as it is, so lines and columns keep their places. Its own inverse.
package func rot13(_ text: String) -> String {
  var turned = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    turned.append(turnedLetter(scalar) ?? scalar)
  }
  return String(turned)
}

/// Returns the letter thirteen places along, or `nil` for what is not an ASCII letter.
private func turnedLetter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
  let first: UInt32
  switch scalar {
  case "a"..."z": first = 97
  case "A"..."Z": first = 65
  default: return nil
  }
  return Unicode.Scalar(first + (scalar.value - first + 13) % 26)
}
