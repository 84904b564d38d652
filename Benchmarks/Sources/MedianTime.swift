import ProbeLinearAlgebra

/// The median of the seconds that some work takes; it is done at least once.
func medianSeconds(repeats: Int, _ body: () throws -> Void) rethrows -> Double {
  var seconds: [Double] = []
  for _ in 0..<max(1, repeats) {
    let begin = ContinuousClock.now
    try body()
    seconds.append((ContinuousClock.now - begin).seconds)
  }
  return median(seconds)
}

/// The upper median.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Repeats some work, and prints the median of its times with the values that came last.
func time(_ name: String, repeats: Int, _ body: () throws -> [Double]) throws {
  var values: [Double] = []
  let seconds = try medianSeconds(repeats: repeats) { values = try body() }
  print("\(name): \(seconds) s, values \(values.map { "\($0)" }.joined(separator: " "))")
}
