import ProbeTasks

/// A list of words with a natural order, of which a successor head gives the next.
///
/// The lists of Gould et al. 2024 (arXiv 2312.09230), and Roman numerals.
public struct SuccessorTask: Sendable, Equatable {
  /// What the list is called.
  public let name: String
  /// The words in order, as they are mostly written.
  public let words: [String]
  /// Whether the first word follows the last.
  public let isCyclic: Bool
  /// Whether the words are also tried with their first letter's case changed.
  public let variesCase: Bool

  /// A list of words.
  public init(name: String, words: [String], isCyclic: Bool = false, variesCase: Bool = true) {
    self.name = name
    self.words = words
    self.isCyclic = isCyclic
    self.variesCase = variesCase
  }

  /// The list as it is tokenised: without and with a space before each word, with small and with capital
  /// first letters.
  public var variants: [[String]] {
    let cases =
      variesCase
      ? [
        words.map { withFirstLetter($0) { $0.lowercased() } },
        words.map { withFirstLetter($0) { $0.uppercased() } },
      ]
      : [words]
    return cases.flatMap { list in ["", " "].map { space in list.map { space + $0 } } }
  }

  private func withFirstLetter(_ word: String, _ change: (Substring) -> String) -> String {
    change(word.prefix(1)) + word.dropFirst()
  }

  /// The tasks of the paper, and Roman numerals; symbols that are no words have one case.
  public static let all = SuccessorList.all.map { list in
    SuccessorTask(
      name: titles[list.name] ?? list.name.replacing("-", with: " "), words: list.items,
      isCyclic: list.isCyclic, variesCase: !["numbers", "letters", "roman"].contains(list.name))
  }

  private static let titles = ["ordinals": "ordinal words", "roman": "Roman numerals"]
}
