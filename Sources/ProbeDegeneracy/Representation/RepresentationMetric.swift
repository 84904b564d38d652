/// A metric's value from the first network to the second, and back.
public struct DirectedValue: Sendable, Hashable {
  /// From the first network to the second.
  public var forward: Double
  /// From the second network to the first; the same where the metric is symmetric.
  public var backward: Double

  /// A value each way.
  public init(forward: Double, backward: Double) {
    (self.forward, self.backward) = (forward, backward)
  }

  /// One value for both ways.
  public init(_ value: Double) { self.init(forward: value, backward: value) }
}

/// One way to compare two networks' states.
public protocol RepresentationMetric: Sendable {
  /// What the metric needs of one network, computed once for all of its pairs.
  associatedtype Prepared: Sendable

  /// What exactly is computed, and what holds of it.
  var convention: MetricConvention { get }

  /// Computes what the metric needs of one network.
  func prepare(_ network: RepresentationFactors) throws(DegeneracyError) -> Prepared

  /// Compares two networks.
  ///
  /// - Parameters:
  ///   - pair: the networks with their product.
  ///   - first: what `prepare` made of the first.
  ///   - second: what `prepare` made of the second.
  /// - Returns: the value each way.
  /// - Throws: ``DegeneracyError`` where these two cannot be compared this way.
  func compare(
    _ pair: RepresentationPair, _ first: Prepared, _ second: Prepared
  ) throws(DegeneracyError) -> DirectedValue
}

extension RepresentationMetric where Prepared == Void {
  /// Nothing is needed beyond the factors.
  public func prepare(_ network: RepresentationFactors) throws(DegeneracyError) {}
}

extension RepresentationMetric {
  /// Compares one pair of networks alone.
  ///
  /// - Throws: ``DegeneracyError`` where these two cannot be compared this way.
  public func compare(
    _ a: RepresentationFactors, _ b: RepresentationFactors
  ) throws(DegeneracyError) -> DirectedValue {
    try compare(try RepresentationPair(a, b), try prepare(a), try prepare(b))
  }
}
