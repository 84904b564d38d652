import ArgumentParser
import ProbeCheckpoints
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeAnalyses

@Suite struct HeadWeightTests {
  static let tokens = [3, 1, 4, 1, 5, 9, 2, 6]

  @Test(
    "z W_O and the biases sum to what attention adds, and x W_V is each head's value",
    arguments: AttentionFixtures.decoders)
  func circuitsAgreeWithRuns(_ name: String) throws {
    let model = try AttentionFixtures.model(name)
    for layer in 0..<model.layers {
      let block = model.parts.blocks[layer]
      let prefix = "blocks.\(layer)."
      let steps = Array(Self.tokens.indices)
      let run = try model.values(
        of: [prefix + "attn.z", prefix + "attn.v", prefix + "attn_out", prefix + "resid_pre"],
        tokens: Self.tokens, steps: steps, precision: .f64)
      let heads = model.headWeights(layer: layer)
      let size = block.attention.headSize
      #expect(heads.count == model.heads)
      for step in steps {
        // Gemma 2 normalises the sum of the heads, which is no sum of the heads any more.
        if block.attentionOutputNorm == nil {
          var sum = model.outputBias(layer: layer) ?? Array(repeating: 0, count: model.width)
          for (head, weights) in heads.enumerated() {
            let z = run[0].row(step).dropFirst(head * size).prefix(size)
            let written = weights.output.transposed.times(Array(z))
            for unit in sum.indices { sum[unit] += written[unit] }
          }
          #expect(isClose(sum, run[2].row(step), terms: model.heads * size))
        }
        guard let norm = block.attentionNorm else { continue }
        for (head, weights) in heads.enumerated() {
          let group = block.attention.keyValueHead(of: head)
          let values = (0..<size).map { unit -> Double in
            let column = (0..<model.width).map { weights.value[$0, unit] }
            let (direction, constant) = norm.linearized(column, at: run[3].row(step))
            return zip(direction, run[3].row(step)).reduce(constant) { $0 + $1.0 * $1.1 }
              + (weights.valueBias?[unit] ?? 0)
          }
          #expect(
            isClose(
              values, run[1].row(step).dropFirst(group * size).prefix(size), terms: 4 * model.width))
        }
      }
    }
  }

  @Test("grouped heads have the slices of the checkpoint's tensors")
  func groupedHeads() throws {
    let folder = AttentionFixtures.folder("llama-gqa-sharded")
    let model = try AttentionModel.load(folder: folder)
    let checkpoint = try Checkpoint.open(path: folder)
    let attention = model.parts.blocks[0].attention
    #expect(attention.heads > attention.keyValueHeads)
    let size = attention.headSize
    let name = "model.layers.0.self_attn."
    let key = Matrix(try checkpoint.tensor(name + "k_proj.weight", as: Double.self))
    let output = Matrix(try checkpoint.tensor(name + "o_proj.weight", as: Double.self))
    let heads = model.headWeights(layer: 0)
    let group = attention.heads / attention.keyValueHeads
    for head in 0..<attention.heads {
      for unit in 0..<size {
        for column in 0..<model.width {
          #expect(heads[head].key[column, unit] == key[head / group * size + unit, column])
          #expect(heads[head].output[unit, column] == output[column, head * size + unit])
        }
      }
    }
  }

  @Test("folding multiplies by the norm's weights, and processing centres reading, writing and unembedding")
  func conventions() throws {
    let model = try AttentionFixtures.model("gpt2")
    let raw = model.headWeights(layer: 1)[2]
    let weight = try #require(model.parts.blocks[1].attentionNorm).weight
    let folded = try HeadCircuits(model, options: .parse([])).layer(1)[2]
    let bare = try HeadCircuits(model, options: .parse(["--no-fold-norms"])).layer(1)[2]
    #expect(bare.query == raw.query && bare.output == raw.output)
    #expect(folded.key[5, 3] == raw.key[5, 3] * Double(weight[5]))
    let circuits = HeadCircuits(model, options: try .parse(["--process-weights"]))
    let processed = try circuits.layer(1)[2]
    let bound = 64 * Double(model.width) * 0x1p-53
    for unit in 0..<processed.query.columns {
      let sum = (0..<model.width).reduce(0) { $0 + processed.query[$1, unit] }
      #expect(abs(sum) <= bound)
      #expect(abs(processed.output.row(unit).reduce(0, +)) <= bound)
    }
    let rows = try #require(circuits.unembedding(of: Array(0..<model.vocabulary)))
    for unit in 0..<model.width {
      let sum = (0..<rows.rows).reduce(0) { $0 + rows[$1, unit] }
      #expect(abs(sum) <= bound * Double(rows.rows))
    }
  }

  @Test("a processed head has the values of the model from the residual over its deviation")
  func processedValues() throws {
    // What LayerNorm subtracts is in the centred weights: x / s times them, and the shift of its bias, is LayerNorm(x) W_V.
    let model = try AttentionFixtures.model("gpt2")
    let run = try model.values(
      of: ["blocks.0.resid_pre", "blocks.0.attn.v"], tokens: Self.tokens, steps: [4], precision: .f64)
    let norm = try #require(model.parts.blocks[0].attentionNorm)
    let processed = try HeadCircuits(model, options: .parse(["--process-weights"])).layer(0)[1]
    let raw = model.headWeights(layer: 0)[1]
    let x = Array(run[0].row(0))
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    let scaled = x.map { $0 / (variance + norm.epsilon).squareRoot() }
    let shift = raw.value.transposed.times((norm.bias ?? []).map(Double.init))
    let size = raw.value.columns
    let value = processed.value.transposed.times(scaled)
    let expected = run[1].row(0).dropFirst(size).prefix(size)
    let found = value.indices.map { value[$0] + shift[$0] + (raw.valueBias?[$0] ?? 0) }
    #expect(isClose(found, expected, terms: 8 * model.width))
  }

  @Test("a weight that is no number is an error that names the head and its place")
  func notFinite() throws {
    let model = HandBuiltModel.cycle(12)
    var parts = model.parts
    let whole = parts.blocks[1].attention
    // Unit 3 of head 1 from input 5.
    parts.blocks[1].attention = AttentionLayer(
      heads: 2, headSize: 12, query: whole.query, key: whole.key,
      value: HandBuiltModel.linear(24, 12) { $0 == 15 && $1 == 5 ? .nan : 0 }, output: whole.output)
    let circuits = HeadCircuits(
      AttentionModel(identity: model.identity, parts: parts), options: try .parse([]))
    #expect(
      throws: HeadsError.notFinite(object: "head 1.1: a head's value weight", row: 5, column: 3)
    ) { try circuits.layer(1) }
    #expect(try circuits.layer(0).count == 2)
  }
}

/// Whether two rows agree to `terms` roundings of numbers as large as the largest, and at least 1.
func isClose(_ left: some Sequence<Double>, _ right: some Sequence<Double>, terms: Int) -> Bool {
  let (left, right) = (Array(left), Array(right))
  let scale = (left + right).reduce(1) { max($0, abs($1)) }
  return left.count == right.count
    && zip(left, right).allSatisfy { abs($0 - $1) <= Double(terms) * 0x1p-52 * scale }
}
