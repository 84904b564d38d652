public import ComplexModule
public import RealModule

/// The Wasserstein distance between the eigenvalues of two operators, as uniform clouds in the complex plane.
///
/// W2² = min over matchings of (1/n) Σ |λ_k - μ_π(k)|², exactly, by assignment (Redman et al. 2024, arXiv 2302.09160, compare
/// spectra so). W2 is a pseudometric on spectra of one size: operators with equal spectra are at distance 0, however else they
/// differ. Its square, which dsa-metric calls "wasserstein", violates the triangle inequality.
public struct SpectrumDistance: Sendable, Hashable {
  /// What becomes of spectra of different sizes.
  public enum Padding: Sendable, Hashable {
    /// They are refused.
    case refuse
    /// The smaller gets zeros up to the larger one. Then the triangle inequality holds only among spectra of one size.
    case zerosToLarger
    /// Both get zeros up to this count, one for a whole ensemble: a pseudometric on it.
    case zeros(count: Int)
  }

  /// The policy.
  public let padding: Padding

  /// A distance; spectra of different sizes are refused unless asked otherwise.
  public init(padding: Padding = .refuse) { self.padding = padding }

  /// W2², the mean squared distance of matched eigenvalues.
  ///
  /// - Throws: ``DegeneracyError`` where sizes differ and the policy refuses that, or an eigenvalue is not finite.
  /// - Complexity: O(n³).
  public func squared(_ a: [Complex<Double>], _ b: [Complex<Double>]) throws(DegeneracyError) -> Double {
    let size: Int
    switch padding {
    case .refuse:
      guard a.count == b.count else {
        throw .shapeMismatch(
          object: "the second spectrum", expected: "\(a.count) eigenvalues, or padded with zeros",
          found: "\(b.count) eigenvalues")
      }
      size = a.count
    case .zerosToLarger: size = max(a.count, b.count)
    case .zeros(let count):
      let larger = max(a.count, b.count)
      guard larger <= count else {
        throw .shapeMismatch(
          object: "a spectrum padded to \(count)", expected: "at most \(count) eigenvalues",
          found: "\(larger) eigenvalues")
      }
      size = count
    }
    guard size > 0 else { throw .tooFew(object: "eigenvalues", needed: 1, found: 0) }
    for (name, spectrum) in [("the first spectrum", a), ("the second spectrum", b)] {
      if let place = spectrum.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(object: name, row: place, column: 0)
      }
    }
    func padded(_ values: [Complex<Double>]) -> [Complex<Double>] {
      values + [Complex<Double>](repeating: 0, count: size - values.count)
    }
    return matchedSquares(padded(a), padded(b)) / Double(size)
  }

  /// W2, the square root of ``squared(_:_:)``.
  public func callAsFunction(
    _ a: [Complex<Double>], _ b: [Complex<Double>]
  ) throws(DegeneracyError) -> Double {
    try squared(a, b).squareRoot()
  }
}
