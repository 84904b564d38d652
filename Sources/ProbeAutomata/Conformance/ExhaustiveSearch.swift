/// The walk over all words to a length of a system that goes on from states, in bounded memory.
///
/// A row is a word; the words of a level are numbered in the order of symbols, so that the children of word i are i * symbols
/// and those after. While the next level fits, it is run whole; then levels are cut into blocks whose descendants are run
/// before the next block. A disagreement limits all that follows to shorter words; the last one found is therefore the
/// shortest, and the first of its length.
final class ExhaustiveSearch {
  /// The first of the shortest words that differ.
  private(set) var found: Word?
  /// The smallest margin seen, and the word with it.
  var smallestMargin: (margin: Float, word: Word)? { margin.map { ($0.margin, word($0.index, $0.length)) } }
  /// All words to this length were compared and agree.
  private(set) var covered = 0
  /// Where the state after the empty word belongs.
  var root: UnsafeMutablePointer<Float> { states[0] }

  private let next: [Int32]
  private let outputs: [Int32]
  private let width: Int
  private let size: Int
  /// The length that is searched to: shorter than what was found.
  private var limit: Int
  private var margin: (margin: Float, index: Int, length: Int)?
  /// `[depth]`: how many words of that length are held at once, with their states and the machine's.
  private let capacities: [Int]
  private let states: [UnsafeMutablePointer<Float>]
  private let machineStates: [UnsafeMutablePointer<Int32>]

  /// A walk to `length`, at least 1, holding about `memory` bytes.
  init(_ hypothesis: MooreMachine, length: Int, stateSize: Int, memory: Int) {
    next = hypothesis.transitions.next
    outputs = hypothesis.outputs
    width = hypothesis.alphabet.count
    size = stateSize
    limit = length
    capacities = Self.capacities(
      length: length, width: width, rows: memory / (4 * (stateSize + 1)))
    states = capacities.map { .allocate(capacity: $0 * stateSize) }
    machineStates = capacities.map { .allocate(capacity: $0) }
    machineStates[0].initialize(to: Int32(hypothesis.transitions.start))
  }

  deinit {
    for pointer in states { pointer.deallocate() }
    for pointer in machineStates { pointer.deallocate() }
  }

  /// How many words of each length below `length` to hold: all, or a common number whose sum is within `rows`.
  static func capacities(length: Int, width: Int, rows: Int) -> [Int] {
    func sizes(_ most: Int) -> [Int] {
      var size = 1
      return (0..<length).map { depth in
        if depth > 0 { size = min(most, size * width) }
        return size
      }
    }
    var most = width
    while true {
      let larger = sizes(2 * most)
      if larger == sizes(most) || larger.reduce(0, +) > rows { return sizes(most) }
      most *= 2
    }
  }

  /// Walks until every word is compared.
  ///
  /// - Throws: ``AutomataError/nondeterministic(word:first:second:)``, ``BudgetSpent`` and what the system throws.
  func run<System: SystemUnderLearning>(_ trie: inout PrefixTrie<System>) throws {
    let answers = UnsafeMutablePointer<Answer>.allocate(capacity: max(trie.batchSize, width))
    defer { answers.deallocate() }
    try descend(0, rows: 1, first: 0, isWhole: true, answers, &trie)
  }

  /// Compares the descendants of the words of one length that are held, of which the first has the number `first`.
  private func descend<System: SystemUnderLearning>(
    _ depth: Int, rows: Int, first: Int, isWhole: Bool, _ answers: UnsafeMutablePointer<Answer>,
    _ trie: inout PrefixTrie<System>
  ) throws {
    var start = 0
    while start < rows, depth < limit {
      // The states of the longest words are not needed, so all of them are one block.
      let isLast = depth + 1 == limit
      let block = isLast ? rows - start : min(rows - start, capacities[depth + 1] / width)
      var place = 0
      while place < block {
        let count = min(block - place, max(1, try trie.allowance() / width))
        try trie.expand(
          states[depth] + (start + place) * size, count: count,
          into: isLast ? nil : states[depth + 1] + place * width * size, answers: answers)
        if let child = compare(depth, start + place, count, isLast ? nil : place * width, first, answers) {
          let index = (first &+ start &+ place) &* width &+ child
          found = try confirmed(word(index, depth + 1), answers[child].output, &trie)
          limit = depth
          return
        }
        place += count
      }
      if isWhole && block == rows { covered = depth + 1 }
      if !isLast {
        try descend(
          depth + 1, rows: block * width, first: (first &+ start) &* width, isWhole: isWhole && block == rows,
          answers,
          &trie)
      }
      start += block
    }
  }

  /// Compares the children of some rows with the machine, whose states after them it keeps from `kept` on.
  ///
  /// - Returns: the first child that differs.
  private func compare(
    _ depth: Int, _ row: Int, _ count: Int, _ kept: Int?, _ first: Int,
    _ answers: UnsafeMutablePointer<Answer>
  ) -> Int? {
    var smallest = margin?.margin ?? .infinity
    let rows = machineStates[depth] + row
    return next.withUnsafeBufferPointer { next in
      outputs.withUnsafeBufferPointer { outputs in
        for parent in 0..<count {
          let base = Int(rows[parent]) * width
          for symbol in 0..<width {
            let child = parent * width + symbol
            let state = next[base + symbol]
            let answer = answers[child]
            if let kept { machineStates[depth + 1][kept + child] = state }
            if answer.margin < smallest {
              smallest = answer.margin
              margin = (smallest, (first &+ row) &* width &+ child, depth + 1)
            }
            if answer.output != outputs[Int(state)] { return child }
          }
        }
        return nil
      }
    }
  }

  /// A word that differs, once the system has answered it through the tree as well.
  private func confirmed<System: SystemUnderLearning>(
    _ word: Word, _ output: Int32, _ trie: inout PrefixTrie<System>
  ) throws -> Word {
    let again = try trie.output(of: word)
    if again == output { return word }
    let names = trie.system.outputNames
    throw AutomataError.nondeterministic(
      word: trie.alphabet.text(of: word), first: names[Int(output)], second: names[Int(again)])
  }

  /// The word of a number among the words of a length.
  private func word(_ index: Int, _ length: Int) -> Word {
    var index = index
    var word = Word(repeating: 0, count: length)
    for place in (0..<length).reversed() {
      (index, word[place]) = index.quotientAndRemainder(dividingBy: width)
    }
    return word
  }
}
