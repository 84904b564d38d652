import Foundation
import ProbeLinearAlgebra
import ProbeTasks
import Testing

@Suite("Sine generation")
struct SineWaveTests {
  @Test("one cycle in four steps is 0, 1, 0, -1 under a constant input of 1")
  func quarterTurns() throws {
    let trial = try SineWave(parsing: "sine:frequencies=1,low=1,high=1,dt=0.25,steps=5").trial(0)
    #expect(try values(of: trial).elements == [1, 1, 1, 1, 1])
    // sin(2 pi k / 4) in floating point is within an ulp of 2 pi of the exact value.
    for (value, exact) in zip(trial.targets.elements, [0.0, 1, 0, -1, 0]) {
      #expect(abs(value - exact) < 1e-15)
    }
    #expect(trial.labels == [0, 0, 0, 0, 0])
  }

  @Test("the frequencies are evenly spaced, ends included, and all of them occur")
  func frequencies() throws {
    let task = try SineWave(parsing: "sine:frequencies=5,low=2,high=10,steps=2")
    #expect(task.frequencies == [2, 4, 6, 8, 10])
    let labels = Set((0..<200).compactMap { task.trial($0).labels?.first })
    #expect(labels == [0, 1, 2, 3, 4])
  }

  @Test("the input names the frequency of the target, channel by channel")
  func inputsMatchTargets() throws {
    let task = try SineWave(parsing: "sine:channels=2,steps=30,seed=4")
    for index in 0..<20 {
      let trial = task.trial(index)
      let inputs = try values(of: trial).elements
      for channel in 0..<2 {
        let frequency = 30 * inputs[channel]
        for step in 0..<30 {
          #expect(inputs[2 * step + channel] == inputs[channel])
          let exact = sin(2 * Double.pi * frequency * 0.01 * Double(step))
          #expect(abs(trial.targets.elements[2 * step + channel] - exact) < 1e-12)
        }
        let label = try #require(trial.labels?.first)
        let own = channel == 0 ? label % 10 : label / 10
        #expect(abs(task.frequencies[own] - frequency) < 1e-12)
      }
    }
  }
}
