/// How a tensor's values are stored: in blocks of so many elements and so many bits.
struct ElementType: Hashable, Sendable {
  /// An encoding this target can turn into numbers.
  enum Encoding: Hashable, Sendable {
    case f32, f16, bf16
    case blocks(BlockEncoding)
  }

  let name: String
  let elementsPerBlock: Int
  let bitsPerBlock: Int
  /// `nil` for a type whose size is known but which cannot be read.
  let encoding: Encoding?

  init(_ name: String, elements: Int = 1, bits: Int, _ encoding: Encoding? = nil) {
    self.name = name
    self.elementsPerBlock = elements
    self.bitsPerBlock = bits
    self.encoding = encoding
  }

  /// Returns how many bytes so many elements take, or `nil` if they fill no whole number of blocks
  /// or bytes, or the count overflows.
  func byteCount(elements: Int) -> Int? {
    guard elements >= 0, elements.isMultiple(of: elementsPerBlock) else { return nil }
    let (bits, overflow) = (elements / elementsPerBlock).multipliedReportingOverflow(
      by: bitsPerBlock
    )
    guard !overflow, bits.isMultiple(of: 8) else { return nil }
    return bits / 8
  }

  static let f32 = ElementType("F32", bits: 32, .f32)
  static let f16 = ElementType("F16", bits: 16, .f16)
  static let bf16 = ElementType("BF16", bits: 16, .bf16)
  static let q8 = blocks(.q80)

  private static func blocks(_ encoding: BlockEncoding) -> ElementType {
    ElementType(
      encoding.rawValue,
      elements: encoding.elementCount,
      bits: encoding.byteCount * 8,
      .blocks(encoding)
    )
  }

  /// Every type that can be read, as a sentence has them: "F32, F16, BF16, Q4_0 and Q8_0".
  static let readableNames: String = {
    let names = ["F32", "F16", "BF16"] + BlockEncoding.allCases.map(\.rawValue)
    return "\(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1])"
  }()
}

extension ElementType {
  /// The number GGUF gives a type this target writes.
  var ggufCode: UInt32? {
    switch encoding {
    case .f32: 0
    case .f16: 1
    case .blocks(.q80): 8
    case .bf16: 30
    case .blocks, nil: nil
    }
  }

  /// Returns the type with a GGUF number.
  ///
  /// Sizes are those of ggml's block structures.
  static func gguf(_ code: UInt32) -> ElementType? {
    ggufTypes[code]
  }

  /// Returns the type with a safetensors name.
  static func safetensors(_ name: String) -> ElementType? {
    safetensorsTypes[name]
  }

  private static let ggufTypes: [UInt32: ElementType] = [
    0: f32,
    1: f16,
    2: blocks(.q40),
    3: blocks(.q41),
    6: blocks(.q50),
    7: blocks(.q51),
    8: q8,
    10: quantised("Q2_K", 256, 84),
    11: quantised("Q3_K", 256, 110),
    12: blocks(.q4K),
    13: blocks(.q5K),
    14: blocks(.q6K),
    15: quantised("Q8_K", 256, 292),
    16: quantised("IQ2_XXS", 256, 66),
    17: quantised("IQ2_XS", 256, 74),
    18: quantised("IQ3_XXS", 256, 98),
    19: quantised("IQ1_S", 256, 50),
    20: quantised("IQ4_NL", 32, 18),
    21: quantised("IQ3_S", 256, 110),
    22: quantised("IQ2_S", 256, 82),
    23: quantised("IQ4_XS", 256, 136),
    24: ElementType("I8", bits: 8),
    25: ElementType("I16", bits: 16),
    26: ElementType("I32", bits: 32),
    27: ElementType("I64", bits: 64),
    28: ElementType("F64", bits: 64),
    29: quantised("IQ1_M", 256, 56),
    30: bf16,
    34: quantised("TQ1_0", 256, 54),
    35: quantised("TQ2_0", 256, 66),
    39: quantised("MXFP4", 32, 17),
  ]

  private static func quantised(_ name: String, _ elements: Int, _ bytes: Int) -> ElementType {
    ElementType(name, elements: elements, bits: bytes * 8)
  }

  private static let safetensorsTypes: [String: ElementType] = {
    let sizes: [(bits: Int, names: [String])] = [
      (4, ["F4"]),
      (6, ["F6_E2M3", "F6_E3M2"]),
      (8, ["BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"]),
      (16, ["I16", "U16"]),
      (32, ["I32", "U32"]),
      (64, ["I64", "U64", "F64", "C64"]),
    ]
    var types: [String: ElementType] = ["F32": f32, "F16": f16, "BF16": bf16]
    for (bits, names) in sizes {
      for name in names { types[name] = ElementType(name, bits: bits) }
    }
    return types
  }()
}
