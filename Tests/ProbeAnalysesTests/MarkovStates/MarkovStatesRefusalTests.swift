import ArgumentParser
import Foundation
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeAnalyses

@Suite("What a Markov state model cannot be made of")
struct MarkovStatesRefusalTests {
  private func fault(_ capture: CaptureReader, _ arguments: [String]) -> String {
    do {
      _ = try MarkovStatesAnalysisTests.findings(capture, ["--replicates", "4"] + arguments)
      return "no fault"
    } catch { return "\(error)" }
  }

  @Test("captures without states in time: of attention, of single steps")
  func obstacles() throws {
    let folder = try TemporaryFolder()
    let attention = try WellCapture.capture(
      of: HandBuiltModel.cycle(5),
      TrialBatch(inputs: .tokens(Tensor(shape: [2, 4], elements: [0, 1, 2, 3, 4, 3, 2, 1]))), tensors: [:],
      in: folder, name: "attention.h5")
    #expect(
      MarkovStatesAnalysis.obstacle(attention, modelPath: nil)
        == "an attention model has no state that it carries from step to step, and a Markov chain is one of states"
    )
    let single = try WellCapture.capture(in: TemporaryFolder(), trials: 3, steps: 1)
    #expect(
      MarkovStatesAnalysis.obstacle(single, modelPath: nil)
        == "no trial has two steps, and transitions lead from one step to a later one")
    #expect(
      fault(single, []).hasSuffix(
        "wells.h5: no trial has two steps, and transitions lead from one step to a later one"))
    let wells = try WellCapture.capture(in: folder, trials: 3, steps: 2)
    #expect(MarkovStatesAnalysis.obstacle(wells, modelPath: nil) == nil)
  }

  @Test("options that do not fit the capture are named, with what there is")
  func options() throws {
    let folder = try TemporaryFolder()
    let capture = try WellCapture.capture(in: folder, trials: 4, steps: 20)
    #expect(
      fault(capture, ["--lag", "20"])
        == "the option --lag does not fit: the longest trial of \(capture.path) has 20 steps, and transitions of 20 are "
        + "asked for")
    #expect(
      fault(capture, ["--clusters", "3", "--lags", "1,20"])
        == "the option --lags does not fit: trials have at most 20 steps, and 20 are asked for")
    #expect(
      fault(capture, ["--sites", "layers.1.hidden"])
        .contains("holds no site 'layers.1.hidden'; it holds layers.0.hidden"))
    #expect(fault(capture, ["--clusters", "3", "--sets", "9"]).hasPrefix("the option --sets does not fit: "))
    #expect(
      fault(capture, ["--discard", "20"]).contains("fewer than two recorded states after --discard 20"))
  }

  @Test("a state that is partly not finite is named with its place")
  func notFinite() throws {
    let folder = try TemporaryFolder()
    let damaged = try WellCapture.capture(in: folder, trials: 4, steps: 20) { inputs in
      inputs[(2 * 20 + 5) * 2] = .infinity
    }
    #expect(
      fault(damaged, ["--clusters", "3"]).hasSuffix("the state of trial 2 at step 5 is not finite: inf"))
  }

  @Test(
    "numbers that cannot be are refused",
    arguments: [
      ["--clusters", "1"], ["--clusters", "201"], ["--lag", "0"], ["--lag", "9223372036854775807"],
      ["--discard", "-1"], ["--lags", "1,x"], ["--lags", ""], ["--lags", "0"], ["--sets", "0"],
      ["--level", "1"], ["--level", "nan"], ["--significance", "0"], ["--tolerance", "-0.1"],
      ["--tolerance", "nan"], ["--replicates", "0"], ["--fit-states", "1"], ["--most-sets", "1"],
      ["--multiples", "0"], ["--few-counts", "-1"], ["--partition", "grid"],
    ])
  func numbers(arguments: [String]) {
    #expect(throws: (any Error).self) { try MarkovStatesOptions.parse(arguments) }
  }
}
