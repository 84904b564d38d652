import ProbeHeads
import ProbeLinearAlgebra
import Testing

@Suite struct DensePatternTests {
  /// (H_8 - 1) / 7 with the harmonic number H_8 = 761/280.
  @Test("an even spread over 8 tokens has previous-token and sink scores (H_8 - 1) / 7")
  func uniformPrevious() throws {
    let pattern = try uniformPattern(tokens: Array(0..<8))
    let expected = (761.0 / 280 - 1) / 7
    #expect(abs(expected - 0.2454081632653061) <= 1e-15)
    #expect(abs(try #require(pattern.previousToken) - expected) <= 16 * unitRoundoff)
    #expect(abs(try #require(pattern.firstToken) - expected) <= 16 * unitRoundoff)
    #expect(pattern.duplicateToken == nil)
    #expect(pattern.induction == nil)
    #expect(pattern.nGrams() == [nil, nil, nil, nil])
  }

  /// A BOS and 25 tokens four times: at position p of copy c (1...3, from 0) there are c earlier occurrences
  /// and 1 + 25 c + p + 1 keys.
  @Test("an even spread over BOS and 25 tokens x 4 has the closed-form prefix-matching score over 75 queries")
  func uniformInduction() throws {
    let pattern = try uniformPattern(tokens: [99] + (0..<100).map { $0 % 25 })
    var expected = 0.0
    for copy in 1...3 { for place in 0..<25 { expected += Double(copy) / Double(25 * copy + place + 2) } }
    expected /= 75
    #expect(abs(expected - 0.030721188003257006) <= 1e-16)
    #expect(abs(try #require(pattern.induction) - expected) <= 200 * unitRoundoff * expected)
    #expect(abs(try #require(pattern.duplicateToken) - expected) <= 200 * unitRoundoff * expected)
    #expect((0..<pattern.count).filter { pattern.induction(query: $0) != nil }.count == 75)
  }

  /// The mean of 1/(i + 1) over i = 49...99, 51 entries.
  @Test("an even spread over 50 tokens x 2 has the closed-form diagonal score over 51 queries")
  func uniformDiagonal() throws {
    let pattern = try uniformPattern(tokens: (0..<100).map { $0 % 50 })
    #expect(abs(try #require(pattern.meanWeight(lag: 49)) - 0.013885729006082257) <= 60 * unitRoundoff / 70)
    #expect(pattern.meanWeight(lag: 1) == pattern.previousToken)
    let diagonal: Double = (1...100).reduce(0) { $0 + 1 / Double($1) }
    #expect(pattern.meanWeight(lag: 0) == diagonal / 100)
    #expect(pattern.meanWeight(lag: 100) == nil)
  }

  @Test("perfect heads score one on what they do, and nothing on the rest")
  func perfectHeads() throws {
    let tokens = (0..<30).map { $0 % 10 }
    let previous = try pattern(tokens: tokens) { $1 == max(0, $0 - 1) ? 1 : 0 }
    #expect(previous.previousToken == 1)
    #expect(previous.induction == 0)
    let first = try pattern(tokens: tokens) { $1 == 0 ? 1 : 0 }
    #expect(first.firstToken == 1)
    let induction = try pattern(tokens: tokens) { query, key in key == max(0, query - 9) ? 1 : 0 }
    #expect(induction.induction == 1)
    #expect(induction.duplicateToken == 0)
    #expect(induction.entropy == 0)
    let duplicate = try pattern(tokens: tokens) { query, key in key == max(0, query - 10) ? 1 : 0 }
    #expect(duplicate.duplicateToken == 1)
    #expect(duplicate.induction == 0)
  }

  @Test("a token that follows itself counts as the token after its earlier occurrence")
  func immediateRepetition() throws {
    let pattern = try pattern(tokens: [1, 1, 1]) { query, key in
      [[1], [0.25, 0.75], [0.5, 0.125, 0.375]][query][key]
    }
    #expect(pattern.induction(query: 0) == nil)
    #expect(pattern.induction(query: 1) == 0.75)
    #expect(pattern.induction(query: 2) == 0.5)
    #expect(pattern.duplicateToken(query: 1) == 0.25)
    #expect(pattern.duplicateToken(query: 2) == 0.625)
    #expect(pattern.induction == 0.625)
    // Key 1 at query 2 matches one token (the history ends), key 2 matches two.
    #expect(pattern.nGrams(query: 2) == [0.125, 0.375, nil, nil, nil])
  }

  @Test("n-gram orders count a key at its longest match, as spelled out on a small sequence")
  func nGramOrders() throws {
    //          0  1  2  3  4  5  6  7  8
    let tokens = [1, 2, 3, 9, 2, 3, 1, 2, 3]
    var weights = [Double](repeating: 0, count: 9)
    // The query is 8, "1 2 3": key 3 follows "1 2 3" (order 3), key 6 follows "2 3" after 9 (order 2).
    weights[3] = 0.5
    weights[6] = 0.25
    weights[4] = 0.25
    let pattern = try pattern(tokens: tokens) { query, key in query == 8 ? weights[key] : key == query ? 1 : 0
    }
    #expect(pattern.nGrams(query: 8) == [nil, 0.25, 0.5, nil, nil])
    #expect(pattern.nGrams(query: 8, longest: 1) == [nil, 0.75])
    #expect(pattern.induction(query: 8) == 0.75)
    // At query 7, "9 2 3 1 2", key 2 follows "1 2", key 5 follows "2" after 9: their order is 2 and 1.
    #expect(pattern.nGrams(query: 7) == [0, 0, nil, nil, nil])
  }

  @Test("the orders share out the induction weight at every query", arguments: [1, 2, 3, 4] as [UInt64])
  func ordersSumToInduction(seed: UInt64) throws {
    var random = RandomGenerator(seed: seed)
    let tokens = (0..<60).map { _ in random.integer(below: 3) }
    let pattern = try randomPattern(tokens: tokens, seed: seed)
    for query in tokens.indices {
      let orders = pattern.nGrams(query: query).compactMap { $0 }
      guard let induction = pattern.induction(query: query) else {
        #expect(orders.isEmpty)
        continue
      }
      #expect(abs(orders.reduce(0, +) - induction) <= 60 * unitRoundoff)
    }
  }

  /// A pattern whose every entry is compared with the words of the definition, key by key.
  @Test("scores agree with definitions written over all pairs", arguments: [5, 6] as [UInt64])
  func naive(seed: UInt64) throws {
    var random = RandomGenerator(seed: seed)
    let tokens = (0..<40).map { _ in random.integer(below: 7) }
    let pattern = try randomPattern(tokens: tokens, seed: seed)
    for order in 1...4 {
      var scores: [Double] = []
      for i in tokens.indices {
        var sum: Double?
        for j in 1..<max(1, i + 1) {
          func matches(_ n: Int) -> Bool {
            j >= n && i + 1 >= n && Array(tokens[(j - n)..<j]) == Array(tokens[(i - n + 1)...i])
          }
          if matches(order) && !matches(order + 1) { sum = (sum ?? 0) + pattern.weights[i, j] }
        }
        if let sum { scores.append(sum) }
      }
      let found = pattern.nGrams()[order - 1]
      if scores.isEmpty {
        #expect(found == nil)
      } else {
        #expect(abs(try #require(found) - scores.reduce(0, +) / Double(scores.count)) <= 100 * unitRoundoff)
      }
    }
  }

  @Test("no token and one token leave most scores undefined")
  func tiny() throws {
    let none = try uniformPattern(tokens: [])
    #expect(none.previousToken == nil && none.entropy == nil && none.shareForNineTenths == nil)
    #expect(none.keysForNineTenths == nil)
    let one = try uniformPattern(tokens: [7])
    #expect(one.previousToken == nil && one.firstToken == nil && one.induction == nil)
    #expect(one.entropy == 0)
    #expect(one.keysForNineTenths == 1)
  }

  @Test("shuffled tokens take an induction head's score down to what chance gives")
  func permuted() throws {
    let tokens = (0..<120).map { $0 % 30 }
    let head = try pattern(tokens: tokens) { query, key in key == max(0, query - 29) ? 1 : 0 }
    #expect(head.induction == 1)
    let controls = (0..<40).map { head.withPermutedTokens(seed: $0) }
    #expect(controls.allSatisfy { $0.tokens.sorted() == tokens.sorted() && $0.weights == head.weights })
    #expect(controls[0].tokens == head.withPermutedTokens(seed: 0).tokens)
    #expect(controls[0].tokens != controls[1].tokens)
    // Given that some earlier token is the query's, that at lag 30 is it with probability at most 3/119 / (1
    // - 2/3).
    let mean = try controls.reduce(0) { $0 + (try #require($1.induction)) } / 40
    #expect(mean > 0 && mean < 0.08)
  }

  @Test("a pattern of the wrong shape, with a NaN, or looking ahead is refused in words")
  func errors() {
    let weights = Matrix<Double>(rows: 2, columns: 2, elements: [1, 0, 0.5, 0.5])
    func message(_ weights: Matrix<Double>, _ tokens: [Int]) -> String? {
      do {
        _ = try DensePattern(weights: weights, tokens: tokens)
        return nil
      } catch { return error.description }
    }
    #expect(message(weights, [1, 2]) == nil)
    #expect(
      message(weights, [1, 2, 3])
        == "an attention pattern should be 3 x 3, one row and column a token; it is 2 x 2")
    var wrong = weights
    wrong[1, 0] = .nan
    #expect(
      message(wrong, [1, 2])
        == "an attention pattern holds an infinity or a NaN at row 1, column 0; scores need finite numbers")
    wrong = weights
    wrong[0, 1] = 0.125
    #expect(
      message(wrong, [1, 2])
        == "query 0 puts weight 0.125 on the later key 1; a causal pattern is zero above its diagonal")
  }
}
