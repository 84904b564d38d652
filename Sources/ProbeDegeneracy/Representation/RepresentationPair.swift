internal import ProbeLinearAlgebra

/// Two networks' states over the same samples, with X'Y, on which nearly all metrics rest.
///
/// What several metrics need is computed when the first asks. A pair belongs to one thread.
public final class RepresentationPair {
  /// The first network, X.
  public let a: RepresentationFactors
  /// The second network, Y.
  public let b: RepresentationFactors
  /// X'Y of the centred states, `[a.width, b.width]`.
  let product: Matrix<Double>
  private var sumOfSingularValues: Double?

  /// Pairs two networks.
  ///
  /// - Throws: ``DegeneracyError/shapeMismatch(object:expected:found:)`` if they have not the same number of samples.
  /// - Complexity: O(m d1 d2).
  public convenience init(
    _ a: RepresentationFactors, _ b: RepresentationFactors
  ) throws(DegeneracyError) {
    try RepresentationPair.requireSameSamples(a, b)
    self.init(a, b, product: crossProducts([a], [b])[0][0])
  }

  /// Pairs networks whose product is known already.
  init(_ a: RepresentationFactors, _ b: RepresentationFactors, product: Matrix<Double>) {
    (self.a, self.b, self.product) = (a, b, product)
  }

  static func requireSameSamples(
    _ a: RepresentationFactors, _ b: RepresentationFactors
  ) throws(DegeneracyError) {
    guard a.samples == b.samples else {
      throw .shapeMismatch(
        object: "\(b.name), to be compared with \(a.name),", expected: "of \(a.samples) samples",
        found: "of \(b.samples)")
    }
  }

  /// ||X'Y||_*, the sum of the singular values.
  func nuclearNorm() throws(DegeneracyError) -> Double {
    if let known = sumOfSingularValues { return known }
    let values = try decomposing("the product of \(a.name) and \(b.name)") { () throws(LinearAlgebraError) in
      try product.singularValues()
    }
    let sum = values.reduce(0, +)
    sumOfSingularValues = sum
    return sum
  }

  /// ||X'Y||_* / (||X|| ||Y||), in 0...1.
  func nuclearCosine() throws(DegeneracyError) -> Double {
    min(1, try nuclearNorm() / (a.sumOfSquares * b.sumOfSquares).squareRoot())
  }

  /// The product of the leading whitened directions, `[first, second]`: its singular values are canonical correlations.
  func whitenedProduct(_ first: Int, _ second: Int) -> Matrix<Double> {
    a.whitening(first) * product * b.whitening(second).transposed
  }

  /// Sum over samples of |x|² |y|².
  var lengthProduct: Double {
    zip(a.squaredLengths, b.squaredLengths).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
