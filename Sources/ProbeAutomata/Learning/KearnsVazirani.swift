/// The learner of Kearns and Vazirani, with TTT's care for short discriminators.
///
/// A word is sifted through a ``DiscriminationTree`` to the state it leads to; every state's successors are sifted, many side
/// by side and a level of the tree at a time. A counterexample splits one leaf (Rivest and Schapire's breakpoint) by a
/// suffix of the counterexample, which may be long. As in TTT such a suffix is replaced by one symbol and a suffix already in
/// the tree as soon as some symbol leads the two states to different places, and where none does, the long suffix
/// itself refutes the hypothesis and is used as a counterexample before any other is asked for. Unlike TTT a suffix
/// stays where one of its two states was split again before it could be replaced. Kearns and Vazirani (1994), section 8.4;
/// Isberner, Howar and Steffen, "The TTT algorithm", RV 2014, doi:10.1007/978-3-319-11164-3_26.
///
/// States are numbered in the order in which they were found; state 0 is the start.
///
/// - Complexity: for n states, k symbols and counterexamples of at most m symbols n·k sifts of at most n, usually O(log n),
///   words each, and n·log₂ m further words. It asks fewer words than ``LStar`` and refutes more hypotheses.
public struct KearnsVazirani: ActiveLearner {
  public static let name = "KV"

  private var tree = DiscriminationTree()
  /// `[state]`: the node of its access word, and its leaf.
  private var access: [Int32] = []
  private var leaves: [Int32] = []
  private var outputs: [Int32] = []
  /// `[state, symbol]`: the node of the word, where its sift stands, and the state it leads to.
  private var words: [Int32] = []
  private var places: [Int32] = []
  private var next: [Int32] = []
  /// The transitions that end at each leaf, as lists.
  private var firstIncoming: [Int32] = []
  private var nextIncoming: [Int32] = []

  /// The transitions that are on their way down the tree.
  private var pending: [Int32] = []
  /// A leaf that was just split; what arrives there waits until its suffix is settled.
  private var open: Split?
  private var parked: [Int32] = []
  /// The splits whose suffix is still one of a counterexample.
  private var temporary: [Split] = []
  private var machine: MooreMachine?

  private struct Split {
    var node: Int32
    var state: Int32
    var newState: Int32
  }

  /// A learner that knows nothing.
  public init() {}

  /// The suffixes of the inner nodes.
  public var discriminators: [Word] { tree.suffixes.compactMap { $0 } }

  public mutating func hypothesis<System: SystemUnderLearning>(_ trie: inout PrefixTrie<System>) throws
    -> MooreMachine
  {
    if let machine { return machine }
    if access.isEmpty {
      let output = try trie.output(0)
      _ = addState(word: 0, below: DiscriminationTree.root, output: output, &trie.tree)
    }
    while true {
      try sift(&trie)
      if let split = open {
        if !shorten(split) { temporary.append(split) }
        open = nil
        swap(&pending, &parked)
        continue
      }
      let result = MooreMachine(
        alphabet: trie.alphabet, outputNames: trie.system.outputNames,
        transitions: Transitions(stateCount: access.count, symbolCount: trie.tree.width, next: next),
        outputs: outputs)
      if try settleTemporary(result, &trie) {
        machine = result
        return result
      }
    }
  }

  public mutating func refine<System: SystemUnderLearning>(
    with counterexample: Word, _ trie: inout PrefixTrie<System>
  ) throws {
    try split(by: counterexample, try hypothesis(&trie), &trie)
  }

  /// Splits the leaf at which a counterexample parts from the hypothesis.
  private mutating func split<System: SystemUnderLearning>(
    by counterexample: Word, _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws {
    let breakpoint = try Breakpoint.find(
      in: counterexample, hypothesis, access: access, learner: Self.name, &trie)
    let transition = breakpoint.state * trie.tree.width + breakpoint.symbol
    let state = next[transition]
    let node = leaves[Int(state)]
    let word = words[transition]
    let oldOutput = try trie.output(trie.node(for: breakpoint.suffix, from: access[Int(state)]))
    let newOutput = try trie.output(trie.node(for: breakpoint.suffix, from: word))
    machine = nil
    parked.append(contentsOf: takeIncoming(of: node))
    leaves[Int(state)] = tree.split(node, by: breakpoint.suffix, output: oldOutput)
    firstIncoming.append(-1)
    let newState = addState(word: word, below: node, output: newOutput, &trie.tree)
    open = Split(node: node, state: state, newState: newState)
  }

  /// A new state; its successors begin at the root.
  private mutating func addState(word: Int32, below node: Int32, output: Int32, _ prefixes: inout PrefixTree)
    -> Int32
  {
    let state = Int32(access.count)
    access.append(word)
    outputs.append(prefixes.outputs[Int(word)])
    leaves.append(tree.addLeaf(of: state, below: node, output: output))
    while firstIncoming.count < tree.states.count { firstIncoming.append(-1) }
    for symbol in 0..<prefixes.width {
      pending.append(Int32(words.count))
      words.append(prefixes.child(of: word, symbol: symbol))
      places.append(DiscriminationTree.root)
      next.append(0)
      nextIncoming.append(-1)
    }
    return state
  }

  /// Moves all pending transitions down to leaves, or to the open split, a level at a time.
  private mutating func sift<System: SystemUnderLearning>(_ trie: inout PrefixTrie<System>) throws {
    while !pending.isEmpty {
      let cells = nextCells(&trie.tree)
      if cells.contains(where: { trie.tree.outputs[Int($0)] < 0 }) { try trie.run() }
      let moved = pending
      pending.removeAll(keepingCapacity: true)
      for (transition, cell) in zip(moved, cells) {
        let output = trie.tree.outputs[Int(cell)]
        let place = places[Int(transition)]
        var child = tree.child(of: place, output: output)
        if child < 0 {
          let state = addState(word: words[Int(transition)], below: place, output: output, &trie.tree)
          child = leaves[Int(state)]
        }
        places[Int(transition)] = child
        if tree.isLeaf(child) {
          next[Int(transition)] = tree.states[Int(child)]
          nextIncoming[Int(transition)] = firstIncoming[Int(child)]
          firstIncoming[Int(child)] = transition
        } else if child == open?.node {
          parked.append(transition)
        } else {
          pending.append(transition)
        }
      }
    }
  }

  /// The nodes whose outputs say where the pending transitions go next.
  private func nextCells(_ prefixes: inout PrefixTree) -> [Int32] {
    pending.map { transition in
      guard let suffix = tree.suffixes[Int(places[Int(transition)])] else {
        preconditionFailure("a leaf is no place to sift on from")
      }
      return prefixes.node(for: suffix, from: words[Int(transition)])
    }
  }

  /// Replaces a split's suffix by the shortest of one symbol and a suffix in the tree that tells its two states apart.
  ///
  /// - Returns: whether the suffix is now such a one.
  private mutating func shorten(_ split: Split) -> Bool {
    guard let current = tree.suffixes[Int(split.node)] else { return true }
    let width = words.count / access.count
    var best: (suffix: Word, output: Int32, newOutput: Int32)?
    for symbol in 0..<width {
      let one = places[Int(split.state) * width + symbol]
      let other = places[Int(split.newState) * width + symbol]
      if let found = tree.separator(one, other), let rest = tree.suffixes[Int(found.node)],
        rest.count + 1 < best?.suffix.count ?? current.count + 1
      {
        best = ([symbol] + rest, found.output, found.otherOutput)
      }
    }
    guard let best else { return false }
    tree.replaceSuffix(
      of: split.node, by: best.suffix, (leaves[Int(split.state)], best.output),
      (leaves[Int(split.newState)], best.newOutput))
    return true
  }

  /// Looks at the suffixes that are still those of counterexamples: shortens them, or uses them as counterexamples.
  ///
  /// - Returns: whether the hypothesis stands.
  private mutating func settleTemporary<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> Bool {
    while let split = temporary.last {
      guard let suffix = tree.suffixes[Int(split.node)] else { break }
      for state in [split.state, split.newState] {
        let predicted = hypothesis.outputs[hypothesis.transitions.state(after: suffix, from: Int(state))]
        if try trie.output(trie.node(for: suffix, from: access[Int(state)])) != predicted {
          try self.split(by: trie.word(of: access[Int(state)]) + suffix, hypothesis, &trie)
          return false
        }
      }
      temporary.removeLast()
      let both = [leaves[Int(split.state)], leaves[Int(split.newState)]]
      if tree.hasChildren(split.node, both), shorten(split) {
        // What ended at the two leaves may be told apart otherwise by the new suffix.
        for leaf in both { pending.append(contentsOf: takeIncoming(of: leaf)) }
        for transition in pending { places[Int(transition)] = split.node }
        return false
      }
    }
    return true
  }

  /// Empties the list of the transitions that end at a leaf.
  private mutating func takeIncoming(of leaf: Int32) -> [Int32] {
    var list: [Int32] = []
    var transition = firstIncoming[Int(leaf)]
    firstIncoming[Int(leaf)] = -1
    while transition >= 0 {
      list.append(transition)
      let following = nextIncoming[Int(transition)]
      nextIncoming[Int(transition)] = -1
      transition = following
    }
    return list
  }
}
