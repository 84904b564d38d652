import ProbeAutomata
import ProbeFindings
import ProbeLinearAlgebra

/// The pictures of one network's machine.
struct AutomatonFigures {
  let part: NetworkAutomaton
  /// Whether the report has several networks, whose names then stand in titles and file names.
  let isOneOfMany: Bool
  let index: Int

  /// The most points that are drawn.
  static let pointLimit = 4000

  func all() throws -> [Figure] {
    [try automaton(), fidelity()].compactMap { $0 }
  }

  private var suffix: String { isOneOfMany ? "_\(index + 1)" : "" }
  private var title: String { isOneOfMany ? part.name : "The machine" }

  private var graph: GraphPlot {
    let machine = part.machine
    let counts = part.edgeCounts
    let words = machine.transitions.accessWords
    let sparse = machine.outputNames.count > 2 || !machine.isAcceptor
    return GraphPlot(
      nodes: (0..<machine.stateCount).map { state in
        let output = machine.outputNames[Int(machine.outputs[state])]
        var hover = ["state \(state): \(output)"]
        if let word = words[state] { hover.append("reached by \(machine.alphabet.text(of: word))") }
        if let regions = part.regions { hover.append("\(grouped(regions.visits[state])) recorded states") }
        return GraphPlot.Node(
          label: sparse ? "\(state): \(output)" : "\(state)",
          isAccepting: machine.isAcceptor && machine.outputs[state] == 1,
          isInitial: state == machine.transitions.start, hover: hover.joined(separator: "\n"))
      },
      edges: (0..<machine.stateCount).flatMap { state in
        (0..<machine.alphabet.count).map { symbol in
          GraphPlot.Edge(
            from: state, to: machine.transitions[state, symbol], label: machine.alphabet.symbols[symbol],
            weight: counts.map { Double($0[state * machine.alphabet.count + symbol]) })
        }
      }, layout: .layered)
  }

  private func automaton() throws -> Figure {
    let machine = part.machine
    guard machine.stateCount <= AutomatonPlot.drawableStates else {
      return Figure(
        name: "automaton" + suffix, title: title,
        caption:
          "The machine has \(grouped(machine.stateCount)) states, too many to draw; rows are left, columns reached.",
        content: .heatmap(graph.adjacency()))
    }
    guard let recorded = part.recorded, let regions = part.regions else {
      return Figure(
        name: "automaton" + suffix, title: title,
        caption: caption(nil),
        content: .automaton(AutomatonPlot(graph: graph, points: [])))
    }
    let components = try PrincipalComponents(of: recorded.states, count: 2)
    let projected = components.project(recorded.states)
    // Every n-th state, so that all trials have their part.
    let stride = max(1, (recorded.states.rows + Self.pointLimit - 1) / Self.pointLimit)
    var points: [AutomatonPlot.Point] = []
    for trial in 0..<recorded.trialCount {
      for row in recorded.rows(of: trial) where row % stride == 0 {
        let word = recorded.word(to: row, of: trial)
        let shown =
          word.count > 24
          ? "... " + machine.alphabet.text(of: word.suffix(24)) : machine.alphabet.text(of: word)
        let output = recorded.outputs[row]
        points.append(
          AutomatonPlot.Point(
            SIMD2(projected[row, 0], projected.columns > 1 ? projected[row, 1] : 0),
            state: Int(regions.states[row]),
            hover: "after \(shown)\nnetwork: \(output >= 0 ? recorded.outputNames[Int(output)] : "unknown")"))
      }
    }
    func axis(_ index: Int) -> Axis {
      Axis(
        "PC \(index + 1)",
        varianceShare: index < components.varianceShares.count ? components.varianceShares[index] : 0)
    }
    return Figure(
      name: "automaton" + suffix, title: title,
      caption: caption(components.varianceShares.reduce(0, +)),
      content: .automaton(AutomatonPlot(graph: graph, x: axis(0), y: axis(1), points: points)))
  }

  private func caption(_ share: Double?) -> String {
    var text = "The machine: an arrow from nowhere marks the start, a double border acceptance"
    text +=
      part.edgeCounts == nil ? "." : ", heavier arrows the transitions that recorded words take more often."
    if let share {
      text +=
        " The network's recorded states on two principal components, which hold "
        + "\((share * 1000).rounded() / 10) % of their variance, each in the colour of the state in which the machine is "
        + "after the same word. Pointing at either shows the same in the other."
    }
    return text
  }

  private func fidelity() -> Figure? {
    guard let fidelity = part.fidelities.first(where: { $0.sample.contains("of each length") }),
      fidelity.lengths.count > 1
    else { return nil }
    func series(_ name: String, _ tally: (Int) -> Fidelity.Tally) -> LinePlot.Series {
      let known = fidelity.lengths.map { ($0, tally($0)) }.filter { $0.1.words > 0 }
      let intervals = known.map { $0.1.interval }
      return LinePlot.Series(
        name: name, x: known.map { Double($0.0) }, y: intervals.map(\.share), low: intervals.map(\.low),
        high: intervals.map(\.high))
    }
    let names = part.machine.outputNames
    var lines: [LinePlot.Series] = []
    if names.count <= 4 {
      for output in names.indices where fidelity.tally(output: output).words > 0 {
        lines.append(
          series("words the network calls \(names[output])") { length in
            fidelity.cells.first { $0.length == length && $0.output == output }?.tally ?? Fidelity.Tally()
          })
      }
    } else {
      lines.append(series("all words") { fidelity.tally(length: $0) })
    }
    return Figure(
      name: "fidelity" + suffix, title: "Fidelity" + (isOneOfMany ? " of \(part.name)" : ""),
      caption:
        "The share of words on which machine and network agree, by length: \(fidelity.sample).",
      content: .lines(
        LinePlot(
          x: Axis("word length", unit: "symbols"), y: Axis("agreement"), series: lines,
          bandMeaning: "95 % confidence interval (Wilson)")))
  }
}
