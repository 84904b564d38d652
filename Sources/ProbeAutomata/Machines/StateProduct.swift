/// The pairs of states that words lead two tables to, breadth first: in the order of their first words.
struct StateProduct {
  /// The pairs.
  private(set) var pairs: [(Int, Int)]
  /// `[pair, symbol]`: the next pair; -1 where the symbol is not followed.
  private(set) var next: [Int32] = []
  private var origins: [(parent: Int32, symbol: Int32)] = [(-1, -1)]

  /// The pairs reached from the starts by the symbols that are followed.
  ///
  /// - Complexity: O(symbols * states * states) at worst.
  init(_ first: Transitions, _ second: Transitions, follows: (Int, Int, Int) -> Bool = { _, _, _ in true }) {
    precondition(first.symbolCount == second.symbolCount, "tables of different symbols")
    pairs = [(first.start, second.start)]
    let width = second.stateCount
    var numbers = [first.start * width + second.start: Int32(0)]
    var head = 0
    while head < pairs.count {
      let (state, counterpart) = pairs[head]
      for symbol in 0..<first.symbolCount {
        guard follows(state, counterpart, symbol) else {
          next.append(-1)
          continue
        }
        let pair = (first[state, symbol], second[counterpart, symbol])
        let fresh = Int32(pairs.count)
        let number = numbers[pair.0 * width + pair.1] ?? fresh
        if number == fresh {
          numbers[pair.0 * width + pair.1] = fresh
          pairs.append(pair)
          origins.append((Int32(head), Int32(symbol)))
        }
        next.append(number)
      }
      head += 1
    }
  }

  /// The first of the shortest words to a pair.
  func word(to pair: Int) -> Word {
    var word: Word = []
    var place = pair
    while origins[place].parent >= 0 {
      word.append(Int(origins[place].symbol))
      place = Int(origins[place].parent)
    }
    return word.reversed()
  }
}
