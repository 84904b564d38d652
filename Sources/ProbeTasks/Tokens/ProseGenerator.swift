internal import ProbeLinearAlgebra

/// Plain sentences about nothing in particular, as many as are needed: the hay of generated haystacks.
///
/// Sentences are drawn from templates over some two hundred common words. They mention no name, number or odd
/// fact, so that no question about a needle can be answered from them.
struct ProseGenerator {
  static let people = split(
    "farmer teacher baker sailor doctor painter writer driver gardener neighbour visitor traveller child student "
      + "carpenter musician merchant soldier guard cook clerk "
      + "nurse hunter miller shepherd weaver butcher judge cousin uncle")
  static let things = split(
    "letter basket lamp chair blanket ladder wheel bottle map coat drum rope box book cup door window stone branch "
      + "wagon boat bell knife mirror picture candle shovel hammer carpet bucket")
  static let places = split(
    "river bridge market village garden harbour forest hill road field school station library kitchen valley "
      + "square tower church shore mill barn meadow street yard orchard island "
      + "cottage fountain chapel canal")
  static let qualities = split(
    "old young quiet tall small heavy green grey broken simple warm cold narrow wide empty clean dusty round soft "
      + "plain early late strong thin dark bright")
  static let actions = split(
    "carried found watched moved lifted washed painted mended cleaned opened closed followed noticed borrowed "
      + "returned measured described touched passed covered")
  static let movements = split(
    "walked waited rested worked stayed wandered stood slept sang talked listened returned stopped laughed "
      + "smiled paused knelt hurried whistled")
  static let manners = split(
    "slowly quietly often again carefully together gladly calmly early late twice seldom alone outside inside "
      + "briefly calmly politely")
  static let times = [
    "In the morning", "After lunch", "Before sunset", "At noon", "In spring", "Later that week",
    "Most evenings",
    "During the storm", "At first", "Towards winter", "On market days", "As usual",
  ]
  static let relations = split("near behind beside beyond above below towards past")

  /// Every word, once each, as it stands within a sentence.
  static var words: [String] {
    let times = times.flatMap { split($0) }
    let all = people + things + places + qualities + actions + movements + manners + times + relations
    var seen: Set<String> = []
    return all.filter { seen.insert($0).inserted }
  }

  /// The next sentence, its full stop included.
  static func sentence(using random: inout RandomGenerator) -> String {
    func pick(_ words: [String]) -> String { words[random.integer(below: words.count)] }
    func noun(_ words: [String]) -> String {
      random.bernoulli(0.5) ? "the \(pick(qualities)) \(pick(words))" : "the \(pick(words))"
    }
    let subject = noun(people)
    switch random.integer(below: 6) {
    case 0:
      return capitalised("\(subject) \(pick(actions)) \(noun(things)) \(pick(relations)) \(noun(places)).")
    case 1: return "\(pick(times)), \(subject) \(pick(movements)) \(pick(manners))."
    case 2: return "\(pick(times)), \(subject) \(pick(movements)) \(pick(relations)) \(noun(places))."
    case 3:
      return capitalised(
        "\(subject) and \(noun(people)) \(pick(movements)) \(pick(manners)) \(pick(relations)) "
          + "\(noun(places)).")
    case 4:
      return capitalised(
        "\(noun(things)) \(pick(relations)) \(noun(places)) was \(pick(qualities)) and "
          + "\(pick(qualities)).")
    default:
      return capitalised(
        "\(subject) \(pick(actions)) \(noun(things)), and then \(noun(people)) "
          + "\(pick(movements)) \(pick(manners)).")
    }
  }

  private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

private func split(_ words: String) -> [String] { words.split(separator: " ").map(String.init) }
