import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks
import Testing

@testable import ProbeAnalyses

/// The chains of models that come with the project, whose tasks say what they must be.
@Suite("Markov states of shipped models")
struct ShippedMarkovStatesTests {
  @Test("three flip-flops have eight sets, left as often as pulses turn a bit")
  func flipFlop() throws {
    let folder = try TemporaryFolder()
    let task = try TaskRegistry.task("flipflop:bits=3,steps=100,trials=96,seed=5")
    let model = try RecurrentModel.load(path: ShippedModelTests.folder + "/flipflop-gru.safetensors")
    let trials = (0..<96).map { task.trial($0) }
    let inputs = trials.flatMap { trial -> [Double] in
      if case .values(let tensor) = trial.inputs { tensor.elements } else { [] }
    }
    let capture = try WellCapture.capture(
      of: model, TrialBatch(inputs: .values(Tensor(shape: [96, 100, 3], elements: inputs))), tensors: [:],
      in: folder, name: "flipflop.h5")
    let findings = try MarkovStatesAnalysisTests.findings(capture, ["--replicates", "40"])
    #expect(try MarkovStatesAnalysisTests.number(findings, "sets") == 8)
    let sets = try MarkovStatesAnalysisTests.table(findings, "metastable_sets")
    // Each bit turns with 0.2 / 2 a step, so that a state of three is left with 1 - 0.9^3. Some 1,200 steps and 320 departures
    // each; a step counts late where the network takes it to settle.
    let (dwell, errors) = (
      MarkovStatesAnalysisTests.reals(sets, "dwell"), MarkovStatesAnalysisTests.reals(sets, "dwell_error")
    )
    let stay = 1 / (1 - 0.9 * 0.9 * 0.9)
    #expect(zip(dwell, errors).allSatisfy { abs($0 - stay) < 4 * $1 }, "\(dwell) for \(stay)")
  }

  @Test("the AL-RNN of the Lorenz system, run free, is told apart by the signs of its two rectified units")
  func lorenz() throws {
    let folder = try TemporaryFolder()
    // The model reads nothing; a capture holds inputs, so that it is given one that it does not heed.
    let path = ShippedModelTests.folder + "/lorenz-alrnn.safetensors"
    let checkpoint = try Checkpoint.open(path: path)
    var tensors = ["C": Tensor<Double>(shape: [20, 1], elements: Array(repeating: 0, count: 20))]
    for name in ["A", "W", "h"] { tensors[name] = try checkpoint.tensor("rnn." + name, as: Double.self) }
    var configuration = RecurrentConfiguration(cell: "alrnn")
    configuration.rectifiedUnits = 2
    let model = try RecurrentModel(
      checkpoint: Checkpoint(label: "lorenz", tensors: tensors), configuration: configuration,
      name: "lorenz-alrnn", sha256: "")
    let (trials, steps) = (6, 2500)
    var random = RandomGenerator(seed: 4)
    let starts = (0..<trials * 20).map { _ in 0.1 + 0.01 * random.normal() }
    let capture = try WellCapture.capture(
      of: model,
      TrialBatch(
        inputs: .values(
          Tensor(shape: [trials, steps, 1], elements: Array(repeating: 0, count: trials * steps))),
        lengths: Array(repeating: steps, count: trials),
        initialStates: ["layers.0.hidden": Tensor(shape: [trials, 20], elements: starts)]), tensors: [:],
      in: folder, name: "lorenz.h5")
    let findings = try MarkovStatesAnalysisTests.findings(
      capture, ["--discard", "500", "--replicates", "20", "--lags", "1,5,10"])
    #expect(
      findings.options.first { $0.name == "partition" }?.value == .string("signs of 2 units"))
    let states = try MarkovStatesAnalysisTests.table(findings, "markov_states")
    guard case .string(let signs)? = states[column: "signs"]?.values else {
      Issue.record("no column of signs")
      return
    }
    // Every step's region by the recorded states themselves.
    let hidden = try capture.values(of: "layers.0.hidden", as: Double.self)
    var wanted: [String: Int] = [:]
    for trial in 0..<trials {
      for step in 500..<steps {
        let place = (trial * steps + step) * 20
        wanted[hidden.elements[place + 18...place + 19].map { $0 > 0 ? "+" : "-" }.joined(), default: 0] += 1
      }
    }
    let visits = MarkovStatesAnalysisTests.integers(states, "visits")
    let found = Dictionary(uniqueKeysWithValues: zip(signs.compactMap { $0 }, visits))
    #expect(found == wanted && wanted.count >= 3)
    // A flow crosses regions in turn: the chain turns one way round and remembers how long it has been in a region.
    #expect(try MarkovStatesAnalysisTests.number(findings, "irreversibility_p") < 0.05)
    #expect(try MarkovStatesAnalysisTests.number(findings, "memory_p") < 0.05)
  }
}
