internal import RealModule

/// A share with Wilson's score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953).
public struct WilsonInterval: Sendable, Equatable {
  /// Successes over trials; NaN without trials.
  public let share: Double
  /// The interval's lower end; 0 without trials.
  public let low: Double
  /// The interval's upper end; 1 without trials.
  public let high: Double

  /// The interval of `successes` out of `trials` at a nominal coverage.
  ///
  /// - Precondition: `0 <= successes <= trials` and `level` lies in (0, 1).
  public init(successes: Int, trials: Int, level: Double = 0.95) {
    precondition(successes >= 0 && successes <= trials, "successes must lie in 0...trials")
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    guard trials > 0 else {
      (share, low, high) = (.nan, 0, 1)
      return
    }
    let n = Double(trials)
    let p = Double(successes) / n
    let z = normalQuantile((1 + level) / 2)
    let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    share = p
    low = successes == 0 ? 0 : max(0, centre - half)
    high = successes == trials ? 1 : min(1, centre + half)
  }
}

/// The standard normal quantile at a probability in (1/2, 1), by bisection of the complementary error
/// function.
private func normalQuantile(_ probability: Double) -> Double {
  var (low, high) = (0.0, 40.0)
  for _ in 0..<100 {
    let middle = (low + high) / 2
    if .erfc(middle / Double(2).squareRoot()) / 2 > 1 - probability { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
