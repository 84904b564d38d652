import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Repeated tokens")
struct RepeatedTokensTests {
  @Test("two copies of a block of two, after the beginning: the second copy's first step alone is asked")
  func smallest() throws {
    let trial = try TokenTaskRegistry.task(
      "repeated-tokens:block=2,repeats=2,jitter=0", vocabulary: Vocabularies.ids()
    ).trial(0)
    let (a, b) = (trial.tokens[1], trial.tokens[2])
    #expect(a != b)
    #expect(trial.tokens == [0, a, b, a, b])
    #expect(trial.targets == [-1, -1, -1, b, -1])
    #expect(trial.leading == 1 && trial.needles.isEmpty && trial.maximumNewTokens == 0)
    #expect(trial.labels == ["block": 2, "length": 5])
  }

  @Test("the published protocol: uniform attention has the prefix-matching score of its closed form")
  func uniformAttention() throws {
    let trial = try TokenTaskRegistry.task(
      "repeated-tokens:jitter=0", vocabulary: Vocabularies.ids(50_257)
    ).trial(3)
    #expect(trial.tokens.count == 101)
    var scores: [Double] = []
    for query in trial.tokens.indices {
      let earlier = (0..<query).filter { trial.tokens[$0] == trial.tokens[query] }
      if !earlier.isEmpty { scores.append(Double(earlier.count) / Double(query + 1)) }
    }
    #expect(scores.count == 75)
    // sum over copies c = 1, 2, 3 and k = 0 ..< 25 of c / (25 c + k + 2), over 75.
    #expect(abs(scores.reduce(0, +) / 75 - 0.030721188003257006) < 1e-15)
  }

  @Test("blocks are distinct ids of the range, none special, and every length of the jitter occurs")
  func blocks() throws {
    let vocabulary = TokenVocabulary(size: 100, beginning: 50, special: [50, 51, 60])
    let task = try TokenTaskRegistry.task(
      "repeated-tokens:low=40,high=80,block=20,jitter=3,repeats=3,seed=9", vocabulary: vocabulary)
    #expect(task.steps == 1 + 23 * 3)
    var lengths: Set<Int> = []
    var ids: Set<Int> = []
    for index in 0..<200 {
      let trial = task.trial(index)
      let length = try #require(trial.labels["block"])
      lengths.insert(length)
      #expect(trial.tokens.count == 1 + 3 * length && trial.tokens[0] == 50)
      let block = Array(trial.tokens[1...length])
      #expect(Set(block).count == length)
      #expect(trial.tokens == [50] + block + block + block)
      ids.formUnion(block)
      for (step, target) in trial.targets.enumerated() {
        let isAsked = step > length && step < 3 * length
        #expect(target == (isAsked ? trial.tokens[step + 1] : -1))
      }
    }
    #expect(lengths == Set(17...23))
    #expect(ids == Set(40...80).subtracting([50, 51, 60]))
  }

  @Test("by default blocks have 15 to 35 tokens, and 2 % of the ids at each end are left out")
  func defaults() throws {
    let task = try RepeatedTokens(
      TaskParameters(for: RepeatedTokens.descriptor), vocabulary: Vocabularies.ids(5000))
    #expect(task.blocks == 15...35 && task.repeats == 4 && task.steps == 141)
    #expect(task.candidates == Array(100...4899))
    #expect(task.trials == 32)
  }

  @Test("without a beginning-of-sequence token, or without wanting it, the block comes first")
  func noBeginning() throws {
    let none = try TokenTaskRegistry.task(
      "repeated-tokens:jitter=0", vocabulary: TokenVocabulary(size: 500))
    #expect(none.trial(0).tokens.count == 100 && none.trial(0).leading == 0)
    let unwanted = try TokenTaskRegistry.task(
      "repeated-tokens:jitter=0,bos=false", vocabulary: Vocabularies.ids())
    #expect(!unwanted.trial(0).tokens.contains(0))
  }

  @Test("errors")
  func faults() {
    #expect(
      tokenFault("repeated-tokens:block=1")
        == "task repeated-tokens cannot take block=1: wanted a whole number from 2 to 1000000")
    #expect(
      tokenFault("repeated-tokens:block=5")
        == "task repeated-tokens cannot take jitter=10: wanted a whole number from 0 to 3 (a block of 5 less the "
        + "jitter has at least 2 tokens)")
    #expect(
      tokenFault("repeated-tokens:low=1000")
        == "task repeated-tokens cannot take low=1000: wanted auto or a whole number from 0 to 999 (the vocabulary)"
    )
    #expect(
      tokenFault("repeated-tokens:low=90,high=80")
        == "task repeated-tokens cannot take high=80: wanted auto or a whole number from 90 to 999 (from low=90 on)"
    )
    #expect(
      tokenFault("repeated-tokens", Vocabularies.ids(30))
        == "task repeated-tokens cannot be made for this model: a block of 35 distinct tokens is to be drawn from 28 "
        + "ids; wanted a smaller block or jitter, or a wider range from low to high")
    #expect(
      tokenFault("repeated-tokens", Vocabularies.ids(positions: 128))
        == "task repeated-tokens cannot be made for this model: its longest trial has 141 tokens, generated ones "
        + "included, and the model 128 positions; wanted shorter trials")
    #expect(
      tokenFault("repeated-tokens:steps=140")
        == "task repeated-tokens cannot take steps=140: wanted auto or a whole number from 141 to 100000000 (the "
        + "longest trial has 141)")
    #expect(
      tokenFault("repeated-tokens:bos=true", TokenVocabulary(size: 1000))
        == "task repeated-tokens cannot take bos=true: wanted false or auto, as the vocabulary has no "
        + "beginning-of-sequence token")
    #expect(
      tokenFault("repeated-tokens:bos=yes")
        == "task repeated-tokens cannot take bos=yes: wanted one of auto, true, false")
  }
}
