/// A mean over prompts with its interval.
public struct Estimate: Sendable, Equatable {
  /// The mean over the prompts at which the quantity is defined.
  public let mean: Double
  /// The interval's lower end; nil where fewer than two prompts leave it undefined.
  public let low: Double?
  /// The interval's upper end; nil where fewer than two prompts leave it undefined.
  public let high: Double?
  /// The number of prompts at which the quantity is defined.
  public let prompts: Int

  /// Wraps a mean and its interval.
  public init(mean: Double, low: Double?, high: Double?, prompts: Int) {
    self.mean = mean
    self.low = low
    self.high = high
    self.prompts = prompts
  }
}

/// The quantile of sorted values, interpolated linearly between order statistics.
///
/// Definition 7 of Hyndman and Fan 1996 (doi:10.2307/2684934), the default of numpy and R.
///
/// - Precondition: `sorted` is not empty and `share` lies in 0...1.
func quantile(_ sorted: [Double], _ share: Double) -> Double {
  precondition(!sorted.isEmpty && share >= 0 && share <= 1, "a quantile needs values and a share in 0...1")
  let place = share * Double(sorted.count - 1)
  let below = Int(place.rounded(.down))
  guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
  return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
}
