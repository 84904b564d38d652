import ProbeFindings

/// The room that items need within their layers, and on which side of its node each loop stands.
struct LayerRoom {
  /// Half the height of a node.
  static let halfHeight = 18.0
  /// How far a loop rises from its node's border.
  static let loopHeight = 27.0

  /// The room that each item needs above its coordinate.
  private(set) var above: [Double]
  /// The room that each item needs below it.
  private(set) var below: [Double]
  /// The loops: above their nodes, unless an edge comes from the node right above and none from the one below.
  private(set) var loops: [(arrow: GraphArrow, isBelow: Bool)] = []

  /// Reserves room.
  ///
  /// - Parameters:
  ///   - graph: the items in order.
  ///   - arrows: all arrows of the graph.
  /// - Complexity: O(items + arrows x degree).
  init(_ graph: LayeredGraph, arrows: [GraphArrow]) {
    above = graph.rank.indices.map { graph.isNode($0) ? LayerRoom.halfHeight + 12 : 7 }
    below = above
    var isJoinedAbove = [Bool](repeating: false, count: graph.nodeCount)
    var isJoinedBelow = isJoinedAbove
    for members in graph.layers {
      for (upper, lower) in zip(members, members.dropFirst()) where graph.beside[upper].contains(lower) {
        isJoinedBelow[upper] = true
        isJoinedAbove[lower] = true
        let lines =
          arrows.filter { [$0.from, $0.to] == [upper, lower] || [$0.from, $0.to] == [lower, upper] }
          .map(\.lines.count).max() ?? 0
        // The line between them is long enough for its head and for the label beside it.
        below[upper] += max(36, 13 * Double(lines) + 12) - 24
      }
    }
    var sides: Set<[Int]> = []
    for arrow in arrows where arrow.from == arrow.to {
      let node = arrow.from
      var isBelow = isJoinedAbove[node] && !isJoinedBelow[node]
      if sides.contains([node, isBelow ? 1 : 0]) { isBelow.toggle() }
      sides.insert([node, isBelow ? 1 : 0])
      let room = LayerRoom.loopHeight + GraphText.size(of: arrow.lines).y
      if isBelow { below[node] += room } else { above[node] += room }
      loops.append((arrow, isBelow))
    }
  }
}
