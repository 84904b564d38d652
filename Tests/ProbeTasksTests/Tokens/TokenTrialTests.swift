import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Permuted trials")
struct TokenTrialTests {
  static let trial = TokenTrial(
    tokens: [0, 5, 6, 7, 8, 9], targets: [-1, -1, 7, -1, 9, 3, 4], needles: [2..<4], maximumNewTokens: 2,
    labels: ["block": 5], leading: 1)

  @Test("targets are filled up to the trial's steps")
  func extent() {
    #expect(Self.trial.steps == 8)
    #expect(Self.trial.targets == [-1, -1, 7, -1, 9, 3, 4, -1])
    #expect(TokenTrial(tokens: []).targets.isEmpty)
  }

  @Test("the same tokens in another order; the beginning stays; the asked steps ask for what follows now")
  func permutation() {
    var random = RandomGenerator(seed: 1)
    var orders: Set<[Int]> = []
    for _ in 0..<2000 {
      let null = Self.trial.permuted(using: &random)
      #expect(null.tokens[0] == 0 && null.tokens.sorted() == [0, 5, 6, 7, 8, 9])
      #expect(null.targets == [-1, -1, null.tokens[3], -1, null.tokens[5], -1, -1, -1])
      #expect(null.needles == [2..<4] && null.labels == Self.trial.labels && null.maximumNewTokens == 2)
      orders.insert(null.tokens)
    }
    // All 120 orders: each is missed with a probability of (119/120)^2000 < 6e-8.
    #expect(orders.count == 120)
  }

  @Test("nothing to permute is no fault")
  func degenerate() {
    var random = RandomGenerator(seed: 1)
    for trial in [
      TokenTrial(tokens: []), TokenTrial(tokens: [3], targets: [-1]), TokenTrial(tokens: [0, 4], leading: 1),
      TokenTrial(tokens: [0], leading: 2),
    ] {
      #expect(trial.permuted(using: &random) == trial)
    }
  }

  @Test("a permuted repetition repeats no more than chance")
  func nullOfRepetition() throws {
    let task = try TokenTaskRegistry.task("repeated-tokens", vocabulary: Vocabularies.ids(50_000))
    func repeatedPairs(_ tokens: [Int]) -> Int {
      let pairs = zip(tokens, tokens.dropFirst()).map { [$0, $1] }
      return pairs.count - Set(pairs).count
    }
    var random = RandomGenerator(seed: 3)
    for index in 0..<20 {
      let trial = task.trial(index)
      let block = try #require(trial.labels["block"])
      // Of 4 B pairs of neighbours new are the first, B - 1 within the first copy and the one over its seam.
      #expect(repeatedPairs(trial.tokens) == 3 * block - 1)
      // In random order two of the 4 B pairs are alike with a probability of (3 / 4 B)^2: 4.5 on average, and 20 or
      // more with one of 1e-7, where the least block still has 44 in order.
      #expect(repeatedPairs(trial.permuted(using: &random).tokens) < 20)
    }
  }
}
