import ProbeFindings

/// A figure's meaning as the JSON that the page's scripts draw from.
enum FigurePayload {
  /// The name of the function that draws the figure, also part of the CSS class of its place.
  static func kind(of content: Figure.Content) -> String {
    switch content {
    case .trajectories: "trajectories"
    case .complexPlane: "complexPlane"
    case .histogram: "histogram"
    case .lines: "lines"
    case .heatmap: "heatmap"
    case .scatter: "scatter"
    case .graph: "graph"
    case .automaton: "automaton"
    case .headMap: "headMap"
    case .tokenTable: "tokenTable"
    case .pairMatrix: "pairMatrix"
    case .networkPair: "networkPair"
    case .spread: "spread"
    case .embedding: "embedding"
    }
  }

  /// The figure's data; `null` for a graph, which is drawn as SVG beforehand.
  static func json(of content: Figure.Content) -> JSON {
    switch content {
    case .trajectories(let plot): trajectories(plot)
    case .complexPlane(let plot):
      .object(["groups": .array(plot.groups.map(group)), "showsUnitCircle": .boolean(plot.showsUnitCircle)])
    case .histogram(let plot): histogram(plot)
    case .lines(let plot): lines(plot)
    case .heatmap(let plot):
      .object([
        "rowAxis": axis(plot.rowAxis), "columnAxis": axis(plot.columnAxis), "rows": strings(plot.rows),
        "columns": strings(plot.columns), "values": reals(plot.values), "amount": axis(plot.amount),
        "scale": .string(plot.scale == .diverging ? "diverging" : "sequential"),
        "hover": strings(plot.hover), "range": range(plot.range),
      ])
    case .scatter(let plot):
      .object(
        ["x": axis(plot.x), "y": axis(plot.y), "groups": .array(plot.groups.map(group))]
          .merging(plot.amount.map { ["amount": axis($0)] } ?? [:]) { first, _ in first })
    case .graph: .null
    case .automaton(let plot): AutomatonPayload.json(plot)
    case .headMap(let plot): HeadPayload.headMap(plot)
    case .tokenTable(let plot): HeadPayload.tokenTable(plot)
    case .pairMatrix(let plot): PairPayload.pairMatrix(plot)
    case .networkPair(let plot): PairPayload.networkPair(plot)
    case .spread(let plot): PairPayload.spread(plot)
    case .embedding(let plot): PairPayload.embedding(plot)
    }
  }

  /// Whether plotly.js draws the figure, or part of it.
  static func usesPlotly(_ content: Figure.Content) -> Bool {
    switch content {
    case .graph, .tokenTable: false
    case .automaton(let plot): !plot.points.isEmpty
    default: true
    }
  }

  /// Whether the figure is more than a picture: one can move about in it by keyboard.
  static func isInteractive(_ content: Figure.Content) -> Bool {
    switch content {
    case .headMap, .tokenTable, .networkPair: true
    default: false
    }
  }

  /// What the page adds below the caption, such as how many values a logarithmic axis cannot show.
  static func note(of content: Figure.Content) -> String {
    switch content {
    case .histogram(let plot):
      return note(
        omitted: plot.bins.omitted,
        reason: plot.axis.isLogarithmic ? "zero, negative or not finite" : "not finite")
    case .spread(let plot):
      return note(
        omitted: plot.omitted,
        reason: plot.axis.isLogarithmic ? "zero, negative or not finite" : "not finite")
    case .lines(let plot):
      // NaN is a gap that the caller wants; what the logarithm loses is not.
      let lost = plot.series.reduce(0) { sum, series in
        sum
          + zip(series.x, series.y).count {
            plot.x.isLogarithmic && $0 <= 0 || plot.y.isLogarithmic && $1 <= 0
          }
      }
      return note(omitted: lost, reason: "zero or negative")
    default: return ""
    }
  }

  private static func note(omitted: Int, reason: String) -> String {
    switch omitted {
    case 0: ""
    case 1: "One value is not shown: it is \(reason)."
    default: "\(NumberText.grouped(omitted)) values are not shown: they are \(reason)."
    }
  }

  private static func trajectories(_ plot: TrajectoryPlot) -> JSON {
    .object([
      "x": axis(plot.x), "y": axis(plot.y), "z": axis(plot.z),
      "coloring": .string(plot.coloring == .label ? "label" : "time"), "labelTitle": .string(plot.labelTitle),
      "trajectories": .array(
        plot.trajectories.map { line in
          var members: [String: JSON] = [
            "name": .string(line.name), "firstTime": .integer(line.firstTime),
            "x": coarse(line.points.map(\.x)), "y": coarse(line.points.map(\.y)),
            "z": coarse(line.points.map(\.z)),
          ]
          if let label = line.label { members["label"] = .string(label) }
          return .object(members)
        }),
      "markers": .array(
        plot.markers.map { marker in
          .object([
            "position": vector(marker.position), "kind": .string(marker.kind.rawValue),
            "isVisited": .boolean(marker.isVisited), "hover": strings(marker.hover),
            "directions": .array(marker.directions.map(vector)),
          ])
        }),
    ])
  }

  private static func histogram(_ plot: HistogramPlot) -> JSON {
    let bins = plot.bins
    return .object([
      "axis": axis(plot.axis), "edges": reals(bins.edges),
      "groups": .array(
        zip(plot.groups, bins.counts).map { group, counts in
          .object([
            "name": .string(group.name), "kind": group.kind.map { .string($0.rawValue) } ?? .null,
            "counts": .array(counts.map(JSON.integer)),
          ])
        }),
    ])
  }

  private static func lines(_ plot: LinePlot) -> JSON {
    .object([
      "x": axis(plot.x), "y": axis(plot.y),
      "series": .array(
        plot.series.map { series in
          .object([
            "name": .string(series.name), "x": reals(series.x), "y": reals(series.y),
            "low": reals(series.low),
            "high": reals(series.high),
          ])
        }),
      "references": .array(
        plot.references.map { .object(["y": .real($0.y), "label": .string($0.label)]) }),
      "bandMeaning": .string(plot.bandMeaning),
    ])
  }

  static func group(_ group: PointGroup) -> JSON {
    .object([
      "name": .string(group.name), "kind": group.kind.map { .string($0.rawValue) } ?? .null,
      "x": reals(group.x), "y": reals(group.y), "hover": strings(group.hover),
      "amounts": reals(group.amounts),
    ])
  }

  static func axis(_ axis: Axis) -> JSON {
    var members: [String: JSON] = [
      "label": .string(axis.label), "unit": .string(axis.unit), "isLogarithmic": .boolean(axis.isLogarithmic),
    ]
    if let share = axis.varianceShare { members["varianceShare"] = .real(share) }
    return .object(members)
  }

  static func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }

  /// The ends of a colour scale, `null` where the figure finds them.
  static func range(_ range: ClosedRange<Double>?) -> JSON {
    range.map { reals([$0.lowerBound, $0.upperBound]) } ?? .null
  }

  /// A value with four significant digits, for texts under the pointer.
  static func brief(_ value: Double) -> JSON {
    value.isFinite ? .real(Double(NumberText.significant(value)) ?? value) : .null
  }

  /// Values for Plotly, which leaves a gap at `null`.
  private static func reals(_ values: [Double]) -> JSON {
    .array(values.map { $0.isFinite ? .real($0) : .null })
  }

  /// Coordinates rounded to 24 bits: a screen shows no more, and the page is half the size.
  static func coarse(_ values: [Double]) -> JSON { reals(values.map(coarse)) }

  private static func vector(_ point: SIMD3<Double>) -> JSON { coarse([point.x, point.y, point.z]) }

  /// The double nearest to a value whose shortest decimal is that of its single-precision neighbour.
  private static func coarse(_ value: Double) -> Double {
    let single = Float(value)
    return single.isFinite ? Double(single.description) ?? value : value
  }
}
