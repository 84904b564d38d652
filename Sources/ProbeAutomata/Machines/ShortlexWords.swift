/// The words that lead a machine to a given output, shortest first and then in the order of symbols, one at a time.
///
/// Endless where the language is infinite. Between two words only states are visited from which the output can still be
/// reached in the symbols that are left, so a word costs O(length * symbols), and a new length O(symbols * states).
public struct ShortlexWords: Sequence, IteratorProtocol, Sendable {
  private let machine: MooreMachine
  /// `[length][state]`: whether some word of the length leads from the state to the output.
  private var reaches: [[Bool]]
  private var word: Word = []
  /// The states along `word`, the start first.
  private var path: [Int]
  /// The lengths in a row that had no word.
  private var barren = 0
  private var isBeforeFirst = true
  private var isAtEnd = false

  /// The words that lead to an output.
  public init(_ machine: MooreMachine, output: Int = 1) {
    self.machine = machine
    reaches = [machine.outputs.map { Int($0) == output }]
    path = [machine.transitions.start]
  }

  /// The next word.
  public mutating func next() -> Word? {
    if isAtEnd { return nil }
    if isBeforeFirst {
      isBeforeFirst = false
      if reaches[0][path[0]] { return [] }
    } else if advance() {
      return word
    }
    // If no word of as many lengths in a row as there are states is accepted, no longer one is: the shortest of them
    // would pass some state twice, and could be cut by no more symbols than there are states.
    while barren < machine.stateCount {
      lengthen()
      if reaches[reaches.count - 1][machine.transitions.start] {
        barren = 0
        word = []
        path = [machine.transitions.start]
        complete(to: reaches.count - 1)
        return word
      }
      barren += 1
    }
    isAtEnd = true
    return nil
  }

  /// Goes on to the next word of the same length.
  private mutating func advance() -> Bool {
    let length = word.count
    while let last = word.popLast() {
      path.removeLast()
      let left = length - word.count - 1
      let state = path[path.count - 1]
      for symbol in last + 1..<machine.alphabet.count where reaches[left][machine.transitions[state, symbol]]
      {
        word.append(symbol)
        path.append(machine.transitions[state, symbol])
        complete(to: length)
        return true
      }
    }
    return false
  }

  /// Appends the first symbols that lead to the output, until the word has the length.
  private mutating func complete(to length: Int) {
    while word.count < length {
      let state = path[path.count - 1]
      let left = length - word.count - 1
      for symbol in 0..<machine.alphabet.count where reaches[left][machine.transitions[state, symbol]] {
        word.append(symbol)
        path.append(machine.transitions[state, symbol])
        break
      }
    }
  }

  private mutating func lengthen() {
    let shorter = reaches[reaches.count - 1]
    reaches.append(
      (0..<machine.stateCount).map { state in
        (0..<machine.alphabet.count).contains { shorter[machine.transitions[state, $0]] }
      })
  }
}
