import ProbeLinearAlgebra

/// Words on which agreement is measured, and in words how they came about: a share means nothing without.
public struct WordSample: Sendable, Equatable {
  /// The words; one that was drawn twice counts twice.
  public let words: [Word]
  /// How they came about: `1,000 words drawn as follows: ...`.
  public let text: String

  /// A user's own words.
  ///
  /// - Parameters:
  ///   - words: the words.
  ///   - source: where they are from: `trials.h5`.
  public init(recorded words: [Word], source: String) {
    self.words = words
    text = "\(NumberText.count(words.count, "word")) of \(source)"
  }

  /// Words of every length of a range, uniform: all words of a length where they are no more than asked for.
  ///
  /// - Parameters:
  ///   - lengths: none negative.
  ///   - perLength: how many of each length.
  ///   - symbols: the number of symbols.
  ///   - seed: the seed; length l is drawn from its stream l.
  public init(lengths: ClosedRange<Int>, perLength: Int, symbols: Int, seed: UInt64) {
    var words: [Word] = []
    var exhausted: Int?
    for length in lengths {
      if let count = Self.count(symbols, length), count <= perLength {
        words += Self.all(symbols, length)
        if exhausted ?? (lengths.lowerBound - 1) == length - 1 { exhausted = length }
        continue
      }
      var generator = RandomGenerator(seed: seed, stream: UInt64(length))
      words += (0..<perLength).map { _ in (0..<length).map { _ in generator.integer(below: symbols) } }
    }
    self.words = words
    let random = "\(NumberText.count(perLength, "word")), drawn uniformly, of each length"
    let range = { (first: Int, last: Int) in
      first == last ? "of length \(first)" : "of each length in \(first)...\(last)"
    }
    text =
      switch exhausted {
      case nil: "\(random) in \(lengths.lowerBound)...\(lengths.upperBound)"
      case lengths.upperBound: "all words \(range(lengths.lowerBound, lengths.upperBound))"
      case .some(let last):
        "all words \(range(lengths.lowerBound, last)) and \(random) in \(last + 1)...\(lengths.upperBound)"
      }
  }

  /// As many words of each class of a system, found among words drawn until there are enough.
  ///
  /// - Parameters:
  ///   - perClass: how many of each class.
  ///   - distribution: what words are drawn from.
  ///   - drawLimit: the most words drawn; classes that have fewer then stay short.
  ///   - seed: the seed.
  ///   - trie: what knows the system.
  /// - Returns: the words, class by class.
  /// - Throws: ``BudgetSpent`` and what the system throws.
  public static func balanced<System: SystemUnderLearning>(
    perClass: Int, distribution: WordDistribution, drawLimit: Int, seed: UInt64,
    _ trie: inout PrefixTrie<System>
  ) throws -> WordSample {
    var generator = RandomGenerator(seed: seed)
    let names = trie.system.outputNames
    var classes = [[Word]](repeating: [], count: names.count)
    var drawn = 0
    while drawn < drawLimit, classes.contains(where: { $0.count < perClass }) {
      let batch = (0..<min(1000, drawLimit - drawn)).map { _ in
        distribution.draw(symbols: trie.alphabet.count, &generator)
      }
      for word in batch { _ = trie.node(for: word) }
      for word in batch {
        let output = Int(try trie.output(of: word))
        if classes[output].count < perClass { classes[output].append(word) }
      }
      drawn += batch.count
    }
    let counts = zip(classes, names).map { "\(NumberText.grouped($0.count)) of \($1.debugDescription)" }
    return WordSample(
      words: classes.flatMap { $0 },
      text:
        "\(counts.joined(separator: ", ")) found among \(NumberText.count(drawn, "word")) drawn as follows: "
        + distribution.text(symbols: trie.alphabet.count))
  }

  private init(words: [Word], text: String) {
    self.words = words
    self.text = text
  }

  /// symbols^length; nil where it does not fit.
  private static func count(_ symbols: Int, _ length: Int) -> Int? {
    var count = 1
    for _ in 0..<length {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: symbols)
      if isTooLarge { return nil }
      count = product
    }
    return count
  }

  private static func all(_ symbols: Int, _ length: Int) -> [Word] {
    (0..<length).reduce(into: [[]]) { words, _ in
      words = words.flatMap { word in (0..<symbols).map { word + [$0] } }
    }
  }
}
