/// How the states of a machine come apart, one symbol of foresight after another.
///
/// Round r parts the states that some word of length r parts and no shorter one does (Moore, "Gedanken-experiments on
/// sequential machines", Automata Studies (1956) 129), so the rounds give the lengths of shortest distinguishing words.
/// They are kept as a tree whose nodes are the blocks that ever were.
public struct MooreRefinement: Sendable {
  /// The table whose states were parted.
  public let transitions: Transitions
  /// `[state]`: the number of its class at the end.
  public let classes: [Int32]
  /// The number of classes at the end.
  public let classCount: Int
  /// The length of the longest word needed; 0 where labels tell all classes apart, or there is one class.
  public let rounds: Int

  /// `[state]`: its smallest block; for each block the one it was split from, and the round that made it.
  private let leaves: [Int32]
  private let parents: [Int32]
  private let births: [Int32]

  /// Parts the states of a table until no symbol parts them further.
  ///
  /// - Parameters:
  ///   - transitions: the table.
  ///   - labels: `[state]`: what is seen of each state.
  /// - Complexity: O(rounds * symbols * states); there are fewer rounds than states.
  public init(_ transitions: Transitions, labels: [Int32]) {
    precondition(labels.count == transitions.stateCount, "\(labels.count) labels")
    self.transitions = transitions
    let (stateCount, symbolCount) = (transitions.stateCount, transitions.symbolCount)
    var (classes, classCount) = Self.paired([Int32](repeating: 0, count: stateCount), with: labels)
    // Block 0 is the root: all states, before anything is seen.
    var parents: [Int32] = [-1]
    var births: [Int32] = [-1]
    var blocks = [Int32](repeating: 0, count: stateCount)
    Self.grow(&parents, &births, &blocks, into: classes, count: classCount, round: 0)
    var round = 0
    while classCount < stateCount {
      var finer = classes
      var finerCount = classCount
      for symbol in 0..<symbolCount {
        let targets = (0..<stateCount).map { classes[transitions[$0, symbol]] }
        (finer, finerCount) = Self.paired(finer, with: targets)
      }
      if finerCount == classCount { break }
      round += 1
      (classes, classCount) = (finer, finerCount)
      Self.grow(&parents, &births, &blocks, into: classes, count: classCount, round: round)
    }
    self.classes = classes
    self.classCount = classCount
    rounds = round
    leaves = blocks
    self.parents = parents
    self.births = births
  }

  /// The length of the shortest words after which two states show different labels; nil where there is none.
  public func separationLength(_ first: Int, _ second: Int) -> Int? {
    var (a, b) = (leaves[first], leaves[second])
    var length: Int32?
    while a != b {
      // A block is born after its parent, so the younger of the two is not above the other.
      if births[Int(a)] >= births[Int(b)] {
        length = births[Int(a)]
        a = parents[Int(a)]
      } else {
        length = births[Int(b)]
        b = parents[Int(b)]
      }
    }
    return length.map { Int($0) }
  }

  /// The first in the order of symbols of the shortest words after which two states show different labels.
  public func shortestDistinguishingWord(_ first: Int, _ second: Int) -> Word? {
    shortestSplittingWord(of: [[first, second]])
  }

  /// The first in length and then in the order of symbols of the words that part two states of one of the sets.
  ///
  /// - Complexity: O(length * symbols * states in the sets * depth of the tree).
  func shortestSplittingWord(of sets: [[Int]]) -> Word? {
    guard var length = sets.compactMap({ separationLength(in: $0) }).min() else { return nil }
    var sets = sets.filter { separationLength(in: $0) == length }
    var word: Word = []
    while length > 0 {
      length -= 1
      for symbol in 0..<transitions.symbolCount {
        let successors = sets.map { set in Set(set.map { transitions[$0, symbol] }).sorted() }
          .filter { separationLength(in: $0) == length }
        if !successors.isEmpty {
          word.append(symbol)
          sets = successors
          break
        }
      }
    }
    return word
  }

  /// The length of the shortest words that part any two of the states.
  private func separationLength(in states: [Int]) -> Int? {
    guard let first = states.first else { return nil }
    // If a word parts two states, it parts one of them from the first.
    return states.dropFirst().compactMap { separationLength(first, $0) }.min()
  }

  /// Numbers for pairs of numbers, in the order in which the pairs appear.
  private static func paired(_ first: [Int32], with second: [Int32]) -> ([Int32], Int) {
    var numbers: [UInt64: Int32] = [:]
    let pairs = zip(first, second).map { a, b in
      let key = UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b))
      let next = Int32(numbers.count)
      if let number = numbers[key] { return number }
      numbers[key] = next
      return next
    }
    return (pairs, numbers.count)
  }

  /// Hangs the blocks that a round has split below those they were.
  private static func grow(
    _ parents: inout [Int32], _ births: inout [Int32], _ blocks: inout [Int32], into classes: [Int32],
    count: Int, round: Int
  ) {
    // A class is a new block unless it is all of its old one.
    var pieces = [Int32](repeating: 0, count: parents.count)
    var isSeen = [Bool](repeating: false, count: count)
    for (state, number) in classes.enumerated() where !isSeen[Int(number)] {
      isSeen[Int(number)] = true
      pieces[Int(blocks[state])] += 1
    }
    var created = [Int32](repeating: -1, count: count)
    for (state, number) in classes.enumerated() where pieces[Int(blocks[state])] > 1 {
      if created[Int(number)] < 0 {
        created[Int(number)] = Int32(parents.count)
        parents.append(blocks[state])
        births.append(Int32(round))
      }
    }
    for (state, number) in classes.enumerated() where created[Int(number)] >= 0 {
      blocks[state] = created[Int(number)]
    }
  }
}
