internal import ProbeLinearAlgebra

extension DOT {
  /// A chain as a graph: nodes bear what is seen of a state, edges their probability.
  public static func write(_ chain: MarkovChain) -> String {
    let pairs = (0..<chain.stateCount).flatMap { from in (0..<chain.stateCount).map { (from, $0) } }
    return text(
      nodes: chain.outputs.map { "label=\(DOTLabel.quoted(DOTLabel.escaped($0)))" },
      edges: pairs.filter { chain.probabilities[$0.0, $0.1] != 0 }.map {
        ($0.0, $0.1, "\(chain.probabilities[$0.0, $0.1])")
      }, start: chain.start)
  }

  /// The Markov chain of a graph.
  ///
  /// - Throws: ``AutomataError``: the text cannot be read; an edge bears no probability; a state's do not sum to 1.
  public static func markovChain(_ text: String) throws(AutomataError) -> MarkovChain {
    let graph = try DOTGraph(text)
    let states = try states(of: graph)
    var matrix = Matrix<Double>(rows: states.nodes.count, columns: states.nodes.count)
    for edge in states.edges {
      guard let source = states.numbers[edge.source], let target = states.numbers[edge.target] else {
        throw failure(edge, "an edge leads to \(startNode)")
      }
      matrix[source, target] += try probability(try label(of: edge), edge)
    }
    return try MarkovChain(
      outputs: states.nodes.map { DOTLabel.unescaped(label(of: graph.nodes[$0])) }, start: states.start,
      probabilities: matrix)
  }

  /// A machine as a graph: nodes are records of a name and the probability of the end, edges bear `symbol:probability`.
  public static func write(_ machine: ProbabilisticMachine) -> String {
    text(
      nodes: machine.endProbabilities.enumerated().map {
        "label=\"s\($0.offset)|\($0.element)\", shape=record, style=rounded"
      },
      edges: edges(machine.transitions) { state, symbol in
        DOTLabel.escaped(machine.alphabet.symbols[symbol], marks: ":")
          + ":\(machine.probability(of: symbol, in: state))"
      }, start: machine.transitions.start)
  }

  /// The probabilistic machine of a graph; a missing transition is an impossible symbol.
  ///
  /// - Throws: ``AutomataError``: the text cannot be read; a transition is there twice or bears no probability; a state's
  ///   probabilities do not sum to 1.
  public static func probabilisticMachine(_ text: String) throws(AutomataError) -> ProbabilisticMachine {
    let graph = try DOTGraph(text)
    let states = try states(of: graph)
    var symbols = NameTable()
    var read: [(source: Int, symbol: Int, target: Int, probability: Double)] = []
    for edge in states.edges {
      let label = try label(of: edge)
      guard let (symbol, value) = DOTLabel.cut(label, at: ":") else {
        throw failure(
          edge, "the label \(label.debugDescription) has no probability; symbol:probability was expected")
      }
      guard let source = states.numbers[edge.source], let target = states.numbers[edge.target] else {
        throw failure(edge, "an edge leads to \(startNode)")
      }
      read.append((source, symbols.insert(DOTLabel.unescaped(symbol)), target, try probability(value, edge)))
    }
    let (count, width) = (states.nodes.count, symbols.names.count)
    var next = (0..<count).flatMap { [Int32](repeating: Int32($0), count: width) }
    var probabilities = [Double?](repeating: nil, count: count * width)
    for (source, symbol, target, probability) in read {
      let place = source * width + symbol
      guard probabilities[place] == nil else {
        throw .repeatedTransition(state: graph.nodes[states.nodes[source]].id, symbol: symbols.names[symbol])
      }
      next[place] = Int32(target)
      probabilities[place] = probability
    }
    var ends: [Double] = []
    for node in states.nodes {
      let label = label(of: graph.nodes[node])
      guard let end = DOTLabel.cut(label, at: "|").flatMap({ Double(trimmed($0.after)) }) else {
        throw .unreadableText(
          format: "DOT", line: 1,
          reason:
            "the label \(label.debugDescription) of a node has no probability; name|probability was expected")
      }
      ends.append(end)
    }
    return try ProbabilisticMachine(
      alphabet: Alphabet(symbols.names),
      transitions: Transitions(stateCount: count, symbolCount: width, start: states.start, next: next),
      probabilities: probabilities.map { $0 ?? 0 }, endProbabilities: ends)
  }

  private static func probability(_ label: String, _ edge: DOTGraph.Edge) throws(AutomataError) -> Double {
    guard let value = Double(trimmed(label)) else {
      throw failure(edge, "\(label.debugDescription) is no probability")
    }
    return value
  }
}
