/// A normalisation of each row, or of equal pieces of each row.
public struct Normalization: Sendable {
  /// What is subtracted and divided by.
  public enum Kind: Sendable, Equatable {
    /// Mean and standard deviation (Ba et al., arXiv 1607.06450).
    case layer
    /// The root of the mean square alone (Zhang and Sennrich, arXiv 1910.07467).
    case rootMeanSquare
  }

  /// What is subtracted and divided by.
  public let kind: Kind
  /// The factor of each element.
  public let weight: [Float]
  /// What is added to each element, or nil.
  public let bias: [Float]?
  /// Added to the variance or mean square.
  public let epsilon: Double

  /// A normalisation.
  public init(kind: Kind, weight: [Float], bias: [Float]? = nil, epsilon: Double) {
    self.kind = kind
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }

  /// Normalises `pieces` contiguous pieces of `weight.count` elements; `result` may be `values`.
  func apply<Scalar: AttentionScalar>(
    _ values: UnsafePointer<Scalar>, pieces: Int, into result: UnsafeMutablePointer<Scalar>
  ) {
    let count = weight.count
    let factors = weight.map { Scalar($0) }
    let offsets = bias.map { $0.map { Scalar($0) } }
    for piece in 0..<pieces {
      let (source, target) = (values + piece * count, result + piece * count)
      switch kind {
      case .layer:
        if let offsets {
          Scalar.layerNorm(
            source, weight: factors, bias: offsets, epsilon: Scalar(epsilon), into: target, count: count)
        } else {
          Scalar.layerNorm(
            source, weight: factors, bias: nil, epsilon: Scalar(epsilon), into: target, count: count)
        }
      case .rootMeanSquare:
        Scalar.rmsNorm(source, weight: factors, epsilon: Scalar(epsilon), into: target, count: count)
      }
    }
  }
}
