import ProbeHeads
import ProbeLinearAlgebra
import Testing

@Suite struct RetrievalTests {
  /// Needle 10, 11, 12, 13 at 5; what is generated repeats its first token and stops short of its last.
  private func run(
    generated: [Int] = [10, 10, 11, 12], attended: [Int] = [5, 5, 6, 7], heads: Int = 1
  ) throws -> RetrievalRun {
    try RetrievalRun(
      prompt: [0, 1, 2, 3, 4, 10, 11, 12, 13, 20, 21, 22], needles: [5..<9], generated: generated,
      heads: heads, attended: attended)
  }

  @Test(
    "the code counts a repeated token twice, the paper once", arguments: RetrievalScores.SetElement.allCases)
  func codeAndPaper(element: RetrievalScores.SetElement) throws {
    let scores = RetrievalScores(try run(), element: element, seed: 1)
    #expect(scores.copyRate == [1])
    #expect(scores.set == [0.75])
    #expect(scores.recall == 0.75)
    #expect(scores.isKept)
    #expect(scores.attainableCopyRate == 1)
    #expect(scores.attainableSet == 0.75)
  }

  @Test("steps with no bigram to match are entries, the others continuations, each over its own chances")
  func entryAndContinuation() throws {
    // Head 0 copies at every step, head 1 only the last two, head 2 only at step 0, head 3 looks at wrong
    // tokens.
    let scores = RetrievalScores(
      try run(attended: [5, 0, 5, 6, 5, 9, 1, 7, 6, 6, 6, 5, 7, 7, 2, 8], heads: 4), seed: 1)
    // Steps 0 and 1 generate 10 after 22 and after 10: the needle has it after 4. Steps 2 and 3 go along the
    // needle.
    #expect(scores.entry == [1, 0, 0.5, 0])
    #expect(scores.continuation == [1, 1, 0.5, 0])
    #expect(scores.copyRate == [1, 0.5, 0.5, 0])
    #expect(scores.set == [0.75, 0.5, 0.5, 0])
  }

  @Test("without a chance of either, entry and continuation are undefined")
  func noChances() throws {
    let straight = try RetrievalRun(
      prompt: [7, 8, 9, 7], needles: [1..<3], generated: [8, 9], heads: 1, attended: [1, 2])
    let scores = RetrievalScores(straight, seed: 1)
    #expect(scores.entry == nil)
    #expect(scores.continuation == [1])
    #expect(scores.set == [1])
    // The prompt is too short for another span of two beside the needle.
    #expect(scores.shamSet == nil)
    #expect(scores.shamCopyRate == nil)
  }

  @Test("a needle at the prompt's first token is entered without a predecessor")
  func atTheStart() throws {
    let run = try RetrievalRun(
      prompt: [5, 6, 1], needles: [0..<2], generated: [5, 6], heads: 1, attended: [0, 1])
    let scores = RetrievalScores(run, seed: 1)
    #expect(scores.entry == [1])
    #expect(scores.continuation == [1])
  }

  @Test("several needles are scored together, and a repeated token counts by position or once")
  func severalNeedles() throws {
    let run = try RetrievalRun(
      prompt: [0, 10, 11, 10, 0, 0, 12, 13, 0], needles: [6..<8, 1..<4], generated: [10, 11, 12, 13],
      heads: 2,
      attended: [1, 3, 2, 2, 6, 0, 7, 7])
    #expect(run.needles == [1..<4, 6..<8])
    #expect(run.recall == 0.8)
    let byPosition = RetrievalScores(run, seed: 1)
    #expect(byPosition.copyRate == [0.8, 0.6])
    #expect(byPosition.set == [0.8, 0.6])
    #expect(byPosition.attainableSet == 0.8)
    let byToken = RetrievalScores(run, element: .tokens, seed: 1)
    #expect(byToken.set == [1, 0.75])
    #expect(byToken.attainableSet == 1)
  }

  @Test("a head that copies from elsewhere in the prompt shows in the sham, not in the score")
  func sham() throws {
    // One needle of two, room for sham spans only at 0..<2: the sham is forced.
    let run = try RetrievalRun(
      prompt: [4, 5, 8, 9, 8], needles: [2..<4], generated: [4, 5, 8], heads: 2,
      attended: [0, 2, 1, 3, 2, 2])
    let scores = RetrievalScores(run, shamDraws: 3, seed: 5)
    #expect(scores.set == [0.5, 0.5])
    #expect(scores.shamSet == [1, 0])
    #expect(scores.shamCopyRate == [1, 0])
    #expect(!scores.isKept)
  }

  @Test("sham spans are drawn by the seed")
  func shamSeeds() throws {
    var random = RandomGenerator(seed: 2)
    let prompt = (0..<200).map { _ in random.integer(below: 4) }
    let generated = (0..<30).map { _ in random.integer(below: 4) }
    let attended = (0..<30).map { _ in random.integer(below: 200) }
    let run = try RetrievalRun(
      prompt: prompt, needles: [50..<60], generated: generated, heads: 1, attended: attended)
    let first = RetrievalScores(run, shamDraws: 4, seed: 7)
    #expect(first == RetrievalScores(run, shamDraws: 4, seed: 7))
    let others = (8..<16).map { RetrievalScores(run, shamDraws: 4, seed: $0).shamCopyRate }
    #expect(Set(others).count > 1)
  }

  @Test(
    "scores never exceed what was attainable, and the set never the rate",
    arguments: 1...20 as ClosedRange<UInt64>)
  func bounds(seed: UInt64) throws {
    var random = RandomGenerator(seed: seed)
    let prompt = (0..<30).map { _ in random.integer(below: 6) }
    let generated = (0..<12).map { _ in random.integer(below: 6) }
    let attended = (0..<12 * 5).map { _ in random.integer(below: 30) }
    let run = try RetrievalRun(
      prompt: prompt, needles: [3..<8, 20..<23], generated: generated, heads: 5, attended: attended)
    for element in RetrievalScores.SetElement.allCases {
      let scores = RetrievalScores(run, element: element, seed: seed)
      for head in 0..<5 {
        #expect(scores.copyRate[head] <= scores.attainableCopyRate)
        #expect(scores.set[head] <= scores.attainableSet)
        #expect(scores.set[head] <= 1)
        if element == .positions { #expect(scores.set[head] <= scores.copyRate[head]) }
      }
    }
  }

  @Test("half of the needle generated is not more than half")
  func keptRuns() throws {
    #expect(try !run(generated: [10, 11], attended: [5, 6]).isKept)
    #expect(try run(generated: [13, 12, 11], attended: [5, 6, 7]).isKept)
    #expect(try !run(generated: [10, 10, 10, 10], attended: [5, 5, 5, 5]).isKept)
    #expect(try !run(generated: [], attended: []).isKept)
  }

  @Test("a summary keeps the runs that count and says how many there were")
  func summary() throws {
    let good = RetrievalScores(
      try run(attended: [5, 0, 5, 0, 6, 0, 7, 0], heads: 2), seed: 1)
    let poor = RetrievalScores(
      try run(generated: [10, 11, 12, 13], attended: [5, 0, 0, 0, 0, 0, 0, 8], heads: 2), seed: 2)
    let failed = RetrievalScores(try run(generated: [1], attended: [1, 1], heads: 2), seed: 3)
    let summary = RetrievalSummary([good, failed, poor], bootstrap: PromptBootstrap(resamples: 200))
    #expect(summary.runsMade == 3)
    #expect(summary.runsKept == 2)
    #expect(summary.copyRate.map { $0?.mean } == [0.625, 0.125])
    #expect(summary.set.map { $0?.mean } == [0.5, 0.125])
    #expect(summary.activationFrequency.map { $0?.mean } == [1, 0.5])
    #expect(summary.attainableCopyRate == 1)
    #expect(summary.attainableSet == 0.875)
    #expect(RetrievalSummary.count(summary.copyRate, reaching: 0.1) == 2)
    #expect(RetrievalSummary.count(summary.copyRate, reaching: 0.125) == 2)
    #expect(RetrievalSummary.count(summary.copyRate, reaching: 0.5) == 1)
    let none = RetrievalSummary([failed])
    #expect(none.runsKept == 0 && none.copyRate.isEmpty && none.attainableSet == nil)
  }

  @Test("a needle that is not in the prompt, keys out of reach and wrong counts are errors in words")
  func errors() throws {
    func message(_ body: () throws -> Void) -> String? {
      do {
        try body()
        return nil
      } catch { return "\(error)" }
    }
    #expect(
      message { _ = try RetrievalRun.locate([4, 5], in: [5, 4, 6]) }
        == "the needle [4, 5] stands nowhere in the prompt of 3 tokens; it must be there token for token")
    #expect(message { _ = try RetrievalRun.locate([4, 5], in: [5]) } != nil)
    #expect(message { _ = try RetrievalRun.locate([], in: [5]) } == "the needle is empty")
    #expect(try RetrievalRun.locate([4, 6], in: [5, 4, 6, 4, 6]) == 1..<3)
    func run(_ needles: [Range<Int>], _ attended: [Int]) -> String? {
      message {
        _ = try RetrievalRun(
          prompt: [1, 2, 3], needles: needles, generated: [1, 2], heads: 1, attended: attended)
      }
    }
    #expect(run([2..<4], [0, 0]) == "the needle at 2..<4 is not within the prompt of 3 tokens")
    #expect(
      run([0..<2, 1..<3], [0, 0])
        == "the needles at 0..<2 and 1..<3 overlap; each position may belong to one needle")
    #expect(run([], [0, 0]) == "the list of needles is empty")
    #expect(run([1..<1], [0, 0]) == "the needle at 1 is empty")
    #expect(
      run([0..<1], [0])
        == "the list of attended keys should be 2 steps x 1 heads, 2 numbers; it is 1 numbers")
    // At step 0 the query is the prompt's last token.
    #expect(
      run([0..<1], [3, 0]) == "the key attended to by head 0 at step 0 has index 3, which is not in 0..<3")
    #expect(run([0..<1], [2, 3]) == nil)
  }
}
