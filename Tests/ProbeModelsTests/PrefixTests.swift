import ProbeLinearAlgebra
import ProbeModels
import Testing

/// A tree of prefixes as a caller keeps it.
private struct Tree {
  var prefixes = [Prefix(id: 0, parent: -1, symbol: -1)]

  /// The prefixes of a word, the empty one first; new ones are added.
  mutating func path(_ word: [Int]) -> [Int32] {
    var path: [Int32] = [0]
    for symbol in word {
      let parent = path[path.count - 1]
      if let known = prefixes.first(where: { $0.parent == parent && $0.symbol == symbol }) {
        path.append(known.id)
      } else {
        path.append(Int32(prefixes.count))
        prefixes.append(Prefix(id: Int32(prefixes.count), parent: parent, symbol: Int32(symbol)))
      }
    }
    return path
  }

  /// Runs all prefixes, a length at a time; `[prefix][output]`.
  func run(_ runner: inout any PrefixRunner) throws -> [[Float]] {
    var depths = [0]
    for prefix in prefixes.dropFirst() { depths.append(depths[Int(prefix.parent)] + 1) }
    var outputs = [[Float]](repeating: [], count: prefixes.count)
    for depth in 0...(depths.max() ?? 0) {
      let level = prefixes.filter { depths[Int($0.id)] == depth }
      var values = [Float](repeating: .nan, count: level.count * runner.outputSize)
      try runner.run(level, into: &values)
      for (row, prefix) in level.enumerated() {
        outputs[Int(prefix.id)] = Array(values[row * runner.outputSize..<(row + 1) * runner.outputSize])
      }
    }
    return outputs
  }
}

@Suite("A model over a tree of prefixes")
struct PrefixTests {
  static func words(_ count: Int, symbols: Int, length: Int, seed: UInt64) -> [[Int]] {
    var random = RandomGenerator(seed: seed)
    return (0..<count).map { _ in (0..<length).map { _ in random.integer(below: symbols) } }
  }

  @Test("has the states that running each word from the start has", arguments: CellFixture.maps)
  func recurrentStates(_ name: String) throws {
    let model = try CellFixture(name).model
    let features = model.layers[0].forward.inputSize
    var random = RandomGenerator(seed: 3)
    let symbols = Matrix<Double>(
      rows: 3, columns: features, elements: (0..<3 * features).map { _ in random.normal() })
    let words = Self.words(6, symbols: 3, length: 7, seed: 5)
    var inputs = Tensor(shape: [6, 7, features], repeating: 0.0)
    for (index, symbol) in words.joined().enumerated() {
      for feature in 0..<features { inputs.elements[index * features + feature] = symbols[symbol, feature] }
    }
    let batch = TrialBatch(inputs: .values(inputs))
    let plan = RunPlan(observed: model.stateSites, precision: .f64)
    var recorder = MemoryRecorder(model: model, plan: plan, trials: 6, steps: 7)
    try model.run(batch, plan: plan, recorder: &recorder)

    for precision in Precision.allCases {
      var runner = try model.prefixes(symbols: symbols, precision: precision)
      var tree = Tree()
      let paths = words.map { tree.path($0) }
      _ = try tree.run(&runner)
      var state = [Float](repeating: .nan, count: model.stateSize)
      for (trial, path) in paths.enumerated() {
        for step in 0..<7 {
          runner.copyState(of: path[step + 1], into: &state)
          var place = 0
          for values in recorder.values {
            let width = values.shape[2]
            for unit in 0..<width {
              let expected = values.elements[(trial * 7 + step) * width + unit]
              // Single precision's rounding over seven steps; the double run loses its bits on being copied only.
              let tolerance = (precision == .f32 ? 200 : 1) * 0x1p-23 * max(1, abs(expected))
              #expect(abs(Double(state[place]) - expected) <= tolerance, "\(name) \(precision)")
              place += 1
            }
          }
        }
      }
    }
  }

  @Test(
    "says the same of a word, to the last bit, in whatever company it is run", arguments: CellFixture.maps)
  func company(_ name: String) throws {
    let model = try CellFixture(name).model
    let features = model.layers[0].forward.inputSize
    var random = RandomGenerator(seed: 21)
    let symbols = Matrix<Double>(
      rows: 3, columns: features, elements: (0..<3 * features).map { _ in random.normal() })
    var tree = Tree()
    let words = Self.words(40, symbols: 3, length: 5, seed: 22)
    let paths = words.map { tree.path($0) }
    var together = try model.prefixes(symbols: symbols, threads: 2)
    let all = try tree.run(&together)
    for (word, path) in zip(words, paths).prefix(10) {
      var alone = try model.prefixes(symbols: symbols, threads: 1)
      var own = Tree()
      _ = own.path(word)
      let outputs = try own.run(&alone)
      #expect(path.map { all[Int($0)] } == outputs, "\(name)")
    }
    // The same from states that the caller holds.
    let last = paths[3]
    var states = [Float](repeating: 0, count: model.stateSize)
    together.copyState(of: last[4], into: &states)
    var outputs = [Float](repeating: .nan, count: 3 * together.outputSize)
    together.expand(states, count: 1, into: nil, outputs: &outputs)
    let size = together.outputSize
    #expect(
      Array(outputs[words[3][4] * size..<(words[3][4] + 1) * size]) == all[Int(last[5])], "\(name)")
  }

  @Test("expands states as it runs prefixes")
  func expansion() throws {
    let model = try CellFixture("gru-2-layers").model
    let features = model.layers[0].forward.inputSize
    var random = RandomGenerator(seed: 8)
    let symbols = Matrix<Double>(
      rows: 2, columns: features, elements: (0..<2 * features).map { _ in random.normal() })
    var runner = try model.prefixes(symbols: symbols, threads: 2)
    #expect(runner.canExpand)
    var tree = Tree()
    let words = [[0, 0], [0, 1], [1, 0], [1, 1]]
    let paths = words.map { tree.path($0) }
    let outputs = try tree.run(&runner)
    let size = model.stateSize
    var states = [Float](repeating: 0, count: 2 * size)
    runner.copyState(of: tree.path([0])[1], into: &states)
    states.withUnsafeMutableBufferPointer { buffer in
      runner.copyState(of: tree.path([1])[1], into: buffer.baseAddress! + size)
    }
    var children = [Float](repeating: .nan, count: 4 * size)
    var found = [Float](repeating: .nan, count: 4 * runner.outputSize)
    runner.expand(states, count: 2, into: &children, outputs: &found)
    var state = [Float](repeating: 0, count: size)
    for (row, path) in paths.enumerated() {
      runner.copyState(of: path[2], into: &state)
      for unit in 0..<size {
        #expect(abs(children[row * size + unit] - state[unit]) <= 16 * 0x1p-23)
      }
      let expected = outputs[Int(path[2])]
      for (index, value) in expected.enumerated() {
        #expect(abs(found[row * runner.outputSize + index] - value) <= 64 * 0x1p-23 * max(1, abs(value)))
      }
    }
  }

  @Test("has the logits that running each prompt from the start has", arguments: AttentionFixture.generators)
  func attentionLogits(_ name: String) throws {
    let fixture = try AttentionFixture(name)
    let (model, batch) = try fixture.trials()
    guard case .tokens(let tokens) = batch.inputs else { return }
    let steps = min(tokens.shape[1], 12)
    let rows = (0..<tokens.shape[0]).map { row in
      Array(tokens.elements[row * tokens.shape[1]..<row * tokens.shape[1] + steps])
    }
    let site = try #require(model.site(named: "logits"))
    for row in rows.prefix(2) {
      // The same word with its last symbols exchanged shares a path with it, and must not see its keys.
      let twisted = Array(row.dropLast(2)) + row.suffix(2).reversed()
      let alphabet = Array(Set(row)).sorted()
      let vocabulary = Array(0..<model.vocabulary)
      var runner = try model.prefixes(
        beginning: Array(row.prefix(2)), symbols: alphabet, outputs: vocabulary, precision: .f64, threads: 2)
      var tree = Tree()
      let words = [row, twisted].map { $0.dropFirst(2).map { alphabet.firstIndex(of: $0)! } }
      let paths = words.map { tree.path($0) }
      let outputs = try tree.run(&runner)
      for (word, path) in zip([row, twisted], paths) {
        let plan = RunPlan(observed: [site], precision: .f64)
        let batch = TrialBatch(inputs: .tokens(Tensor(shape: [1, steps], elements: word)))
        var recorder = MemoryRecorder(model: model, plan: plan, trials: 1, steps: steps)
        try model.run(batch, plan: plan, recorder: &recorder)
        for (offset, prefix) in path.enumerated() {
          let expected = recorder.values[0].elements[
            (offset + 1) * model.vocabulary..<(offset + 2) * model.vocabulary]
          let scale = expected.map(abs).max() ?? 1
          for (value, expected) in zip(outputs[Int(prefix)], expected) {
            #expect(abs(Double(value) - expected) <= 2 * 0x1p-23 * scale, "\(name), position \(offset + 1)")
          }
        }
      }
    }
  }

  @Test("says why words cannot be continued")
  func faults() throws {
    let bidirectional = try CellFixture("gru-bidirectional").model
    let symbols = Matrix<Double>(rows: 2, columns: bidirectional.layers[0].forward.inputSize)
    #expect { try bidirectional.prefixes(symbols: symbols) } throws: { "\($0)".contains("from both ends") }
    let model = try AttentionFixture("gpt2").model
    #expect { try model.prefixes(beginning: [], symbols: [1], outputs: [1]) } throws: {
      "\($0)".contains("a beginning token is needed")
    }
    #expect { try model.prefixes(beginning: [0], symbols: [1_000_000], outputs: [1]) } throws: {
      "\($0)".contains("token 1000000 is outside")
    }
    let encoder = try AttentionFixture("bert").model
    #expect { try encoder.prefixes(beginning: [0], symbols: [1], outputs: [1]) } throws: {
      "\($0)".contains("causal model")
    }
  }
}
