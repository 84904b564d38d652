import ProbeFindings

/// The payload of an automaton's points; the machine itself is drawn as SVG beforehand.
enum AutomatonPayload {
  /// Axes, the states with their colours, and the points as parallel lists; state -1 is none.
  static func json(_ plot: AutomatonPlot) -> JSON {
    .object([
      "x": FigurePayload.axis(plot.x), "y": FigurePayload.axis(plot.y),
      "states": .array(
        plot.graph.nodes.map { .object(["label": .string($0.label), "hover": .string($0.hover)]) }),
      "horizontal": FigurePayload.coarse(plot.points.map(\.position.x)),
      "vertical": FigurePayload.coarse(plot.points.map(\.position.y)),
      "state": .array(plot.points.map { .integer($0.state ?? -1) }),
      "hover": FigurePayload.strings(plot.points.map(\.hover)),
    ])
  }
}
