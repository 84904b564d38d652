import ProbeFindings
import Testing

@testable import ProbeReports

@Suite("graph pictures")
struct GraphTests {
  /// Whether tags are closed in their order and attributes quoted; FoundationXML mends faults instead of telling.
  private func isWellFormed(_ svg: String) -> Bool {
    var open: [String] = []
    for piece in svg.unicodeScalars.split(separator: "<").map(Substring.init) {
      guard let end = piece.unicodeScalars.firstIndex(of: ">") else { return false }
      let tag = piece[..<end]
      let name = tag.prefix { $0 != " " }
      guard tag.unicodeScalars.count(where: { $0 == "\"" }).isMultiple(of: 2) else { return false }
      guard !piece[end...].unicodeScalars.dropFirst().contains(">") else { return false }
      if name.first == "/" {
        guard open.popLast() == String(name.dropFirst()) else { return false }
      } else if tag.last != "/" {
        open.append(String(name))
      }
    }
    return open.isEmpty
  }

  @Test(
    "every graph is well-formed XML, whatever its labels", arguments: [GraphPlot.Layout.circular, .layered])
  func wellFormed(layout: GraphPlot.Layout) {
    let text = HostileFindings.text
    let graph = GraphPlot(
      nodes: [
        .init(label: text, isAccepting: true, isInitial: true, hover: text), .init(label: ""),
        .init(label: "c"),
      ],
      edges: [
        .init(from: 0, to: 1, label: text), .init(from: 1, to: 1, label: ""),
        .init(from: 2, to: 0, label: "x"),
      ],
      layout: layout)
    #expect(isWellFormed(GraphPicture(graph, title: text).svg))
    #expect(!isWellFormed("<svg><g></svg>") && !isWellFormed("<a b=\"\">\"<c></a>"))
    #expect(isWellFormed("<a><b c=\"d\"/>e</a>") && !isWellFormed("<a b=\"></a>"))
  }

  @Test("nodes around a circle keep apart", arguments: [1, 2, 5, 17, 60])
  func apart(count: Int) {
    let graph = GraphPlot(
      nodes: (0..<count).map { .init(label: "node \($0)", isInitial: $0 == 0) },
      edges: (0..<count).flatMap { node in
        [1, 3, 7].map { .init(from: node, to: (node * $0 + 1) % count, label: "\($0)") }
      })
    let half = 7 * 3.9 + 12
    let centers = GraphLayout(graph, halfWidths: graph.nodes.map { _ in half }).centers
    #expect(centers.count == count)
    for first in 0..<count {
      for second in 0..<first {
        let gap = centers[first] - centers[second]
        #expect(abs(gap.x) > 2 * half || abs(gap.y) > 34 || (gap * gap).sum().squareRoot() > 2 * half)
      }
    }
    #expect(isWellFormed(GraphPicture(graph, title: "").svg))
  }

  @Test("edges between the same nodes are one arrow that bears every label")
  func merged() {
    let graph = GraphPlot(
      nodes: [.init(label: "a"), .init(label: "b")],
      edges: ["p", "q"].map { .init(from: 0, to: 1, label: $0) } + [.init(from: 1, to: 0, label: "r")])
    let svg = GraphPicture(graph, title: "").svg
    #expect(svg.split(separator: "<g class=\"edge\"", omittingEmptySubsequences: false).count - 1 == 2)
    #expect(svg.contains(">p, q</text>") && svg.contains(">r</text>"))
  }

  @Test("no nodes, and too many, give a sentence instead of a picture")
  func bounds() {
    #expect(
      GraphPicture(GraphPlot(nodes: [], edges: []), title: "").svg.contains("There are no nodes to draw."))
    let many = GraphPlot(nodes: (0..<61).map { .init(label: "\($0)") }, edges: [])
    #expect(GraphPicture(many, title: "").svg.contains("61 nodes are too many to draw"))
  }

  @Test("coordinates are rounded to tenths, with a sign below one as well")
  func coordinates() {
    #expect(
      [0, 1.25, -0.44, -0.04, -12.36, 100].map(coordinate) == ["0", "1.3", "-0.4", "0", "-12.4", "100"])
  }
}
