import Foundation
import ProbeLinearAlgebra

@testable import ProbeAutomata

/// A shipped GRU that was trained on one of Tomita's languages, run in plain loops: PyTorch's equations, a step at a time.
struct TomitaNetwork {
  private var tensors: [String: (shape: [Int], values: [Double])] = [:]
  let units: Int

  init(language: Int) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "notebooks-data/models/tomita\(language)-gru.safetensors")
    let bytes = try Data(contentsOf: file)
    let size = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    struct Entry: Decodable {
      var shape: [Int]
      var offsets: [Int]
      enum CodingKeys: String, CodingKey {
        case shape
        case offsets = "data_offsets"
      }
    }
    let header = try JSONSerialization.jsonObject(with: bytes[8..<8 + size]) as? [String: Any] ?? [:]
    for (name, value) in header where name != "__metadata__" {
      let entry = try JSONDecoder().decode(Entry.self, from: JSONSerialization.data(withJSONObject: value))
      let values = stride(from: entry.offsets[0], to: entry.offsets[1], by: 4).map { place in
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[8 + size + place + $1]) << UInt32(8 * $1) }
        return Double(Float(bitPattern: bits))
      }
      tensors[name] = (entry.shape, values)
    }
    units = (tensors["rnn.weight_hh_l0"]?.shape[1]) ?? 0
  }

  private func affine(_ weight: String, _ bias: String, _ vector: [Double]) -> [Double] {
    guard let weight = tensors[weight], let bias = tensors[bias] else { return [] }
    return bias.values.indices.map { row in
      vector.indices.reduce(bias.values[row]) { $0 + weight.values[row * vector.count + $1] * vector[$1] }
    }
  }

  /// The state after one more symbol.
  func step(_ state: [Double], _ symbol: Int) -> [Double] {
    let embedding = tensors["embedding.weight"]?.values ?? []
    let input = affine(
      "rnn.weight_ih_l0", "rnn.bias_ih_l0", Array(embedding[2 * symbol..<2 * symbol + 2]))
    let hidden = affine("rnn.weight_hh_l0", "rnn.bias_hh_l0", state)
    return (0..<units).map { unit in
      let reset = 1 / (1 + exp(-input[unit] - hidden[unit]))
      let update = 1 / (1 + exp(-input[units + unit] - hidden[units + unit]))
      let new = tanh(input[2 * units + unit] + reset * hidden[2 * units + unit])
      return (1 - update) * new + update * state[unit]
    }
  }

  /// Whether the network accepts in a state.
  func output(_ state: [Double]) -> Int32 {
    let logits = affine("readout.weight", "readout.bias", state)
    return logits[1] > logits[0] ? 1 : 0
  }

  /// What the network goes through on random words.
  func record(trials: Int, length: Int, seed: UInt64) throws -> RecordedStates {
    var random = RandomGenerator(seed: seed)
    var values: [Double] = []
    var symbols: [Int32] = []
    var outputs: [Int32] = []
    var starts = [0]
    for _ in 0..<trials {
      var state = [Double](repeating: 0, count: units)
      for step in 0...length {
        let symbol = step == 0 ? -1 : random.integer(below: 2)
        if symbol >= 0 { state = self.step(state, symbol) }
        symbols.append(Int32(symbol))
        outputs.append(output(state))
        values += state
      }
      starts.append(symbols.count)
    }
    return try RecordedStates(
      alphabet: Alphabet(numbered: 2), outputNames: MooreMachine.acceptorOutputs,
      states: Matrix(rows: symbols.count, columns: units, elements: values), symbols: symbols,
      outputs: outputs, starts: starts)
  }
}
