import ProbeAutomata
import ProbeFindings
import ProbeLinearAlgebra

/// The pictures of one capture's Markov state model.
struct MarkovStatesFigures {
  let part: CaptureMarkovStates
  let options: MarkovStatesOptions
  /// What stands behind the figures' names; empty for one capture.
  let suffix: String
  /// What stands behind the figures' titles; empty for one capture.
  let of: String

  /// Transitions less probable than this have no arrow.
  private static let arrowThreshold = 0.005
  /// The most sets whose predictions are drawn.
  private static let testLimit = 8

  func all() -> [Figure] { [sets(), timescales(), test()] }

  /// Two decimals of a probability, three where it is small.
  private func text(_ probability: Double) -> String {
    let scale = probability < 0.0995 ? 1000.0 : 100
    return "\((probability * scale).rounded() / scale)"
  }

  private func sets() -> Figure {
    let sets = part.sets
    let dwell = part.setDwell.means
    let nodes = (0..<part.setCount).map { set in
      GraphPlot.Node(
        label: "\(set)", isInitial: set == part.firstSet,
        hover: "\(CaptureMarkovStates.label(set)): \(percent(sets.probabilities[set])) of the time\n"
          + "mean stay \(threeDigits(dwell[set])) steps")
    }
    var edges: [GraphPlot.Edge] = []
    for from in 0..<part.setCount {
      for to in 0..<part.setCount where sets.lumped[from, to] >= Self.arrowThreshold {
        edges.append(
          GraphPlot.Edge(
            from: from, to: to, label: text(sets.lumped[from, to]), weight: sets.lumped[from, to]))
      }
    }
    let points = part.recorded.places.map { place in
      let set = place.cell < 0 ? -1 : Int(part.setOfCell[place.cell])
      return AutomatonPlot.Point(
        SIMD2(place.x, place.y), state: set < 0 ? nil : set,
        hover: "trial \(place.trial), step \(place.step)\nstate \(place.cell)")
    }
    func axis(_ index: Int) -> Axis {
      let shares = part.recorded.varianceShares
      return Axis("PC \(index + 1)", varianceShare: index < shares.count ? shares[index] : 0)
    }
    let lag = part.model.lag == 1 ? "one step" : "\(part.model.lag) steps"
    return Figure(
      name: "metastable_sets" + suffix, title: "Metastable sets" + of,
      caption:
        "The sets, with the probability of each transition in \(lag) (those below \(Self.arrowThreshold) are not drawn); "
        + "the arrow from nowhere marks the set in which most trials begin. The network's recorded states on two "
        + "principal components, each in the colour of its set; grey ones lie outside the connected chain.",
      content: .automaton(
        AutomatonPlot(graph: graph(nodes, edges), x: axis(0), y: axis(1), points: points)))
  }

  /// A graph that can be drawn: where arrows are too many, the most probable ones.
  private func graph(_ nodes: [GraphPlot.Node], _ edges: [GraphPlot.Edge]) -> GraphPlot {
    let kept =
      edges.count <= AutomatonPlot.drawableArrows
      ? edges
      : Array(
        edges.sorted { ($0.weight ?? 0) > ($1.weight ?? 0) }.prefix(AutomatonPlot.drawableArrows))
    return GraphPlot(nodes: nodes, edges: kept, layout: .layered)
  }

  private func timescales() -> Figure {
    let rows = part.timescales.rows
    let lags = rows.map { Double($0.lag) }
    let count = rows.first?.values.count ?? 0
    // A chain that alternates has infinite ones, and an eigenvalue of 0 has 0: neither has a place on the scale.
    func drawn(_ value: Double) -> Double { value.isFinite && value > 0 ? value : .nan }
    var series = (0..<count).map { rank in
      LinePlot.Series(
        name: "timescale \(rank + 1)", x: lags, y: rows.map { drawn($0.values[rank]) },
        low: rows.map { drawn($0.low[rank]) }, high: rows.map { drawn($0.high[rank]) })
    }
    series.append(LinePlot.Series(name: "the lag itself", x: lags, y: lags))
    return Figure(
      name: "implied_timescales" + suffix, title: "Implied timescales" + of,
      caption:
        "The \(count) slowest relaxations of chains at several lags. Flat lines say that a chain describes the states; below "
        + "the line of the lag itself nothing can be told.",
      content: .lines(
        LinePlot(
          x: Axis("lag", unit: "steps"), y: Axis("timescale", unit: "steps", isLogarithmic: true),
          series: series, bandMeaning: "\(percent(options.level)) interval (bootstrap)")))
  }

  private func test() -> Figure {
    let rows = part.test.rows
    let lags = rows.map { Double($0.lags * part.model.lag) }
    let probable = part.sets.probabilities.indices.sorted {
      (part.sets.probabilities[$0], $1) > (part.sets.probabilities[$1], $0)
    }.prefix(Self.testLimit).filter { $0 < rows.first?.predicted.rows ?? 0 }.sorted()
    var series: [LinePlot.Series] = []
    for set in probable {
      series.append(
        LinePlot.Series(
          name: "\(CaptureMarkovStates.label(set)), counted", x: lags, y: rows.map { $0.estimated[set, set] },
          low: rows.map { $0.low[set, set] }, high: rows.map { $0.high[set, set] }))
      series.append(
        LinePlot.Series(
          name: "\(CaptureMarkovStates.label(set)), predicted", x: lags,
          y: rows.map { $0.predicted[set, set] }))
    }
    return Figure(
      name: "chapman_kolmogorov" + suffix, title: "Chapman-Kolmogorov test" + of,
      caption:
        "The probability to be in the same set some steps later, as the model predicts it and as it is counted. Where they part, "
        + "the chain remembers more than its last state: a longer lag or more states may help.",
      content: .lines(
        LinePlot(
          x: Axis("distance", unit: "steps"), y: Axis("probability"), series: series,
          bandMeaning: "\(percent(options.level)) interval of the counts (bootstrap)")))
  }
}
