import ProbeTasks
import Testing

@Suite("The registry of token tasks")
struct TokenTaskRegistryTests {
  /// Every task that needs no file, with a vocabulary that has it all.
  static let tasks = [
    "needle:lengths=300", "needle:kind=random,lengths=64", "repeated-tokens:block=20", "lists:items=4",
  ]
  static let vocabulary = Vocabularies.words()

  @Test("lists the tasks in order, none with the name of another kind")
  func listing() {
    let names = TokenTaskRegistry.descriptors.map(\.name)
    #expect(names == ["needle", "repeated-tokens", "lists", "tokens", "text"])
    #expect(names.allSatisfy(TokenTaskRegistry.isKnown) && !TokenTaskRegistry.isKnown("flipflop"))
    #expect(Set(names).isDisjoint(with: TaskRegistry.descriptors.map(\.name)))
    for descriptor in TokenTaskRegistry.descriptors {
      #expect(descriptor.parameters.suffix(3).map(\.name) == ["trials", "steps", "seed"])
      #expect(Set(descriptor.parameters.map(\.name)).count == descriptor.parameters.count)
      #expect(descriptor.parameters.allSatisfy { !$0.meaning.isEmpty } && descriptor.labels != nil)
    }
    #expect(
      tokenFault("needles")
        == "there is no task 'needles' (did you mean 'needle'?); the tasks are needle, repeated-tokens, lists, "
        + "tokens, text")
    #expect(tokenFault("lists:item=3")?.contains("(did you mean 'items'?)") == true)
  }

  @Test("a trial depends on the seed and its index alone", arguments: tasks)
  func determinism(specification: String) throws {
    func task(_ more: String) throws -> any TokenTask {
      try TokenTaskRegistry.task("\(specification),\(more)", vocabulary: Self.vocabulary)
    }
    let few = try task("trials=3,seed=7")
    let many = try task("trials=1000,seed=7")
    #expect(few.trials == 3 && many.trials == 1000)
    let backwards = (0..<20).reversed().map { many.trial($0) }
    #expect((0..<20).map { few.trial($0) } == backwards.reversed())
    let other = try task("seed=8")
    #expect((0..<20).map { other.trial($0) } != backwards.reversed())
    #expect(Set((0..<20).map { many.trial($0).tokens }).count > 15)
  }

  @Test(
    "trials fit: ids of the vocabulary, targets within the steps, needles in the prompt", arguments: tasks)
  func fit(specification: String) throws {
    let task = try TokenTaskRegistry.task("\(specification),seed=3", vocabulary: Self.vocabulary)
    for index in 0..<min(task.trials, 100) {
      let trial = task.trial(index)
      #expect(trial.steps <= task.steps && trial.targets.count == trial.steps)
      #expect(trial.tokens.allSatisfy { (0..<Self.vocabulary.size).contains($0) })
      #expect(trial.tokens.dropFirst(trial.leading).allSatisfy { !Self.vocabulary.special.contains($0) })
      #expect(trial.targets.allSatisfy { (-1..<Self.vocabulary.size).contains($0) })
      #expect(trial.targets.contains { $0 >= 0 })
      #expect(trial.needles.allSatisfy { !$0.isEmpty && $0.upperBound <= trial.tokens.count })
    }
  }

  @Test("the whole specification builds the same task again; steps give room", arguments: tasks)
  func roundTrip(specification: String) throws {
    let task = try TokenTaskRegistry.task("\(specification),seed=5", vocabulary: Self.vocabulary)
    let again = try TokenTaskRegistry.task(task.parameters.specification, vocabulary: Self.vocabulary)
    #expect(
      again.parameters == task.parameters && again.trial(4) == task.trial(4) && again.steps == task.steps)
    let roomy = try TokenTaskRegistry.task(
      "\(specification),seed=5,steps=\(task.steps + 10)", vocabulary: Self.vocabulary)
    #expect(roomy.steps == task.steps + 10 && roomy.trial(4) == task.trial(4))
  }

  @Test(
    "lists of numbers: commas, or evenly spaced with both ends",
    arguments: [
      ("\"300, 500\"", 500, 2), ("300..1000/8", 1000, 8), ("400..400/1", 400, 1), ("\"300,300\"", 300, 1),
    ])
  func numbers(text: String, longest: Int, count: Int) throws {
    let task = try TokenTaskRegistry.task("needle:depths=50,lengths=\(text)", vocabulary: Self.vocabulary)
    #expect(task.steps == longest && task.trials == 8 * count)
  }

  @Test(
    "other lists of numbers are refused",
    arguments: ["300..200/3", "300..400/1", "300..400/0", "300..400", "\"300,\"", "300/2", "..", "a"])
  func badNumbers(text: String) {
    #expect(
      tokenFault("needle:lengths=\(text)", Self.vocabulary)?.contains("wanted whole numbers from 1") == true)
  }
}
