import Foundation
import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Reber's grammar")
struct ReberTests {
  /// The paths of the two graphs, worked out by hand as regular expressions.
  static let expressions: [ReberGrammar: String] = [
    .reber: "TP*T(X+VP)*(S|X+VS)|VX*V(S|P(X+VP)*(S|X+VS))",
    .cleeremans: "B(TS*X(XT*VP)*(S|XT*VV)|PT*V(V|P(XT*VP)*(S|XT*VV)))E",
  ]

  @Test("seven states with the letters of 1967, nine with B and E, sinks included; minimal")
  func sizes() {
    let old = RegularLanguage.reber(.reber)
    let new = RegularLanguage.reber(.cleeremans)
    #expect(old.states.count == 7 && old.isMinimal)
    #expect(new.states.count == 9 && new.isMinimal)
  }

  @Test("words of the papers, and words that only look like it")
  func examples() {
    let old = RegularLanguage.reber(.reber)
    for word in ["TPTXVS", "VXVPS", "TPPPTXVS", "VXVPXXVS", "TTS", "VVS"] {
      #expect(old.answer(word) == "accepted", "\(word)")
    }
    for word in ["", "TPTXV", "TPTXVSS", "PTTXVS"] { #expect(old.answer(word) == "rejected", "\(word)") }
    let new = RegularLanguage.reber(.cleeremans)
    for word in ["BTXSE", "BPVVE", "BTSSXXTVVE", "BTXXVPSE", "BPTTTTVPSE"] {
      #expect(new.answer(word) == "accepted", "\(word)")
    }
    for word in ["", "BTXS", "TXS", "BTSSPXSE", "BPTVVB", "BTXXVVSE"] {
      #expect(new.answer(word) == "rejected", "\(word)")
    }
  }

  @Test("membership is that of a regular expression", arguments: ReberGrammar.allCases)
  func membership(grammar: ReberGrammar) throws {
    let expression = try NSRegularExpression(
      pattern: "^(?:" + (try #require(Self.expressions[grammar])) + ")$")
    func definition(_ word: [String]) -> String {
      let text = word.joined()
      let range = NSRange(location: 0, length: text.utf16.count)
      return expression.firstMatch(in: text, range: range) == nil ? "rejected" : "accepted"
    }
    let language = RegularLanguage.reber(grammar)
    for word in words(symbols: language.symbols.count, upTo: 5) {
      let names = word.map { language.symbols[$0] }
      #expect(language.answer(names) == definition(names), "\(names)")
    }
    let task = try Reber(parsing: "reber:convention=\(grammar.rawValue),slip=0.1")
    #expect(try task.firstDisagreement(trials: 200, definition) == nil)
  }

  @Test(
    "the number of words grows as 1.465571^length, an entropy of 0.382245 nat",
    arguments: ReberGrammar.allCases)
  func entropy(grammar: ReberGrammar) {
    let language = RegularLanguage.reber(grammar)
    var counts = [1.0] + Array(repeating: 0, count: language.states.count - 1)
    var totals: [Double] = []
    for _ in 0..<120 {
      var following = counts.map { _ in 0.0 }
      for (state, count) in counts.enumerated() {
        for target in language.next[state] where !language.isSink(target) { following[target] += count }
      }
      counts = following
      totals.append(zip(counts, language.answers).reduce(0) { $0 + $1.0 * Double($1.1) })
    }
    // The other roots of x³ = x² + 1 have modulus 0.826: after 120 steps their share is below 1e-29.
    let growth = totals[119] / totals[118]
    #expect(abs(growth * growth * growth - growth * growth - 1) < 1e-12)
    // The published value has six digits.
    #expect(abs(log(growth) - 0.382245) < 5e-7)
  }

  @Test("in the stream the ends of words add up to an entropy of 0.602410 nat")
  func streamEntropy() {
    let language = ProbabilisticLanguage.reber(.reber)
    var counts = language.states.map { _ in 1.0 }
    var growth = 0.0
    for _ in 0..<400 {
      let following = language.states.indices.map { state in
        language.symbols.indices.reduce(0) { sum, symbol in
          language.probabilities[state][symbol] > 0 ? sum + counts[language.next[state][symbol]] : sum
        }
      }
      growth = following[0] / counts[0]
      counts = following.map { $0 / following[0] }
    }
    #expect(abs(log(growth) - 0.602410) < 5e-7)
  }

  @Test(
    "the stream is words of the grammar; what follows is equally probable", arguments: ReberGrammar.allCases)
  func stream(grammar: ReberGrammar) throws {
    let task = try ReberNext(parsing: "reber-next:convention=\(grammar.rawValue),steps=400")
    let acceptor = RegularLanguage.reber(grammar)
    let trial = task.trial(0)
    let text = try tokens(of: trial).map { task.language.symbols[$0] }.joined()
    let end = grammar == .reber ? "#" : "E"
    let pieces = text.split(separator: end, omittingEmptySubsequences: false).dropLast()
    #expect(pieces.count > 20)
    for piece in pieces {
      #expect(acceptor.answer(String(piece) + (grammar == .reber ? "" : end)) == "accepted", "\(piece)")
    }
    let rows = Set(task.language.probabilities)
    // One symbol is certain, or two have even odds; and the sink's row.
    let kinds: [[Double]] = [[1], [0.5, 0.5], []]
    #expect(rows.allSatisfy { row in kinds.contains(row.filter { $0 > 0 }) })
    for (step, label) in try #require(trial.labels).enumerated() {
      let width = task.outputSize
      #expect(
        Array(trial.targets.elements[step * width..<(step + 1) * width]) == task.language.probabilities[label]
      )
    }
    #expect(
      task.language.states.last == "sink" && trial.labels?.contains(task.language.states.count - 1) == false)
  }
}
