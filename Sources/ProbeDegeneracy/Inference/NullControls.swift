public import ProbeLinearAlgebra

/// Orders of samples under which two networks should be alike by chance alone.
///
/// Shuffling units leaves most metrics unchanged, and shuffling single time steps destroys the smoothness that
/// any two recurrent networks share; these nulls keep what is trivial and break what is not.
public enum NullControls {
  /// Trials exchanged within their condition: what remains alike is due to the condition alone.
  ///
  /// - Parameters:
  ///   - conditions: the condition of each trial.
  ///   - generator: of the order.
  /// - Returns: the trial that comes in place of each; a condition of one trial keeps it.
  public static func trialsPermuted(
    within conditions: [Int], _ generator: inout RandomGenerator
  ) -> [Int] {
    var order = Array(conditions.indices)
    for condition in Set(conditions).sorted() {
      let places = conditions.indices.filter { conditions[$0] == condition }
      var trials = places
      shuffle(&trials, &generator)
      for (place, trial) in zip(places, trials) { order[place] = trial }
    }
    return order
  }

  /// Each trial turned in time by its own random number of steps: each network keeps its time course, but not its time.
  ///
  /// - Parameters:
  ///   - lengths: the number of steps of each trial.
  ///   - generator: of the shifts.
  /// - Returns: the shift of each trial, uniform over 1..<length, so that no trial stays where it was; 0 where there is one step.
  public static func circularShifts(
    lengths: [Int], _ generator: inout RandomGenerator
  ) -> [Int] {
    lengths.map { $0 > 1 ? 1 + generator.integer(below: $0 - 1) : 0 }
  }

  /// Random weights of the same width and spectra: the distance that unrelated networks of this make are at.
  ///
  /// A recurrent block W becomes Q W Q' and keeps its eigenvalues and singular values; an incoming block Q U
  /// and the readout R Q keep their singular values. Every block has its own Q, uniform over rotations and
  /// reflections (Stewart 1980, doi:10.1137/0717034): with a common one a linear network would stay the same.
  ///
  /// - Parameters:
  ///   - weights: the network to be imitated.
  ///   - generator: of the rotations.
  /// - Returns: weights that share nothing but the spectra.
  /// - Throws: ``DegeneracyError`` if a decomposition fails.
  /// - Complexity: O(n³) a block.
  public static func randomWeights(
    like weights: RecurrentWeights, _ generator: inout RandomGenerator
  ) throws(DegeneracyError) -> RecurrentWeights {
    var blocks: [RecurrentWeights.Block] = []
    for block in weights.blocks {
      var rotation = Matrix<Double>(
        rows: weights.units, columns: weights.units,
        elements: (0..<weights.units * weights.units).map { _ in generator.normal() })
      _ = try decomposing("a random rotation") { () throws(LinearAlgebraError) in
        try rotation.orthonormalize()
      }
      let matrix =
        switch block.role {
        case .recurrent: rotation * block.matrix * rotation.transposed
        case .incoming: rotation * block.matrix
        case .outgoing: block.matrix * rotation
        }
      blocks.append(RecurrentWeights.Block(block.role, matrix, rowsAreSigned: block.rowsAreSigned))
    }
    return try RecurrentWeights(
      name: "random weights like \(weights.name)", units: weights.units, blocks: blocks)
  }
}
