import ProbeAutomata
import ProbeLinearAlgebra
import RealModule

/// What one learner made of a network, and how near it comes.
struct LearntMachine {
  /// Who learnt.
  let learner: String
  /// What was learnt: a machine that can be drawn, or weights.
  let value: Value
  /// What to know of it, in words: how it came about, what was forced.
  let remark: String
  /// Against the network, on words drawn from it.
  var network = NextSymbolFidelity()
  /// Against the task, on words drawn from it; nil where the task has no machine.
  var task: NextSymbolFidelity?
  /// Of a weighted automaton: prefixes of words drawn from the network with a negative share, and the least share.
  var negatives: (count: Int, smallest: Double)?

  /// A machine, or an automaton of prefix probabilities.
  enum Value {
    case machine(ProbabilisticMachine)
    case weighted(WeightedAutomaton)
  }

  init(_ learner: String, _ value: Value, remark: String = "") {
    self.learner = learner
    self.value = value
    self.remark = remark
  }

  /// The number of states.
  var stateCount: Int {
    switch value {
    case .machine(let machine): machine.stateCount
    case .weighted(let automaton): automaton.stateCount
    }
  }

  /// The machine, where it is one.
  var machine: ProbabilisticMachine? {
    if case .machine(let machine) = value { machine } else { nil }
  }

  /// Measures it against a source of words.
  mutating func measure<Reference: NextSymbolSource>(
    _ reference: inout DistributionTrie<Reference>, on words: [Word], from first: Int, hasEnd: Bool,
    margin: Double
  ) throws -> NextSymbolFidelity {
    switch value {
    case .machine(let machine):
      var model = DistributionTrie(MachineSource(machine))
      return try .measure(&reference, &model, on: words, from: first, margin: margin)
    case .weighted(let automaton):
      var model = DistributionTrie(WeightedSource(automaton, hasEnd: hasEnd))
      let result = try NextSymbolFidelity.measure(
        &reference, &model, on: words, from: first, margin: margin)
      negatives = (model.source.negatives, model.source.smallest)
      return result
    }
  }
}

/// The distributions of a machine's states as a matrix of their logarithms.
struct LogProbabilities {
  /// Largest first.
  let singularValues: [Double]
  /// The number of singular values above what rounding leaves: what the rank of a network's last layer must reach to say
  /// as much (Borenstein et al., arXiv:2406.04289).
  let rank: Int

  /// Rows are states, columns symbols, the end where there is one; probabilities have the floor of fidelities.
  init(_ machine: ProbabilisticMachine) throws {
    let hasEnd = machine.endProbabilities.contains { $0 > 0 }
    let width = machine.alphabet.count + (hasEnd ? 1 : 0)
    let floor = NextSymbolFidelity.floor
    var matrix = Matrix<Double>(rows: machine.stateCount, columns: width)
    for state in 0..<machine.stateCount {
      for (symbol, probability) in machine.row(of: state).prefix(width).enumerated() {
        matrix[state, symbol] = Double.log((1 - floor) * probability + floor / Double(width))
      }
    }
    let values = try matrix.singularValues()
    singularValues = values
    let cut = Double(max(machine.stateCount, width)) * Double.ulpOfOne * (values.first ?? 0)
    rank = values.count { $0 > cut }
  }
}

extension ProbabilisticMachine {
  /// For each state a shortest word that leads there by symbols that are not negligible, the first in the order of symbols; by any
  /// symbols where there is none.
  func likelyAccessWords(negligible: Double) -> [Word?] {
    var words = [Word?](repeating: nil, count: stateCount)
    words[transitions.start] = []
    var order = [transitions.start]
    var head = 0
    while head < order.count {
      let state = order[head]
      head += 1
      for symbol in 0..<alphabet.count where probability(of: symbol, in: state) >= negligible {
        let target = transitions[state, symbol]
        guard words[target] == nil, let word = words[state] else { continue }
        words[target] = word + [symbol]
        order.append(target)
      }
    }
    return zip(words, transitions.accessWords).map { $0 ?? $1 }
  }
}
