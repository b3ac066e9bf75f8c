import ModelWeights

/// A safetensors file of float32 tensors, filled with 0, 1, 2, … throughout.
struct SafetensorsExample {
  typealias Shape = (name: String, shape: [Int])

  /// In the order of their bytes.
  let shapes: [Shape]
  var metadata: [String: String] = [:]
  /// The first value.
  var start = 0

  init(_ shapes: [Shape], metadata: [String: String] = [:], start: Int = 0) {
    self.shapes = shapes
    self.metadata = metadata
    self.start = start
  }

  private var valueCount: Int { shapes.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  var bytes: [UInt8] {
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.map { #""\#($0.key)":"\#($0.value)""# }.sorted()
      entries.append(#""__metadata__":{\#(pairs.joined(separator: ","))}"#)
    }
    var begin = 0
    for (name, shape) in shapes {
      let end = begin + shape.reduce(4, *)
      entries.append(
        #""\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
      )
      begin = end
    }
    let data = GGUFExample.floats((start..<start + valueCount).map(Float.init))
    return safetensors("{\(entries.joined(separator: ","))}", data: data)
  }

  /// Returns the values of one tensor as they are stored, row after row.
  func values(_ name: String) -> [Float] {
    var first = start
    for tensor in shapes {
      let count = tensor.shape.reduce(1, *)
      if tensor.name == name { return (first..<first + count).map(Float.init) }
      first += count
    }
    return []
  }

  /// Opens it, with `config.json` beside it.
  func opened(config: String? = nil) throws -> LoadedModel {
    var files = [("model.safetensors", bytes)]
    if let config { files.append(("config.json", Array(config.utf8))) }
    return try withFiles(files) { try LoadedModel.open(path: $0) }
  }
}
