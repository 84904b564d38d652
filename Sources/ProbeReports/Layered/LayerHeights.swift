/// The vertical coordinates of a layered drawing: items near their neighbours, edges through several layers straight.
struct LayerHeights {
  /// The room that each item needs above its coordinate.
  let above: [Double]
  /// The room that each item needs below it.
  let below: [Double]
  /// The coordinate of each item.
  private(set) var heights: [Double]
  /// The scale of Cauchy's loss, in pixels: slants below it count nearly as squares.
  private static let scale = 14.0

  /// Minimises a sum over edges of a function of the difference of height between their ends, with items of a layer in
  /// order and apart: of its square at first, then of Cauchy's loss log(1 + (difference / scale)²), which leaves few edges
  /// aslant rather than all a little.
  ///
  /// The loss is minimised by iteratively reweighted least squares. Layer by layer the constrained minimum is exact, by
  /// pooling adjacent violators (Barlow and others, "Statistical inference under order restrictions", 1972, section 1.2).
  /// The parts of an edge between two stand-ins count eightfold, as in Gansner et al. 1993, section 4: it straightens them.
  ///
  /// - Parameters:
  ///   - graph: the items in order.
  ///   - above: the room that each item needs above its coordinate.
  ///   - below: the room that each item needs below it.
  /// - Complexity: O(sweeps x edges), 120 sweeps.
  init(_ graph: LayeredGraph, above: [Double], below: [Double]) {
    self.above = above
    self.below = below
    heights = [Double](repeating: 0, count: graph.rank.count)
    for members in graph.layers {
      let offsets = offsets(members)
      for (item, offset) in zip(members, offsets) { heights[item] = offset - (offsets.last ?? 0) / 2 }
    }
    let layers = Array(graph.layers.indices)
    for sweep in 0..<120 {
      for layer in sweep.isMultiple(of: 2) ? layers : layers.reversed() {
        settle(graph.layers[layer], graph, isSquare: sweep < 40)
      }
    }
  }

  /// Where the items of a layer stand when packed, the first at zero.
  private func offsets(_ members: [Int]) -> [Double] {
    var offsets: [Double] = []
    for (index, item) in members.enumerated() {
      offsets.append(index == 0 ? 0 : offsets[index - 1] + below[members[index - 1]] + above[item])
    }
    return offsets
  }

  /// Moves the items of one layer to the best heights for those of the layers beside it.
  private mutating func settle(_ members: [Int], _ graph: LayeredGraph, isSquare: Bool) {
    let offsets = offsets(members)
    var pools: [(sum: Double, weight: Double, count: Int)] = []
    for (item, offset) in zip(members, offsets) {
      var weight = 1e-3
      var sum = weight * (heights[item] - offset)
      for other in graph.left[item] + graph.right[item] {
        let standIns = (graph.isNode(item) ? 0 : 1) + (graph.isNode(other) ? 0 : 1)
        var pull = standIns == 2 ? 8.0 : 1
        if !isSquare {
          let rise = (heights[other] - heights[item]) / LayerHeights.scale
          pull /= 1 + rise * rise
        }
        weight += pull
        sum += pull * (heights[other] - offset)
      }
      pools.append((sum, weight, 1))
      // Heights less offsets must not fall; where they would, both pools stand at their common mean.
      while pools.count > 1 {
        let last = pools[pools.count - 1]
        let before = pools[pools.count - 2]
        guard before.sum / before.weight > last.sum / last.weight else { break }
        pools.removeLast(2)
        pools.append((before.sum + last.sum, before.weight + last.weight, before.count + last.count))
      }
    }
    var place = 0
    for pool in pools {
      for _ in 0..<pool.count {
        heights[members[place]] = pool.sum / pool.weight + offsets[place]
        place += 1
      }
    }
  }
}
