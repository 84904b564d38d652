import ArgumentParser
import ProbeCapture
import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks
import Testing

@testable import ProbeAnalyses

@Suite struct HeadPruningTests {
  static let context = AnalysisContext(threads: 2, seed: 1, command: "a test", programVersion: "0")

  static func reals(_ table: Table, _ column: String) throws -> [Double?] {
    guard case .real(let values) = try #require(table[column: column]).values else { return [] }
    return values
  }

  static func integers(_ table: Table, _ column: String) throws -> [Int?] {
    guard case .integer(let values) = try #require(table[column: column]).values else { return [] }
    return values
  }

  static func strings(_ table: Table, _ column: String) throws -> [String?] {
    guard case .string(let values) = try #require(table[column: column]).values else { return [] }
    return values
  }

  /// The circuit's prompts, as a capture would hand them over.
  static func prompts(_ trials: [TokenTrial], task: String, in folder: TemporaryFolder) throws -> TaskPrompts
  {
    let capture = try InductionCircuit.capture(trials, task: task, in: folder, name: "prompts")
    return try #require(try TaskPrompts(capture))
  }

  @Test("the hand-built circuit scores exactly 1: its first head the token before, its second prefixes")
  func exactScores() throws {
    let folder = try TemporaryFolder()
    let capture = try InductionCircuit.capture(
      InductionCircuit.repeats(), task: "repeated-tokens", in: folder, name: "repeats")
    let findings = try HeadsAnalysis.run(
      [capture], options: try HeadsOptions.parse([]), context: Self.context)
    let heads = try #require(findings.tables.first { $0.name == "heads" })
    let previous = try Self.reals(heads, "previous_token")
    let induction = try Self.reals(heads, "induction")
    // A softmax over at most 40 keys, summed over at most 3: a few roundings of f32.
    let tolerance = 8 * Double(Float.ulpOfOne)
    #expect(abs(try #require(previous[InductionCircuit.previousHead]) - 1) <= tolerance)
    #expect(
      abs(try #require(induction[InductionCircuit.heads + InductionCircuit.inductionHead]) - 1) <= tolerance)
    // Any other head averages: over at least two keys it puts at most half on the one before.
    for (head, value) in previous.enumerated() where head != InductionCircuit.previousHead {
      #expect(try #require(value) < 0.5)
    }
  }

  @Test("without its induction head the circuit answers nothing, without another one everything")
  func pruningTheCircuit() throws {
    let folder = try TemporaryFolder()
    let prompts = try Self.prompts(try InductionCircuit.repeats(), task: "repeated-tokens", in: folder)
    let accuracy = try #require(
      TaskAccuracy(
        try InductionCircuit.model(), longest: prompts.longest, precision: .f32, fromGeneration: false))
    let induction = HeadIndex(layer: 1, head: InductionCircuit.inductionHead)
    for prompt in prompts.prompts {
      #expect(try accuracy.score(prompt, without: [], replacement: .zero) == 1)
      // All logits are 0; the first of them is token 0, which is never a target.
      #expect(try accuracy.score(prompt, without: [induction], replacement: .zero) == 0)
      // It averages the tokens seen, of which none is more frequent than another for long.
      #expect(try accuracy.score(prompt, without: [induction], replacement: .uniform) < 0.5)
      let others = (0..<InductionCircuit.heads).filter { $0 != InductionCircuit.inductionHead }
        .map { HeadIndex(layer: 1, head: $0) }
      #expect(try accuracy.score(prompt, without: others, replacement: .zero) == 1)
      #expect(try accuracy.score(prompt, without: others, replacement: .uniform) == 1)
    }
  }

  @Test("pruning.csv: the induction head alone takes accuracy from 1 to 0, matched random heads to 1")
  func pruningTable() throws {
    let folder = try TemporaryFolder()
    let capture = try InductionCircuit.capture(
      InductionCircuit.repeats(), task: "repeated-tokens", in: folder, name: "repeats")
    let findings = try HeadsAnalysis.run(
      [capture], options: try HeadsOptions.parse(["--resamples", "200"]), context: Self.context)
    let table = try #require(findings.tables.first { $0.name == "pruning" })
    #expect(
      table.columns.map(\.name).prefix(16) == [
        "capture", "score", "ablation", "heads", "accuracy", "accuracy_low", "accuracy_high",
        "random_accuracy",
        "random_low", "random_high", "difference", "difference_low", "difference_high", "p", "unmatched",
        "prompts",
      ])
    // Eight heads: 1 and 2 of them, by three ablations.
    #expect(try Self.integers(table, "heads") == [1, 2, 1, 2, 1, 2])
    #expect(try Self.strings(table, "ablation") == ["zero", "zero", "mean", "mean", "uniform", "uniform"])
    #expect(try Self.strings(table, "pruned")[0] == "1.2")
    #expect(try Self.reals(table, "accuracy")[0] == 0)
    #expect(try Self.reals(table, "intact")[0] == 1)
    // Random heads for it are of layer 1, where no other does anything.
    #expect(try Self.reals(table, "random_accuracy")[0] == 1)
    #expect(try Self.reals(table, "difference")[0] == 1)
    #expect(try Self.reals(table, "difference_low")[0] == 1)
    #expect(try Self.integers(table, "unmatched")[0] == 0)
    #expect(try Self.integers(table, "prompts")[0] == 8)
    // No random set of ten hurts as much.
    #expect(try Self.reals(table, "p")[0] == 1.0 / 11)
    #expect(
      findings.headline.contains(
        "Pruning the 2 best induction heads takes accuracy on repeats from 1 to 0, pruning 2 random ones matched by layer"
      ), "\(findings.headline)")
    #expect(findings.figures.contains { $0.name == "pruning_1" })
    #expect(findings.options.contains { $0.name == "prune-tokens" })
  }

  @Test("needles: the circuit finds them all, without its induction head none, in either scope")
  func needles() throws {
    let folder = try TemporaryFolder()
    let capture = try InductionCircuit.capture(
      InductionCircuit.needles(), task: "needle", in: folder, name: "needles")
    for scope in ["all", "generation"] {
      let findings = try HeadsAnalysis.run(
        [capture],
        options: try HeadsOptions.parse([
          "--resamples", "200", "--prune-scope", scope, "--ablation", "zero,mean",
        ]),
        context: Self.context)
      let heads = try #require(findings.tables.first { $0.name == "heads" })
      let retrieval = try Self.reals(heads, "retrieval")
      #expect(retrieval[InductionCircuit.heads + InductionCircuit.inductionHead] == 1)
      let table = try #require(findings.tables.first { $0.name == "pruning" })
      #expect(try Self.strings(table, "score").allSatisfy { $0 == "retrieval" })
      #expect(try Self.strings(table, "ablation") == ["zero", "zero", "mean", "mean"])
      #expect(try Self.reals(table, "intact").allSatisfy { $0 == 1 })
      #expect(try Self.reals(table, "accuracy")[0] == 0)
      #expect(try Self.reals(table, "random_accuracy")[0] == 1)
    }
  }

  @Test("norms and means of what heads write are those of z W_O and z, summed one by one")
  func outputs() throws {
    let model = try InductionCircuit.model()
    let prompts = try InductionCircuit.repeats(trials: 3).map(\.tokens)
    let outputs = try HeadOutputs.of(prompts, model: model, precision: .f32, threads: 2)
    let size = InductionCircuit.headSize
    let count = prompts.reduce(0) { $0 + $1.count }
    for layer in 0..<2 {
      let site = try #require(model.site(named: "blocks.\(layer).attn.z"))
      let plan = RunPlan(observed: [site])
      let attention = model.parts.blocks[layer].attention
      let weight = attention.output.weight.matrix(0..<InductionCircuit.width)
      var norms = [Double](repeating: 0, count: InductionCircuit.heads)
      var means = [Double](repeating: 0, count: InductionCircuit.width)
      for tokens in prompts {
        var recorder = MemoryRecorder(model: model, plan: plan, trials: 1, steps: tokens.count)
        try model.run(
          TrialBatch(inputs: .tokens(Tensor(shape: [1, tokens.count], elements: tokens))), plan: plan,
          recorder: &recorder)
        for step in tokens.indices {
          let z = recorder.values[0].elements[
            step * InductionCircuit.width..<(step + 1) * InductionCircuit.width]
          for (unit, value) in z.enumerated() { means[unit] += value / Double(count) }
          for head in 0..<InductionCircuit.heads {
            let written = (0..<InductionCircuit.width).map { output in
              (head * size..<(head + 1) * size).reduce(0.0) { $0 + z[z.startIndex + $1] * weight[output, $1] }
            }
            norms[head] += written.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(count)
          }
        }
      }
      for head in 0..<InductionCircuit.heads {
        let index = layer * InductionCircuit.heads + head
        // Sums of 160 products and of 80 steps, with values of at most 1.5: below 400 roundings of f64.
        #expect(abs(outputs.norms[index] - norms[head]) <= 400 * Double.ulpOfOne)
        let mean = try #require(outputs.means.means[HeadIndex(layer: layer, head: head)])
        for unit in 0..<size {
          #expect(abs(Double(mean[unit]) - means[head * size + unit]) <= Double(Float.ulpOfOne))
        }
      }
    }
    // One token and its balance: the root of 2.
    #expect(abs(outputs.norms[InductionCircuit.previousHead] - 2.0.squareRoot()) <= 1e-6)
  }

  @Test("heads taken out from the prompt's last step on alone have done their work in the prompt")
  func scope() throws {
    let folder = try TemporaryFolder()
    let prompts = try Self.prompts(InductionCircuit.needles(), task: "needle", in: folder)
    #expect(prompts.isGenerated)
    #expect(prompts.prompts.allSatisfy { $0.newTokens == 4 && $0.tokens.count == 15 })
    let previous = [HeadIndex(layer: 0, head: InductionCircuit.previousHead)]
    for (fromGeneration, expected) in [(true, 1.0), (false, 0.0)] {
      let accuracy = try #require(
        TaskAccuracy(
          try InductionCircuit.model(), longest: prompts.longest, precision: .f32,
          fromGeneration: fromGeneration))
      for prompt in prompts.prompts {
        // What the induction head matches is written while the needle is read.
        #expect(try accuracy.score(prompt, without: previous, replacement: .zero) == expected)
      }
    }
  }

  @Test("logits that are not numbers are an error that names trial and step, not an accuracy of 0")
  func notFinite() throws {
    let folder = try TemporaryFolder()
    let prompts = try Self.prompts(
      try InductionCircuit.repeats(trials: 2), task: "repeated-tokens", in: folder)
    var tensors = InductionCircuit.tensors
    // The balances of token and position add up to minus infinity, and the norms to NaN.
    for name in ["wte.weight", "wpe.weight"] {
      let table = try #require(tensors[name])
      tensors[name] = Tensor(shape: table.shape, elements: table.elements.map { 3e38 * $0 })
    }
    let accuracy = try #require(
      TaskAccuracy(
        try InductionCircuit.model(tensors), longest: prompts.longest, precision: .f32, fromGeneration: false)
    )
    let first = try #require(prompts.prompts[0].asked.first)
    do {
      _ = try accuracy.score(prompts.prompts[0], without: [], replacement: .zero)
      Issue.record("a model of NaN was scored")
    } catch {
      #expect("\(error)".contains("trial 0, step \(first): the logits are not finite numbers"), "\(error)")
    }
  }

  @Test("the number of threads changes nothing")
  func threads() throws {
    let folder = try TemporaryFolder()
    let capture = try InductionCircuit.capture(
      InductionCircuit.repeats(trials: 4), task: "repeated-tokens", in: folder, name: "repeats")
    let options = try HeadsOptions.parse(["--resamples", "100", "--prune-draws", "4"])
    let results = try [1, 2].map { threads in
      var context = Self.context
      context.threads = threads
      return try HeadsAnalysis.run([capture], options: options, context: context).tables
    }
    #expect(results[0] == results[1])
  }

  @Test(
    "what is pruned: nothing on request, any score by name, and an unknown name is an error that lists them")
  func choice() throws {
    let folder = try TemporaryFolder()
    let capture = try InductionCircuit.capture(
      InductionCircuit.repeats(trials: 4), task: "repeated-tokens", in: folder, name: "repeats")
    func run(_ arguments: [String]) throws -> Findings {
      try HeadsAnalysis.run(
        [capture], options: try HeadsOptions.parse(["--resamples", "100", "--prune-draws", "4"] + arguments),
        context: Self.context)
    }
    #expect(try !run(["--prune", "none"]).tables.contains { $0.name == "pruning" })
    let named = try #require(
      try run(["--prune", "previous_token", "--ablation", "zero"]).tables.first { $0.name == "pruning" })
    #expect(try Self.strings(named, "pruned")[0] == "0.1")
    #expect(throws: AnalysisError.self) { try run(["--prune", "inductoin"]) }
    do {
      _ = try run(["--prune", "inductoin"])
    } catch {
      #expect("\(error)".contains("there is no score 'inductoin'"), "\(error)")
      #expect("\(error)".contains("induction, duplicate_token"), "\(error)")
    }
  }

  @Test("too small a budget of tokens reduces prompts, then draws, then leaves pruning out; both are said")
  func budget() throws {
    func budget(_ tokens: Int) -> PruningBudget? {
      PruningBudget(costs: Array(repeating: 10, count: 32), draws: 10, sizes: 5, tokens: tokens)
    }
    // A prompt of 10 tokens runs for 5 sizes x 11 sets and twice more: 570 tokens.
    #expect(budget(32 * 570)?.prompts == 32)
    #expect(budget(32 * 570)?.draws == 10)
    #expect(budget(32 * 570 - 1)?.prompts == 31)
    // Eight prompts of 10 tokens x (5 x 6 + 2).
    #expect(budget(2560)?.prompts == 8)
    #expect(budget(2560)?.draws == 5)
    // Two prompts of 10 tokens x (5 x 5 + 2).
    #expect(budget(540)?.prompts == 2)
    #expect(budget(540)?.draws == 4)
    #expect(budget(539) == nil)
    #expect(PruningBudget(costs: [], draws: 10, sizes: 5, tokens: 500) == nil)
    let folder = try TemporaryFolder()
    let capture = try InductionCircuit.capture(
      InductionCircuit.repeats(trials: 4), task: "repeated-tokens", in: folder, name: "repeats")
    let findings = try HeadsAnalysis.run(
      [capture], options: try HeadsOptions.parse(["--resamples", "100", "--prune-tokens", "10"]),
      context: Self.context)
    #expect(!findings.tables.contains { $0.name == "pruning" })
    #expect(findings.warnings.contains { $0.contains("pruning was left out") })
  }
}
