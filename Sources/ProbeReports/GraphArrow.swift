import ProbeFindings

/// Edges from one node to another, drawn as one arrow.
struct GraphArrow {
  /// The node it leaves.
  let from: Int
  /// The node it leads to.
  let to: Int
  /// Whether it stands apart.
  let isHighlighted: Bool
  /// The edges' labels as they are.
  private(set) var labels: [String]
  /// The summed weight of the edges that have one.
  private(set) var weight: Double?
  /// What is written along it: the labels, in lines of about 16 characters.
  private(set) var lines: [String] = []
  /// Every label, for the text under the pointer.
  private(set) var fullText = ""

  /// The most lines of a label; more would hide what is around it.
  private static let lineLimit = 3
  /// The most characters of one symbol.
  private static let pieceLimit = 16

  /// The arrows of a graph, in the order of their first edges.
  ///
  /// - Complexity: O(edges).
  static func arrows(of plot: GraphPlot) -> [GraphArrow] {
    var arrows: [GraphArrow] = []
    var known: [[Int]: Int] = [:]
    for edge in plot.edges {
      let key = [edge.from, edge.to, edge.isHighlighted ? 1 : 0]
      let place = known[key] ?? arrows.count
      if place == arrows.count {
        known[key] = place
        arrows.append(GraphArrow(from: edge.from, to: edge.to, isHighlighted: edge.isHighlighted, labels: []))
      }
      arrows[place].labels.append(edge.label)
      if let weight = edge.weight, weight.isFinite {
        arrows[place].weight = (arrows[place].weight ?? 0) + max(0, weight)
      }
    }
    for place in arrows.indices {
      let pieces =
        plot.labelling == .symbols ? SymbolText.summary(of: arrows[place].labels) : arrows[place].labels
      arrows[place].fullText = pieces.joined(separator: ", ")
      arrows[place].lines = wrap(pieces)
    }
    return arrows
  }

  /// What it says under the pointer: where it leads, on what, how often.
  func title(in plot: GraphPlot) -> String {
    var text = "\(plot.nodes[from].label) → \(plot.nodes[to].label)"
    if !fullText.isEmpty { text += ": \(fullText)" }
    if let weight { text += " (\(NumberText.significant(weight)))" }
    return text
  }

  private init(from: Int, to: Int, isHighlighted: Bool, labels: [String]) {
    self.from = from
    self.to = to
    self.isHighlighted = isHighlighted
    self.labels = labels
  }

  /// Pieces in lines of at most about 16 characters; the last line ends with `…` where there are more.
  private static func wrap(_ pieces: [String]) -> [String] {
    var lines: [String] = []
    for (index, piece) in pieces.enumerated() {
      let text = GraphText.shortened(piece, to: pieceLimit) + (index < pieces.count - 1 ? "," : "")
      if let last = lines.last, last.count + text.count < 16 {
        lines[lines.count - 1] = last + " " + text
      } else if lines.count == lineLimit {
        lines[lines.count - 1] += " …"
        break
      } else {
        lines.append(text)
      }
    }
    return lines.joined().isEmpty ? [] : lines
  }
}

/// The measure of text in drawings, estimated: there is no font at hand.
enum GraphText {
  /// The width of a text in pixels, for a font of a given size: narrow letters 0.6 of it, wide ones such as Chinese 1.
  static func width(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 0.6 : 1) } * size
  }

  /// The size of lines in 11-pixel text.
  static func size(of lines: [String]) -> SIMD2<Double> {
    SIMD2((lines.map { width($0, size: 11) }.max() ?? 0) + 4, Double(lines.count) * 13 + 2)
  }

  /// What is written in a node.
  static func nodeLabel(_ label: String) -> String { shortened(label, to: 24) }

  /// A text cut to a number of characters, with `…` where it was longer.
  static func shortened(_ text: String, to limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }
}
