/// The words of a conformance test: beginnings that reach every state and take every transition, then all middles to a
/// length, then endings that tell the states apart.
///
/// Two machines with the same outputs on the suite of one of them, of n states, are equivalent if the other has at most
/// n + e states. The words are generated a length at a time and not kept.
public struct ConformanceSuite: Sendable {
  /// Beginnings with the lengths of the middles that follow them, and the endings by the state reached then.
  private struct Part: Sendable {
    var beginnings: [Word]
    var middles: ClosedRange<Int>
    /// `[state][length]`: the endings.
    var endings: [[[Word]]]
  }

  /// The machine that the suite tests for: minimal, in the canonical numbering.
  public let machine: MooreMachine
  /// How many more states the other machine may have.
  public let extraStates: Int
  /// No word is longer.
  public let longest: Int
  private let parts: [Part]

  private init(_ machine: MooreMachine, _ extraStates: Int, _ parts: [Part]) {
    self.machine = machine
    self.extraStates = extraStates
    self.parts = parts
    longest = Self.longest(parts)
  }

  /// The suite of the W-method: P, any middle of at most e symbols, W; P the transition cover with the empty word, W the
  /// characterisation set.
  ///
  /// Chow, "Testing software design modeled by finite-state machines", IEEE Trans. Software Eng. 4 (1978) 178.
  public static func chow(_ machine: MooreMachine, extraStates: Int) -> ConformanceSuite {
    let machine = machine.minimized()
    let covers = covers(of: machine)
    let words = byLength(machine.characterizationSet())
    return ConformanceSuite(
      machine, extraStates,
      [
        Part(
          beginnings: covers.states + covers.transitions, middles: 0...extraStates,
          endings: [[[Word]]](repeating: words, count: machine.stateCount))
      ])
  }

  /// The suite of the Wp-method: after the state cover and any middle of at most e symbols W; after the other words of the
  /// transition cover and any middle of e symbols only the identification set of the state reached.
  ///
  /// Fujiwara et al., "Test selection based on finite state models", IEEE Trans. Software Eng. 17 (1991) 591.
  public static func partial(_ machine: MooreMachine, extraStates: Int) -> ConformanceSuite {
    let machine = machine.minimized()
    let covers = covers(of: machine)
    let words = byLength(machine.characterizationSet())
    return ConformanceSuite(
      machine, extraStates,
      [
        Part(
          beginnings: covers.states, middles: 0...extraStates,
          endings: [[[Word]]](repeating: words, count: machine.stateCount)),
        Part(
          beginnings: covers.transitions, middles: extraStates...extraStates,
          endings: machine.identificationSets().map(byLength)),
      ])
  }

  /// Calls `body` with every word of a length until it returns false; a word may come more than once.
  ///
  /// - Returns: whether it went to the end.
  @discardableResult
  public func forEachWord(ofLength length: Int, _ body: (Word) throws -> Bool) rethrows -> Bool {
    for part in parts {
      for beginning in part.beginnings where beginning.count <= length {
        let reached = machine.transitions.state(after: beginning)
        for middle in part.middles {
          let rest = length - beginning.count - middle
          if rest < 0 || !part.endings.contains(where: { rest < $0.count && !$0[rest].isEmpty }) { continue }
          let isDone = try forEachMiddle(beginning, middle, from: reached) { word, state in
            guard rest < part.endings[state].count else { return true }
            for ending in part.endings[state][rest] where try !body(word + ending) { return false }
            return true
          }
          if !isDone { return false }
        }
      }
    }
    return true
  }

  /// The words without repetition, shortest first.
  public func words() -> [Word] {
    (0...longest).flatMap { length in
      var seen: Set<Word> = []
      var words: [Word] = []
      forEachWord(ofLength: length) { word in
        if seen.insert(word).inserted { words.append(word) }
        return true
      }
      return words
    }
  }

  /// The words that begin no other word of the suite: enough where a system shows its output after every symbol.
  public func maximalWords() -> [Word] {
    let words = words()
    var beginnings: Set<Word> = []
    for word in words.reversed() {
      var prefix = word
      while !prefix.isEmpty {
        prefix.removeLast()
        if !beginnings.insert(prefix).inserted { break }
      }
    }
    return words.filter { !beginnings.contains($0) }
  }

  /// The largest number of extra states, up to e, whose suite has only words shorter than `length`; nil where none has.
  func extraStates(below length: Int) -> Int? {
    // A middle less is a symbol less.
    let slack = longest - extraStates
    return length > slack ? min(extraStates, length - 1 - slack) : nil
  }

  private func forEachMiddle(
    _ beginning: Word, _ count: Int, from state: Int, _ body: (Word, Int) throws -> Bool
  ) rethrows -> Bool {
    if count == 0 { return try body(beginning, state) }
    for symbol in 0..<machine.alphabet.count {
      let next = machine.transitions[state, symbol]
      if try !forEachMiddle(beginning + [symbol], count - 1, from: next, body) { return false }
    }
    return true
  }

  /// A shortest word into each state, and the words one symbol longer that are not among them.
  private static func covers(of machine: MooreMachine) -> (states: [Word], transitions: [Word]) {
    let states = machine.transitions.accessWords.compactMap { $0 }
    let known = Set(states)
    let transitions = states.flatMap { word in (0..<machine.alphabet.count).map { word + [$0] } }
    return (states, transitions.filter { !known.contains($0) })
  }

  private static func byLength(_ words: [Word]) -> [[Word]] {
    var result = [[Word]](repeating: [], count: (words.map(\.count).max() ?? 0) + 1)
    for word in words { result[word.count].append(word) }
    return result
  }

  private static func longest(_ parts: [Part]) -> Int {
    parts.filter { !$0.beginnings.isEmpty }.map { part in
      (part.beginnings.map(\.count).max() ?? 0) + part.middles.upperBound
        + (part.endings.map(\.count).max() ?? 1) - 1
    }.max() ?? 0
  }
}
