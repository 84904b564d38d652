import Glibc
public import ProbeLinearAlgebra

/// Lyapunov exponents by repeated QR factorisation of the Jacobian product.
///
/// Q_t R_t = J_t Q_{t-1}; lambda_k is the mean of ln R_t,kk (Benettin et al. 1980, doi:10.1007/BF02128236; Shimada &
/// Nagashima 1979). The standard error comes from batch means over consecutive blocks of steps.
public struct LyapunovSpectrum: Sendable {
  /// The exponents, largest first, in nats a step.
  public let exponents: [Double]
  /// The standard error of each.
  public let standardErrors: [Double]
  /// The running estimates: `(step, exponents)` at about a hundred steps.
  public let convergence: [(step: Int, exponents: [Double])]
  /// The steps that counted.
  public let steps: Int

  /// The Kaplan-Yorke dimension: the index at which the running sum of exponents crosses zero, interpolated (Kaplan &
  /// Yorke 1979).
  public var kaplanYorkeDimension: Double {
    var sum = 0.0
    for (index, exponent) in exponents.enumerated() {
      if sum + exponent < 0 { return Double(index) + sum / -exponent }
      sum += exponent
    }
    return Double(exponents.count)
  }

  /// Runs over a sequence of Jacobians.
  ///
  /// - Parameters:
  ///   - dimension: n.
  ///   - count: how many exponents, at most n.
  ///   - steps: how many Jacobians follow.
  ///   - discarded: steps at the beginning that align the directions and do not count.
  ///   - jacobian: the Jacobian of each step in turn, `[n, n]`.
  /// - Throws: ``LinearAlgebraError/notFinite(routine:)``, and what `jacobian` throws.
  /// - Complexity: O(steps n² count).
  public init(
    dimension: Int, count: Int, steps: Int, discarded: Int, jacobian: (Int) throws -> Matrix<Double>
  ) throws {
    var random = RandomGenerator(seed: 0x1ea9)
    var basis = Matrix<Double>(
      rows: dimension, columns: count, elements: (0..<dimension * count).map { _ in random.normal() })
    _ = try basis.orthonormalize()
    let counted = max(0, steps - discarded)
    let batches = min(20, max(1, counted / 10))
    var sums = [Double](repeating: 0, count: count)
    var batchSums = [[Double]](repeating: sums, count: batches)
    var batchSizes = [Int](repeating: 0, count: batches)
    var history: [(step: Int, exponents: [Double])] = []
    let every = max(1, counted / 100)
    for step in 0..<steps {
      basis = try jacobian(step) * basis
      let growth = try basis.orthonormalize()
      guard step >= discarded else { continue }
      let position = step - discarded
      let batch = position * batches / max(1, counted)
      for k in 0..<count {
        // A direction that is wiped out contracts infinitely fast.
        let exponent = log(growth[k])
        sums[k] += exponent
        batchSums[batch][k] += exponent
      }
      batchSizes[batch] += 1
      if (position + 1) % every == 0 {
        history.append((position + 1, sums.map { $0 / Double(position + 1) }))
      }
    }
    // Finite-time estimates may cross: sort each set together with its errors.
    let means = sums.map { counted > 0 ? $0 / Double(counted) : .nan }
    let errors = (0..<count).map { k in
      guard batches > 1 else { return Double.nan }
      var squares = 0.0
      for batch in 0..<batches {
        let deviation = batchSums[batch][k] / Double(max(1, batchSizes[batch])) - means[k]
        squares += deviation * deviation
      }
      return (squares / Double(batches * (batches - 1))).squareRoot()
    }
    let order = (0..<count).sorted { means[$0] > means[$1] }
    exponents = order.map { means[$0] }
    standardErrors = order.map { errors[$0] }
    convergence = history.map { entry in (entry.step, order.map { entry.exponents[$0] }) }
    self.steps = counted
  }
}
