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

  /// The tasks of the paper.
  public static let all = [
    SuccessorTask(name: "numbers", words: (1...200).map(String.init), variesCase: false),
    SuccessorTask(
      name: "number words",
      words: [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
      ]),
    SuccessorTask(
      name: "ordinal words",
      words: ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]),
    SuccessorTask(
      name: "days",
      words: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"], isCyclic: true),
    SuccessorTask(
      name: "short days", words: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], isCyclic: true),
    SuccessorTask(
      name: "months",
      words: [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
      ], isCyclic: true),
    SuccessorTask(
      name: "short months",
      words: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
      isCyclic: true),
    SuccessorTask(name: "letters", words: "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init), variesCase: false),
    SuccessorTask(
      name: "Roman numerals",
      words: [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI",
        "XVII", "XVIII", "XIX", "XX",
      ], variesCase: false),
  ]
}
