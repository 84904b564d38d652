import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Random automata")
struct RandomLanguageTests {
  @Test(
    "a random language's minimal automaton has exactly the states asked for, numbered breadth first",
    arguments: [(2, 1), (2, 2), (3, 1), (7, 1), (10, 2), (20, 3), (50, 2), (40, 5)])
  func exact(states: Int, symbols: Int) throws {
    for seed in 0..<20 {
      let task = try RandomDFA(
        parsing: "random-dfa:states=\(states),symbols=\(symbols),language-seed=\(seed)")
      let language = task.language
      #expect(language.states.count == states && language.symbols.count == symbols && language.isMinimal)
      var order = [0]
      for state in 0..<states where state < order.count {
        for target in language.next[order[state]] where !order.contains(target) { order.append(target) }
      }
      #expect(order == Array(0..<states))
    }
  }

  @Test("large ones too, also over one symbol", arguments: [(10_000, 2), (10_000, 1), (1000, 100)])
  func large(states: Int, symbols: Int) {
    let language = RegularLanguage.random(states: states, symbols: symbols, seed: 1)
    // Words of up to a few dozen symbols tell the states apart: their answers, hashed along random words.
    var random = RandomGenerator(seed: 2)
    var behaviours = language.next.indices.map { [language.answers[$0]] }
    for _ in 0..<60 {
      let word = (0..<40).map { _ in random.integer(below: symbols) }
      for state in language.next.indices {
        var place = state
        var bits = 0
        for symbol in word {
          place = language.next[place][symbol]
          bits = bits << 1 | language.answers[place]
        }
        behaviours[state].append(bits)
      }
    }
    #expect(language.states.count == states && Set(behaviours).count == states)
  }

  @Test("the language depends on its own seed alone, the words on theirs")
  func seeds() throws {
    let first = try RandomDFA(parsing: "random-dfa:language-seed=1")
    let again = try RandomDFA(parsing: "random-dfa:language-seed=1,seed=9")
    let other = try RandomDFA(parsing: "random-dfa:language-seed=2")
    #expect(first.language == again.language && first.language != other.language)
    #expect(first.trial(0) != again.trial(0))
    let stream = try RandomPDFA(parsing: "random-pdfa:language-seed=1,seed=9")
    #expect(stream.language == (try RandomPDFA(parsing: "random-pdfa:language-seed=1")).language)
    #expect(stream.language != (try RandomPDFA(parsing: "random-pdfa")).language)
  }

  @Test("the words' targets follow the table", arguments: ["", "states=30,symbols=4,language-seed=3"])
  func targets(parameters: String) throws {
    let task = try RandomDFA(parsing: parameters.isEmpty ? "random-dfa" : "random-dfa:\(parameters)")
    let language = task.language
    let wrong = try task.firstDisagreement(trials: 20) { word in
      var state = 0
      for symbol in word { state = language.next[state][Int(symbol) ?? -1] }
      return language.accepts[state] ? "accepted" : "rejected"
    }
    #expect(wrong == nil)
  }

  @Test(
    "a random PDFA has distributions, all different, and ends lead to the start",
    arguments: [(1, 2, 0.0), (5, 2, 0), (5, 2, 0.2), (30, 4, 0.1), (4, 3, 0.5), (2000, 2, 0)])
  func distributions(states: Int, symbols: Int, end: Double) throws {
    let language = ProbabilisticLanguage.random(states: states, symbols: symbols, end: end, seed: 4)
    #expect(language.states.count == states && language.symbols.count == symbols + (end > 0 ? 1 : 0))
    #expect(language.end == (end > 0 ? symbols : nil))
    for (row, next) in zip(language.probabilities, language.next) {
      // k gaps, each rounded once or twice.
      #expect(abs(row.reduce(0, +) - 1) <= 4 * Double(symbols + 1) * Double.ulpOfOne)
      #expect(row.allSatisfy { $0 > 0 && $0 <= 1 } && next.allSatisfy((0..<states).contains))
      if let symbol = language.end {
        #expect(next[symbol] == 0 && row[symbol] < 2 * end)
      }
    }
    #expect(Set(language.probabilities).count == states)
    // Distances to and from the start, by as many rounds as it takes.
    var leadsBack = Set([0])
    var isReached = Set([0])
    for _ in 0..<200 {
      leadsBack.formUnion(
        language.next.indices.filter { language.next[$0].contains(where: leadsBack.contains) })
      isReached.formUnion(isReached.flatMap { language.next[$0] })
    }
    #expect(leadsBack.count == states && isReached.count == states)
  }

  @Test("symbols occur after each state as often as the targets say, within five standard errors")
  func frequencies() throws {
    let task = try RandomPDFA(parsing: "random-pdfa:states=4,symbols=3,end=0.1,steps=2000")
    var counts = task.language.probabilities
    for state in counts.indices { counts[state] = counts[state].map { _ in 0 } }
    for index in 0..<10 {
      let trial = task.trial(index)
      let word = try tokens(of: trial)
      var state = 0
      for (symbol, label) in zip(word, try #require(trial.labels)) {
        counts[state][symbol] += 1
        #expect(task.language.next[state][symbol] == label)
        state = label
      }
    }
    for (row, truth) in zip(counts, task.language.probabilities) {
      let total = row.reduce(0, +)
      #expect(total > 100)
      for (count, probability) in zip(row, truth) {
        let error: Double = (probability * (1.0 - probability) / total).squareRoot()
        #expect(abs(count / total - probability) <= 5 * error)
      }
    }
  }

  @Test("the limits of each parameter")
  func limits() {
    #expect(
      fault("random-dfa:states=1")
        == "task random-dfa cannot take states=1: wanted a whole number from 2 to 10000")
    #expect(
      fault("random-dfa:symbols=0")
        == "task random-dfa cannot take symbols=0: wanted a whole number from 1 to 100")
    #expect(
      fault("random-pdfa:end=0.6") == "task random-pdfa cannot take end=0.6: wanted a number from 0.0 to 0.5")
    #expect(
      fault("random-pdfa:language-seed=x")
        == "task random-pdfa cannot take language-seed=x: wanted a whole number from 0 to 2^64 - 1")
  }
}
