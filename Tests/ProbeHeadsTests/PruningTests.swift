import ProbeHeads
import ProbeLinearAlgebra
import Testing

@Suite struct PruningTests {
  private func grid(layers: Int, heads: Int, norm: (Int, Int) -> Double) -> [MatchedDraws.Head] {
    (0..<layers).flatMap { layer in (0..<heads).map { .init(layer: layer, outputNorm: norm(layer, $0)) } }
  }

  @Test("draws have as many heads of each layer as were chosen, none of them chosen")
  func layers() throws {
    let heads = grid(layers: 4, heads: 8) { 1 + Double($0 * 8 + $1) / 10 }
    let chosen = [0, 1, 9, 31]
    let matched = try MatchedDraws(heads, chosen: chosen, draws: 50, seed: 2)
    #expect(matched.draws.count == 50)
    for draw in matched.draws {
      #expect(draw == draw.sorted() && Set(draw).count == 4)
      #expect(Set(draw).isDisjoint(with: chosen))
      #expect(draw.map { heads[$0].layer }.sorted() == [0, 0, 1, 3])
    }
    #expect(matched.unmatched.isEmpty)
    #expect(matched.distinct > 10)
    #expect(matched == (try MatchedDraws(heads, chosen: chosen, draws: 50, seed: 2)))
    #expect(matched.draws != (try MatchedDraws(heads, chosen: chosen, draws: 50, seed: 3)).draws)
  }

  @Test("only the nearest norms are drawn")
  func norms() throws {
    let heads = grid(layers: 1, heads: 20) { $1 < 10 ? 1 + Double($1) / 100 : 50 + Double($1) }
    let matched = try MatchedDraws(heads, chosen: [0, 1, 2], draws: 40, seed: 1)
    for draw in matched.draws { #expect(draw.allSatisfy { $0 < 10 }) }
    #expect(matched.normMismatch < 0.1)
    // With one neighbour there is nothing to choose: 1 is next to 0.
    let forced = try MatchedDraws(heads, chosen: [0], draws: 5, neighbours: 1, seed: 1)
    #expect(forced.draws == Array(repeating: [1], count: 5))
    #expect(forced.distinct == 1)
  }

  @Test("where a layer is spent, its neighbours stand in, and that is said")
  func impossible() throws {
    let heads = grid(layers: 3, heads: 2) { _, _ in 1 }
    // Layer 0 is chosen whole, layer 1 has one left for its own.
    let matched = try MatchedDraws(heads, chosen: [0, 1, 2], draws: 30, seed: 5)
    #expect(matched.unmatched == [0: 2])
    #expect(matched.distinct == 1)
    #expect(matched.draws.allSatisfy { $0 == [3, 4, 5] })
    #expect(throws: HeadsError.tooFewHeads(needed: 4, available: 2)) {
      try MatchedDraws(heads, chosen: [0, 1, 2, 3], draws: 1, seed: 1)
    }
    #expect(throws: HeadsError.indexOutOfRange(object: "a chosen head", index: 6, count: 6)) {
      try MatchedDraws(heads, chosen: [6], draws: 1, seed: 1)
    }
    let none = try MatchedDraws(heads, chosen: [], draws: 2, seed: 1)
    #expect(none.draws == [[], []] && none.normMismatch == 0)
  }

  @Test("a set of heads that breaks what random sets leave whole shows the whole difference")
  func clearCut() throws {
    let prompts = 40
    let whole = [Double](repeating: 1, count: prompts)
    let point = try PruningPoint(
      heads: 2, intact: whole, pruned: Array(repeating: 0, count: prompts),
      random: Array(repeating: whole, count: 19))
    #expect(point.intact == Estimate(mean: 1, low: 1, high: 1, prompts: 40))
    #expect(point.pruned == Estimate(mean: 0, low: 0, high: 0, prompts: 40))
    #expect(point.difference == Estimate(mean: 1, low: 1, high: 1, prompts: 40))
    #expect(point.probability == 0.05)
  }

  @Test("pairing by prompt keeps the difficulty of prompts out of the difference")
  func paired() throws {
    // Half of the prompts are hard: every run fails them; the others only the chosen set fails, sometimes.
    let intact = (0..<100).map { $0 % 2 == 0 ? 1.0 : 0 }
    let pruned = (0..<100).map { $0 % 10 == 0 ? 0 : intact[$0] }
    let point = try PruningPoint(
      heads: 1, intact: intact, pruned: pruned, random: Array(repeating: intact, count: 5))
    let difference = point.difference
    #expect(abs(difference.mean - 0.1) <= 1e-15)
    // Paired: 10 of 100 differ, standard error 0.03. Unpaired it would be 0.07.
    let width = try #require(difference.high) - (try #require(difference.low))
    #expect(abs(width - 2 * 1.96 * 0.03) < 0.02)
    #expect(try #require(difference.low) > 0)
  }

  @Test("random sets that differ widen the interval of their mean")
  func setsVary() throws {
    let good = [Double](repeating: 1, count: 200)
    let bad = [Double](repeating: 0, count: 200)
    let point = try PruningPoint(heads: 1, intact: good, pruned: bad, random: [good, bad, good, bad])
    // Four sets redrawn: the mean is binomial with n = 4, p = 1/2, whose 2.5 and 97.5 % points are 0 and 1.
    #expect(point.random == Estimate(mean: 0.5, low: 0, high: 1, prompts: 200))
    #expect(point.probability == 0.6)
  }

  @Test("one prompt has no interval; nothing to compare is an error")
  func special() throws {
    let point = try PruningPoint(heads: 1, intact: [1], pruned: [0], random: [[1]])
    #expect(point.difference == Estimate(mean: 1, low: nil, high: nil, prompts: 1))
    #expect(throws: HeadsError.empty(object: "the list of prompts")) {
      try PruningPoint(heads: 1, intact: [], pruned: [], random: [[]])
    }
    #expect(throws: HeadsError.empty(object: "the list of random sets")) {
      try PruningPoint(heads: 1, intact: [1], pruned: [1], random: [])
    }
    #expect(throws: HeadsError.self) {
      try PruningPoint(heads: 1, intact: [1, 1], pruned: [1, 1], random: [[1]])
    }
  }

  @Test("sizes are 1, 2, 5, 10 and 5 % of the heads, as far as half of them remain")
  func sizes() {
    #expect(PruningPoint.sizes(heads: 1024) == [1, 2, 5, 10, 52])
    #expect(PruningPoint.sizes(heads: 144) == [1, 2, 5, 8, 10])
    #expect(PruningPoint.sizes(heads: 32) == [1, 2, 5, 10])
    #expect(PruningPoint.sizes(heads: 8) == [1, 2])
    #expect(PruningPoint.sizes(heads: 1).isEmpty)
  }
}
