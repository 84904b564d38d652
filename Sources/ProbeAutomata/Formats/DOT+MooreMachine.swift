extension DOT {
  /// A machine as a graph: an acceptor with double circles, any other with records.
  ///
  /// - Parameters:
  ///   - machine: the machine.
  ///   - stateNames: `[state]`: what nodes are labelled with; nil for `s0`, `s1`, ...
  /// - Returns: the text.
  public static func write(_ machine: MooreMachine, stateNames: [String]? = nil) -> String {
    let names = stateNames ?? (0..<machine.stateCount).map { "s\($0)" }
    precondition(names.count == machine.stateCount, "\(names.count) names of \(machine.stateCount) states")
    let nodes = names.enumerated().map { state, name in
      if machine.isAcceptor {
        let shape = machine.outputs[state] == 1 ? "doublecircle" : "circle"
        return "label=\(DOTLabel.quoted(DOTLabel.escaped(name, marks: "|"))), shape=\(shape)"
      }
      let output = machine.outputNames[Int(machine.outputs[state])]
      let label = DOTLabel.escapedRecord(name) + "|" + DOTLabel.escapedRecord(output)
      return "label=\(DOTLabel.quoted(label)), shape=record, style=rounded"
    }
    // A reader numbers outputs as they come, unless it is told otherwise.
    var seen = NameTable()
    for output in machine.outputs { _ = seen.insert(machine.outputNames[Int(output)]) }
    let isPlain = machine.isAcceptor || areSame(seen.names, machine.outputNames)
    return text(
      attributes: isPlain ? [] : listAttributes("output", machine.outputNames), nodes: nodes,
      edges: edges(machine.transitions) { _, symbol in DOTLabel.escaped(machine.alphabet.symbols[symbol]) },
      start: machine.transitions.start)
  }

  /// The acceptor or Moore machine of a graph.
  ///
  /// - Throws: ``AutomataError`` as ``namedMachine(_:sinkOutput:)`` does.
  public static func mooreMachine(_ text: String) throws(AutomataError) -> MooreMachine {
    try namedMachine(text).machine
  }

  /// The acceptor or Moore machine of a graph, with the names of its states.
  ///
  /// A graph is a Moore machine when every label has two parts, `name|output`, as records have, and no node is a double
  /// circle; a single part that stands in a record is the output. Symbols are numbered in the order of the edges.
  ///
  /// - Parameters:
  ///   - text: the graph.
  ///   - sinkOutput: the output of the state that takes missing transitions; nil to refuse them, except in an acceptor,
  ///     where they are rejected.
  /// - Returns: the machine.
  /// - Throws: ``AutomataError``: the text cannot be read; it has no start or two; two edges bear one symbol from one state;
  ///   a Moore machine's transition is missing.
  public static func namedMachine(
    _ text: String, sinkOutput: String? = nil
  ) throws(AutomataError) -> NamedMachine {
    let graph = try DOTGraph(text)
    let states = try states(of: graph)
    let nodes = states.nodes.map { graph.nodes[$0] }
    let isMoore =
      !nodes.contains { $0.attributes["shape"] == "doublecircle" }
      && nodes.allSatisfy { isRecord($0) || DOTLabel.cut(label(of: $0), at: "|") != nil }
    var builder = MachineBuilder(
      outputNames: isMoore ? list("output", in: graph) : MooreMachine.acceptorOutputs)
    var names: [String] = []
    for node in nodes {
      if isMoore {
        let (name, output) = nameAndOutput(of: node)
        names.append(name)
        try builder.addState(node.id, output: output)
      } else {
        names.append(DOTLabel.unescaped(label(of: node)))
        let accepts = node.attributes["shape"] == "doublecircle" || node.attributes["peripheries"] == "2"
        try builder.addState(node.id, output: MooreMachine.acceptorOutputs[accepts ? 1 : 0])
      }
    }
    for edge in states.edges {
      let symbol = DOTLabel.unescaped(try label(of: edge))
      try builder.addTransition(
        from: graph.nodes[edge.source].id, on: symbol, to: graph.nodes[edge.target].id)
    }
    try builder.setStart(graph.nodes[states.nodes[states.start]].id)
    var machine = try builder.machine(sinkOutput: sinkOutput ?? (isMoore ? nil : "reject"))
    if let sink = machine.stateNames.dropFirst(names.count).first {
      names.append(NameTable(names).fresh(sink))
    }
    machine.stateNames = names
    return machine
  }

  /// One edge for each transition, in the order of states and symbols.
  static func edges(
    _ table: Transitions, label: (Int, Int) -> String
  ) -> [(source: Int, target: Int, label: String)] {
    (0..<table.stateCount).flatMap { state in
      (0..<table.symbolCount).map { (state, table[state, $0], label(state, $0)) }
    }
  }

  /// Whether two lists of names are equal byte for byte.
  static func areSame(_ first: [String], _ second: [String]) -> Bool {
    first.map { Array($0.utf8) } == second.map { Array($0.utf8) }
  }

  private static func isRecord(_ node: DOTGraph.Node) -> Bool {
    node.attributes["shape"].map { $0.lowercased().hasSuffix("record") } ?? false
  }

  private static func nameAndOutput(of node: DOTGraph.Node) -> (name: String, output: String) {
    var label = label(of: node)
    // Braces around the whole turn a record by a quarter and mean nothing.
    if label.utf8.first == UInt8(ascii: "{"), label.utf8.last == UInt8(ascii: "}"), !label.hasSuffix("\\}") {
      label = String(decoding: label.utf8.dropFirst().dropLast(), as: UTF8.self)
    }
    guard let (name, output) = DOTLabel.cut(label, at: "|") else {
      return (node.id, DOTLabel.unescaped(label))
    }
    return (DOTLabel.unescaped(trimmed(name)), DOTLabel.unescaped(trimmed(output)))
  }

  /// A record's part without the blanks around it that are not escaped.
  static func trimmed(_ label: String) -> String {
    var bytes = Array(label.utf8)[...]
    while bytes.first == 0x20 { bytes.removeFirst() }
    while bytes.last == 0x20 {
      // An odd number of backslashes before it escapes the blank.
      let escapes = bytes.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
      if escapes % 2 == 1 { break }
      bytes.removeLast()
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
