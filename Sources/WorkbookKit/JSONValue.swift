import Foundation

/// A JSON value, for output whose fields are stable and documented.
package indirect enum JSONValue: Sendable, Encodable {
  case null
  case bool(Bool)
  case number(Double)
  case integer(Int)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Turns any encodable value into JSON values.
  package init(_ value: some Encodable) throws {
    self = try JSONDecoder().decode(Decoded.self, from: JSONEncoder().encode(value)).value
  }

  /// The value as text with sorted keys, indented.
  ///
  /// NaN and infinities, which JSON lacks, become `null`. Characters that steer a terminal or a
  /// reader are escaped, so the text is safe to print and reads back as it was.
  package var rendered: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let data = (try? encoder.encode(self)) ?? Data()
    return Self.escaped(String(decoding: data, as: UTF8.self))
  }

  /// The value as one line of text with sorted keys.
  package var line: String { (try? Self.line(of: self)) ?? "" }

  /// Returns a value as one line of text with sorted keys.
  ///
  /// - Throws: What the encoder throws, as for NaN.
  static func line(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Escapes what steers a terminal in JSON, which holds such characters in its texts alone.
  private static func escaped(_ json: String) -> String {
    if json.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A }) { return json }
    var safe = ""
    for scalar in json.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where scalar != "\n", .format, .lineSeparator, .paragraphSeparator:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value):
      if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
    case .integer(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }

  private struct Decoded: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        value = .null
      } else if let truth = try? container.decode(Bool.self) {
        value = .bool(truth)
      } else if let whole = try? container.decode(Int.self) {
        value = .integer(whole)
      } else if let number = try? container.decode(Double.self) {
        value = .number(number)
      } else if let text = try? container.decode(String.self) {
        value = .text(text)
      } else if let values = try? container.decode([Decoded].self) {
        value = .array(values.map(\.value))
      } else {
        value = .object(try container.decode([String: Decoded].self).mapValues(\.value))
      }
    }
  }
}
