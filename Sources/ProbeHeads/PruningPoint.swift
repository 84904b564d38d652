import ProbeLinearAlgebra

/// What pruning k heads costs a task, against pruning random ones.
///
/// All sets of heads meet the same prompts, so differences are paired: the bootstrap draws prompts, each with
/// all its answers, and at the same time random sets, whose choice is as much a sample as that of the
/// prompts.
public struct PruningPoint: Sendable, Equatable {
  /// Number of heads pruned.
  public let heads: Int
  /// Accuracy with nothing pruned.
  public let intact: Estimate
  /// Accuracy with the chosen heads pruned.
  public let pruned: Estimate
  /// Mean accuracy over the random sets; its interval is over prompts and sets.
  public let random: Estimate
  /// Random less pruned: how much more the chosen heads matter, with the same draws.
  public let difference: Estimate
  /// (1 + random sets that hurt at least as much) / (1 + random sets): the share by which the chosen set
  /// could be one of them; no smaller than 1 / (1 + sets), however great the effect.
  public let probability: Double

  /// Compares accuracies.
  ///
  /// - Parameters:
  ///   - heads: k.
  ///   - intact: a score a prompt, such as 0 or 1.
  ///   - pruned: the same prompts with the chosen heads pruned.
  ///   - random: for each random set, the same prompts with it pruned.
  ///   - bootstrap: how intervals are drawn.
  /// - Throws: ``HeadsError`` where there is no prompt or no set, or numbers of prompts differ.
  /// - Complexity: O(resamples prompts sets).
  public init(
    heads: Int, intact: [Double], pruned: [Double], random: [[Double]],
    bootstrap: PromptBootstrap = PromptBootstrap()
  ) throws(HeadsError) {
    let prompts = intact.count
    guard prompts > 0 else { throw .empty(object: "the list of prompts") }
    guard !random.isEmpty else { throw .empty(object: "the list of random sets") }
    for scores in [pruned] + random where scores.count != prompts {
      throw .shapeMismatch(
        object: "a pruned run", expected: "\(prompts) prompts, those of the intact one",
        found: "\(scores.count)")
    }
    self.heads = heads
    let sets = random.count
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let randomMeans = random.map(mean)

    let counts = bootstrap.resampleCounts(prompts)
    let transposed = Matrix(rows: sets, columns: prompts, elements: random.flatMap { $0 }).transposed
    let fixed = Matrix(rows: 2, columns: prompts, elements: intact + pruned).transposed
    let drawnSets = counts * transposed
    let drawn = counts * fixed
    var samples = [[Double]](repeating: [], count: 4)
    for draw in 0..<bootstrap.resamples {
      // Streams of prompts end where those of sets begin.
      var generator = RandomGenerator(seed: ~bootstrap.seed, stream: UInt64(draw))
      let mean = (0..<sets).reduce(0.0) { sum, _ in sum + drawnSets[draw, generator.integer(below: sets)] }
      let randomMean = mean / Double(sets) / Double(prompts)
      samples[0].append(drawn[draw, 0] / Double(prompts))
      samples[1].append(drawn[draw, 1] / Double(prompts))
      samples[2].append(randomMean)
      samples[3].append(randomMean - drawn[draw, 1] / Double(prompts))
    }
    func estimate(_ value: Double, _ samples: [Double]) -> Estimate {
      guard prompts > 1, samples.allSatisfy(\.isFinite) else {
        return Estimate(mean: value, low: nil, high: nil, prompts: prompts)
      }
      let sorted = samples.sorted()
      return Estimate(
        mean: value, low: quantile(sorted, (1 - bootstrap.level) / 2),
        high: quantile(sorted, (1 + bootstrap.level) / 2), prompts: prompts)
    }
    self.intact = estimate(mean(intact), samples[0])
    self.pruned = estimate(mean(pruned), samples[1])
    self.random = estimate(mean(randomMeans), samples[2])
    difference = estimate(mean(randomMeans) - mean(pruned), samples[3])
    probability = Double(1 + randomMeans.count { $0 <= mean(pruned) }) / Double(1 + sets)
  }

  /// The numbers of heads to prune: 1, 2, 5, 10 and 5 % of all, rounded up; those below half of all.
  ///
  /// Beyond half there are not as many other heads to draw from.
  public static func sizes(heads: Int) -> [Int] {
    Set([1, 2, 5, 10, (heads + 19) / 20]).filter { $0 > 0 && 2 * $0 <= heads }.sorted()
  }
}
