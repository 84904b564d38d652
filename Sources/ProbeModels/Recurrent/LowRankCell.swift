public import ProbeLinearAlgebra

/// The low-rank recurrent network.
///
///     x' = (1 - a) * x + a * (m n^T phi(x) / N + W u + b),     a = dt / tau
///
/// m and n are `[N, rank]`; Mastrogiuseppe & Ostojic 2018, doi:10.1016/j.neuron.2018.07.003, eq. 1-4, and
/// Dubreuil et al. 2022, doi:10.1038/s41593-022-01088-4, eq. 1-3.
public struct LowRankCell: PotentialFormCell {
  /// The update's parameters.
  public let form: PotentialForm

  /// Gathers the parameters.
  ///
  /// - Parameters:
  ///   - m: `[units, rank]`.
  ///   - n: `[units, rank]`.
  ///   - inputWeight: W, `[units, input]`.
  ///   - bias: b, `[units]`, or nil.
  ///   - leak: a, `[units]`.
  ///   - nonlinearity: phi.
  public init(
    m: Matrix<Double>, n: Matrix<Double>, inputWeight: Matrix<Double>, bias: [Double]?, leak: [Double],
    nonlinearity: Nonlinearity
  ) {
    precondition(m.rows == n.rows && m.columns == n.columns, "m and n have one shape")
    form = PotentialForm(
      decay: leak.map { 1 - $0 }, left: m.scalingRows(by: leak.map { $0 / Double(m.rows) }),
      right: n.transposed,
      inputWeight: inputWeight.scalingRows(by: leak),
      bias: zip(bias ?? Array(repeating: 0, count: leak.count), leak).map { $0 * $1 },
      nonlinearity: nonlinearity, nonlinearUnits: 0..<leak.count)
  }

  /// `low-rank`.
  public var family: String { "low-rank" }
}
