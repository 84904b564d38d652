import ProbeLinearAlgebra
import Testing

@testable import ProbeTasks

@Suite("The sampler of words")
struct WordSamplerTests {
  @Test("a symbol's share of a word is uniform on the simplex: mean 1/k, variance (k - 1) / (k² (k + 1))")
  func simplex() throws {
    let task = try WordProblem(parsing: "word-problem:group=S3,steps=400")
    let trials = 600
    var shares: [[Double]] = []
    for index in 0..<trials {
      let word = try tokens(of: task.trial(index))
      shares.append((0..<6).map { symbol in Double(word.count { $0 == symbol }) / 400 })
    }
    let variance = 5.0 / (36 * 7)
    for symbol in 0..<6 {
      let column = shares.map { $0[symbol] }
      let mean = column.reduce(0, +) / Double(trials)
      let error = (variance / Double(trials)).squareRoot()
      #expect(abs(mean - 1.0 / 6) < 5 * error)
      // E p(1 - p) / 400 is the part that the finite word adds.
      let expected = variance + (1.0 / 6 - 1.0 / 36 - variance) / 400
      let squares = column.map { ($0 - 1.0 / 6) * ($0 - 1.0 / 6) }
      let observed = squares.reduce(0, +) / Double(trials)
      let spread = squares.reduce(0) { $0 + ($1 - observed) * ($1 - observed) } / Double(trials - 1)
      let spreadError = (spread / Double(trials)).squareRoot()
      #expect(abs(observed - expected) < 5 * spreadError)
    }
  }

  @Test("a symbol that dooms is exchanged for the others in proportion to their probabilities")
  func exchange() {
    // Symbol 0 dooms; 1 and 2 do not matter.
    let language = RegularLanguage(
      meaning: "no 0", source: "test", symbols: ["0", "1", "2"], next: [[1, 0, 0], [1, 1, 1]],
      accepts: [true, false])
    for seed in 0..<5 as Range<UInt64> {
      var copy = RandomGenerator(seed: seed)
      let cuts = [copy.uniform(), copy.uniform()].sorted()
      var random = RandomGenerator(seed: seed)
      let sampler = WordSampler(language, slip: 0, &random)
      var counts = [0, 0, 0]
      for _ in 0..<4000 { counts[sampler.symbol(after: 0, &random)] += 1 }
      // The gap below the first cut is symbol 2's, the next symbol 1's.
      let share = cuts[0] / cuts[1]
      #expect(counts[0] == 0)
      let error = (share * (1 - share) / 4000).squareRoot()
      #expect(abs(Double(counts[2]) / 4000 - share) < 5 * error)
    }
  }

  @Test("with slip=1 symbols stand as drawn; where every symbol dooms there is nothing to exchange")
  func stands() {
    let language = RegularLanguage(
      meaning: "the empty word", source: "test", symbols: ["0", "1", "2"], next: [[1, 1, 1], [1, 1, 1]],
      accepts: [true, false])
    var random = RandomGenerator(seed: 1)
    let careful = WordSampler(language, slip: 0, &random)
    let first = (0..<50).map { _ in careful.symbol(after: 0, &random) }
    var again = RandomGenerator(seed: 1)
    let free = WordSampler(language, slip: 1, &again)
    let second = (0..<50).map { _ in free.symbol(after: 0, &again) }
    #expect(first == second)
  }

  @Test(
    "with the defaults each class has at least one step in a hundred, and with slip=0 no word of an endless language is doomed",
    arguments: [
      "dyck", "dyck:k=1,depth=5", "parity-check", "even-pairs", "modular-arithmetic",
      "modular-arithmetic:convention=flare", "cycle-navigation", "cycle-navigation:convention=flare", "reber",
      "reber:convention=cleeremans", "random-dfa", "word-problem:group=A4,answer=identity",
    ])
  func classes(specification: String) throws {
    let task = try #require(try TaskRegistry.task(specification) as? any LanguageTask)
    var counts = task.language.classes.map { _ in 0 }
    for index in 0..<200 {
      for label in try #require(task.trial(index).labels) { counts[task.language.answers[label]] += 1 }
    }
    #expect(counts.allSatisfy { 100 * $0 >= counts.reduce(0, +) }, "\(counts)")
    guard specification.hasPrefix("dyck") || specification == "modular-arithmetic" else { return }
    let careful = try #require(
      try TaskRegistry.task(specification + (specification.contains(":") ? ",slip=0" : ":slip=0"))
        as? any LanguageTask)
    for index in 0..<50 {
      #expect(careful.trial(index).labels?.contains { careful.language.isSink($0) } == false)
    }
  }
}
