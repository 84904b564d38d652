public import ProbeLinearAlgebra

/// The leaky (continuous-time) cell in the potential form.
///
///     x' = (1 - a) * x + a * (U phi(x) + W u + b),     a = dt / tau, one a unit
///
/// The Euler step of tau dx/dt = -x + U phi(x) + W u + b; Sompolinsky, Crisanti & Sommers 1988,
/// doi:10.1103/PhysRevLett.61.259.
public struct LeakyPotentialCell: PotentialFormCell {
  /// The update's parameters.
  public let form: PotentialForm

  /// Gathers the parameters.
  ///
  /// - Parameters:
  ///   - inputWeight: W, `[units, input]`.
  ///   - recurrentWeight: U, `[units, units]`.
  ///   - bias: b, `[units]`, or nil.
  ///   - leak: a, `[units]`.
  ///   - nonlinearity: phi.
  public init(
    inputWeight: Matrix<Double>, recurrentWeight: Matrix<Double>, bias: [Double]?, leak: [Double],
    nonlinearity: Nonlinearity
  ) {
    precondition(leak.count == recurrentWeight.rows, "one leak a unit")
    form = PotentialForm(
      decay: leak.map { 1 - $0 }, left: recurrentWeight.scalingRows(by: leak), right: nil,
      inputWeight: inputWeight.scalingRows(by: leak),
      bias: zip(bias ?? Array(repeating: 0, count: leak.count), leak).map { $0 * $1 },
      nonlinearity: nonlinearity, nonlinearUnits: 0..<leak.count)
  }

  /// `leaky-potential`.
  public var family: String { "leaky-potential" }
}

extension Matrix {
  /// The matrix with row i multiplied by `factors[i]`.
  func scalingRows(by factors: [Scalar]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] *= factors[row] }
    }
    return result
  }
}
