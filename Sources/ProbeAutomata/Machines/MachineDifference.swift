/// How two machines differ: their sizes, the shortest words that tell them apart, and on what share of words they differ.
public struct MachineDifference: Sendable, Hashable {
  /// A word and what each machine shows after it.
  public struct Disagreement: Sendable, Hashable {
    /// The word.
    public var word: Word
    /// The first machine's output, by name.
    public var first: String
    /// The second machine's output, by name.
    public var second: String

    /// A disagreement.
    public init(word: Word, first: String, second: String) {
      self.word = word
      self.first = first
      self.second = second
    }
  }

  /// The symbols that words are given in: the first machine's.
  public let alphabet: Alphabet
  /// The numbers of states of the two machines when minimal.
  public let minimalStates: [Int]
  /// The first words in length and then in the order of symbols on which they differ.
  public let disagreements: [Disagreement]
  /// `[length]`: the share, in [0, 1], of all words of the length on which they differ.
  public let shares: [Double]

  /// Compares two machines by the words that they read and the names of what they show.
  ///
  /// - Parameters:
  ///   - first: the first machine.
  ///   - second: the second, over the same symbols in any order.
  ///   - words: the most disagreements to list.
  ///   - longest: the greatest length for `shares`.
  /// - Throws: ``AutomataError/differentAlphabets(_:_:)``.
  /// - Complexity: O(length * symbols * pairs of states), the pairs being those of the minimal machines.
  public init(
    _ first: MooreMachine, _ second: MooreMachine, words: Int = 10, longest: Int = 20
  ) throws(AutomataError) {
    let a = first.minimized()
    let b = try second.reordered(to: first.alphabet).minimized()
    alphabet = first.alphabet
    minimalStates = [a.stateCount, b.stateCount]
    let difference = a.symmetricDifference(b).minimized()
    disagreements = ShortlexWords(difference).prefix(words).map { word in
      Disagreement(
        word: word, first: a.outputNames[a.output(of: word)], second: b.outputNames[b.output(of: word)])
    }
    shares = difference.outputShares(to: longest)
  }

  /// Whether the machines are the same function of words.
  public var isEmpty: Bool { disagreements.isEmpty && shares.allSatisfy { $0 == 0 } }
}

extension MooreMachine {
  /// The share of all words of each length that lead to an output.
  ///
  /// - Parameters:
  ///   - longest: the greatest length.
  ///   - output: the index of the output.
  /// - Returns: `[length]`, from 0 on; 0 for lengths of which there is no word.
  /// - Complexity: O(length * symbols * states).
  public func outputShares(to longest: Int, output: Int = 1) -> [Double] {
    var mass = [Double](repeating: 0, count: stateCount)
    mass[transitions.start] = 1
    var shares: [Double] = []
    for length in 0...longest {
      if length > 0 {
        var next = [Double](repeating: 0, count: stateCount)
        for state in 0..<stateCount where mass[state] > 0 {
          for symbol in 0..<alphabet.count {
            next[transitions[state, symbol]] += mass[state] / Double(alphabet.count)
          }
        }
        mass = next
      }
      shares.append(zip(mass, outputs).reduce(0) { Int($1.1) == output ? $0 + $1.0 : $0 })
    }
    return shares
  }
}
