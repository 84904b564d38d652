internal import ProbeLinearAlgebra

/// Draws pieces of paths with replacement, to see how much an estimate depends on which paths happened to be recorded.
///
/// Paths are independent, steps are not: whole paths are drawn where there are enough, and long blocks of them otherwise
/// (Künsch, "The jackknife and the bootstrap for general stationary observations", Ann. Statist. 17 (1989) 1217).
struct PathBootstrap: Sendable {
  /// The pieces, each with the steps behind it that its last counts reach into.
  let pieces: [[Int32]]

  /// Cuts paths that are fewer than 20 into blocks: as many as make at least 20 pieces, each of at least 10 times the reach.
  ///
  /// - Parameters:
  ///   - paths: the paths.
  ///   - reach: the longest lag that is counted.
  init(_ paths: [[Int32]], reach: Int) {
    guard paths.count < 20 else {
      pieces = paths
      return
    }
    let steps = paths.reduce(0) { $0 + $1.count }
    let length = max(10 * reach, steps / 20, 1)
    pieces = paths.flatMap { path in
      stride(from: 0, to: max(1, path.count), by: length).map { start in
        Array(path[min(start, path.count)..<min(start + length + reach, path.count)])
      }
    }
  }

  /// As many pieces as there are, drawn with replacement.
  func draw(seed: UInt64, replicate: Int) -> [[Int32]] {
    var random = RandomGenerator(seed: seed, stream: UInt64(replicate))
    return pieces.indices.map { _ in pieces[random.integer(below: pieces.count)] }
  }

  /// The bounds between which the central share of values lies, NaN left out; NaN without any.
  static func interval(_ values: [Double], level: Double) -> (low: Double, high: Double) {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard !sorted.isEmpty else { return (.nan, .nan) }
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      if sorted[below] == sorted[above] { return sorted[below] }
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    return (quantile((1 - level) / 2), quantile((1 + level) / 2))
  }
}
