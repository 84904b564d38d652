import ProbeFindings
import Testing

@Suite("automata as figures")
struct AutomatonPlotTests {
  private func cycle(_ count: Int, weight: Double? = nil) -> GraphPlot {
    GraphPlot(
      nodes: (0..<count).map { .init(label: "q\($0)") },
      edges: (0..<count).flatMap { node in
        [0, 1].map { .init(from: node, to: (node + $0) % count, label: $0 == 0 ? "" : "a", weight: weight) }
      },
      layout: .layered, labelling: .symbols)
  }

  @Test(
    "adjacency counts the edges between two nodes; cells without edges are empty; hovering tells the symbols")
  func adjacency() {
    let plot = cycle(3).adjacency()
    let empty = Double.nan
    let expected = [1, 1, empty, empty, 1, 1, 1, empty, 1]
    #expect(plot.rows == ["q0", "q1", "q2"] && plot.columns == plot.rows)
    #expect(zip(plot.values, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    #expect(plot.hover == ["ε", "a", "", "", "ε", "a", "a", "", "ε"])
    #expect(plot.amount.label == "symbols" && plot.rowAxis.label == "from state")
  }

  @Test("adjacency sums weights where every edge has one, and counts where one has none")
  func weights() {
    let two = GraphPlot(
      nodes: [.init(label: "0")],
      edges: [.init(from: 0, to: 0, label: "x", weight: 2.5), .init(from: 0, to: 0, label: "y", weight: 1)])
    #expect(two.adjacency(of: "cluster").values == [3.5])
    #expect(two.adjacency().hover == ["x, y"])
    let one = GraphPlot(
      nodes: two.nodes, edges: [two.edges[0], .init(from: 0, to: 0, label: "y")])
    #expect(one.adjacency().values == [2])
    #expect(GraphPlot(nodes: [], edges: []).adjacency().values.isEmpty)
  }

  @Test("of many nodes consecutive ones share a row, so that there are at most 300, and no edge is lost")
  func blocks() {
    let plot = cycle(1000).adjacency()
    #expect(plot.rows.count == 250 && plot.rows.first == "q0 to q3" && plot.rows.last == "q996 to q999")
    #expect(plot.values.filter { !$0.isNaN }.reduce(0, +) == 2000)
    // Within a block of four: four loops and three steps; one step leads on.
    #expect(plot.values[0] == 7 && plot.values[1] == 1)
    #expect(plot.hover[0] == "ε, a, ε, a, ε, a, ε")
    #expect(cycle(300).adjacency().rows.count == 300 && cycle(301).adjacency().rows.count == 151)
    #expect(cycle(301).adjacency().rows.last == "q300")
  }

  @Test("a graph is drawn up to 60 states and 200 arrows; symbols between the same states count once")
  func limits() {
    #expect(AutomatonPlot.canDraw(cycle(60)) && !AutomatonPlot.canDraw(cycle(61)))
    #expect(!AutomatonPlot.canDraw(GraphPlot(nodes: [], edges: [])))
    func complete(_ count: Int) -> GraphPlot {
      GraphPlot(
        nodes: (0..<count).map { .init(label: "\($0)") },
        edges: (0..<count).flatMap { from in
          (0..<count).flatMap { to in ["a", "b"].map { .init(from: from, to: to, label: $0) } }
        })
    }
    #expect(AutomatonPlot.canDraw(complete(14)) && !AutomatonPlot.canDraw(complete(15)))
  }
}
