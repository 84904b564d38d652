internal import ProbeLinearAlgebra

extension DelayDMD {
  /// Refuses what cannot be fitted.
  static func check(_ trials: [Matrix<Double>], options: Options) throws(DegeneracyError) {
    guard let first = trials.first else { throw .tooFew(object: "trials", needed: 1, found: 0) }
    guard first.columns > 0 else { throw .tooFew(object: "units", needed: 1, found: 0) }
    guard options.steps >= 1 else { throw .tooFew(object: "steps ahead", needed: 1, found: options.steps) }
    if case .fixed(let rank) = options.rank, rank < 1 {
      throw .tooFew(object: "ranks", needed: 1, found: rank)
    }
    if let rank = options.reducedRank, rank < 1 { throw .tooFew(object: "ranks", needed: 1, found: rank) }
    var pairs = 0
    for (index, trial) in trials.enumerated() {
      guard trial.columns == first.columns else {
        throw .shapeMismatch(
          object: "trial \(index)", expected: "[steps, \(first.columns)] as trial 0 is",
          found: "[\(trial.rows), \(trial.columns)]")
      }
      guard trial.rows > options.embedding.span else {
        throw .tooFew(
          object: "steps of trial \(index)", needed: options.embedding.span + 1, found: trial.rows)
      }
      if let place = trial.elements.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(object: "trial \(index)", row: place / trial.columns, column: place % trial.columns)
      }
      pairs += max(0, options.embedding.count(steps: trial.rows) - options.steps)
    }
    guard pairs > 0 else {
      throw .tooFew(object: "pairs of delay vectors \(options.steps) steps apart", needed: 1, found: 0)
    }
  }

  /// Names channels whose movement is small beside their level: what is then fitted is noise or rounding.
  ///
  /// A network at rest, standardised, looks like a signal; so the raw data are looked at.
  static func nearConstantChannels(_ trials: [Matrix<Double>], threshold: Double) -> [String] {
    let units = trials.first?.columns ?? 0
    let samples = Double(trials.reduce(0) { $0 + $1.rows })
    var within = [Double](repeating: 0, count: units)
    var squares = within
    for trial in trials {
      var sums = [Double](repeating: 0, count: units)
      for row in 0..<trial.rows {
        for unit in 0..<units { sums[unit] += trial[row, unit] }
      }
      for row in 0..<trial.rows {
        for unit in 0..<units {
          let value = trial[row, unit]
          let deviation = value - sums[unit] / Double(trial.rows)
          within[unit] += deviation * deviation
          squares[unit] += value * value
        }
      }
    }
    let constant = (0..<units).filter { within[$0] <= threshold * threshold * squares[$0] }
    guard !constant.isEmpty else { return [] }
    let named = constant.prefix(8).map { "\($0)" }.joined(separator: ", ")
    let spread = constant.map { (within[$0] / samples).squareRoot() }.max() ?? 0
    return [
      "\(constant.count) of \(units) channels are near-constant within trials (spread at most \(spread), below "
        + "\(threshold) of their root mean square): \(named)\(constant.count > 8 ? ", ..." : "")"
    ]
  }
}
