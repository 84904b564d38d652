import Testing

@testable import ProbeFindings

@Suite("Graphviz text")
struct DOTTests {
  @Test("nodes, initial and accepting marks, edges and quoted labels")
  func exactText() {
    let graph = GraphPlot(
      nodes: [.init(label: "a \"b\"\\", isInitial: true), .init(label: "c\nd", isAccepting: true)],
      edges: [.init(from: 0, to: 1, label: "0"), .init(from: 1, to: 1, label: "1", isHighlighted: true)])
    #expect(
      graph.dot(name: "g") == #"""
        digraph "g" {
          rankdir=LR;
          n0 [label="a \"b\"\\", shape=ellipse];
          i0 [shape=point];
          i0 -> n0;
          n1 [label="c\nd", shape=doublecircle];
          n0 -> n1 [label="0"];
          n1 -> n1 [label="1", style=dashed];
        }

        """#)
  }
}
