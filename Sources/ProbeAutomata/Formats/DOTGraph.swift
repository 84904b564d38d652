/// A directed graph as a DOT text gives it: nodes in the order in which they appear, edges, and their attributes.
struct DOTGraph {
  /// A node.
  struct Node {
    var id: String
    var attributes: [String: String]
    /// Whether it has a statement of its own; others are only named by edges.
    var isDeclared: Bool
  }

  /// An edge.
  struct Edge {
    var source: Int
    var target: Int
    var attributes: [String: String]
    var line: Int
  }

  private(set) var nodes: [Node] = []
  private(set) var edges: [Edge] = []
  /// Attributes of the graph.
  private(set) var attributes: [String: String] = [:]

  private var ids = NameTable()
  private var scanner: DOTScanner
  private var token: DOTToken?
  /// The defaults of nodes and edges, for each brace that is open.
  private var defaults: [(node: [String: String], edge: [String: String])] = [([:], [:])]

  /// Reads the first graph of a text.
  ///
  /// - Throws: ``AutomataError/unreadableText(format:line:reason:)``.
  init(_ text: String) throws(AutomataError) {
    scanner = DOTScanner(text)
    token = try scanner.next()
    if isKeyword("strict") { try step() }
    guard isKeyword("digraph") else { throw failure("the text does not begin with digraph") }
    try step()
    if case .name = token { try step() }
    try expect("{")
    try readStatements()
    try expect("}")
  }

  /// The number of a node's statement; nil for the id of none.
  func index(of id: String) -> Int? { ids.index(of: id) }

  private mutating func readStatements() throws(AutomataError) {
    while token != nil, token != .mark("}") {
      if token == .mark(";") || token == .mark(",") {
        try step()
      } else if isKeyword("graph") || isKeyword("node") || isKeyword("edge") {
        try readDefaults()
      } else if isKeyword("subgraph") || token == .mark("{") {
        if isKeyword("subgraph") {
          try step()
          if case .name = token { try step() }
        }
        try expect("{")
        defaults.append(defaults[defaults.count - 1])
        try readStatements()
        defaults.removeLast()
        try expect("}")
      } else {
        try readNodeOrEdge()
      }
    }
  }

  private mutating func readDefaults() throws(AutomataError) {
    let kind = token
    try step()
    let read = try attributeLists()
    switch kind {
    case .name("node", isQuoted: false): defaults[defaults.count - 1].node.merge(read) { $1 }
    case .name("edge", isQuoted: false): defaults[defaults.count - 1].edge.merge(read) { $1 }
    default: attributes.merge(read) { $1 }
    }
  }

  private mutating func readNodeOrEdge() throws(AutomataError) {
    let line = scanner.line
    let id = try name()
    if token == .mark("=") {
      try step()
      attributes[id] = try name()
      return
    }
    try skipPort()
    guard token == .mark("->") || token == .mark("--") else {
      let attributes = try attributeLists()
      let index = node(id)
      nodes[index].isDeclared = true
      nodes[index].attributes.merge(attributes) { $1 }
      return
    }
    var path = [node(id)]
    while token == .mark("->") || token == .mark("--") {
      if token == .mark("--") { throw failure("an edge without direction") }
      try step()
      path.append(node(try name()))
      try skipPort()
    }
    let attributes = defaults[defaults.count - 1].edge.merging(try attributeLists()) { $1 }
    for (source, target) in zip(path, path.dropFirst()) {
      edges.append(Edge(source: source, target: target, attributes: attributes, line: line))
    }
  }

  /// A node's number; it is made with the defaults of the place that first names it.
  private mutating func node(_ id: String) -> Int {
    let index = ids.insert(id)
    if index == nodes.count {
      nodes.append(Node(id: id, attributes: defaults[defaults.count - 1].node, isDeclared: false))
    }
    return index
  }

  private mutating func attributeLists() throws(AutomataError) -> [String: String] {
    var read: [String: String] = [:]
    while token == .mark("[") {
      try step()
      while token != .mark("]") {
        let key = try name()
        if token == .mark("=") {
          try step()
          read[key] = try name()
        } else {
          read[key] = "true"
        }
        if token == .mark(",") || token == .mark(";") { try step() }
      }
      try step()
    }
    return read
  }

  private mutating func skipPort() throws(AutomataError) {
    while token == .mark(":") {
      try step()
      _ = try name()
    }
  }

  private mutating func name() throws(AutomataError) -> String {
    guard case .name(var text, let isQuoted) = token else { throw failure("a name was expected") }
    try step()
    // Quoted texts may be joined.
    while isQuoted, token == .mark("+") {
      try step()
      guard case .name(let rest, isQuoted: true) = token else {
        throw failure("a quoted text was expected after +")
      }
      text += rest
      try step()
    }
    return text
  }

  private mutating func expect(_ mark: String) throws(AutomataError) {
    guard token == .mark(mark) else { throw failure("\(mark) was expected") }
    try step()
  }

  private mutating func step() throws(AutomataError) { token = try scanner.next() }

  private func isKeyword(_ word: String) -> Bool {
    if case .name(let text, isQuoted: false) = token { text.lowercased() == word } else { false }
  }

  private func failure(_ reason: String) -> AutomataError {
    let seen =
      switch token {
      case .name(let text, _): text.debugDescription
      case .mark(let mark): mark
      case nil: "the end of the text"
      }
    return .unreadableText(format: "DOT", line: scanner.line, reason: "\(reason), \(seen) was found")
  }
}
