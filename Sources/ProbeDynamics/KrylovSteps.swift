import ProbeLinearAlgebra
import ProbeModels

/// Inexact Newton directions by GMRES, without a Jacobian.
///
/// Solves (J - I) d = -(F(x) - x) for a batch of states in lockstep. The products are differences,
/// J v = (F(x + e v) - F(x)) / e, so that each costs one batched evaluation (Knoll & Keyes 2004,
/// doi:10.1016/j.jcp.2003.08.010, eq. 12; GMRES: Saad & Schultz 1986, doi:10.1137/0907058).
struct KrylovSteps {
  /// The relative residual at which a system is solved well enough for a Newton step.
  var tolerance = 1e-3
  /// The most products a system.
  var productLimit = 60

  /// - Returns: `[active, dimension]`.
  func solve(_ batch: NewtonBatch, _ map: some DynamicalMap) -> [Double] {
    let n = map.dimension
    let count = batch.active.count
    let states = batch.states
    let residuals = batch.residuals
    // One orthonormal basis a start: vector k of start s begins at (k * count + s) * n.
    var basis = [Double](repeating: 0, count: count * n)
    var systems = (0..<count).map { start in
      let norm = euclideanNorm(residuals[start * n..<(start + 1) * n])
      for index in 0..<n { basis[start * n + index] = norm > 0 ? -residuals[start * n + index] / norm : 0 }
      return HessenbergLeastSquares(rightNorm: norm)
    }
    var products = 0
    while products < min(productLimit, n), systems.contains(where: { !$0.isSolved(tolerance) }) {
      var next = differences(map, states, residuals, direction: basis.suffix(count * n), count: count)
      for start in 0..<count where !systems[start].isSolved(tolerance) {
        var column = [Double](repeating: 0, count: products + 2)
        next.withUnsafeMutableBufferPointer { next in
          basis.withUnsafeBufferPointer { basis in
            // Modified Gram-Schmidt.
            for k in 0...products {
              var dot = 0.0
              let vector = (k * count + start) * n
              for index in 0..<n { dot += basis[vector + index] * next[start * n + index] }
              for index in 0..<n { next[start * n + index] -= dot * basis[vector + index] }
              column[k] = dot
            }
          }
        }
        let norm = euclideanNorm(next[start * n..<(start + 1) * n])
        column[products + 1] = norm
        for index in 0..<n { next[start * n + index] = norm > 0 ? next[start * n + index] / norm : 0 }
        systems[start].append(column)
      }
      basis += next
      products += 1
    }
    var directions = [Double](repeating: 0, count: count * n)
    for start in 0..<count {
      for (k, weight) in systems[start].solution().enumerated() {
        let vector = (k * count + start) * n
        for index in 0..<n { directions[start * n + index] += weight * basis[vector + index] }
      }
    }
    return directions
  }

  /// (J - I) v for every start.
  private func differences(
    _ map: some DynamicalMap, _ states: [Double], _ residuals: [Double], direction: ArraySlice<Double>,
    count: Int
  ) -> [Double] {
    let n = map.dimension
    let first = direction.startIndex
    var shifted = states
    var widths = [Double](repeating: 0, count: count)
    for start in 0..<count {
      // The square root of the unit roundoff, times the size of the state.
      widths[start] = 0x1p-26 * (1 + euclideanNorm(states[start * n..<(start + 1) * n]))
      for index in 0..<n {
        shifted[start * n + index] += widths[start] * direction[first + start * n + index]
      }
    }
    var values = [Double](repeating: 0, count: shifted.count)
    map.apply(shifted, count: count, into: &values)
    for start in 0..<count {
      for index in start * n..<(start + 1) * n {
        values[index] = ((values[index] - shifted[index]) - residuals[index]) / widths[start]
      }
    }
    return values
  }
}

/// min |beta e_1 - H y| by Givens rotations, one column at a time.
private struct HessenbergLeastSquares {
  private let rightNorm: Double
  private var columns: [[Double]] = []
  private var rotations: [(cosine: Double, sine: Double)] = []
  private var right: [Double]

  init(rightNorm: Double) {
    self.rightNorm = rightNorm
    right = [rightNorm]
  }

  func isSolved(_ tolerance: Double) -> Bool { abs(right[right.count - 1]) <= tolerance * rightNorm }

  mutating func append(_ column: [Double]) {
    var column = column
    for (k, rotation) in rotations.enumerated() {
      let (a, b) = (column[k], column[k + 1])
      column[k] = rotation.cosine * a + rotation.sine * b
      column[k + 1] = -rotation.sine * a + rotation.cosine * b
    }
    let k = rotations.count
    let length = (column[k] * column[k] + column[k + 1] * column[k + 1]).squareRoot()
    let rotation = length > 0 ? (column[k] / length, column[k + 1] / length) : (1, 0)
    rotations.append(rotation)
    column[k] = length
    columns.append(column)
    right.append(-rotation.1 * right[k])
    right[k] *= rotation.0
  }

  func solution() -> [Double] {
    var y = Array(right.prefix(columns.count))
    for k in stride(from: columns.count - 1, through: 0, by: -1) {
      for later in k + 1..<max(k + 1, columns.count) { y[k] -= columns[later][k] * y[later] }
      y[k] = columns[k][k] != 0 ? y[k] / columns[k][k] : 0
    }
    return y
  }
}
