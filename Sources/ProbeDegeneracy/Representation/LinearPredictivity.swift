internal import ProbeLinearAlgebra

/// How much of one network's states a ridge regression on another's predicts, in samples that it was not fitted to.
///
/// Folds are runs of consecutive samples: where samples are the steps of trials, neighbours in time, which are
/// nearly copies, stay on one side. Each fold's regression minimises ||Y - mean - (X - mean)B||² + penalty
/// tr(X'X)/d ||B||², means and X'X being those of the training samples. The value is 1 - sum of squared errors
/// / sum of squares about the training mean, over all held-out samples and units together; it is negative where
/// the mean predicts better.
public struct LinearPredictivity: RepresentationMetric {
  /// The number of folds.
  public var folds: Int
  /// The ridge penalty as a share of the mean variance of a direction.
  public var penalty: Double

  /// A regression.
  ///
  /// - Precondition: at least two folds, a penalty above 0.
  public init(folds: Int = 5, penalty: Double = 1e-3) {
    precondition(folds >= 2, "held-out samples need two folds")
    precondition(penalty > 0, "a penalty of 0 leaves dependent units undetermined")
    (self.folds, self.penalty) = (folds, penalty)
  }

  /// What is computed.
  public var convention: MetricConvention {
    MetricConvention(
      name: "linear_predictivity", level: .representation,
      text:
        "R² of the second network's states predicted from the first's by ridge regression (penalty \(penalty) of the mean "
        + "variance), \(folds) folds of consecutive samples, pooled over held-out samples and units; not symmetric",
      properties: [
        .orthogonalInvariance, .scaleInvariance, .translationInvariance, .permutationInvariance,
        .signInvariance,
      ], isSimilarity: true)
  }

  /// One network's part of all folds.
  public struct Prepared: Sendable {
    var folds: [Fold]

    struct Fold: Sendable {
      var rows: Range<Int>
      /// The sum of the held-out samples, `[width]`; all samples together sum to 0.
      var sum: [Double]
      /// The training mean.
      var mean: [Double]
      /// X'X + penalty of the training samples, factorised.
      var training: LUFactorization
      /// X'X of the held-out samples about the training mean.
      var heldOut: Matrix<Double>
    }
  }

  /// The rows of a fold.
  func rows(_ fold: Int, of samples: Int) -> Range<Int> {
    fold * samples / folds..<(fold + 1) * samples / folds
  }

  /// Factorises every fold's training covariance.
  ///
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` if a fold would be left with one sample.
  public func prepare(_ network: RepresentationFactors) throws(DegeneracyError) -> Prepared {
    guard network.samples >= 2 * folds else {
      throw .tooFew(object: "samples for \(folds) folds", needed: 2 * folds, found: network.samples)
    }
    var result: [Prepared.Fold] = []
    for fold in 0..<folds {
      let rows = rows(fold, of: network.samples)
      let (inside, outside) = (Double(rows.count), Double(network.samples - rows.count))
      let own = crossProducts([network], [network], rows: rows)[0][0]
      let sum = network.centred.columnSums(rows)
      let mean = sum.map { -$0 / outside }
      var training = network.scatter - own
      training.addOuter(-outside, mean, mean)
      let variance = (0..<training.rows).reduce(0) { $0 + training[$1, $1] } / Double(network.units)
      guard variance > 0 else { throw .noVariation(object: network.name) }
      for k in 0..<training.rows { training[k, k] += penalty * variance }
      let factors = try decomposing("the training covariance of \(network.name)") {
        () throws(LinearAlgebraError) in try LUFactorization(training)
      }
      var heldOut = own
      heldOut.addOuter(-1, sum, mean)
      heldOut.addOuter(-1, mean, sum)
      heldOut.addOuter(inside, mean, mean)
      result.append(
        Prepared.Fold(rows: rows, sum: sum, mean: mean, training: factors, heldOut: heldOut))
    }
    return Prepared(folds: result)
  }

  /// R² both ways, at most 1.
  public func compare(
    _ pair: RepresentationPair, _ first: Prepared, _ second: Prepared
  ) throws(DegeneracyError) -> DirectedValue {
    var (forward, backward) = ((error: 0.0, total: 0.0), (error: 0.0, total: 0.0))
    for (x, y) in zip(first.folds, second.folds) {
      let own = crossProducts([pair.a], [pair.b], rows: x.rows)[0][0]
      let outside = Double(pair.a.samples - x.rows.count)
      var training = pair.product - own
      training.addOuter(-outside, x.mean, y.mean)
      var heldOut = own
      heldOut.addOuter(-1, x.sum, y.mean)
      heldOut.addOuter(-1, x.mean, y.sum)
      heldOut.addOuter(Double(x.rows.count), x.mean, y.mean)
      try accumulate(&forward, from: x, to: y, training: training, heldOut: heldOut, name: pair.a.name)
      try accumulate(
        &backward, from: y, to: x, training: training.transposed, heldOut: heldOut.transposed,
        name: pair.b.name)
    }
    return DirectedValue(
      forward: 1 - forward.error / forward.total, backward: 1 - backward.error / backward.total)
  }

  private func accumulate(
    _ sums: inout (error: Double, total: Double), from x: Prepared.Fold, to y: Prepared.Fold,
    training: Matrix<Double>, heldOut: Matrix<Double>, name: String
  ) throws(DegeneracyError) {
    guard let weights = x.training.solve(training) else { throw .noVariation(object: name) }
    let total = (0..<y.heldOut.rows).reduce(0) { $0 + y.heldOut[$1, $1] }
    let explained = zip(weights.elements, heldOut.elements).reduce(0) { $0 + $1.0 * $1.1 }
    let predicted = zip((x.heldOut * weights).elements, weights.elements).reduce(0) { $0 + $1.0 * $1.1 }
    sums.error += total - 2 * explained + predicted
    sums.total += total
  }
}

extension CentredStates {
  /// The sums of columns over some rows, in double precision.
  func columnSums(_ rows: Range<Int>) -> [Double] {
    switch self {
    case .single(let matrix): sums(of: matrix, rows)
    case .double(let matrix): sums(of: matrix, rows)
    }
  }

  private func sums<Scalar: BLASScalar>(of matrix: Matrix<Scalar>, _ rows: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: matrix.columns)
    for row in rows {
      for column in 0..<matrix.columns { result[column] += Double(matrix[row, column]) }
    }
    return result
  }
}

extension Matrix where Scalar == Double {
  /// Adds `factor` u v'.
  mutating func addOuter(_ factor: Double, _ u: [Double], _ v: [Double]) {
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] += factor * u[row] * v[column] }
    }
  }
}
