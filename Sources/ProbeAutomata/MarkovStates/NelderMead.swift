/// The downhill simplex: a minimum of a function that need not be smooth.
///
/// Nelder and Mead, Computer Journal 7 (1965) 308, with coefficients that suit the dimension (Gao and Han, Computational
/// Optimization and Applications 51 (2012) 259, equation 4.1).
struct NelderMead {
  /// The most steps of a run.
  var stepLimit = 20_000
  /// The difference of the simplex's values at which a run ends.
  var tolerance = 1e-12

  /// Runs until a new run from the last answer finds nothing better.
  func minimum(from start: [Double], of value: ([Double]) -> Double) -> (point: [Double], value: Double) {
    var best = (point: start, value: value(start))
    for _ in 0..<20 {
      let found = run(from: best.point, of: value)
      guard found.value < best.value else { break }
      let gain = best.value - found.value
      best = found
      if gain <= tolerance { break }
    }
    return best
  }

  private func run(from start: [Double], of value: ([Double]) -> Double) -> (point: [Double], value: Double) {
    let n = start.count
    let dimension = Double(max(2, n))
    let (expansion, contraction, shrinkage) = (1 + 2 / dimension, 0.75 - 0.5 / dimension, 1 - 1 / dimension)
    var simplex = [(point: start, value: value(start))]
    for axis in 0..<n {
      var point = start
      point[axis] += point[axis] == 0 ? 0.00025 : 0.05 * point[axis]
      simplex.append((point, value(point)))
    }
    for _ in 0..<stepLimit {
      simplex.sort { $0.value < $1.value }
      guard let (best, worst) = simplex.first.flatMap({ b in simplex.last.map { (b, $0) } }) else { break }
      if worst.value - best.value <= tolerance { break }
      var centre = [Double](repeating: 0, count: n)
      for vertex in simplex.dropLast() {
        for axis in 0..<n { centre[axis] += vertex.point[axis] / Double(n) }
      }
      func trial(_ factor: Double) -> (point: [Double], value: Double) {
        let point = (0..<n).map { centre[$0] + factor * (worst.point[$0] - centre[$0]) }
        return (point, value(point))
      }
      let reflected = trial(-1)
      let last = simplex.count - 1
      if reflected.value < best.value {
        let expanded = trial(-expansion)
        simplex[last] = expanded.value < reflected.value ? expanded : reflected
      } else if reflected.value < simplex[max(0, last - 1)].value {
        simplex[last] = reflected
      } else {
        let isOutside = reflected.value < worst.value
        let contracted = trial(isOutside ? -contraction : contraction)
        if contracted.value < min(reflected.value, worst.value) {
          simplex[last] = contracted
        } else {
          for vertex in 1...max(1, last) where vertex < simplex.count {
            let point = (0..<n).map {
              best.point[$0] + shrinkage * (simplex[vertex].point[$0] - best.point[$0])
            }
            simplex[vertex] = (point, value(point))
          }
        }
      }
    }
    return simplex.min { $0.value < $1.value } ?? (start, value(start))
  }
}
