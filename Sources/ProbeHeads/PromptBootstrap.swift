import ProbeLinearAlgebra

/// Percentile bootstrap over prompts, of many heads at once.
///
/// Prompts are drawn with replacement, the same draws for all heads, so that differences between heads keep
/// their pairing (Efron 1979, doi:10.1214/aos/1176344552). Prompts count alike. The interval tells how the
/// mean would vary with other prompts from the same source; it is a little narrow for few prompts, and
/// collapses where all of them agree.
public struct PromptBootstrap: Sendable {
  /// How many times the prompts are redrawn.
  public var resamples: Int
  /// The interval's nominal coverage, such as 0.95.
  public var level: Double
  /// What the draws follow from.
  public var seed: UInt64

  /// A bootstrap.
  ///
  /// - Precondition: `resamples` is positive, `level` between 0 and 1.
  public init(resamples: Int = 2000, level: Double = 0.95, seed: UInt64 = 0) {
    precondition(resamples > 0 && level > 0 && level < 1, "a bootstrap needs resamples and a level in (0, 1)")
    self.resamples = resamples
    self.level = level
    self.seed = seed
  }

  /// Means and intervals.
  ///
  /// - Parameter values: one array a prompt, one value a head; nil where the prompt does not define it.
  /// - Returns: one estimate a head; nil where no prompt defines its value.
  /// - Precondition: all prompts have the same number of heads.
  /// - Complexity: O(resamples prompts heads) time, O(resamples (prompts + heads)) memory.
  public func estimates(_ values: [[Double?]]) -> [Estimate?] {
    guard let heads = values.first?.count else { return [] }
    precondition(values.allSatisfy { $0.count == heads }, "all prompts must have the same heads")
    // Values are counted from each head's first, so that equal ones give an interval of exactly no width.
    let base = (0..<heads).map { head in values.lazy.compactMap { $0[head] }.first ?? 0 }
    var sums = Matrix<Double>(rows: values.count, columns: heads)
    var defined = sums
    for (prompt, row) in values.enumerated() {
      for (head, value) in row.enumerated() {
        guard let value else { continue }
        sums[prompt, head] = value - base[head]
        defined[prompt, head] = 1
      }
    }
    let counts = resampleCounts(values.count)
    let drawnSums = counts * sums
    let drawnDefined = counts * defined
    return (0..<heads).map { head in
      let present = values.compactMap { $0[head] }
      guard !present.isEmpty else { return nil }
      let shift = present.reduce(0) { $0 + ($1 - base[head]) } / Double(present.count)
      let mean = base[head] + shift
      guard present.count > 1 else { return Estimate(mean: mean, low: nil, high: nil, prompts: 1) }
      // A draw that holds none of a head's prompts says nothing about it.
      let means = (0..<resamples).compactMap { draw in
        drawnDefined[draw, head] > 0 ? drawnSums[draw, head] / drawnDefined[draw, head] : nil
      }
      guard !means.isEmpty, means.allSatisfy(\.isFinite) else {
        return Estimate(mean: mean, low: nil, high: nil, prompts: present.count)
      }
      let sorted = means.sorted()
      return Estimate(
        mean: mean, low: base[head] + quantile(sorted, (1 - level) / 2),
        high: base[head] + quantile(sorted, (1 + level) / 2), prompts: present.count)
    }
  }

  /// The mean and interval of one quantity; nil where no prompt defines it.
  public func estimate(_ values: [Double?]) -> Estimate? {
    values.isEmpty ? nil : estimates(values.map { [$0] })[0]
  }

  /// How often each draw holds each prompt: `[resamples, prompts]`, rows summing to `prompts`.
  ///
  /// Each draw has a stream of its own, so a longer bootstrap begins with a shorter one's draws.
  func resampleCounts(_ prompts: Int) -> Matrix<Double> {
    var counts = Matrix<Double>(rows: resamples, columns: prompts)
    for draw in 0..<resamples {
      var random = RandomGenerator(seed: seed, stream: UInt64(draw))
      for _ in 0..<prompts { counts[draw, random.integer(below: prompts)] += 1 }
    }
    return counts
  }
}
