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
  ///   - trials: the number of trials.
  ///   - steps: the number of steps of each; shifts are uniform over 1..<steps, so no trial stays where it was.
  ///   - generator: of the shifts.
  /// - Returns: the shift of each trial; 0 where there is one step.
  public static func circularShifts(
    trials: Int, steps: Int, _ generator: inout RandomGenerator
  ) -> [Int] {
    (0..<trials).map { _ in steps > 1 ? 1 + generator.integer(below: steps - 1) : 0 }
  }

  /// States with trials in another order and turned in time.
  ///
  /// - Parameters:
  ///   - states: `[trial * steps, unit]`, trial by trial.
  ///   - steps: the number of steps of a trial.
  ///   - order: the trial that comes in place of each.
  ///   - shifts: step t shows what was at t + shift, round the trial's end; none if nil.
  /// - Returns: the same shape.
  public static func rearranged<Scalar: BLASScalar>(
    _ states: Matrix<Scalar>, steps: Int, order: [Int], shifts: [Int]? = nil
  ) -> Matrix<Scalar> {
    precondition(order.count * steps == states.rows, "\(order.count) trials of \(steps) steps")
    var result = states
    for (place, trial) in order.enumerated() {
      for step in 0..<steps {
        let from = trial * steps + (step + (shifts?[place] ?? 0)) % steps
        let to = place * steps + step
        for unit in 0..<states.columns { result[to, unit] = states[from, unit] }
      }
    }
    return result
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
