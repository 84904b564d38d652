/// Reads and writes machines as Graphviz graphs, in the convention of AALpy and LearnLib, without loss.
///
/// A pseudo-node `__start0` has an edge to the start. An acceptor's accepting states are double circles; a Moore machine's
/// states are records `name|output`; edges bear the symbol, `symbol/output` of a Mealy machine, `symbol:probability` of a
/// probabilistic machine, the probability of a Markov chain (https://automata.cs.ru.nl/Syntax/Overview, and AALpy's
/// `FileHandler`). Every text is quoted and escaped, nodes are named `s0`, `s1`, ..., and symbols stay texts: `0` and `00`
/// are two symbols.
public enum DOT {
  /// The node whose edge leads to the start.
  static let startNode = "__start0"

  /// What a graph says of its states: their nodes, in order, without the pseudo-node.
  struct States {
    /// The numbers of the nodes in the graph.
    var nodes: [Int]
    /// `[node]`: the number of its state; nil for the pseudo-node.
    var numbers: [Int?]
    /// The number of the start.
    var start: Int
    /// The edges between states.
    var edges: [DOTGraph.Edge]
  }

  /// Parts the pseudo-node from the states.
  ///
  /// - Throws: ``AutomataError/noStart``, ``AutomataError/repeatedStart(_:_:)``.
  static func states(of graph: DOTGraph) throws(AutomataError) -> States {
    let pseudo = graph.index(of: startNode)
    let nodes = graph.nodes.indices.filter { $0 != pseudo }
    var numbers = [Int?](repeating: nil, count: graph.nodes.count)
    for (number, node) in nodes.enumerated() { numbers[node] = number }
    let starts = graph.edges.filter { $0.source == pseudo }.map(\.target)
    guard let start = starts.first, let number = numbers[start] else { throw .noStart }
    if starts.count > 1 { throw .repeatedStart(graph.nodes[start].id, graph.nodes[starts[1]].id) }
    return States(
      nodes: nodes, numbers: numbers, start: number, edges: graph.edges.filter { $0.source != pseudo })
  }

  /// The text of a graph.
  ///
  /// - Parameters:
  ///   - attributes: of the graph: names and their values, not yet quoted.
  ///   - nodes: `[state]`: attributes as they stand in brackets.
  ///   - edges: the states joined, and the label, escaped but not quoted.
  ///   - start: the start.
  /// - Returns: the text, a statement a line.
  static func text(
    attributes: [(String, String)] = [], nodes: [String], edges: [(source: Int, target: Int, label: String)],
    start: Int
  ) -> String {
    var lines = ["digraph machine {"]
    lines += attributes.map { "\($0.0)=\(DOTLabel.quoted($0.1));" }
    lines += nodes.enumerated().map { "s\($0.offset) [\($0.element)];" }
    lines += edges.map { "s\($0.source) -> s\($0.target) [label=\(DOTLabel.quoted($0.label))];" }
    lines += ["\(startNode) [shape=none, label=\"\"];", "\(startNode) -> s\(start) [label=\"\"];", "}", ""]
    return lines.joined(separator: "\n")
  }

  /// Attributes that keep a list of names whose order or extent the nodes and edges do not show.
  static func listAttributes(_ key: String, _ names: [String]) -> [(String, String)] {
    names.enumerated().map { ("rnnprobe_\(key)_\($0.offset)", DOTLabel.escaped($0.element)) }
  }

  /// The list that ``listAttributes(_:_:)`` kept; empty where there is none.
  static func list(_ key: String, in graph: DOTGraph) -> [String] {
    var names: [String] = []
    while let name = graph.attributes["rnnprobe_\(key)_\(names.count)"] {
      names.append(DOTLabel.unescaped(name))
    }
    return names
  }

  /// The label of a node: its id where it has none.
  static func label(of node: DOTGraph.Node) -> String {
    let label = node.attributes["label"] ?? "\\N"
    return label == "\\N" ? DOTLabel.escaped(node.id, marks: "{}|<>") : label
  }

  /// The label of an edge.
  ///
  /// - Throws: ``AutomataError/unreadableText(format:line:reason:)`` where it has none.
  static func label(of edge: DOTGraph.Edge) throws(AutomataError) -> String {
    guard let label = edge.attributes["label"] else { throw failure(edge, "an edge without a label") }
    return label
  }

  /// That an edge cannot be read.
  static func failure(_ edge: DOTGraph.Edge, _ reason: String) -> AutomataError {
    .unreadableText(format: "DOT", line: edge.line, reason: reason)
  }
}
