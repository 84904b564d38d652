import ProbeFindings

/// Which layer each node of a layered drawing stands in, from the left.
///
/// A node's layer is its distance from the initial nodes (the length of the shortest word that leads to it), so an edge
/// leads at most one layer to the right; those that lead back are the ones reversed in the rest of the method of
/// Sugiyama, Tagawa and Toda (1981). Layers that would be very tall are parted, in the order of the search.
struct LayerRanks {
  /// The layer of each node.
  let rank: [Int]
  /// The nodes of each layer, in the order of the search.
  let layers: [[Int]]

  /// Ranks the nodes of a graph; without initial nodes the first one is.
  ///
  /// Nodes that are not reached are searched from in turn and stand no further left than the second layer.
  ///
  /// - Complexity: O(nodes + edges).
  init(_ plot: GraphPlot) {
    let count = plot.nodes.count
    var successors = [[Int]](repeating: [], count: count)
    for edge in plot.edges where edge.from != edge.to { successors[edge.from].append(edge.to) }
    var depth = [Int](repeating: -1, count: count)
    var order: [Int] = []
    var starts = plot.nodes.indices.filter { plot.nodes[$0].isInitial }
    if starts.isEmpty, count > 0 { starts = [0] }
    func search(from roots: [Int], at first: Int) {
      var next = order.count
      for root in roots {
        depth[root] = first
        order.append(root)
      }
      while next < order.count {
        let node = order[next]
        next += 1
        for other in successors[node] where depth[other] < 0 {
          depth[other] = depth[node] + 1
          order.append(other)
        }
      }
    }
    search(from: starts, at: 0)
    for node in plot.nodes.indices where depth[node] < 0 { search(from: [node], at: 1) }

    // A tree of many symbols fans out at once: parted layers keep the picture from being a tower.
    let tallest = max(5, Int((1.5 * Double(count).squareRoot()).rounded(.up)))
    var layers: [[Int]] = []
    for level in 0...(depth.max() ?? 0) {
      let members = order.filter { depth[$0] == level }
      let parts = (members.count + tallest - 1) / tallest
      for part in 0..<parts {
        layers.append(Array(members[(members.count * part / parts)..<(members.count * (part + 1) / parts)]))
      }
    }
    var rank = [Int](repeating: 0, count: count)
    for (index, members) in layers.enumerated() {
      for node in members { rank[node] = index }
    }
    self.rank = rank
    self.layers = layers
  }
}
