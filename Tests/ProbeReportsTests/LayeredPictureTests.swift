import Foundation
import ProbeFindings
import Testing

@testable import ProbeReports

@Suite("pictures of graphs in layers")
struct LayeredPictureTests {
  @Test("labels of arrows cover no node, and no other label where there is room")
  func labels() throws {
    for graph in [AutomatonFindings.tomita3, AutomatonFindings.dyck, AutomatonFindings.modular] {
      let svg = GraphPicture(graph, title: "").svg
      let layout = LayeredLayout(graph)
      var plates: [Box] = []
      for piece in svg.components(separatedBy: "<rect class=\"plate\"").dropFirst() {
        let numbers = try piece.prefix { $0 != ">" }.split(separator: "\"").enumerated()
          .filter { $0.offset.isMultiple(of: 2) == false }.map { try #require(Double($0.element)) }
        let low = SIMD2(numbers[0], numbers[1])
        plates.append(Box(low: low, high: low + SIMD2(numbers[2], numbers[3])))
      }
      #expect(plates.count == GraphArrow.arrows(of: graph).count)
      for (index, plate) in plates.enumerated() {
        #expect(!plates[..<index].contains { $0.overlap(plate) > 0 })
        for (center, radii) in zip(layout.centers, layout.radii) {
          #expect(plate.overlap(Box(low: center - radii, high: center + radii)) == 0)
        }
      }
    }
  }

  @Test(
    "lines are as wide as the root of their weight, one to four pixels; without weights no width is given")
  func widths() {
    let graph = GraphPlot(
      nodes: (0..<3).map { .init(label: "\($0)", isInitial: $0 == 0) },
      edges: [
        .init(from: 0, to: 1, label: "a", weight: 16), .init(from: 1, to: 2, label: "a", weight: 3),
        .init(from: 1, to: 2, label: "b", weight: 1), .init(from: 2, to: 0, label: "a", weight: 0),
      ], layout: .layered)
    let svg = GraphPicture(graph, title: "").svg
    // 1 + 3 sqrt(16 / 16), 1 + 3 sqrt((3 + 1) / 16), 1 + 0.
    for (from, to, width) in [(0, 1, "4"), (1, 2, "2.5"), (2, 0, "1")] {
      let group = svg.components(separatedBy: "<g class=\"edge\" data-from=\"\(from)\" data-to=\"\(to)\">")
        .last
      #expect(group?.components(separatedBy: "</g>")[0].contains("style=\"stroke-width:\(width)\"") == true)
    }
    #expect(!GraphPicture(AutomatonFindings.dyck, title: "").svg.contains("stroke-width:"))
  }

  @Test("accepting states have a double border, the start an arrow from nowhere, each state its colour")
  func marks() {
    let plot = AutomatonPlot(
      graph: AutomatonFindings.tomita3, points: [.init(.zero, state: 0)])
    let svg = GraphPicture(plot, title: "").svg
    #expect(svg.components(separatedBy: "class=\"inner\"").count - 1 == 3)
    #expect(svg.components(separatedBy: "class=\"edge start\"").count - 1 == 1)
    #expect(svg.contains("style=\"--d:#4aa3df\" aria-label=\"state 0, start, accepting\""))
    #expect(
      svg.components(separatedBy: "class=\"swatch\"").count - 1 == 5 && svg.contains("fill=\"#0072b2\"/>"))
    #expect(
      !GraphPicture(AutomatonPlot(graph: AutomatonFindings.tomita3, points: []), title: "").svg.contains(
        "swatch\" x"))
  }

  @Test("nodes that nothing leads to, and a graph without a start, are drawn all the same")
  func unreached() {
    let graph = GraphPlot(
      nodes: (0..<5).map { .init(label: "\($0)") },
      edges: [
        .init(from: 3, to: 4, label: "a"), .init(from: 4, to: 0, label: "a"),
        .init(from: 2, to: 2, label: "b"),
      ],
      layout: .layered)
    let layout = LayeredLayout(graph)
    #expect(layout.rank[0] == 0 && layout.rank[1...3].allSatisfy { $0 == 1 } && layout.rank[4] == 2)
    #expect(GraphPicture(graph, title: "").svg.components(separatedBy: "<g class=\"node\"").count - 1 == 5)
  }

  @Test("edges marked apart are arrows of their own, loops on both sides of their node")
  func marked() {
    let graph = GraphPlot(
      nodes: [.init(label: "0", isInitial: true), .init(label: "1")],
      edges: [false, true].flatMap { mark in
        [(0, 0), (0, 1), (1, 0)].map { GraphPlot.Edge(from: $0.0, to: $0.1, label: "a", isHighlighted: mark) }
      }, layout: .layered)
    let layout = LayeredLayout(graph)
    #expect(layout.loops.map(\.isBelow) == [false, true])
    // Four arrows between two nodes bow apart, so that their middles lie one below the other.
    let middles = layout.routes.map { $0.curve.place(at: 0.5).point.y }.sorted()
    #expect(zip(middles, middles.dropFirst()).allSatisfy { $1 - $0 > 15 })
    #expect(
      GraphPicture(graph, title: "").svg.components(separatedBy: "class=\"edge marked\"").count - 1 == 3)
  }

  @Test(
    "a file has colours and widths for programs that know no variables, and nothing that is there for the pointer"
  )
  func file() {
    let plot = AutomatonPlot(graph: AutomatonFindings.tomita3, points: [.init(.zero, state: 0)])
    let picture = GraphPicture(plot, title: "T")
    let plain = picture.file.components(separatedBy: "@media")[0]
    #expect(!plain.contains("var(") && !picture.file.contains("calc(") && !picture.file.contains("var(--g"))
    #expect(plain.contains(".graph .node ellipse { fill: #eef1f4; stroke: #1b1f24;"))
    #expect(picture.file.contains(".graph .node ellipse { fill: #232a32; stroke: #e8eaed;"))
    #expect(picture.svg.contains("class=\"hit\"") && !picture.file.contains("<path class=\"hit\""))
    #expect(picture.file.components(separatedBy: "<path").count - 1 == layoutPaths(plot.graph))
    #expect(!GraphStyle.page.contains("#eef1f4; stroke") && GraphStyle.page.contains("--g-fill: #eef1f4;"))
  }

  /// One path an arrow, and one for the arrow from nowhere.
  private func layoutPaths(_ graph: GraphPlot) -> Int { GraphArrow.arrows(of: graph).count + 1 }

  @Test("states have colours that differ, the first eight those of the page's style, after Okabe and Ito")
  func colors() {
    for count in [1, 8, 9, 60] {
      let palette = StateColor.palette(count)
      #expect(palette.count == count)
      #expect(Set(palette.map(\.light)).count == count && Set(palette.map(\.dark)).count == count)
      for color in palette {
        for text in [color.light, color.dark] {
          #expect(text.utf8.count == 7 && text.first == "#" && Int(text.dropFirst(), radix: 16) != nil)
        }
      }
    }
    for (index, color) in StateColor.palette(8).enumerated() {
      #expect(PageAssets.style.contains("--c\(index): \(color.light);"))
      #expect(PageAssets.style.contains("--c\(index): \(color.dark);"))
    }
    #expect(StateColor.palette(0).isEmpty)
  }
}
