import ProbeFindings

/// The payloads of figures about pairs of networks.
enum PairPayload {
  /// The matrix of all pairs.
  static func pairMatrix(_ plot: PairMatrixPlot) -> JSON {
    .object([
      "names": FigurePayload.strings(plot.members.map(\.name)),
      "members": .array(plot.members.map { .integer($0.group) }),
      "groups": FigurePayload.strings(plot.groups), "values": HalfEncoding.json(plot.values),
      "amount": FigurePayload.axis(plot.amount),
      // first's position and height, second's position and height, the height of the joining
      "links": .array(
        plot.links.map { link in
          .array(
            [link.first.x, link.first.y, link.second.x, link.second.y, link.height].map(FigurePayload.brief))
        }),
      "panel": plot.panel.map(JSON.string) ?? .null,
    ])
  }

  /// Networks that are seen by twos; coordinates are lists of x, y, x, y, ...
  static func networkPair(_ plot: NetworkPairPlot) -> JSON {
    .object([
      "networks": .array(plot.networks.map(network)),
      "metrics": .array(
        plot.metrics.map { metric in
          .object([
            "title": .string(metric.title), "level": .string(metric.level),
            "values": HalfEncoding.json(metric.values),
          ])
        }), "shown": .array(plot.shown.map(JSON.integer)),
    ])
  }

  private static func network(_ network: NetworkPairPlot.Network) -> JSON {
    .object([
      "name": .string(network.name), "group": .string(network.group),
      "eigenvalues": flat(network.eigenvalues),
      "trajectories": .array(network.trajectories.map { HalfEncoding.json($0.flatMap { [$0.x, $0.y] }) }),
      "shares": flat([network.varianceShares]), "points": flat(network.points.map(\.position)),
      "kinds": FigurePayload.strings(network.points.map(\.kind.rawValue)), "remark": .string(network.remark),
    ])
  }

  private static func flat(_ points: [SIMD2<Double>]) -> JSON {
    .array(points.flatMap { [FigurePayload.brief($0.x), FigurePayload.brief($0.y)] })
  }

  /// Rows of values: all of a short row, the counts of a long one.
  static func spread(_ plot: SpreadPlot) -> JSON {
    .object([
      "axis": FigurePayload.axis(plot.axis),
      "rows": .array(
        plot.rows.map { row in
          let values = plot.shown(row)
          let bins = HistogramPlot(axis: plot.axis, groups: [.init(name: "", values: values)]).bins
          let isShort = values.count <= shortRow
          return .object([
            "title": .string(row.title), "colour": row.colour.map(JSON.integer) ?? .null,
            "control": row.control.map { .string($0.rawValue) } ?? .null, "count": .integer(values.count),
            "values": .array(isShort ? values.map(FigurePayload.brief) : []),
            "edges": .array(isShort ? [] : bins.edges.map(FigurePayload.brief)),
            "counts": .array(isShort ? [] : (bins.counts.first ?? []).map(JSON.integer)),
            "quantiles": .array(
              values.isEmpty
                ? [] : shares.map { FigurePayload.brief(SpreadPlot.quantile($0, of: values)) }),
          ])
        }),
    ])
  }

  /// The most values of a row that are drawn one by one.
  private static let shortRow = 40
  private static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]

  /// Points placed by their likeness.
  static func embedding(_ plot: EmbeddingPlot) -> JSON {
    .object([
      "groups": FigurePayload.strings(plot.groups),
      "panels": .array(
        plot.panels.map { panel in
          .object([
            "title": .string(panel.title), "groups": .array(panel.groups.map(FigurePayload.group)),
          ])
        }),
    ])
  }
}
