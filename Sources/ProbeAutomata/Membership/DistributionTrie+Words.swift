internal import Glibc
internal import ProbeLinearAlgebra

extension DistributionTrie {
  /// Words drawn by the source's own probabilities, each from a stream of its own, so that more words begin with the fewer.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - longest: the length at which words are cut.
  ///   - seed: of the draws.
  /// - Returns: the words; those of the greatest length may be cut.
  /// - Throws: ``BudgetSpent`` and what the source throws.
  /// - Complexity: O(count * longest) prefixes, all words of one length in one batch.
  public mutating func drawWords(_ count: Int, longest: Int, seed: UInt64) throws -> [Word] {
    var words = [Word](repeating: [], count: count)
    var nodes = [Int32](repeating: 0, count: count)
    var generators = (0..<count).map { RandomGenerator(seed: seed, stream: UInt64($0)) }
    var open = Array(0..<count)
    while let first = open.first, words[first].count < longest {
      var going: [Int] = []
      for index in open {
        let row = Array(try distribution(nodes[index]))
        let symbol = Self.draw(row, &generators[index])
        if symbol == width - 1 { continue }
        words[index].append(symbol)
        going.append(index)
      }
      // All prefixes go into the tree before the first of them is run.
      for index in going { nodes[index] = node(for: words[index].suffix(1), from: nodes[index]) }
      open = going
    }
    return words
  }

  /// The probabilities that words begin with the given ones: the products of their symbols' probabilities.
  ///
  /// - Returns: one a word, 1 for the empty one.
  /// - Throws: ``BudgetSpent`` and what the source throws.
  public mutating func prefixProbabilities(of words: [Word]) throws -> [Double] {
    for word in words { _ = node(for: word) }
    return try words.map { word in
      var place: Int32 = 0
      var product = 1.0
      for symbol in word {
        let row = try distribution(place)
        product *= row[row.startIndex + symbol]
        place = node(for: [symbol], from: place)
      }
      return product
    }
  }

  /// A place of a distribution, by its probabilities; never one of probability 0.
  private static func draw(_ row: [Double], _ generator: inout RandomGenerator) -> Int {
    var left = generator.uniform() * row.reduce(0, +)
    var last = row.count - 1
    for (symbol, probability) in row.enumerated() where probability > 0 {
      left -= probability
      if left < 0 { return symbol }
      last = symbol
    }
    return last
  }
}
