/// A search for disagreements that looks inside the network: its states are put into cells, and where one cell would have to
/// be two states of the hypothesis, either a word tells network and hypothesis apart or the cells are refined.
///
/// Weiss, Goldberg and Yahav, "Extracting automata from recurrent neural networks using queries and counterexamples", ICML
/// 2018, arXiv 1711.09576, sections 5 and 6. Differences from the paper: suffixes that tell two states of the hypothesis apart
/// are shortest ones, later refinements are balls instead of support vector machines, and everything is deterministic. Content
/// means that no conflict was seen in the cells reached; the paper's networks show that this proves nothing.
public struct AbstractionRefinement: EquivalenceOracle {
  /// `abstraction refinement`.
  public let name = "abstraction refinement"
  /// The most cells that are visited in one search; a search that would visit more ends content, and says so.
  public var cellLimit: Int
  /// Words that are compared first.
  ///
  /// A hypothesis that gives all cells one output cannot be refuted without a word of another.
  public var examples: [Word]
  private var abstraction: StateAbstraction

  /// A search.
  ///
  /// - Parameters:
  ///   - initialDepth: into how many dimensions the first refinement cuts at once.
  ///   - cellLimit: the most cells that are visited in one search.
  ///   - examples: words that are compared first, best one of each class.
  public init(initialDepth: Int = 10, cellLimit: Int = 2000, examples: [Word] = []) {
    self.cellLimit = cellLimit
    self.examples = examples
    abstraction = StateAbstraction(initialDepth: initialDepth)
  }

  /// A visited cell: the hypothesis's state there and the prefixes that led into it.
  private struct Visit {
    var state: Int
    var nodes: [Int32]
  }

  /// Searches breadth first through the cells.
  ///
  /// - Throws: ``AutomataError/stateless(system:)`` for a system without a state, ``BudgetSpent``, and what the system throws.
  /// - Complexity: one step of the network for each cell and symbol, restarted at each refinement that breaks up a cell.
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    guard let size = trie.system.stateSize else { throw AutomataError.stateless(oracle: name) }
    for word in examples where try trie.output(of: word) != hypothesis.output(of: word) {
      return .disagreement(word)
    }
    let table = hypothesis.transitions
    let refinement = MooreRefinement(table, labels: hypothesis.outputs)
    func networkState(_ node: Int32) -> [Float] {
      [Float](unsafeUninitializedCapacity: size) { buffer, count in
        if let base = buffer.baseAddress { trie.system.copyState(of: node, into: base) }
        count = size
      }
    }
    search: while true {
      var visits: [Int32: Visit] = [:]
      var queue: [(state: Int, node: Int32)] = [(table.start, 0)]
      var head = 0
      while head < queue.count {
        let (state, node) = queue[head]
        if try trie.output(node) != hypothesis.outputs[state] { return .disagreement(trie.word(of: node)) }
        let own = networkState(node)
        let cell = abstraction.cell(of: own)
        guard let visit = visits[cell] else {
          head += 1
          visits[cell] = Visit(state: state, nodes: [node])
          if visits.count >= cellLimit {
            return .agreement(evidence("stopped at its limit of \(cellLimit) cells", head))
          }
          for symbol in 0..<table.symbolCount {
            queue.append((table[state, symbol], trie.child(of: node, symbol: symbol)))
          }
          continue
        }
        if visit.state == state {
          head += 1
          visits[cell]?.nodes.append(node)
          continue
        }
        // One cell, two states of the hypothesis: a suffix that tells the states apart accuses the network or the cell.
        guard let suffix = refinement.shortestDistinguishingWord(visit.state, state) else {
          head += 1
          continue
        }
        let accused = (visit.nodes.map { ($0, visit.state) } + [(node, state)])
          .sorted { (trie.depth(of: $0.0), $0.0) < (trie.depth(of: $1.0), $1.0) }
        for (node, state) in accused {
          let output = try trie.output(trie.node(for: suffix, from: node))
          if output != hypothesis.outputs[table.state(after: suffix, from: state)] {
            return .disagreement(trie.word(of: node) + suffix)
          }
        }
        let others = visit.nodes.map { networkState($0) }
        if others.contains(own) {
          // Equal states and yet two suffixes' worth of difference cannot be: the suffix would have told.
          head += 1
          continue
        }
        if !abstraction.part(own, from: others) { continue search }
      }
      return .agreement(evidence("no conflict", head))
    }
  }

  private func evidence(_ end: String, _ words: Int) -> Evidence {
    Evidence(
      oracle: name,
      statement:
        "\(end) in a partition of the network's states into \(abstraction.cellCount) cells, of which "
        + "\(words) words were followed; this bounds nothing",
      words: words)
  }
}
