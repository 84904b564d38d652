import ProbeAutomata
import ProbeFindings
import ProbeLinearAlgebra

/// The pictures of one network's next-symbol machine.
struct NextSymbolsFigures {
  let part: NextSymbolExtraction
  let options: NextSymbolsOptions
  /// Whether the report has several networks, whose names then stand in titles and file names.
  let isOneOfMany: Bool
  let index: Int

  /// The most points that are drawn.
  static let pointLimit = 4000

  func all() throws -> [Figure] { [try automaton(), divergences()].compactMap { $0 } }

  private var suffix: String { isOneOfMany ? "_\(index + 1)" : "" }

  private func graph(_ machine: ProbabilisticMachine) -> GraphPlot {
    let words = machine.likelyAccessWords(negligible: options.negligible)
    let symbols = machine.alphabet.symbols
    return GraphPlot(
      nodes: (0..<machine.stateCount).map { state in
        var hover = ["state \(state)"]
        if let word = words[state] { hover.append("reached by \(machine.alphabet.text(of: word))") }
        for symbol in symbols.indices where machine.probability(of: symbol, in: state) >= options.negligible {
          hover.append("\(symbols[symbol]): \(rounded(machine.probability(of: symbol, in: state)))")
        }
        if machine.endProbabilities[state] > 0 {
          hover.append("end: \(rounded(machine.endProbabilities[state]))")
        }
        return GraphPlot.Node(
          label: "\(state)", isAccepting: machine.endProbabilities[state] >= max(options.negligible, 1e-12),
          isInitial: state == machine.transitions.start, hover: hover.joined(separator: "\n"))
      },
      edges: (0..<machine.stateCount).flatMap { state in
        symbols.indices.compactMap { symbol in
          let probability = machine.probability(of: symbol, in: state)
          if probability < max(options.negligible, 1e-12) { return nil }
          return GraphPlot.Edge(
            from: state, to: machine.transitions[state, symbol], label: symbols[symbol], weight: probability)
        }
      }, layout: .layered, labelling: .symbols)
  }

  private func automaton() throws -> Figure? {
    guard let chosen = part.chosen, let machine = part.machine else { return nil }
    let graph = graph(machine)
    let title = isOneOfMany ? part.name : "The machine of \(part.learnt[chosen].learner)"
    guard AutomatonPlot.canDraw(graph) else {
      return Figure(
        name: "next_symbols" + suffix, title: title,
        caption:
          "The machine has \(grouped(machine.stateCount)) states, too many to draw; rows are left, columns reached.",
        content: .heatmap(graph.adjacency()))
    }
    var caption =
      "An arrow from nowhere marks the start, a double border states in which words may end, heavier arrows the more probable "
      + "symbols; those less probable than \(options.negligible) are left out."
    guard let recorded = part.recorded else {
      return Figure(
        name: "next_symbols" + suffix, title: title, caption: caption,
        content: .automaton(AutomatonPlot(graph: graph, points: [])))
    }
    let components = try PrincipalComponents(of: recorded.states, count: 2)
    let projected = components.project(recorded.states)
    // Every n-th state, so that all trials have their part.
    let stride = max(1, (recorded.states.rows + Self.pointLimit - 1) / Self.pointLimit)
    var points: [AutomatonPlot.Point] = []
    for trial in 0..<recorded.trialCount {
      var state = machine.transitions.start
      for row in recorded.rows(of: trial) {
        if recorded.symbols[row] >= 0 { state = machine.transitions[state, Int(recorded.symbols[row])] }
        guard row % stride == 0 else { continue }
        let word = recorded.word(to: row, of: trial)
        let shown = (word.count > 24 ? "... " : "") + machine.alphabet.text(of: word.suffix(24))
        points.append(
          AutomatonPlot.Point(
            SIMD2(projected[row, 0], projected.columns > 1 ? projected[row, 1] : 0), state: state,
            hover: "after \(shown)"))
      }
    }
    func axis(_ index: Int) -> Axis {
      Axis(
        "PC \(index + 1)",
        varianceShare: index < components.varianceShares.count ? components.varianceShares[index] : 0)
    }
    caption +=
      " The network's recorded states on two principal components, each in the colour of the state in which the machine is "
      + "after the same word."
    return Figure(
      name: "next_symbols" + suffix, title: title, caption: caption,
      content: .automaton(AutomatonPlot(graph: graph, x: axis(0), y: axis(1), points: points)))
  }

  private func divergences() -> Figure? {
    guard part.clusters.count > 1 else { return nil }
    let rows = part.clusters
    return Figure(
      name: "clusters" + suffix, title: "Clusters of states" + (isOneOfMany ? " of \(part.name)" : ""),
      caption: "Divergence of the network from machines of k-means clusters, on held-out trials.",
      content: .lines(
        LinePlot(
          x: Axis("clusters"), y: Axis("divergence", unit: "nats"),
          series: [
            LinePlot.Series(
              name: "held-out trials", x: rows.map { Double($0.clusters) }, y: rows.map(\.heldOut.divergence),
              low: rows.map { $0.heldOut.interval?.low ?? $0.heldOut.divergence },
              high: rows.map { $0.heldOut.interval?.high ?? $0.heldOut.divergence })
          ], bandMeaning: "95 % confidence interval")))
  }
}
