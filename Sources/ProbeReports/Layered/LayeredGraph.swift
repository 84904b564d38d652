/// A graph in layers: nodes, and stand-ins where an edge passes a layer, so that every edge joins neighbouring layers.
struct LayeredGraph {
  /// The layer of each item; nodes come first, then stand-ins.
  private(set) var rank: [Int]
  /// How many items are nodes.
  let nodeCount: Int
  /// The items of each layer, from top to bottom.
  var layers: [[Int]]
  /// The items that each item is joined to in the layer to its left.
  private(set) var left: [[Int]]
  /// The items that each item is joined to in the layer to its right.
  private(set) var right: [[Int]]
  /// The items that each item is joined to in its own layer.
  private(set) var beside: [[Int]]
  /// The stand-ins of each edge, in the edge's direction.
  private(set) var standIns: [[Int]]

  /// Puts stand-ins into a graph's layers.
  ///
  /// - Parameters:
  ///   - ranks: the nodes' layers.
  ///   - edges: both ends of each edge; none is a loop.
  /// - Complexity: O(nodes + edges x layers).
  init(_ ranks: LayerRanks, edges: [(from: Int, to: Int)]) {
    let count = ranks.rank.count
    nodeCount = count
    rank = ranks.rank
    layers = ranks.layers
    left = Array(repeating: [], count: count)
    right = left
    beside = left
    standIns = []
    for edge in edges {
      let isForward = rank[edge.from] <= rank[edge.to]
      let (low, high) = isForward ? (edge.from, edge.to) : (edge.to, edge.from)
      var chain: [Int] = []
      if rank[low] == rank[high] {
        beside[low].append(high)
        beside[high].append(low)
      } else {
        var last = low
        for layer in (rank[low] + 1)..<max(rank[high], rank[low] + 1) {
          let item = rank.count
          rank.append(layer)
          layers[layer].append(item)
          left.append([])
          right.append([])
          beside.append([])
          join(last, item)
          chain.append(item)
          last = item
        }
        join(last, high)
      }
      standIns.append(isForward ? chain : chain.reversed())
    }
  }

  private mutating func join(_ one: Int, _ other: Int) {
    right[one].append(other)
    left[other].append(one)
  }

  /// Whether an item is a node, not a stand-in.
  func isNode(_ item: Int) -> Bool { item < nodeCount }
}
