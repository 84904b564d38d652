extension PrefixTrie {
  /// The shortest prefix of any of the words on which the system and a machine differ, the first in the order of symbols
  /// among the shortest; nil where they agree on all words and all their prefixes.
  ///
  /// - Throws: ``BudgetSpent`` and what the system throws.
  mutating func shortestDisagreement(among words: some Collection<Word>, with machine: MooreMachine) throws
    -> Word?
  {
    try budget.checkTime()
    let ends = words.map { node(for: $0) }
    if let last = ends.last { _ = try output(last) }
    var best: Word?
    for word in words {
      var node: Int32 = 0
      var state = machine.transitions.start
      var length = 0
      while true {
        if let found = best {
          if length > found.count
            || (length == found.count && !word.prefix(length).lexicographicallyPrecedes(found))
          {
            break
          }
        }
        if try output(node) != machine.outputs[state] {
          best = Array(word.prefix(length))
          break
        }
        if length == word.count { break }
        node = child(of: node, symbol: word[length])
        state = machine.transitions[state, word[length]]
        length += 1
      }
    }
    return best
  }
}
