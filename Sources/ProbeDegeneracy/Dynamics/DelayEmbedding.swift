public import ProbeLinearAlgebra

/// Delay vectors of trajectories: h(t) = [x(t), x(t - interval), ..., x(t - (delays - 1) interval)].
///
/// Takens 1981, doi:10.1007/BFb0091924; the newest state comes first, as in Ostrow et al. 2023 (arXiv 2306.10168). The matrix
/// of all delay vectors has `delays` times the data's size and is never formed for a Gram matrix or a projection.
public struct DelayEmbedding: Sendable, Hashable {
  /// The number of states in a delay vector, at least 1.
  public let delays: Int
  /// The steps between them, at least 1.
  public let interval: Int

  /// An embedding; 1 delay is the state itself.
  ///
  /// - Precondition: both are at least 1.
  public init(delays: Int = 1, interval: Int = 1) {
    precondition(delays >= 1 && interval >= 1, "\(delays) delays of \(interval) steps")
    self.delays = delays
    self.interval = interval
  }

  /// The steps from the oldest to the newest state of a delay vector.
  public var span: Int { (delays - 1) * interval }

  /// How many delay vectors a trial of so many steps has.
  public func count(steps: Int) -> Int { max(0, steps - span) }

  /// The delay vectors of one trial.
  ///
  /// - Parameter trial: `[steps, units]`.
  /// - Returns: `[steps - span, delays * units]`.
  public func vectors(of trial: Matrix<Double>) -> Matrix<Double> {
    vectors(of: trial, blocks: delays, from: span, to: trial.rows)
  }

  /// Delay vectors of fewer blocks for the times `from..<to`.
  private func vectors(of trial: Matrix<Double>, blocks: Int, from: Int, to: Int) -> Matrix<Double> {
    let units = trial.columns
    var elements: [Double] = []
    elements.reserveCapacity(max(0, to - from) * blocks * units)
    for time in from..<max(from, to) {
      for block in 0..<blocks { elements += trial.row(time - block * interval) }
    }
    return Matrix(rows: max(0, to - from), columns: blocks * units, elements: elements)
  }

  /// H'H of the matrix H of all trials' delay vectors.
  ///
  /// Block (i + 1, j + 1) sums the same products as block (i, j), `interval` steps earlier. So the first row of blocks is
  /// multiplied out, and the others follow from it by what enters at the trials' beginnings and leaves at their ends.
  ///
  /// - Parameter trials: each `[steps, units]`, longer than `span`.
  /// - Returns: `[delays * units, delays * units]`, symmetric to the last bit.
  /// - Complexity: O(rows units² delays + trials interval (units delays)²), not O(rows (units delays)²).
  public func gram(of trials: [Matrix<Double>]) -> Matrix<Double> {
    let units = trials.first?.columns ?? 0
    let width = delays * units
    var gram = Matrix<Double>(rows: width, columns: width)
    guard units > 0 else { return gram }
    for trial in trials {
      trial.elements.withUnsafeBufferPointer { data in
        guard let base = data.baseAddress else { return }
        for block in 0..<delays {
          gram.elements.withUnsafeMutableBufferPointer { target in
            guard let corner = target.baseAddress else { return }
            Double.multiply(
              rows: units, columns: units, inner: trial.rows - span, alpha: 1,
              base + span * units, stride: units, transposed: true,
              base + (span - block * interval) * units, stride: units, transposed: false,
              beta: 1, into: corner + block * units, stride: width)
          }
        }
      }
    }
    let change = boundaryChange(of: trials, units: units)
    for i in 0..<max(0, delays - 1) {
      for row in 0..<units {
        for column in i * units..<change.columns {
          gram[(i + 1) * units + row, column + units] =
            gram[i * units + row, column] + change[i * units + row, column]
        }
      }
    }
    for row in 0..<width {
      for column in 0..<row { gram[row, column] = gram[column, row] }
    }
    return gram
  }

  /// What enters at the beginnings less what leaves at the ends, when all times move back by the interval.
  private func boundaryChange(of trials: [Matrix<Double>], units: Int) -> Matrix<Double> {
    let width = (delays - 1) * units
    var change = Matrix<Double>(rows: width, columns: width)
    guard width > 0 else { return change }
    var entering: [Double] = []
    var leaving: [Double] = []
    for trial in trials {
      entering += vectors(of: trial, blocks: delays - 1, from: span - interval, to: span).elements
      leaving += vectors(of: trial, blocks: delays - 1, from: trial.rows - interval, to: trial.rows).elements
    }
    for (rows, sign) in [(entering, 1.0), (leaving, -1.0)] {
      Double.multiply(
        rows: width, columns: width, inner: rows.count / width, alpha: sign, rows, stride: width,
        transposed: true, rows, stride: width, transposed: false, beta: 1, into: &change.elements,
        stride: width)
    }
    return change
  }

  /// The coordinates of a trial's delay vectors along directions.
  ///
  /// - Parameters:
  ///   - trial: `[steps, units]`.
  ///   - directions: `[count, delays * units]`.
  /// - Returns: `[steps - span, count]`.
  /// - Complexity: O(steps units delays count).
  public func project(_ trial: Matrix<Double>, onto directions: Matrix<Double>) -> Matrix<Double> {
    let units = trial.columns
    var result = Matrix<Double>(rows: count(steps: trial.rows), columns: directions.rows)
    guard result.rows > 0 && directions.rows > 0 && units > 0 else { return result }
    trial.elements.withUnsafeBufferPointer { data in
      directions.elements.withUnsafeBufferPointer { vectors in
        guard let base = data.baseAddress, let direction = vectors.baseAddress else { return }
        for block in 0..<delays {
          Double.multiply(
            rows: result.rows, columns: directions.rows, inner: units, alpha: 1,
            base + (span - block * interval) * units, stride: units, transposed: false,
            direction + block * units, stride: directions.columns, transposed: true,
            beta: block == 0 ? 0 : 1, into: &result.elements, stride: directions.rows)
        }
      }
    }
    return result
  }
}
