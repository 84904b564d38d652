import ProbeLinearAlgebra
import Testing

@testable import ProbeCapture

@Suite("A sample of states")
struct StateSampleTests {
  private let trials = ToyTrials(trialCount: 20, steps: 30, shortening: 7)

  private func reader(_ folder: TemporaryFolder, failingAt trial: Int? = nil) throws -> CaptureReader {
    let path = folder.file("a.h5")
    let model = trial.map { ToyModel.small.failing(at: $0) } ?? .small
    do {
      _ = try toyRunner(trials, model: model, options: CaptureOptions(sites: [0, 2])).run(to: path)
    } catch is ToyModel.Failure {
      return try CaptureReader(path + ".partial")
    }
    return try CaptureReader(path)
  }

  @Test("holds the states of valid steps, none twice, the same for the same seed")
  func valid() throws {
    let folder = try TemporaryFolder()
    let reader = try reader(folder)
    let sample = try reader.sampleStates(count: 100, seed: 3)
    #expect(sample.states.shape == [100, 5])
    #expect(Set(zip(sample.trials, sample.steps).map { $0 * 30 + $1 }).count == 100)
    for index in 0..<100 {
      let (trial, step) = (sample.trials[index], sample.steps[index])
      #expect(step < trials.length(of: trial))
      #expect(
        sample.states.elements[index * 5 + 4] == ToyModel.value(trial: trial, step: step, site: 0, element: 4)
      )
    }
    #expect(try reader.sampleStates(count: 100, seed: 3) == sample)
    #expect(try reader.sampleStates(count: 100, seed: 4) != sample)
  }

  @Test("of more than there are is all of them, in order")
  func all() throws {
    let folder = try TemporaryFolder()
    let sample = try reader(folder).sampleStates(
      count: 10_000, seed: 1, sites: ["readout", "layers.0.hidden"])
    let positions = (0..<20).flatMap { trial in (0..<trials.length(of: trial)).map { [trial, $0] } }
    #expect(zip(sample.trials, sample.steps).map { [$0, $1] } == positions)
    #expect(sample.states.shape == [positions.count, 7])
    #expect(sample.states.elements[7 + 1] == ToyModel.value(trial: 0, step: 1, site: 2, element: 1))
    #expect(sample.states.elements[7 + 2] == ToyModel.value(trial: 0, step: 1, site: 0, element: 0))
  }

  @Test("draws only from trials that are in, and from the steps asked for")
  func restricted() throws {
    let folder = try TemporaryFolder()
    let reader = try reader(folder, failingAt: 10)
    let sample = try reader.sampleStates(count: 10_000, seed: 1, steps: 25..<30)
    // The first block of 8 trials is in; trials 5 and 6 have no more than 25 steps.
    #expect(Set(sample.trials) == [0, 1, 2, 3, 4, 7])
    #expect(sample.steps.allSatisfy { $0 >= 25 })
    #expect(try reader.sampleStates(count: 0, seed: 1).trials.isEmpty)
    #expect(throws: CaptureError.self) { _ = try reader.sampleStates(count: 1, seed: 1, steps: 0..<31) }
    #expect(throws: CaptureError.self) { _ = try reader.sampleStates(count: 1, seed: 1, sites: ["cell"]) }
  }

  @Test("draws every step equally often")
  func uniform() throws {
    let folder = try TemporaryFolder()
    let reader = try reader(folder)
    var counts = [Int](repeating: 0, count: 20)
    for seed in 0..<200 {
      for trial in try reader.sampleStates(count: 30, seed: UInt64(seed), sites: ["readout"]).trials {
        counts[trial] += 1
      }
    }
    // 6000 draws over the valid steps; a trial's count has a standard deviation under the root of its mean, and
    // five of them are passed once in 87 000 runs of 20 counts; the seeds are fixed.
    let total = (0..<20).reduce(0) { $0 + trials.length(of: $1) }
    for trial in 0..<20 {
      let mean = 6000 * Double(trials.length(of: trial)) / Double(total)
      #expect(abs(Double(counts[trial]) - mean) < 5 * mean.squareRoot())
    }
  }
}
