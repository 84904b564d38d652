public import ProbeLinearAlgebra
internal import RealModule

/// How well a ``DelayDMD`` predicts states, each from the true states before it.
///
/// Only predicted states count; the first ones of a trial, which the model is given, do not.
public struct PredictionErrors: Sendable, Hashable {
  /// The mean absolute error.
  public let meanAbsolute: Double
  /// The mean absolute error divided by that of persistence, x(t + steps) = x(t); below 1 the model helps (Hyndman and Koehler
  /// 2006, doi:10.1016/j.ijforecast.2006.03.001).
  public let meanAbsoluteScaled: Double
  /// 1 - residual / total sum of squares, averaged over the units that vary.
  public let determination: Double
  /// Akaike's criterion a number, ln(SSE / N) + 2 (rank² + 1) / N.
  public let akaike: Double
  /// N, the predicted numbers: times x units.
  public let count: Int
}

extension DelayDMD {
  /// The errors of predicting each state from the true ones before it.
  ///
  /// - Parameter trials: each `[steps, units]`; the trials of the fit, or held-out ones.
  /// - Returns: the errors over all trials together.
  /// - Throws: ``DegeneracyError`` where the units differ, trials are too short or a number is not finite.
  /// - Complexity: O(rows units delays rank).
  public func predictionErrors(on trials: [Matrix<Double>]) throws(DegeneracyError) -> PredictionErrors {
    try Self.check(trials, options: options)
    let units = directions.columns / options.embedding.delays
    var absolute = 0.0
    var persistence = 0.0
    var count = 0
    var residual = [Double](repeating: 0, count: units)
    var sums = residual
    var squares = residual
    // Deviations from a first state, so that large means do not cancel.
    let reference = trials.first.map { Array($0.row(0)) } ?? []
    for (index, trial) in trials.enumerated() {
      guard trial.columns == units else {
        throw .shapeMismatch(
          object: "trial \(index)", expected: "[steps, \(units)] as in the fit",
          found: "[\(trial.rows), \(trial.columns)]")
      }
      let predicted = predictions(of: trial)
      for row in 0..<predicted.rows {
        let time = options.embedding.span + options.steps + row
        for unit in 0..<units {
          let truth = trial[time, unit]
          let error = truth - predicted[row, unit]
          let deviation = truth - reference[unit]
          absolute += abs(error)
          persistence += abs(truth - trial[time - options.steps, unit])
          residual[unit] += error * error
          sums[unit] += deviation
          squares[unit] += deviation * deviation
        }
      }
      count += predicted.rows
    }
    let shares = (0..<units).compactMap { unit -> Double? in
      let total = squares[unit] - sums[unit] * sums[unit] / Double(count)
      return total > 0 ? 1 - residual[unit] / total : nil
    }
    let numbers = Double(count * units)
    return PredictionErrors(
      meanAbsolute: absolute / numbers, meanAbsoluteScaled: absolute / persistence,
      determination: shares.isEmpty ? .nan : shares.reduce(0, +) / Double(shares.count),
      akaike: Double.log(residual.reduce(0, +) / numbers) + 2 * Double(rank * rank + 1) / numbers,
      count: count * units)
  }

  /// The states predicted `steps` ahead of each delay vector that has a state there.
  ///
  /// - Parameter trial: `[steps, units]`, of as many units as in the fit.
  /// - Returns: `[steps - span - options.steps, units]`; row 0 is the state at time `span + options.steps`.
  public func predictions(of trial: Matrix<Double>) -> Matrix<Double> {
    precondition(
      trial.columns * options.embedding.delays == directions.columns, "units differ from the fit's")
    let coordinates = options.embedding.project(trial, onto: directions.rowsDivided(by: singularValues))
    let rows = max(0, coordinates.rows - options.steps)
    // x(t + steps) is the newest block of W S A v(t).
    var newest = Matrix<Double>(rows: rank, columns: trial.columns)
    for k in 0..<rank {
      for unit in 0..<trial.columns { newest[k, unit] = directions[k, unit] * singularValues[k] }
    }
    let known = Matrix(rows: rows, columns: rank, elements: Array(coordinates.elements.prefix(rows * rank)))
    return known * (matrix.transposed * newest)
  }
}
