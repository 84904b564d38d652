import ProbeAutomata
import ProbeLinearAlgebra

/// Names that formats have trouble with, and machines that bear them.
enum AwkwardNames {
  static let all = [
    "0", "00", "1", "(", ")", "\"", "\\", "{x}", "->", "-", " ", "\u{e9}", "e\u{301}", "", "\n", "\r", "\r\n",
    "a\nb", "\\n",
    "\\\"", "\"\"", "\\\\", "a/b", "/", "|", "a|b", "<", ">", "&#13;", "&amp;", "&#38;#13;", "a,b", ",", ";",
    "]", "[", "=",
    "label=", "  two  blanks ", "\\ ", "tab\there", "\u{0}", "\u{1f600}", "/*", "//", "#", "s0", "__start0",
    "\\N",
    "0.5", "a:b", ":", "strict", "node", "accept", "\u{feff}", "+", "'", "\u{7f}", "{", "}", "\\}",
  ]

  /// A complete Moore machine whose symbols and outputs are awkward names.
  static func mooreMachine(_ generator: inout RandomGenerator) throws -> MooreMachine {
    let symbols = generator.sample(1 + generator.integer(below: 6), of: all.count).map { all[$0] }
    let outputs = generator.sample(2 + generator.integer(below: 4), of: all.count).map { all[$0] }
    let shape = MachineExamples.random(
      &generator, states: 1 + generator.integer(below: 5), symbols: symbols.count, outputs: outputs.count)
    return MooreMachine(
      alphabet: try Alphabet(symbols), outputNames: outputs, transitions: shape.transitions,
      outputs: shape.outputs)
  }

  /// A Mealy machine of the same.
  static func mealyMachine(_ generator: inout RandomGenerator) throws -> MealyMachine {
    let machine = try mooreMachine(&generator)
    return MealyMachine(
      alphabet: machine.alphabet, outputNames: machine.outputNames, transitions: machine.transitions,
      outputs: machine.transitions.next.map { _ in Int32(generator.integer(below: machine.outputNames.count))
      })
  }

  /// A probabilistic machine of the same; some symbols are impossible.
  static func probabilisticMachine(_ generator: inout RandomGenerator) throws -> ProbabilisticMachine {
    let machine = try mooreMachine(&generator)
    var probabilities: [Double] = []
    var ends: [Double] = []
    for _ in 0..<machine.stateCount {
      let weights = machine.alphabet.symbols.map { _ in generator.bernoulli(0.7) ? generator.uniform() : 0 }
      let end = generator.uniform()
      let sum = weights.reduce(end, +)
      probabilities += weights.map { $0 / sum }
      ends.append(end / sum)
    }
    return try ProbabilisticMachine(
      alphabet: machine.alphabet, transitions: machine.transitions, probabilities: probabilities,
      endProbabilities: ends)
  }

  /// Swift's texts are equal when they look alike; these are compared byte for byte.
  static func areSame(_ first: [String], _ second: [String]) -> Bool {
    first.map { Array($0.utf8) } == second.map { Array($0.utf8) }
  }
}
