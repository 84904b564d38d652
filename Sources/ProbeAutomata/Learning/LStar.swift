/// L* with an observation table whose columns alone grow from counterexamples.
///
/// A row is a word, a column a suffix, a cell the system's output on both. One row a state leads to it (its access word); the
/// others are those with one more symbol. Rows that no state has become states (the table is closed); a counterexample
/// adds the one suffix that tells two equal rows apart. Angluin, "Learning regular sets from queries and counterexamples",
/// Information and Computation 75 (1987) 87, with the counterexamples of Rivest and Schapire, Information and Computation
/// 103 (1993) 299. States are numbered in the order in which they were found; state 0 is the start.
///
/// Whole fills of the table are put into the tree of prefixes before any is run, so that batches are as large as they can be.
///
/// - Complexity: for n states, k symbols, o outputs and counterexamples of at most m symbols at most (n·k + 1)·n cells and
///   n·log₂ m further words, usually (n·k + 1)·O(log n) cells.
public struct LStar: ActiveLearner {
  public static let name = "L*"

  /// The columns. The first is the empty word.
  private var suffixes: [Word] = [[]]
  /// `[row]`: the word of each row. Row 0 is the empty word.
  private var words: [Int32] = [0]
  /// `[row]`: the outputs of its filled cells, interned, and how many they are.
  private var rows: [Int32] = [RowTrie.root]
  private var filled: [Int32] = [0]
  private var interned = RowTrie()
  /// `[state]`: its row, and the row of its access word with the first symbol; those of the further symbols follow it.
  private var rowOfState: [Int] = [0]
  private var firstSuccessor: [Int] = []
  /// The last closed table's machine.
  private var machine: MooreMachine?

  /// A learner that knows nothing.
  public init() {}

  /// The words that tell states apart, in the order in which they were found.
  public var columns: [Word] { suffixes }

  public mutating func hypothesis<System: SystemUnderLearning>(_ trie: inout PrefixTrie<System>) throws
    -> MooreMachine
  {
    if let machine { return machine }
    var stateOfRow: [Int32] = []
    var unchecked = 0
    while true {
      addSuccessors(to: &trie.tree)
      let cells = missingCells(in: &trie.tree)
      if !cells.isEmpty {
        try trie.run()
        fill(cells, from: trie.tree)
      }
      // The states' rows are the same throughout a closing; only new ones are looked at again.
      stateOfRow.append(contentsOf: repeatElement(-1, count: interned.count - stateOfRow.count))
      if unchecked == 0 {
        for (state, row) in rowOfState.enumerated() { stateOfRow[Int(rows[row])] = Int32(state) }
      }
      let known = rowOfState.count
      for row in unchecked..<rows.count where stateOfRow[Int(rows[row])] < 0 {
        stateOfRow[Int(rows[row])] = Int32(rowOfState.count)
        rowOfState.append(row)
      }
      unchecked = rows.count
      if rowOfState.count == known { break }
    }
    let width = trie.alphabet.count
    var next: [Int32] = []
    next.reserveCapacity(rowOfState.count * width)
    for first in firstSuccessor {
      for row in first..<(first + width) { next.append(stateOfRow[Int(rows[row])]) }
    }
    let result = MooreMachine(
      alphabet: trie.alphabet, outputNames: trie.system.outputNames,
      transitions: Transitions(stateCount: rowOfState.count, symbolCount: width, next: next),
      outputs: rowOfState.map { trie.tree.outputs[Int(words[$0])] })
    machine = result
    return result
  }

  public mutating func refine<System: SystemUnderLearning>(
    with counterexample: Word, _ trie: inout PrefixTrie<System>
  ) throws {
    let machine = try hypothesis(&trie)
    let breakpoint = try Breakpoint.find(
      in: counterexample, machine, access: rowOfState.map { words[$0] }, learner: Self.name, &trie)
    suffixes.append(breakpoint.suffix)
    self.machine = nil
  }

  /// Gives every state the rows of its access word with one more symbol.
  private mutating func addSuccessors(to tree: inout PrefixTree) {
    for state in firstSuccessor.count..<rowOfState.count {
      firstSuccessor.append(words.count)
      let access = words[rowOfState[state]]
      for symbol in 0..<tree.width {
        words.append(tree.child(of: access, symbol: symbol))
        rows.append(RowTrie.root)
        filled.append(0)
      }
    }
  }

  /// The nodes of all cells that are not filled, row by row.
  private func missingCells(in tree: inout PrefixTree) -> [Int32] {
    var cells: [Int32] = []
    for row in words.indices {
      for column in Int(filled[row])..<suffixes.count {
        cells.append(tree.node(for: suffixes[column], from: words[row]))
      }
    }
    return cells
  }

  private mutating func fill(_ cells: [Int32], from tree: PrefixTree) {
    var place = 0
    for row in words.indices where Int(filled[row]) < suffixes.count {
      var outputs = rows[row]
      for _ in Int(filled[row])..<suffixes.count {
        outputs = interned.child(of: outputs, output: tree.outputs[Int(cells[place])])
        place += 1
      }
      rows[row] = outputs
      filled[row] = Int32(suffixes.count)
    }
  }
}
