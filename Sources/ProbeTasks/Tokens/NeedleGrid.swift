internal import ProbeLinearAlgebra

/// Lengths x depths x cases, walked through in an order that the seed shuffles.
///
/// Any number of first trials then covers the grid evenly, which is what stopping early needs. After the last cell
/// the walk begins anew, with other hay.
struct NeedleGrid {
  let lengths: [Int]
  let depths: [Int]
  let cases: Int
  private let order: [Int]

  init(lengths: [Int], depths: [Int], cases: Int, seed: UInt64) {
    self.lengths = lengths
    self.depths = depths
    self.cases = cases
    let count = lengths.count * depths.count * cases
    // A stream that no trial uses.
    var random = RandomGenerator(seed: seed, stream: .max)
    order = random.sample(count, of: count)
  }

  var count: Int { order.count }

  /// The cell of a trial.
  func cell(_ trial: Int) -> (length: Int, depth: Int, fact: Int) {
    let cell = order[trial % order.count]
    return (
      lengths[cell / (depths.count * cases)], depths[cell / cases % depths.count], cell % cases
    )
  }
}
