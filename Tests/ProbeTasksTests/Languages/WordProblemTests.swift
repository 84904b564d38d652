import ProbeTasks
import Testing

@Suite("Word problems")
struct WordProblemTests {
  @Test(
    "the minimal automata have as many states as the group elements, whatever is asked and read",
    arguments: [("S3", 6), ("S4", 24), ("S5", 120), ("A4", 12), ("A5", 60)])
  func sizes(group: String, order: Int) throws {
    for answer in ["element", "identity"] {
      for alphabet in ["all", "generators"] {
        let task = try WordProblem(
          parsing: "word-problem:group=\(group),answer=\(answer),alphabet=\(alphabet)")
        #expect(task.language.states.count == order && task.language.isMinimal, "\(answer) \(alphabet)")
        #expect(task.outputSize == (answer == "element" ? order : 2))
        #expect(task.language.symbols.count == (alphabet == "all" ? order : 2))
      }
    }
  }

  @Test("the product sends every letter where following it through the word does", arguments: ["S4", "A5"])
  func products(group: String) throws {
    for alphabet in ["all", "generators"] {
      let task = try WordProblem(parsing: "word-problem:group=\(group),alphabet=\(alphabet),steps=20")
      #expect(try task.firstDisagreement(trials: 10, Self.product) == nil)
      let labels = try #require(task.trial(0).labels)
      let word = try tokens(of: task.trial(0)).map { task.language.symbols[$0] }
      #expect(task.language.states[labels[19]] == Self.product(word))
    }
    let identity = try WordProblem(parsing: "word-problem:group=\(group),answer=identity,alphabet=generators")
    let wrong = try identity.firstDisagreement(trials: 10) { word in
      Array(Self.product(word)) == Self.product(word).sorted() ? "accepted" : "rejected"
    }
    #expect(wrong == nil)
  }

  @Test("elements are numbered in lexicographic order, the identity first; a word's first symbol acts first")
  func order() throws {
    let language = try WordProblem(parsing: "word-problem:group=S3").language
    #expect(language.symbols == ["123", "132", "213", "231", "312", "321"])
    #expect(language.classes == language.symbols && language.states == language.symbols)
    // (1 2) and then (2 3): 1 goes to 2 and on to 3.
    #expect(language.answer(["213", "132"]) == "312")
    #expect(language.answer(["132", "213"]) == "231")
  }

  @Test("A4 and A5 are the even permutations; the generators are those of the textbooks")
  func groups() {
    for name in PermutationGroup.Name.allCases {
      let group = PermutationGroup(name)
      let elements = Set(group.elements)
      for a in group.elements {
        #expect(group.elements.allSatisfy { elements.contains(PermutationGroup.product(a, $0)) })
        if name == .A4 || name == .A5 { #expect(Self.transpositions(a) % 2 == 0) }
      }
    }
    let texts = PermutationGroup.Name.allCases.map {
      PermutationGroup($0).generators.map(PermutationGroup.text)
    }
    #expect(
      texts == [
        ["213", "231"], ["2134", "2341"], ["21345", "23451"], ["2314", "1342"], ["23145", "23451"],
      ])
  }

  /// Follows each letter through the word.
  static func product(_ word: [String]) -> String {
    let degree = word[0].count
    return (1...degree).map { letter in
      word.reduce("\(letter)") { place, permutation in
        "\(Array(permutation)[(Int(place) ?? 0) - 1])"
      }
    }.joined()
  }

  /// The number of letters less the number of cycles.
  static func transpositions(_ permutation: [Int]) -> Int {
    var seen: Set<Int> = []
    var cycles = 0
    for letter in permutation where !seen.contains(letter) {
      cycles += 1
      var place = letter
      while seen.insert(place).inserted { place = permutation[place] }
    }
    return permutation.count - cycles
  }
}
