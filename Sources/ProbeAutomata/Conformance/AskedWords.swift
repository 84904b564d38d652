/// Looks at every word that was ever asked, which costs nothing.
public struct AskedWords: EquivalenceOracle {
  /// A search of what is known.
  public init() {}

  /// The name in reports.
  public var name: String { "words asked before" }

  /// About how many prefixes a search runs.
  public func cost(of hypothesis: MooreMachine) -> Double { 0 }

  /// Looks for the shortest disagreement, the first in the order of symbols among the shortest.
  ///
  /// - Throws: nothing of its own.
  /// - Complexity: O(words).
  public mutating func search<System: SystemUnderLearning>(
    _ hypothesis: MooreMachine, _ trie: inout PrefixTrie<System>
  ) throws -> SearchOutcome {
    var states = [Int](repeating: hypothesis.transitions.start, count: trie.count)
    var best: Word?
    var words = 0
    // A node's parent has a lower number.
    for node in 0..<Int32(trie.count) {
      if let (parent, symbol) = trie.origin(of: node) {
        states[Int(node)] = hypothesis.transitions[states[Int(parent)], symbol]
      }
      guard let output = trie.known(node) else { continue }
      words += 1
      if output == hypothesis.outputs[states[Int(node)]] { continue }
      if let found = best, trie.depth(of: node) > found.count { continue }
      let word = trie.word(of: node)
      if let found = best, word.count == found.count, !word.lexicographicallyPrecedes(found) { continue }
      best = word
    }
    if let best { return .disagreement(best) }
    return .agreement(
      Evidence(
        oracle: name, statement: "agrees on all \(NumberText.count(words, "word")) asked before", words: words
      ))
  }
}
