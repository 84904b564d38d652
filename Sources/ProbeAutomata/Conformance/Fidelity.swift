public import ProbeLinearAlgebra

/// How often a machine and a system agree on stated words, by length and by the system's class.
public struct Fidelity: Sendable, Equatable {
  /// Words compared and words agreeing.
  public struct Tally: Sendable, Equatable {
    /// The words compared.
    public var words = 0
    /// The words on which both agree.
    public var agreements = 0

    /// No words.
    public init() {}

    /// The share with Wilson's 95 % interval.
    public var interval: WilsonInterval { WilsonInterval(successes: agreements, trials: words) }
    /// An upper 95 % bound on the share of disagreements where there are none: three over the words (Hanley and Lippman-Hand,
    /// "If nothing goes wrong, is everything all right?", JAMA 249 (1983) 1743); nil where there are some, or no words.
    public var errorBound: Double? { words > 0 && agreements == words ? min(1, 3 / Double(words)) : nil }

    mutating func count(_ agrees: Bool) {
      words += 1
      if agrees { agreements += 1 }
    }
  }

  /// The words of one length and one class of the system.
  public struct Cell: Sendable, Equatable {
    /// The length.
    public let length: Int
    /// The index of the output that the system gives.
    public let output: Int
    /// Machine against system.
    public let tally: Tally
  }

  /// How the words came about.
  public let sample: String
  /// By length and class; those without a word are left out.
  public let cells: [Cell]
  /// Machine against system, after every symbol of every word and before the first.
  public let prefixes: Tally
  /// Machine against the true language, where one was given.
  public let machineAgainstTruth: Tally?
  /// System against the true language, where one was given.
  public let systemAgainstTruth: Tally?
  /// The shortest word, or prefix of one, on which machine and system differ.
  public let shortestDisagreement: Word?

  /// Machine against system on all words.
  public var all: Tally { sum { _ in true } }
  /// The lengths that occur, ascending.
  public var lengths: [Int] { Set(cells.map(\.length)).sorted() }
  /// Machine against system on the words of a length.
  public func tally(length: Int) -> Tally { sum { $0.length == length } }
  /// Machine against system on the words to which the system gives an output.
  public func tally(output: Int) -> Tally { sum { $0.output == output } }
  /// The mean over the system's classes that occur of the share of agreement; NaN without words.
  public var balanced: Double {
    let shares = Set(cells.map(\.output)).sorted().map { tally(output: $0).interval.share }
    return shares.isEmpty ? .nan : shares.reduce(0, +) / Double(shares.count)
  }

  private func sum(_ isWanted: (Cell) -> Bool) -> Tally {
    cells.filter(isWanted).reduce(into: Tally()) {
      $0.words += $1.tally.words
      $0.agreements += $1.tally.agreements
    }
  }

  /// Compares a machine with a system, and both with a true language, on the words of a sample.
  ///
  /// - Parameters:
  ///   - machine: the machine.
  ///   - trie: what knows the system.
  ///   - sample: the words.
  ///   - truth: the index of the output that a word ought to have, as of the system's outputs; nil where nobody knows.
  /// - Returns: the counts.
  /// - Throws: ``BudgetSpent`` and what the system throws.
  public static func measure<System: SystemUnderLearning>(
    _ machine: MooreMachine, _ trie: inout PrefixTrie<System>, on sample: WordSample,
    truth: ((Word) -> Int)? = nil
  ) throws -> Fidelity {
    for word in sample.words { _ = trie.node(for: word) }
    var cells: [Int: [Int: Tally]] = [:]
    var prefixes = Tally()
    var machineTruth = Tally()
    var systemTruth = Tally()
    for word in sample.words {
      var node: Int32 = 0
      var state = machine.transitions.start
      prefixes.count(try trie.output(node) == machine.outputs[state])
      for symbol in word {
        node = trie.child(of: node, symbol: symbol)
        state = machine.transitions[state, symbol]
        prefixes.count(try trie.output(node) == machine.outputs[state])
      }
      let output = Int(try trie.output(node))
      cells[word.count, default: [:]][output, default: Tally()].count(Int(machine.outputs[state]) == output)
      if let truth {
        let expected = truth(word)
        machineTruth.count(Int(machine.outputs[state]) == expected)
        systemTruth.count(output == expected)
      }
    }
    return Fidelity(
      sample: sample.text,
      cells: cells.keys.sorted().flatMap { length in
        (cells[length] ?? [:]).sorted { $0.key < $1.key }.map {
          Cell(length: length, output: $0.key, tally: $0.value)
        }
      },
      prefixes: prefixes, machineAgainstTruth: truth == nil ? nil : machineTruth,
      systemAgainstTruth: truth == nil ? nil : systemTruth,
      shortestDisagreement: try trie.shortestDisagreement(among: sample.words, with: machine))
  }

  /// The agreement in a sentence without its full stop: `agrees on 996 of 1,000 words (...), 99.6 % [98.98 %, 99.84 %]`.
  public var text: String {
    let all = all
    var text =
      "agrees on \(NumberText.grouped(all.agreements)) of \(NumberText.count(all.words, "word")) (\(sample))"
    if all.words == 0 { return text }
    let interval = all.interval
    if let bound = all.errorBound {
      text += ", error <= \(NumberText.short(bound * 100, up: true)) % with 95 % confidence (rule of three)"
    } else {
      text += ", \(NumberText.percent((interval.share * 1e4).rounded() / 1e4)) (95 % Wilson interval "
      text += "\(NumberText.percent((interval.low * 1e4).rounded(.down) / 1e4)) to "
      text += "\(NumberText.percent((interval.high * 1e4).rounded(.up) / 1e4)))"
    }
    return text
  }
}
