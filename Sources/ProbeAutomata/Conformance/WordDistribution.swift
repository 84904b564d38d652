public import ProbeLinearAlgebra

/// What random words are drawn from; a claim about random words is a claim about one of these.
public enum WordDistribution: Sendable, Equatable {
  /// The length uniform in a range, then each symbol uniform.
  case uniform(lengths: ClosedRange<Int>)
  /// Before each symbol the word ends with this probability, in (0, 1]; each symbol uniform.
  case geometric(stop: Double)
  /// One of these words, each as likely as the others; the text says where they are from.
  case recorded([Word], from: String)

  /// Draws a word.
  ///
  /// - Precondition: lengths are not negative, the probability lies in (0, 1], there is a recorded word, and there are
  ///   symbols unless all words are empty.
  public func draw(symbols: Int, _ generator: inout RandomGenerator) -> Word {
    switch self {
    case .uniform(let lengths):
      precondition(lengths.lowerBound >= 0, "words of length \(lengths.lowerBound)")
      let length = lengths.lowerBound + generator.integer(below: lengths.count)
      return (0..<length).map { _ in generator.integer(below: symbols) }
    case .geometric(let stop):
      precondition(stop > 0 && stop <= 1, "words that end with probability \(stop)")
      var word: Word = []
      while !generator.bernoulli(stop) { word.append(generator.integer(below: symbols)) }
      return word
    case .recorded(let words, _):
      precondition(!words.isEmpty, "no recorded words")
      return words[generator.integer(below: words.count)]
    }
  }

  /// The distribution in words: `the length uniform in 0...20, then every symbol uniform over 2`.
  public func text(symbols: Int) -> String {
    switch self {
    case .uniform(let lengths):
      let length =
        lengths.count == 1
        ? "the length \(lengths.lowerBound)"
        : "the length uniform in \(lengths.lowerBound)...\(lengths.upperBound)"
      return "\(length), then every symbol uniform over \(symbols)"
    case .geometric(let stop):
      return "ending before each symbol with probability \(stop), every symbol uniform over \(symbols)"
    case .recorded(let words, let source):
      return "uniform over \(NumberText.count(words.count, "recorded word")) (\(source))"
    }
  }

  /// The mean length.
  var meanLength: Double {
    switch self {
    case .uniform(let lengths): Double(lengths.lowerBound + lengths.upperBound) / 2
    case .geometric(let stop): (1 - stop) / stop
    case .recorded(let words, _): Double(words.reduce(0) { $0 + $1.count }) / Double(max(words.count, 1))
    }
  }
}
