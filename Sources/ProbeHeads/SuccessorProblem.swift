/// The successor tasks in one tokenizer's tokens.
///
/// A pair is valid only where both its words, in the same variant, are single tokens. A pair of tokens that
/// several variants give (as where a tokenizer adds the space itself) counts once.
public struct SuccessorProblem: Sendable, Equatable {
  /// A word's token and its successor's.
  public struct Pair: Sendable, Equatable {
    /// The task's place in `tasks`.
    public let task: Int
    /// The place of the first word in the list, from 1: numbers are their own.
    public let index: Int
    /// The row of the first word's token in `tokens`.
    public let input: Int
    /// The row of its successor's.
    public let target: Int
  }

  /// The lists.
  public let tasks: [SuccessorTask]
  /// The tokens of all words that are single tokens, ascending: the rows of what a model gives for them.
  public let tokens: [Int]
  /// The valid pairs, by task, then variant, then place.
  public let pairs: [Pair]
  /// `[task][variant][word]`: the row of a word's token, or nil where the word is not a single token.
  public let rows: [[[Int?]]]

  /// Tokenises the lists.
  ///
  /// - Parameters:
  ///   - tasks: the lists.
  ///   - tokenize: a text's token ids, without special tokens.
  public init(tasks: [SuccessorTask] = SuccessorTask.all, tokenize: (String) throws -> [Int]) rethrows {
    let ids = try tasks.map { task in
      try task.variants.map { variant in
        try variant.map { word in
          let tokens = try tokenize(word)
          return tokens.count == 1 ? tokens[0] : nil
        }
      }
    }
    let tokens = Set(ids.joined().joined().compactMap { $0 }).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(tokens, tokens.indices))
    let rows = ids.map { task in task.map { variant in variant.map { $0.flatMap { places[$0] } } } }
    var pairs: [Pair] = []
    for (number, task) in tasks.enumerated() {
      var seen = Set<[Int]>()
      for variant in rows[number] {
        for place in 0..<(task.isCyclic ? variant.count : max(0, variant.count - 1)) {
          guard let input = variant[place], let target = variant[(place + 1) % variant.count],
            seen.insert([input, target]).inserted
          else { continue }
          pairs.append(Pair(task: number, index: place + 1, input: input, target: target))
        }
      }
    }
    self.tasks = tasks
    self.tokens = tokens
    self.pairs = pairs
    self.rows = rows
  }

  /// A token with its place in a list, for probes of what lists have in common.
  public struct Sample: Sendable, Equatable {
    /// The token's row in `tokens`.
    public let row: Int
    /// The word's place in the list, from 1.
    public let index: Int
    /// The task, as the domain that a probe leaves out.
    public let task: Int
  }

  /// Every token once, under the first task that has it: a token in two domains would let a probe see what it
  /// is tested on.
  public var samples: [Sample] {
    var seen = Set<Int>()
    var samples: [Sample] = []
    for (task, variants) in rows.enumerated() {
      for variant in variants {
        for (place, row) in variant.enumerated() {
          guard let row, seen.insert(row).inserted else { continue }
          samples.append(Sample(row: row, index: place + 1, task: task))
        }
      }
    }
    return samples
  }
}
