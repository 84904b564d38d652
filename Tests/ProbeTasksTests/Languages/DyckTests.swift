import ProbeTasks
import Testing

@Suite("Dyck-(k, m)")
struct DyckTests {
  @Test(
    "the minimal automaton has (k^(m+1) - 1)/(k - 1) + 1 states, m + 2 for one kind",
    arguments: [(1, 1, 3), (1, 5, 7), (2, 2, 8), (2, 3, 16), (2, 4, 32), (3, 3, 41), (5, 1, 7)])
  func sizes(k: Int, m: Int, states: Int) throws {
    let task = try Dyck(parsing: "dyck:k=\(k),depth=\(m)")
    #expect(task.language.states.count == states && task.language.isMinimal)
    #expect(task.automaton?.states.count == states)
  }

  @Test(
    "a word belongs when deleting adjacent pairs leaves nothing and never more than m are open",
    arguments: [(1, 1, 9), (1, 3, 9), (2, 2, 6), (3, 2, 5)])
  func membership(k: Int, m: Int, length: Int) {
    let language = RegularLanguage.dyck(kinds: k, depth: m)
    for word in words(symbols: 2 * k, upTo: length) {
      let names = word.map { language.symbols[$0] }
      #expect((language.answer(names) == "accepted") == Self.isBalanced(names, depth: m), "\(names)")
    }
  }

  @Test("targets follow the definition along every word", arguments: ["", "k=1,depth=10", "k=6,depth=2"])
  func trials(parameters: String) throws {
    let task = try Dyck(parsing: parameters.isEmpty ? "dyck" : "dyck:\(parameters)")
    let depth = parameters.hasSuffix("10") ? 10 : parameters.isEmpty ? 3 : 2
    let wrong = try task.firstDisagreement(trials: 50) {
      Self.isBalanced($0, depth: depth) ? "accepted" : "rejected"
    }
    #expect(wrong == nil)
  }

  @Test("states are named by their open brackets, in the order of breadth first search")
  func names() {
    let language = RegularLanguage.dyck(kinds: 2, depth: 2)
    #expect(language.symbols == ["(", ")", "[", "]"])
    #expect(language.states == ["ε", "(", "sink", "[", "((", "([", "[(", "[["])
    #expect(RegularLanguage.dyck(kinds: 5, depth: 1).symbols.prefix(4) == ["(0", ")0", "(1", ")1"])
  }

  @Test("depths whose automata would be too large are refused, with the reason")
  func limits() throws {
    #expect(
      fault("dyck:k=2,depth=14")
        == "task dyck cannot take depth=14: wanted a whole number from 1 to 13 (with k=2 the minimal automaton "
        + "of depth 14 has more than 20000 states)")
    #expect(
      fault("dyck:k=1,depth=1001") == "task dyck cannot take depth=1001: wanted a whole number from 1 to 1000"
    )
    #expect(fault("dyck:k=0") == "task dyck cannot take k=0: wanted a whole number from 1 to 64")
    #expect(try Dyck(parsing: "dyck:k=1,depth=1000").language.states.count == 1002)
  }

  static func isBalanced(_ word: [String], depth: Int) -> Bool {
    func isClosing(_ symbol: String) -> Bool { ")]}>".contains(symbol.prefix(1)) }
    func kind(_ symbol: String) -> String {
      switch symbol {
      case "(", ")": "round"
      case "[", "]": "square"
      case "{", "}": "curly"
      case "<", ">": "angled"
      default: String(symbol.dropFirst())
      }
    }
    var open = 0
    for symbol in word {
      open += isClosing(symbol) ? -1 : 1
      if open > depth { return false }
    }
    var rest = word
    while let index = rest.indices.dropLast().first(where: {
      !isClosing(rest[$0]) && isClosing(rest[$0 + 1]) && kind(rest[$0]) == kind(rest[$0 + 1])
    }) {
      rest.removeSubrange(index...index + 1)
    }
    return rest.isEmpty
  }
}
