/// Disjoint sets that can be joined (Tarjan 1975), by size and with halved paths.
struct UnionFind {
  private var parents: [Int32]
  private var sizes: [Int32]

  /// As many sets of one element.
  init(count: Int) {
    parents = (0..<Int32(count)).map { $0 }
    sizes = [Int32](repeating: 1, count: count)
  }

  /// The element that stands for an element's set.
  mutating func find(_ element: Int) -> Int {
    var element = element
    while Int(parents[element]) != element {
      parents[element] = parents[Int(parents[element])]
      element = Int(parents[element])
    }
    return element
  }

  /// Joins the sets of two elements.
  ///
  /// - Returns: whether they were different.
  @discardableResult
  mutating func join(_ first: Int, _ second: Int) -> Bool {
    var (first, second) = (find(first), find(second))
    if first == second { return false }
    if sizes[first] < sizes[second] { swap(&first, &second) }
    parents[second] = Int32(first)
    sizes[first] += sizes[second]
    return true
  }
}
