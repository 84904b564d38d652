/// The seven regular languages over {0, 1} of Tomita 1982, as minimal deterministic automata.
///
/// Tomita, "Dynamic construction of finite automata from examples using hill-climbing", Proc. 4th Annual
/// Conference of the Cognitive Science Society (1982) 105; wording of the languages as in Weiss, Goldberg and
/// Yahav, "Extracting automata from recurrent neural networks", ICML 2018, arXiv 1711.09576. The initial state
/// is 0.
public struct TomitaGrammar: Sendable, Equatable {
  /// The language's number, 1 to 7.
  public let number: Int
  /// The language in words.
  public let meaning: String
  /// `next[state][symbol]`.
  public let next: [[Int]]
  /// Whether the word read so far is in the language, by state.
  public let accepts: [Bool]

  /// The language of the given number.
  ///
  /// - Precondition: `1...7` contains it.
  public static func language(_ number: Int) -> TomitaGrammar {
    precondition((1...7).contains(number), "Tomita's languages are numbered 1 to 7")
    return all[number - 1]
  }

  /// Languages 1 to 7.
  public static let all = [
    TomitaGrammar(number: 1, meaning: "1*", next: [[1, 0], [1, 1]], accepts: [true, false]),
    TomitaGrammar(
      number: 2, meaning: "(10)*", next: [[2, 1], [0, 2], [2, 2]], accepts: [true, false, false]),
    // States: no odd run of 1s so far; in one; after one, within an odd run of 0s; after one, elsewhere; sink.
    TomitaGrammar(
      number: 3, meaning: "no odd run of 1s with an odd run of 0s anywhere after it",
      next: [[0, 1], [2, 0], [3, 4], [2, 3], [4, 4]], accepts: [true, true, false, true, false]),
    TomitaGrammar(
      number: 4, meaning: "no 000", next: [[1, 0], [2, 0], [3, 0], [3, 3]],
      accepts: [true, true, true, false]),
    TomitaGrammar(
      number: 5, meaning: "an even number of 0s and an even number of 1s",
      next: [[1, 2], [0, 3], [3, 0], [2, 1]], accepts: [true, false, false, false]),
    TomitaGrammar(
      number: 6, meaning: "the number of 0s less the number of 1s is a multiple of 3",
      next: [[1, 2], [2, 0], [0, 1]], accepts: [true, false, false]),
    TomitaGrammar(
      number: 7, meaning: "0*1*0*1*", next: [[0, 1], [2, 1], [2, 3], [4, 3], [4, 4]],
      accepts: [true, true, true, true, false]),
  ]

  /// Whether the state rejects and can never be left.
  func isSink(_ state: Int) -> Bool {
    !accepts[state] && next[state].allSatisfy { $0 == state }
  }
}
