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
  /// NaN and infinities, which JSON lacks, become `null`.
  package var rendered: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let data = (try? encoder.encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self)
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
