extension DOT {
  /// A machine as a graph whose edges bear `symbol/output`; a slash in either is escaped.
  public static func write(_ machine: MealyMachine) -> String {
    var seen = NameTable()
    for output in machine.outputs { _ = seen.insert(machine.outputNames[Int(output)]) }
    let isPlain = areSame(seen.names, machine.outputNames)
    return text(
      attributes: isPlain ? [] : listAttributes("output", machine.outputNames),
      nodes: (0..<machine.stateCount).map { "label=\"s\($0)\"" },
      edges: edges(machine.transitions) { state, symbol in
        let output = machine.outputNames[Int(machine.outputs[state * machine.alphabet.count + symbol])]
        return DOTLabel.escaped(machine.alphabet.symbols[symbol], marks: "/") + "/"
          + DOTLabel.escaped(output, marks: "/")
      }, start: machine.transitions.start)
  }

  /// The Mealy machine of a graph; labels of edges are cut at the first slash that is not escaped.
  ///
  /// - Throws: ``AutomataError``: the text cannot be read; a transition is missing or there twice; an edge has no output.
  public static func mealyMachine(_ text: String) throws(AutomataError) -> MealyMachine {
    let graph = try DOTGraph(text)
    let states = try states(of: graph)
    var builder = MachineBuilder()
    for node in states.nodes { try builder.addState(graph.nodes[node].id, output: "") }
    var outputNames = NameTable(list("output", in: graph))
    var labelled: [[UInt8]: [Int?: Int32]] = [:]
    for edge in states.edges {
      let label = try label(of: edge)
      guard let (symbol, output) = DOTLabel.cut(label, at: "/") else {
        throw failure(edge, "the label \(label.debugDescription) has no output; symbol/output was expected")
      }
      let name = DOTLabel.unescaped(symbol)
      try builder.addTransition(
        from: graph.nodes[edge.source].id, on: name, to: graph.nodes[edge.target].id)
      labelled[Array(name.utf8), default: [:]][states.numbers[edge.source]] = Int32(
        outputNames.insert(DOTLabel.unescaped(output)))
    }
    try builder.setStart(graph.nodes[states.nodes[states.start]].id)
    let machine = try builder.machine().machine
    // The table is complete, so every transition has been given its output.
    let outputs = (0..<machine.stateCount).flatMap { state in
      machine.alphabet.symbols.map { labelled[Array($0.utf8)]?[state] ?? 0 }
    }
    return MealyMachine(
      alphabet: machine.alphabet, outputNames: outputNames.names, transitions: machine.transitions,
      outputs: outputs)
  }
}
