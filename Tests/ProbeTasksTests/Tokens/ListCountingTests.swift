import Testing

@testable import ProbeTasks

@Suite("Counting through lists")
struct ListCountingTests {
  @Test("the lists are complete, and Roman numerals and number words say what they should")
  func lists() {
    #expect(
      SuccessorList.all.map { [$0.name, "\($0.items.count)"] } == [
        ["numbers", "200"], ["number-words", "20"], ["ordinals", "10"], ["days", "7"], ["short-days", "7"],
        ["months", "12"], ["short-months", "12"], ["letters", "26"], ["roman", "20"],
      ])
    for list in SuccessorList.all { #expect(Set(list.items).count == list.items.count) }
    #expect(
      SuccessorList.all.filter(\.isCyclic).map(\.name) == ["days", "short-days", "months", "short-months"])
    // Values by the subtractive rule, letter by letter.
    let values: [Character: Int] = ["I": 1, "V": 5, "X": 10]
    let roman = SuccessorList.all[8].items.map { numeral in
      let digits = numeral.compactMap { values[$0] }
      return digits.indices.reduce(0) { sum, index in
        sum + (index + 1 < digits.count && digits[index] < digits[index + 1] ? -digits[index] : digits[index])
      }
    }
    #expect(roman == Array(1...20))
  }

  @Test("each item from the second on is asked at the step before it, and follows the one before")
  func structure() throws {
    let vocabulary = Vocabularies.words()
    let task = try TokenTaskRegistry.task("lists:between=2,items=4", vocabulary: vocabulary)
    #expect(task.steps == 1 + 4 + 6 && task.trials == 64)
    var starts: [Int: Set<Int>] = [:]
    for index in 0..<900 {
      let trial = task.trial(index)
      let list = SuccessorList.all[try #require(trial.labels["list"])]
      let start = try #require(trial.labels["start"])
      starts[trial.labels["list"] ?? -1, default: []].insert(start)
      let texts = trial.tokens.dropFirst().map { vocabulary.text?($0) ?? "" }
      #expect(texts.count == 10 && trial.tokens[0] == 0 && trial.leading == 1)
      for item in 0..<4 {
        #expect(texts[3 * item] == " " + list.items[(start + item) % list.items.count])
        if item > 0 { #expect(trial.targets[3 * item] == trial.tokens[3 * item + 1]) }
      }
      #expect(trial.targets.filter { $0 >= 0 }.count == 3)
      let others = texts.indices.filter { $0 % 3 != 0 }.map { texts[$0] }
      #expect(
        Set(others).count == 6 && others.allSatisfy { ProseGenerator.things.contains(String($0.dropFirst())) }
      )
    }
    #expect(starts.count == 9)
    #expect(starts[3] == Set(0..<7) && starts[2] == Set(0...6))
  }

  @Test("without words between, the items follow at once")
  func adjacent() throws {
    let vocabulary = Vocabularies.words()
    let trial = try TokenTaskRegistry.task(
      "lists:lists=ordinals,between=0,items=10,bos=false", vocabulary: vocabulary
    ).trial(0)
    #expect(
      text(trial.tokens, vocabulary) == " first second third fourth fifth sixth seventh eighth ninth tenth")
    #expect(trial.targets == Array(trial.tokens.dropFirst()) + [-1])
  }

  @Test("items that are not single tokens are left out, and a list is cut there")
  func runs() throws {
    let known = [
      "It", "rained", ".", "Monday", "Tuesday", "Thursday", "Saturday", "Sunday", "letter", "basket",
    ]
    let vocabulary = Vocabularies.closed(known)
    let task = try TokenTaskRegistry.task("lists:items=3", vocabulary: vocabulary)
    var seen: Set<[String]> = []
    for index in 0..<50 {
      let trial = task.trial(index)
      #expect(trial.tokens.count == 3 && trial.labels["list"] == 3)
      seen.insert([trial.tokens[0], trial.tokens[2]].map { vocabulary.text?($0) ?? "" })
      let isSaturday = vocabulary.text?(trial.tokens[0]) == "Saturday"
      #expect(trial.labels["start"] == (isSaturday ? 5 : 0))
    }
    #expect(seen == [["Monday", "Tuesday"], ["Saturday", "Sunday"]])
  }

  @Test("where too few of our words are single tokens, any others of the vocabulary stand between")
  func anyWords() throws {
    let vocabulary = Vocabularies.closed(["Monday", "p", "q", "Tuesday", "r"])
    let task = try TokenTaskRegistry.task("lists:items=2,between=2", vocabulary: vocabulary)
    var seen: Set<Int> = []
    for index in 0..<100 {
      let tokens = task.trial(index).tokens
      #expect(tokens.first == 2 && tokens.last == 5 && tokens.count == 4 && Set(tokens).count == 4)
      seen.formUnion(tokens[1..<3])
    }
    // Id 0 is of this vocabulary but no word, as nothing says that it is special.
    #expect(seen == [0, 3, 4, 6])
  }

  @Test("errors")
  func faults() {
    #expect(
      tokenFault("lists", Vocabularies.bytes())
        == "task lists cannot be made for this model: no two consecutive items of numbers, number-words, ordinals, "
        + "days, short-days, months, short-months, letters, roman are single tokens, a space before each; wanted a "
        + "list whose items are")
    #expect(
      tokenFault("lists:lists=\"days,weeks\"", Vocabularies.words())
        == "task lists cannot take lists=days,weeks: wanted all, or some of numbers, number-words, ordinals, days, "
        + "short-days, months, short-months, letters, roman")
    #expect(
      tokenFault("lists:between=20,items=12,words=own", Vocabularies.words())
        == "task lists cannot be made for this model: 220 distinct words are to stand between the items, and 30 of our "
        + "own are single tokens; wanted fewer (between=, items=) or words=any")
    #expect(
      tokenFault("lists:between=3,items=2", Vocabularies.closed(["Monday", "Tuesday", "lamp"]))
        == "task lists cannot be made for this model: 3 distinct words are to stand between the items, and the "
        + "vocabulary has 2 others; wanted fewer (between=, items=)")
    #expect(
      tokenFault("lists")
        == "task lists cannot be made for this model: it has no tokenizer, and the task is made of text; wanted a "
        + "tokenizer, or the task tokens with ids")
  }
}
