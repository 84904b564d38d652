/// A complete deterministic transition table with a start state: the part that all deterministic machines share.
///
/// States and symbols are numbered from 0; `next[state * symbolCount + symbol]` is where the symbol leads.
public struct Transitions: Sendable, Hashable {
  /// The number of states, at least 1.
  public let stateCount: Int
  /// The number of symbols.
  public let symbolCount: Int
  /// The state before the first symbol.
  public let start: Int
  /// `[state, symbol]`: the next state.
  public let next: [Int32]

  /// A table.
  ///
  /// - Precondition: there is a state; `next` has `stateCount * symbolCount` elements, all of them states; so is `start`.
  public init(stateCount: Int, symbolCount: Int, start: Int = 0, next: [Int32]) {
    precondition(stateCount > 0 && stateCount <= Int(Int32.max), "a machine of \(stateCount) states")
    precondition(
      next.count == stateCount * symbolCount, "\(next.count) transitions of \(stateCount) x \(symbolCount)")
    precondition((0..<stateCount).contains(start), "start state \(start) of \(stateCount)")
    precondition(next.allSatisfy { $0 >= 0 && $0 < stateCount }, "a transition leads to no state")
    self.stateCount = stateCount
    self.symbolCount = symbolCount
    self.start = start
    self.next = next
  }

  /// Where a symbol leads from a state.
  @inlinable
  public subscript(state: Int, symbol: Int) -> Int { Int(next[state * symbolCount + symbol]) }

  /// The state after a word, from the start or from the given state.
  public func state(after word: some Sequence<Int>, from state: Int? = nil) -> Int {
    word.reduce(state ?? start) { self[$0, $1] }
  }

  /// The reachable states breadth first from the start, symbols in order: the canonical numbering.
  ///
  /// - Complexity: O(states * symbols).
  public var breadthFirstOrder: [Int] {
    var isSeen = [Bool](repeating: false, count: stateCount)
    var order = [start]
    isSeen[start] = true
    var head = 0
    while head < order.count {
      let row = order[head] * symbolCount
      head += 1
      for symbol in 0..<symbolCount {
        let target = Int(next[row + symbol])
        if !isSeen[target] {
          isSeen[target] = true
          order.append(target)
        }
      }
    }
    return order
  }

  /// For each state a shortest word that leads there, the first in the order of symbols; nil where none does.
  public var accessWords: [Word?] {
    var words = [Word?](repeating: nil, count: stateCount)
    words[start] = []
    for state in breadthFirstOrder {
      guard let word = words[state] else { continue }
      for symbol in 0..<symbolCount where words[self[state, symbol]] == nil {
        words[self[state, symbol]] = word + [symbol]
      }
    }
    return words
  }

  /// The table of the classes of an equivalence that the transitions respect.
  ///
  /// - Parameters:
  ///   - representatives: one state of each class.
  ///   - classes: the class of each state that a representative leads to, and of the start.
  /// - Returns: the table whose state c is the class of `representatives[c]`.
  public func quotient(representatives: [Int], classes: [Int]) -> Transitions {
    Transitions(
      stateCount: representatives.count, symbolCount: symbolCount, start: classes[start],
      next: representatives.flatMap { state in
        (0..<symbolCount).map { Int32(classes[self[state, $0]]) }
      })
  }

  /// The reachable part in the canonical numbering, and for each of its states the state it was.
  public func canonical() -> (transitions: Transitions, states: [Int]) {
    let order = breadthFirstOrder
    var classes = [Int](repeating: -1, count: stateCount)
    for (number, state) in order.enumerated() { classes[state] = number }
    return (quotient(representatives: order, classes: classes), order)
  }
}
