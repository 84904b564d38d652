internal import Glibc
public import ProbeLinearAlgebra

/// A probabilistic deterministic automaton: each state ends the word or reads a symbol with given probabilities.
///
/// A symbol of probability 0 leads nowhere that matters; in `minimized()` it leads back to its own state. With an end of
/// probability 0 everywhere it is a source of endless words, as a next-symbol model without an end is.
public struct ProbabilisticMachine: Sendable, Hashable {
  /// The symbols it reads.
  public let alphabet: Alphabet
  /// Where symbols lead.
  public let transitions: Transitions
  /// `[state, symbol]`: the probability that the symbol comes next.
  public let probabilities: [Double]
  /// `[state]`: the probability that the word ends here.
  public let endProbabilities: [Double]

  /// By how much the probabilities of a state may miss 1: what rounding to single precision makes of thousands of them.
  public static let sumTolerance = 1e-4

  /// A machine.
  ///
  /// - Precondition: the table has a column for each symbol, and there is a probability for each transition and each end.
  /// - Throws: ``AutomataError/notADistribution(state:sum:)`` where a state's probabilities are not in [0, 1] or do not sum
  ///   to 1 within ``sumTolerance``.
  public init(
    alphabet: Alphabet, transitions: Transitions, probabilities: [Double], endProbabilities: [Double]
  ) throws(AutomataError) {
    precondition(transitions.symbolCount == alphabet.count, "a table of \(transitions.symbolCount) symbols")
    precondition(
      probabilities.count == transitions.next.count && endProbabilities.count == transitions.stateCount,
      "\(probabilities.count) and \(endProbabilities.count) probabilities")
    for state in 0..<transitions.stateCount {
      let row = probabilities[state * alphabet.count..<(state + 1) * alphabet.count]
      let sum = row.reduce(endProbabilities[state], +)
      let isValid = row.allSatisfy { $0 >= 0 } && endProbabilities[state] >= 0
      // Written so that NaN fails.
      guard isValid, abs(sum - 1) <= Self.sumTolerance else {
        throw .notADistribution(state: state, sum: sum)
      }
    }
    self.alphabet = alphabet
    self.transitions = transitions
    self.probabilities = probabilities
    self.endProbabilities = endProbabilities
  }

  private init(
    unchecked alphabet: Alphabet, _ transitions: Transitions, _ probabilities: [Double], _ ends: [Double]
  ) {
    self.alphabet = alphabet
    self.transitions = transitions
    self.probabilities = probabilities
    endProbabilities = ends
  }

  /// The number of states.
  public var stateCount: Int { transitions.stateCount }

  /// The probability that a symbol comes next in a state.
  public func probability(of symbol: Int, in state: Int) -> Double {
    probabilities[state * alphabet.count + symbol]
  }

  /// The natural logarithm of the probability that a word begins with the given one; -infinity where none does.
  public func logPrefixProbability(of word: some Sequence<Int>) -> Double { walk(word).logarithm }

  /// The natural logarithm of the probability of a word and its end; -infinity where it is impossible.
  public func logProbability(of word: some Sequence<Int>) -> Double {
    let (state, logarithm) = walk(word)
    return logarithm + log(endProbabilities[state])
  }

  /// A word drawn by the probabilities, cut at a length.
  public func sample(_ generator: inout RandomGenerator, longest: Int) -> Word {
    var word: Word = []
    var state = transitions.start
    while word.count < longest {
      var left = generator.uniform()
      var drawn: Int?
      for symbol in 0..<alphabet.count {
        let probability = probability(of: symbol, in: state)
        if probability == 0 { continue }
        left -= probability
        if left < 0 {
          drawn = symbol
          break
        }
        // A row that sums to a little under 1 and has no end must still give its last symbol.
        if endProbabilities[state] == 0 { drawn = symbol }
      }
      guard let drawn else { break }
      word.append(drawn)
      state = transitions[state, drawn]
    }
    return word
  }

  /// The machine of fewest states with exactly the same probabilities, in the canonical numbering.
  ///
  /// Being nearly equal is not transitive, so nothing is rounded: probabilities that differ in the last bit keep states apart.
  ///
  /// - Complexity: O(symbols * states * log(states)) time.
  public func minimized() -> ProbabilisticMachine {
    // What follows an impossible symbol must not keep states apart: it all goes to one more state.
    let (count, width) = (stateCount, alphabet.count)
    var next = transitions.next
    for place in next.indices where probabilities[place] == 0 { next[place] = Int32(count) }
    next += [Int32](repeating: Int32(count), count: width)
    let opened = Transitions(
      stateCount: count + 1, symbolCount: width, start: transitions.start, next: next)
    let labels = rowLabels((0..<count).map { row(of: $0) } + [[]])
    let (table, states) = opened.minimized(labels: labels)
    // The new state is taken out again: impossible symbols stay where they are.
    let kept = states.indices.filter { states[$0] < count }
    var numbers = [Int](repeating: 0, count: states.count)
    for (number, state) in kept.enumerated() { numbers[state] = number }
    let closed = Transitions(
      stateCount: kept.count, symbolCount: width,
      next: kept.flatMap { state in
        (0..<width).map { symbol in
          let target = table[state, symbol]
          return Int32(numbers[states[target] < count ? target : state])
        }
      })
    return ProbabilisticMachine(
      unchecked: alphabet, closed, kept.flatMap { row(of: states[$0]).dropLast() },
      kept.map { endProbabilities[states[$0]] })
  }

  /// A shortest word after which some symbol, or the end, is more probable in one machine than in the other by more than a
  /// tolerance; nil where there is none.
  ///
  /// Pairs of states are looked at breadth first; joining them into classes, as exact equivalence may, would be wrong because
  /// being nearly equal is not transitive. A symbol that is impossible in either machine is not followed.
  ///
  /// - Precondition: the alphabets are equal.
  /// - Complexity: O(symbols * states * states) at worst.
  public func shortestDifference(from other: ProbabilisticMachine, tolerance: Double) -> Word? {
    precondition(alphabet == other.alphabet, "machines of different alphabets cannot be compared")
    let product = StateProduct(transitions, other.transitions) { state, counterpart, symbol in
      probability(of: symbol, in: state) > 0 && other.probability(of: symbol, in: counterpart) > 0
    }
    let place = product.pairs.firstIndex { state, counterpart in
      zip(row(of: state), other.row(of: counterpart)).contains { abs($0 - $1) > tolerance }
    }
    return place.map { product.word(to: $0) }
  }

  /// The probabilities of a state's symbols, then of its end.
  public func row(of state: Int) -> [Double] {
    probabilities[state * alphabet.count..<(state + 1) * alphabet.count] + [endProbabilities[state]]
  }

  private func walk(_ word: some Sequence<Int>) -> (state: Int, logarithm: Double) {
    var state = transitions.start
    var sum = 0.0
    for symbol in word {
      let probability = probability(of: symbol, in: state)
      if probability == 0 { return (state, -.infinity) }
      sum += log(probability)
      state = transitions[state, symbol]
    }
    return (state, sum)
  }
}
