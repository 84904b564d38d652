import Foundation
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeAnalyses

@Suite struct LogitLensTests {
  static let tokens = [3, 1, 4, 1, 5, 9, 2, 6]

  @Test(
    "the lens of the last layer is the model's own prediction",
    arguments: AttentionFixtures.decoders + ["bert"])
  func lastLayer(_ name: String) throws {
    let model = try AttentionFixtures.model(name)
    let positions = 2..<Self.tokens.count
    let lens = try LogitLens(
      model, tokens: Self.tokens, targets: [], positions: positions, threads: 2, precision: .f64)
    let logits = try model.values(
      of: ["logits"], tokens: Self.tokens, steps: Array(positions), precision: .f64)[0]
    #expect(lens.cells.count == model.layers + 1)
    for (row, position) in positions.enumerated() {
      let own = Array(logits.row(row))
      let order = own.indices.sorted { (own[$0], -$0) > (own[$1], -$1) }
      let cell = lens.cells[model.layers][row]
      #expect(cell.top.map(\.token) == Array(order.prefix(5)))
      let largest = own.max() ?? 0
      let sum = own.reduce(0) { $0 + exp($1 - largest) }
      #expect(
        isClose(
          cell.top.map(\.probability), order.prefix(5).map { exp(own[$0] - largest) / sum }, terms: 4000))
      let next = position + 1 < Self.tokens.count ? Self.tokens[position + 1] : nil
      #expect(lens.targets[row] == next)
      #expect(cell.targetRank == next.map { order.firstIndex(of: $0) ?? -1 })
    }
  }

  @Test("the lens of the embedding shows the token itself where embedding and unembedding are one-hot")
  func embedding() throws {
    let lens = try LogitLens(
      HandBuiltModel.cycle(12), tokens: [7, 3], targets: [nil, 11], positions: 0..<2, count: 1, threads: 1)
    #expect(lens.cells[0].map { $0.top[0].token } == [7, 3])
    #expect(lens.targets == [3, 11])
    // One logit is 1, eleven are 0.
    let probability = exp(1.0) / (exp(1.0) + 11)
    #expect(isClose(lens.cells[0].map { $0.top[0].probability }, [probability, probability], terms: 16))
    #expect(lens.cells[0][1].targetRank == 1)
  }

  @Test("a target beyond the logits counts as none")
  func targetOutside() {
    let cell = LogitLens.Cell([0, 1], target: 5, count: 3)
    #expect(cell.targetRank == nil && cell.targetProbability == nil)
    #expect(cell.top.map(\.token) == [1, 0])
  }
}
