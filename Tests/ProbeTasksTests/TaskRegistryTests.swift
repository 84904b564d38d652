import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("The task registry")
struct TaskRegistryTests {
  static let names = TaskRegistry.descriptors.map(\.name)

  @Test("lists the tasks in order")
  func listing() {
    #expect(
      Self.names == [
        "flipflop", "sine", "delayed-discrimination", "path-integration", "parity", "delayed-match-to-sample",
        "hmm-emission", "tomita", "dyck", "parity-check", "even-pairs", "modular-arithmetic",
        "cycle-navigation", "word-problem", "reber", "random-dfa", "reber-next", "random-pdfa",
      ])
  }

  @Test(
    "every task is built from its defaults, documents trials, steps and seed, and its trials fit",
    arguments: names)
  func defaults(name: String) throws {
    let task = try TaskRegistry.task(name)
    let descriptor = type(of: task).descriptor
    #expect(descriptor.parameters.suffix(3).map(\.name) == ["trials", "steps", "seed"])
    #expect(Set(descriptor.parameters.map(\.name)).count == descriptor.parameters.count)
    #expect(descriptor.parameters.allSatisfy { !$0.meaning.isEmpty } && !descriptor.source.isEmpty)
    #expect(task.plan.trials == 256 && task.plan.seed == 0)
    let trial = task.trial(0)
    #expect(trial.steps == task.plan.steps)
    #expect(trial.targets.shape == [task.plan.steps, task.outputSize])
    #expect((trial.labels != nil) == (descriptor.labels != nil))
    switch (trial.inputs, task.input) {
    case (.values(let tensor), .values(let features)): #expect(tensor.shape == [task.plan.steps, features])
    case (.tokens(let tokens), .tokens(let alphabet)):
      #expect(tokens.count == task.plan.steps && tokens.allSatisfy(alphabet.indices.contains))
    default: Issue.record("a trial's inputs are not of the kind that the task declares")
    }
  }

  @Test("a trial depends on the seed and its index alone", arguments: names)
  func determinism(name: String) throws {
    let few = try TaskRegistry.task("\(name):trials=3,seed=7")
    let many = try TaskRegistry.task("\(name):trials=1000,seed=7")
    let backwards = (0..<20).reversed().map { many.trial($0) }
    #expect((0..<20).map { few.trial($0) } == backwards.reversed())
    let other = try TaskRegistry.task("\(name):seed=8")
    #expect((0..<20).map { other.trial($0) } != backwards.reversed())
    #expect(few.trial(0) != few.trial(1) || few.trial(1) != few.trial(2))
  }

  @Test("the whole specification builds the same task again", arguments: names)
  func roundTrip(name: String) throws {
    let task = try TaskRegistry.task("\(name):seed=5")
    let again = try TaskRegistry.task(task.parameters.specification)
    #expect(again.parameters == task.parameters)
    #expect(again.trial(4) == task.trial(4))
  }

  @Test("giving the targets back is a perfect score; answering nothing is no score at all", arguments: names)
  func perfect(name: String) throws {
    // Targets that are samples or probabilities are no logits; their own suites score these tasks.
    guard !["hmm-emission", "reber-next", "random-pdfa"].contains(name) else { return }
    let task = try TaskRegistry.task(name)
    var scorer = task.scorer()
    #expect(scorer.score.value.isNaN && !scorer.score.passed)
    for index in 0..<5 {
      let trial = task.trial(index)
      scorer.add(trial, outputs: trial.targets)
    }
    #expect(scorer.score.passed)
    #expect(scorer.score.value == (scorer.score.descriptor.direction == .lowerIsBetter ? 0 : 1))
  }

  @Test("errors say what was asked, what was seen and what would do")
  func faults() {
    let known = Self.names.joined(separator: ", ")
    #expect(
      fault("flipflip")
        == "there is no task 'flipflip' (did you mean 'flipflop'?); the tasks are \(known)")
    #expect(fault("zzz") == "there is no task 'zzz'; the tasks are \(known)")
    #expect(
      fault("flipflop:bit=3")
        == "task flipflop has no parameter 'bit' (did you mean 'bits'?); it has bits, pulse, trials, steps, seed"
    )
    #expect(
      fault("flipflop:bits=many")
        == "task flipflop cannot take bits=many: wanted a whole number from 1 to 12")
    #expect(
      fault("flipflop:pulse=nan") == "task flipflop cannot take pulse=nan: wanted a number from 0.0 to 1.0")
    #expect(
      fault("flipflop:steps=0")
        == "task flipflop cannot take steps=0: wanted a whole number from 1 to 100000000")
    #expect(
      fault("sine:seed=-1") == "task sine cannot take seed=-1: wanted a whole number from 0 to 2^64 - 1")
    #expect(
      fault("hmm-emission:chain=ring")
        == "task hmm-emission cannot take chain=ring: wanted one of linear, full, cyclic")
    #expect(fault("tomita:n=8") == "task tomita cannot take n=8: wanted a whole number from 1 to 7")
  }

  @Test("a task's own parser refuses another task's specification")
  func foreign() {
    #expect(throws: TaskError.unknownTask(name: "sine", suggestion: "flipflop", known: ["flipflop"])) {
      try FlipFlop(parsing: "sine")
    }
  }
}
