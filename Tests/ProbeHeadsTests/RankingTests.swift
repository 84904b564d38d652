import ProbeHeads
import ProbeLinearAlgebra
import Testing

@Suite struct RankingTests {
  @Test("overlap with chance agrees with SciPy's hypergeometric distribution")
  func hypergeometric() throws {
    for row in try HeadFixture.read().overlap {
      let overlap = TopOverlap(overlap: Int(row[0]), count: Int(row[1]), heads: Int(row[2]))
      #expect(abs(overlap.expected - row[3]) <= 4 * unitRoundoff * row[3])
      // Logarithms of factorials up to 144! err by an ulp of 570, three to a term.
      #expect(abs(overlap.probability - row[4]) <= 1e-12 * row[4])
    }
    #expect(TopOverlap(overlap: 0, count: 0, heads: 5).probability == 1)
    #expect(TopOverlap(overlap: 5, count: 5, heads: 5).probability == 1)
  }

  @Test("heads are ranked by score, NaN last, equal ones at random")
  func top() {
    var random = RandomGenerator(seed: 1)
    #expect(topHeads([0.5, .nan, 2, -1], count: 4, using: &random) == [2, 0, 3, 1])
    #expect(topHeads([1, 3, 2], count: 2, using: &random) == [1, 2])
    #expect(topHeads([], count: 2, using: &random).isEmpty)
    var seen = Set<Int>()
    for _ in 0..<100 { seen.formUnion(topHeads([0, 0, 0, 0], count: 1, using: &random)) }
    #expect(seen == [0, 1, 2, 3])
  }

  @Test("two halves that agree share their top set; all-zero scores agree no more than by chance")
  func overlap() {
    let scores = (0..<100).map { Double($0 * $0 % 101) }
    let same = TopOverlap(scores, scores, count: 10, seed: 1)
    #expect(same.overlap == 10 && same.expected == 1 && same.probability < 1e-12)
    let zeros = [Double](repeating: 0, count: 100)
    let mean =
      (0..<200).reduce(0.0) { $0 + Double(TopOverlap(zeros, zeros, count: 10, seed: $1).overlap) } / 200
    // Variance of one overlap: 10 * 0.1 * 0.9 * 90/99 = 0.818.
    #expect(abs(mean - 1) <= 4 * (0.818 / 200).squareRoot())
  }

  @Test("halves are disjoint, cover all prompts, and follow from the seed")
  func halves() {
    let (first, second) = splitHalves(11, seed: 3)
    #expect(first.count == 6 && second.count == 5)
    #expect(Set(first + second) == Set(0..<11))
    #expect(splitHalves(11, seed: 3) == (first, second))
    #expect(splitHalves(0, seed: 1) == ([], []))
  }

  private func scores(runs: Int, noise: Double, seed: UInt64) -> [[Double]] {
    var random = RandomGenerator(seed: seed)
    return (0..<runs).map { _ in
      (0..<64).map { head in max(0, (head < 5 ? 1 - 0.1 * Double(head) : 0) + noise * random.normal()) }
    }
  }

  @Test("a clear ranking settles once there are enough runs, a noisy one does not")
  func settling() {
    let rule = RankingStability(topCount: 5)
    let clear = scores(runs: 12, noise: 0.02, seed: 1)
    let verdict = rule.verdict(clear)
    #expect(verdict.isSettled)
    #expect(verdict.top == [0, 1, 2, 3, 4])
    #expect(verdict.settledShare == 1 && verdict.meanOverlap == 1)
    #expect(!rule.verdict(Array(clear.prefix(9))).isSettled)
    let noisy = rule.verdict(scores(runs: 12, noise: 5, seed: 2))
    #expect(!noisy.isSettled)
    #expect(noisy.settledShare < 0.5)
  }

  @Test("heads that never score are in no top set, and none at all settles nothing")
  func zeros() {
    let rule = RankingStability(topCount: 20)
    let few = (0..<12).map { _ in [0, 0.5, 0, 0.25, 0, 0] }
    let verdict = rule.verdict(few)
    #expect(verdict.top == [1, 3])
    #expect(verdict.isSettled)
    let none = rule.verdict((0..<12).map { _ in [0.0, 0, 0] })
    #expect(!none.isSettled && none.top.isEmpty && none.meanOverlap.isNaN)
    #expect(!rule.verdict([]).isSettled)
  }

  @Test("runs that decide and runs that give intervals are dealt out in turn")
  func split() {
    let (stopping, intervals) = RankingStability.split([0, 1, 2, 3, 4])
    #expect(stopping == [0, 2, 4])
    #expect(intervals == [1, 3])
  }

  @Test("Wilson intervals agree with SciPy's, and no trial says nothing")
  func wilson() throws {
    for row in try HeadFixture.read().wilson {
      let interval = WilsonInterval(successes: Int(row[0]), trials: Int(row[1]), level: row[2])
      #expect(interval.share == row[0] / row[1])
      // Bisection of erfc leaves z an error of some ulps of 1 over its slope, 0.014 at 2.58.
      #expect(abs(interval.low - row[3]) <= 1e-13)
      #expect(abs(interval.high - row[4]) <= 1e-13)
    }
    let none = WilsonInterval(successes: 0, trials: 0)
    #expect(none.share.isNaN && none.low == 0 && none.high == 1)
  }

  @Test("the grid counts by length and depth, cells without runs included")
  func grid() {
    let grid = AccuracyGrid([
      (100, 0.5, true), (100, 0.5, false), (100, 0, true), (50, 0.5, false), (100, 0.5, true),
    ])
    #expect(grid.lengths == [50, 100])
    #expect(grid.depths == [0, 0.5])
    #expect(grid.cells.map(\.runs) == [0, 1, 1, 3])
    #expect(grid.cells.map(\.found) == [0, 0, 1, 2])
    #expect(grid.cells[0].accuracy.share.isNaN)
    #expect(grid.cells[3].accuracy == WilsonInterval(successes: 2, trials: 3))
  }
}
