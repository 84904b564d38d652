/// A list whose items follow one another: days, months, numbers.
///
/// The lists are those of Gould et al., "Successor heads", arXiv 2312.09230, section 3.
public struct SuccessorList: Sendable, Equatable {
  /// What the list is of.
  public var name: String
  /// The items, each before its successor, without spaces, capitalised as they are within a sentence.
  public var items: [String]
  /// Whether the first item follows the last.
  public var isCyclic: Bool

  /// Every list.
  public static let all = [
    SuccessorList(name: "numbers", items: (1...200).map { "\($0)" }, isCyclic: false),
    SuccessorList(
      name: "number-words",
      items: split(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
          + "eighteen nineteen twenty"), isCyclic: false),
    SuccessorList(
      name: "ordinals", items: split("first second third fourth fifth sixth seventh eighth ninth tenth"),
      isCyclic: false),
    SuccessorList(
      name: "days", items: split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"), isCyclic: true),
    SuccessorList(name: "short-days", items: split("Mon Tue Wed Thu Fri Sat Sun"), isCyclic: true),
    SuccessorList(
      name: "months",
      items: split(
        "January February March April May June July August September October November December"),
      isCyclic: true),
    SuccessorList(
      name: "short-months", items: split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"), isCyclic: true),
    SuccessorList(
      name: "letters", items: split("A B C D E F G H I J K L M N O P Q R S T U V W X Y Z"), isCyclic: false),
    SuccessorList(
      name: "roman",
      items: split("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX"), isCyclic: false
    ),
  ]
}

private func split(_ words: String) -> [String] { words.split(separator: " ").map(String.init) }
