/// The order of items within layers in which few edges cross.
///
/// Sweeps put items at the median of their neighbours (Gansner, Koutsofios, North and Vo, "A technique for drawing directed
/// graphs", IEEE Trans. Softw. Eng. 19, 1993, section 3), then each is moved where fewest edges cross. Edges within
/// a layer cost as many crossings as items stand between their ends, nodes twice.
struct LayerOrder {
  /// The graph, its layers in the order found.
  private(set) var graph: LayeredGraph
  private var place: [Int]
  /// The most places that one move may go.
  private static let reach = 40

  /// Finds an order; the same graph gives the same order.
  ///
  /// - Complexity: O(sweeps x items x reach x degree), 24 sweeps.
  init(_ graph: LayeredGraph) {
    self.graph = graph
    place = [Int](repeating: 0, count: graph.rank.count)
    renumber()
    var best = self.graph.layers
    var least = cost()
    for start in 0..<2 where least > 0 {
      // The second start is the first upside down: medians break ties by what stands above.
      if start == 1 { self.graph.layers = graph.layers.map { $0.reversed() } }
      renumber()
      for sweep in 0..<12 where least > 0 {
        medians(isRightward: sweep.isMultiple(of: 2))
        while moveAll() {}
        let found = cost()
        if found < least {
          least = found
          best = self.graph.layers
        }
      }
    }
    self.graph.layers = best
    renumber()
  }

  private mutating func renumber() {
    for members in graph.layers {
      for (index, item) in members.enumerated() { place[item] = index }
    }
  }

  /// Sorts every layer by the medians of the places of its items' neighbours in the layer before.
  private mutating func medians(isRightward: Bool) {
    let layers = isRightward ? Array(graph.layers.indices) : graph.layers.indices.reversed()
    for layer in layers {
      let members = graph.layers[layer]
      let keys = members.map { item -> Double? in
        let neighbours = isRightward ? graph.left[item] : graph.right[item]
        return LayerOrder.median(neighbours.map { place[$0] }.sorted())
      }
      // Items without neighbours there keep their places; the others are sorted among the places left.
      let sorted = members.indices.filter { keys[$0] != nil }
        .sorted { ((keys[$0] ?? 0), $0) < ((keys[$1] ?? 0), $1) }
      var next = sorted.makeIterator()
      let order = members.indices.map { keys[$0] == nil ? $0 : next.next() ?? $0 }
      graph.layers[layer] = order.map { members[$0] }
      for (index, item) in graph.layers[layer].enumerated() { place[item] = index }
    }
  }

  /// The median; of an even number between the middle two, nearer to the side on which places are closer together.
  private static func median(_ places: [Int]) -> Double? {
    guard let first = places.first, let last = places.last else { return nil }
    let middle = places.count / 2
    if places.count % 2 == 1 { return Double(places[middle]) }
    if places.count == 2 { return Double(first + last) / 2 }
    let before = Double(places[middle - 1] - first)
    let after = Double(last - places[middle])
    guard before + after > 0 else { return Double(places[middle - 1] + places[middle]) / 2 }
    return (Double(places[middle - 1]) * after + Double(places[middle]) * before) / (before + after)
  }

  /// Moves each item to the place in its layer where the cost is least; whether any moved.
  private mutating func moveAll() -> Bool {
    var hasMoved = false
    for layer in graph.layers.indices {
      for item in graph.layers[layer] where move(item, in: layer) { hasMoved = true }
    }
    return hasMoved
  }

  private mutating func move(_ item: Int, in layer: Int) -> Bool {
    let home = place[item]
    var best = (gain: 0, place: home)
    for step in [-1, 1] {
      var change = 0
      var at = home + step
      while graph.layers[layer].indices.contains(at), abs(at - home) <= LayerOrder.reach {
        let other = graph.layers[layer][at]
        change += exchange(item, past: other, isDownward: step > 0)
        if change < best.gain { best = (change, at) }
        at += step
      }
    }
    guard best.gain < 0 else { return false }
    graph.layers[layer].remove(at: home)
    graph.layers[layer].insert(item, at: best.place)
    for index in min(home, best.place)...max(home, best.place) { place[graph.layers[layer][index]] = index }
    return true
  }

  /// By how much the cost grows when `mover`, walking along its layer, passes `other`.
  private func exchange(_ mover: Int, past other: Int, isDownward: Bool) -> Int {
    let (upper, lower) = isDownward ? (mover, other) : (other, mover)
    var change = excess(graph.left[upper], graph.left[lower]) + excess(graph.right[upper], graph.right[lower])
    // Ends of edges within the layer: the mover is next to `other`, so that all else lies before or behind both.
    func isAhead(_ end: Int) -> Bool { (place[end] > place[other]) == isDownward }
    for end in graph.beside[mover] where end != other {
      change += isAhead(end) ? -weight(other) : weight(other)
    }
    for end in graph.beside[other] where end != mover {
      change += isAhead(end) ? weight(mover) : -weight(mover)
    }
    return change
  }

  /// By how many the crossings grow when an item with the `upper` neighbours in one layer goes below one with the `lower`.
  private func excess(_ upper: [Int], _ lower: [Int]) -> Int {
    var sum = 0
    for one in upper {
      for other in lower {
        sum += (place[one] < place[other] ? 1 : 0) - (place[one] > place[other] ? 1 : 0)
      }
    }
    return sum
  }

  /// What it costs when an edge within a layer passes an item.
  private func weight(_ item: Int) -> Int { graph.isNode(item) ? 2 : 1 }

  /// The number of crossings, and what edges within layers pass.
  ///
  /// - Complexity: O(pairs of edges between the same layers).
  func cost() -> Int {
    var sum = 0
    for members in graph.layers {
      var above: [Int] = []
      for item in members {
        let ends = graph.right[item].map { place[$0] }
        for end in ends { sum += above.count { $0 > end } }
        above += ends
        for other in graph.beside[item] where place[other] > place[item] + 1 {
          for between in members[(place[item] + 1)..<place[other]] { sum += weight(between) }
        }
      }
    }
    return sum
  }
}
