extension Transitions {
  /// A shortest word that leads two tables from their starts to states of different labels; nil where none does.
  ///
  /// Pairs of states that are assumed equal are joined in a union-find structure (Hopcroft and Karp, "A linear algorithm
  /// for testing equivalence of finite automata", 1971). With pairs taken in the order in which they were found the word is a
  /// shortest one: a pair is left out only where pairs found before link its ends, and a word that tells the ends apart tells
  /// one link apart.
  ///
  /// - Parameters:
  ///   - other: the other table, of as many symbols.
  ///   - labels: `[state]`: what is seen of each state of this table, then of each of the other.
  /// - Returns: the word.
  /// - Complexity: O(symbols * (states + states)) look-ups, at most states + states - 1 pairs in memory.
  func shortestDifference(from other: Transitions, labels: [Int32]) -> Word? {
    let shift = stateCount
    var classes = UnionFind(count: shift + other.stateCount)
    var pairs = [(start, other.start)]
    var origins: [(parent: Int32, symbol: Int32)] = [(-1, -1)]
    classes.join(start, shift + other.start)
    var head = 0
    while head < pairs.count {
      let (state, counterpart) = pairs[head]
      if labels[state] != labels[shift + counterpart] {
        var word: Word = []
        var place = head
        while origins[place].parent >= 0 {
          word.append(Int(origins[place].symbol))
          place = Int(origins[place].parent)
        }
        return word.reversed()
      }
      for symbol in 0..<symbolCount {
        let pair = (self[state, symbol], other[counterpart, symbol])
        if classes.join(pair.0, shift + pair.1) {
          pairs.append(pair)
          origins.append((Int32(head), Int32(symbol)))
        }
      }
      head += 1
    }
    return nil
  }

  /// The first in length and then in the order of symbols of the words that lead to states of different labels.
  ///
  /// - Parameters:
  ///   - other: the other table, of as many symbols.
  ///   - labels: `[state]`: what is seen of each state of this table, then of each of the other.
  /// - Returns: the word; nil where there is none.
  func firstDifference(from other: Transitions, labels: [Int32]) -> Word? {
    let shift = Int32(stateCount)
    let union = Transitions(
      stateCount: stateCount + other.stateCount, symbolCount: symbolCount,
      next: next + other.next.map { $0 + shift })
    return MooreRefinement(union, labels: labels).shortestDistinguishingWord(start, stateCount + other.start)
  }
}

/// One label for each row of a table of values, equal rows having equal labels, in the order in which they appear.
func rowLabels<Value: Hashable>(_ rows: some Sequence<[Value]>) -> [Int32] {
  var labels: [[Value]: Int32] = [:]
  return rows.map { row in
    let label = labels[row] ?? Int32(labels.count)
    labels[row] = label
    return label
  }
}

/// Numbers for two lists of names such that equal names, byte for byte, have equal numbers.
func commonNumbers(_ first: [String], _ second: [String]) -> (first: [Int32], second: [Int32]) {
  let labels = rowLabels((first + second).map { Array($0.utf8) })
  return (Array(labels.prefix(first.count)), Array(labels.dropFirst(first.count)))
}
