import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

@Suite("graphs drawn in layers")
struct LayeredTests {
  /// Machines of known shape, and random ones of which some are dense.
  static let machines: [GraphPlot] =
    [
      AutomatonFindings.tomita3, AutomatonFindings.dyck, AutomatonFindings.modular,
      AutomatonFindings.symmetric,
      AutomatonFindings.single, AutomatonFindings.hostile,
    ]
    + [(4, 2), (7, 3), (10, 2), (12, 3), (20, 2), (20, 2), (20, 2), (20, 3), (40, 2), (60, 2)].enumerated()
    .map {
      AutomatonFindings.random($1.0, symbols: $1.1, seed: UInt64($0 + 1))
    }

  private static func isWithin(_ point: SIMD2<Double>, _ center: SIMD2<Double>, _ radii: SIMD2<Double>)
    -> Bool
  {
    let relative = (point - center) / radii
    return (relative * relative).sum() < 1
  }

  @Test("no two nodes overlap, and there is room between them", arguments: machines.indices)
  func apart(machine: Int) {
    let layout = LayeredLayout(Self.machines[machine])
    for first in layout.centers.indices {
      for second in 0..<first {
        let gap = layout.centers[first] - layout.centers[second]
        let radii = layout.radii[first] + layout.radii[second]
        #expect(abs(gap.x) >= radii.x + 20 || abs(gap.y) >= radii.y + 20, "\(first) and \(second)")
      }
    }
  }

  @Test(
    "the start stands leftmost, alone; every edge leads at most one layer to the right, and layers stand in their order"
  )
  func ranks() {
    for graph in Self.machines {
      let layout = LayeredLayout(graph)
      for node in graph.nodes.indices where node != 0 {
        #expect(layout.centers[node].x > layout.centers[0].x)
        #expect(layout.rank[node] > 0)
      }
      // Layers of at most so many nodes are not parted: a node's layer is then the length of the shortest word to it.
      if graph.nodes.count <= 12 {
        var distance = [0: 0]
        var front = [0]
        while let node = front.first {
          front.removeFirst()
          for edge in graph.edges where edge.from == node && distance[edge.to] == nil {
            distance[edge.to] = (distance[node] ?? 0) + 1
            front.append(edge.to)
          }
        }
        #expect(graph.nodes.indices.allSatisfy { layout.rank[$0] == distance[$0] })
      }
      for (one, other) in zip(layout.rank.indices, layout.rank.indices.dropFirst())
      where layout.rank[one] < layout.rank[other] {
        #expect(layout.centers[one].x < layout.centers[other].x)
      }
    }
  }

  @Test(
    "every edge is drawn: an arrow from border to border for each two states, with every symbol on one of its labels"
  )
  func edges() {
    for graph in Self.machines {
      let layout = LayeredLayout(graph)
      let drawn = layout.routes.map(\.arrow) + layout.loops.map(\.arrow)
      #expect(Set(drawn.map { [$0.from, $0.to] }) == Set(graph.edges.map { [$0.from, $0.to] }))
      #expect(drawn.flatMap(\.labels).count == graph.edges.count)
      for route in layout.routes {
        for (end, node) in [
          (route.curve.pieces[0].start, route.arrow.from), (route.curve.end, route.arrow.to),
        ] {
          #expect(!Self.isWithin(end, layout.centers[node], layout.radii[node] + 1))
          #expect(Self.isWithin(end, layout.centers[node], layout.radii[node] + 2.5))
        }
      }
      let svg = GraphPicture(graph, title: "").svg
      #expect(svg.components(separatedBy: "<g class=\"edge\"").count - 1 == drawn.count)
      #expect(svg.components(separatedBy: "<g class=\"edge name\"").count - 1 == drawn.count)
      #expect(svg.components(separatedBy: "<g class=\"node\"").count - 1 == graph.nodes.count)
    }
  }

  @Test("no arrow touches a node at which it does not end", arguments: machines.indices)
  func clear(machine: Int) {
    let layout = LayeredLayout(Self.machines[machine])
    for route in layout.routes {
      let points = route.curve.points(each: 40)
      for node in layout.centers.indices where node != route.arrow.from && node != route.arrow.to {
        #expect(
          !points.contains { Self.isWithin($0, layout.centers[node], layout.radii[node] + 2) },
          "\(route.arrow.from) to \(route.arrow.to) touches \(node)")
      }
    }
  }

  @Test("the same graph gives the same picture, byte for byte")
  func deterministic() {
    for graph in Self.machines {
      #expect(GraphPicture(graph, title: "").svg == GraphPicture(graph, title: "").svg)
    }
  }

  @Test(
    "crossings after ordering are those that a count of all pairs of edges finds, and never more than before")
  func crossings() {
    for graph in Self.machines {
      let arrows = GraphArrow.arrows(of: graph).filter { $0.from != $0.to }
      let before = LayeredGraph(LayerRanks(graph), edges: arrows.map { ($0.from, $0.to) })
      let order = LayerOrder(before)
      #expect(order.cost() == Self.cost(order.graph))
      #expect(Self.cost(order.graph) <= Self.cost(before))
      for (found, given) in zip(order.graph.layers, before.layers) {
        #expect(found.sorted() == given.sorted())
      }
    }
  }

  /// Crossings, and what edges within layers pass, by the definition.
  private static func cost(_ graph: LayeredGraph) -> Int {
    var place: [Int: Int] = [:]
    for members in graph.layers {
      for (index, item) in members.enumerated() { place[item] = index }
    }
    let edges = graph.right.indices.flatMap { item in graph.right[item].map { (item, $0) } }
    var sum = 0
    for (index, one) in edges.enumerated() {
      for other in edges[..<index] where graph.rank[one.0] == graph.rank[other.0] {
        let left = place[one.0, default: 0] - place[other.0, default: 0]
        let right = place[one.1, default: 0] - place[other.1, default: 0]
        if left * right < 0 { sum += 1 }
      }
    }
    for item in graph.beside.indices {
      for other in graph.beside[item] where place[other, default: 0] > place[item, default: 0] {
        for between in graph.layers[graph.rank[item]]
        where (place[item, default: 0] + 1..<place[other, default: 0]).contains(place[between, default: 0]) {
          sum += graph.isNode(between) ? 2 : 1
        }
      }
    }
    return sum
  }

  @Test("trees and cycles whose best order is known have no crossing; K(3,3) in two layers keeps its nine")
  func knownCrossings() {
    func order(_ edges: [(Int, Int)], count: Int) -> LayerOrder {
      let graph = GraphPlot(
        nodes: (0..<count).map { .init(label: "\($0)", isInitial: $0 == 0) },
        edges: edges.map { .init(from: $0.0, to: $0.1, label: "") }, layout: .layered)
      return LayerOrder(LayeredGraph(LayerRanks(graph), edges: edges.map { (from: $0.0, to: $0.1) }))
    }
    // The children's children are numbered so that the order of the search crosses.
    let tree = order([(0, 1), (0, 2), (0, 3), (1, 6), (2, 5), (3, 4), (6, 7), (5, 8), (4, 9)], count: 10)
    #expect(tree.cost() == 0)
    #expect(order((0..<9).map { ($0, ($0 + 1) % 9) }, count: 9).cost() == 0)
    let pairs = (1...3).flatMap { left in (4...6).map { (left, $0) } }
    // Each pair of the three left and each pair of the three right makes one crossing.
    #expect(order([(0, 1), (0, 2), (0, 3)] + pairs, count: 7).cost() == 9)
  }

  @Test("heights keep items in order and apart; a lone path is a straight line")
  func heights() {
    for graph in Self.machines {
      let arrows = GraphArrow.arrows(of: graph)
      let ordered = LayerOrder(
        LayeredGraph(LayerRanks(graph), edges: arrows.filter { $0.from != $0.to }.map { ($0.from, $0.to) })
      ).graph
      let room = LayerRoom(ordered, arrows: arrows)
      let heights = LayerHeights(ordered, above: room.above, below: room.below).heights
      for members in ordered.layers {
        for (upper, lower) in zip(members, members.dropFirst()) {
          // Sums of at most a few thousand pixels, in double precision.
          #expect(heights[lower] - heights[upper] >= room.below[upper] + room.above[lower] - 1e-9)
        }
      }
    }
    let path = GraphPlot(
      nodes: (0..<9).map { .init(label: "\($0)", isInitial: $0 == 0) },
      edges: (0..<8).map { .init(from: $0, to: $0 + 1, label: "a") }, layout: .layered)
    let layout = LayeredLayout(path)
    #expect(layout.centers.allSatisfy { abs($0.y - layout.centers[0].y) < 1e-6 })
  }
}
