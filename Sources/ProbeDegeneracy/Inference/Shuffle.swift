internal import ProbeLinearAlgebra

/// A Fisher-Yates shuffle by the package's own generator.
func shuffle<Element>(_ items: inout [Element], _ generator: inout RandomGenerator) {
  for index in stride(from: items.count - 1, to: 0, by: -1) {
    items.swapAt(index, generator.integer(below: index + 1))
  }
}
