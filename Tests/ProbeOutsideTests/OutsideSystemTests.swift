import ProbeAutomata
import ProbeOutside
import Testing

@Suite struct OutsideSystemTests {
  /// All words of two symbols to a length.
  private func words(to length: Int) -> [Word] {
    var all: [Word] = [[]]
    var last: [Word] = [[]]
    for _ in 0..<length {
      last = last.flatMap { [$0 + [0], $0 + [1]] }
      all += last
    }
    return all
  }

  @Test("every word to length 10 has its label, whatever order it is asked in")
  func parity() throws {
    let system = try OutsideSystem(try child("all"))
    #expect(system.alphabet.symbols == ["a", "b"])
    #expect(system.outputNames == ["even", "odd"])
    var trie = PrefixTrie(system)
    for word in words(to: 10).reversed() { _ = trie.node(for: word) }
    for word in words(to: 10) {
      #expect(try trie.output(of: word) == Int32(word.count { $0 == 1 } % 2))
    }
    #expect(trie.steps == 2047)
    #expect(trie.smallestMargin == nil)
  }

  @Test("margins come with the labels where the program gives them")
  func margins() throws {
    var trie = PrefixTrie(try OutsideSystem(try child("margins")))
    #expect(try trie.output(of: [1, 0, 1]) == 0)
    #expect(trie.smallestMargin?.margin == 0.25)
  }

  @Test("labels and margins that cannot be are errors that name the word")
  func wrong() throws {
    var trie = PrefixTrie(try OutsideSystem(try child("wrong-output")))
    let label = errorText { _ = try trie.output(of: [Int]()) }
    #expect(
      label.hasSuffix(
        "answered 1 words with what cannot be: the word ε has the output 2; its outputs are 0 to 1"))
    var other = PrefixTrie(try OutsideSystem(try child("negative-margin")))
    let margin = errorText { _ = try other.output(of: [Int]()) }
    #expect(margin.hasSuffix("the word ε has the margin -1.0; margins are at least 0"))
  }
}
