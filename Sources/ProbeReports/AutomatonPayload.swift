import ProbeFindings

/// The payload of an automaton's points; the machine itself is drawn as SVG beforehand.
enum AutomatonPayload {
  /// Axes, the states with their colours, and the points as parallel lists; state -1 is none.
  static func json(_ plot: AutomatonPlot) -> JSON {
    .object([
      "x": FigurePayload.axis(plot.x), "y": FigurePayload.axis(plot.y),
      "states": .array(
        zip(plot.graph.nodes, StateColor.palette(plot.graph.nodes.count)).map { node, color in
          .object([
            "label": .string(node.label), "hover": .string(node.hover), "light": .string(color.light),
            "dark": .string(color.dark),
          ])
        }),
      "horizontal": FigurePayload.coarse(plot.points.map(\.position.x)),
      "vertical": FigurePayload.coarse(plot.points.map(\.position.y)),
      "state": .array(plot.points.map { .integer($0.state ?? -1) }),
      "hover": FigurePayload.strings(plot.points.map(\.hover)),
    ])
  }
}
