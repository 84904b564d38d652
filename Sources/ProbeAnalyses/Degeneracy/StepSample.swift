import ProbeLinearAlgebra

extension RandomGenerator {
  /// Draws steps among those of all trials, without one twice.
  ///
  /// - Parameters:
  ///   - count: how many; all where there are fewer.
  ///   - counts: the number of steps of each trial.
  /// - Returns: the numbers of the drawn steps of each trial, ascending.
  mutating func steps(_ count: Int, among counts: [Int]) -> [[Int]] {
    let total = counts.reduce(0, +)
    var steps = [[Int]](repeating: [], count: counts.count)
    var (trial, before) = (0, 0)
    for place in sample(min(count, total), of: total).sorted() {
      while place >= before + counts[trial] {
        before += counts[trial]
        trial += 1
      }
      steps[trial].append(place - before)
    }
    return steps
  }
}
