public import ProbeLinearAlgebra

/// The piecewise-linear recurrent network, and the almost-linear one.
///
///     z' = A * z + W phi(z) + C s + h
///
/// A is a vector (a diagonal matrix). PLRNN: phi is ReLU on every unit; Durstewitz 2017,
/// doi:10.1371/journal.pcbi.1005542, eq. 1. AL-RNN: ReLU on the last P units alone; Brenner et al. 2024,
/// arXiv:2410.14240, eq. 2.
public struct PLRNNCell: PotentialFormCell {
  /// The update's parameters.
  public let form: PotentialForm

  /// Gathers the parameters.
  ///
  /// - Parameters:
  ///   - diagonal: A, `[units]`.
  ///   - weight: W, `[units, units]`.
  ///   - inputWeight: C, `[units, input]`; no columns where there is no input.
  ///   - bias: h, `[units]`.
  ///   - rectifiedUnits: P, how many units at the end are rectified.
  public init(
    diagonal: [Double], weight: Matrix<Double>, inputWeight: Matrix<Double>, bias: [Double],
    rectifiedUnits: Int
  ) {
    form = PotentialForm(
      decay: diagonal, left: weight, right: nil, inputWeight: inputWeight, bias: bias, nonlinearity: .relu,
      nonlinearUnits: diagonal.count - rectifiedUnits..<diagonal.count)
  }

  /// `plrnn`, or `alrnn` where only some units are rectified.
  public var family: String { form.nonlinearUnits.count == form.units ? "plrnn" : "alrnn" }
}
