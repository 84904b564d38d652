/// The mean of independent values, one a network, with its interval.
public struct SampleMean: Sendable, Equatable {
  /// The mean.
  public let mean: Double
  /// The values' standard deviation, over n - 1.
  public let standardDeviation: Double
  /// The interval's lower end, by Student's t with n - 1 degrees of freedom; not cut off where values are bounded.
  public let low: Double
  /// The interval's upper end.
  public let high: Double

  /// The mean and its interval.
  ///
  /// - Parameters:
  ///   - values: one a network.
  ///   - level: the nominal coverage.
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` below two values, or where one is not finite.
  /// - Complexity: O(n).
  public init(_ values: [Double], level: Double = 0.95) throws(DegeneracyError) {
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    try requireSample(values, "values of a group")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let deviation = sampleVariance(values[...]).squareRoot()
    let reach =
      StudentDistribution.quantile((1 + level) / 2, freedom: n - 1) * deviation / n.squareRoot()
    (self.mean, standardDeviation, low, high) = (mean, deviation, mean - reach, mean + reach)
  }
}

/// Refuses what no variance can be taken of.
func requireSample(_ values: [Double], _ object: String) throws(DegeneracyError) {
  guard values.count >= 2 else { throw .tooFew(object: object, needed: 2, found: values.count) }
  if let place = values.firstIndex(where: { !$0.isFinite }) {
    throw .notFinite(object: object, row: place, column: 0)
  }
}

/// The sum of squares about the mean, over n - 1.
func sampleVariance(_ values: ArraySlice<Double>) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
}
