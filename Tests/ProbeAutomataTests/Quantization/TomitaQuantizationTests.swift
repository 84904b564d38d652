import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("Quantised states of the shipped Tomita networks")
struct TomitaQuantizationTests {
  @Test("with 20 clusters are, minimised, the language for nearly all networks and seeds")
  func twentyClusters() throws {
    var exact = 0
    for language in 1...7 {
      let recorded = try TomitaNetwork(language: language).record(trials: 100, length: 40, seed: 5)
      for seed: UInt64 in 0..<3 {
        let partition = try KMeans(recorded.states, clusters: 20, seed: seed)
        let result = try QuantizedMachine(recorded, partition, unseen: .stay)
        if result.minimal == MachineExamples.tomita[language - 1] { exact += 1 }
        #expect(result.outputPurity > 0.99)
      }
    }
    // scikit-learn's k-means on 14 other networks was exact in 40 of 42 cases.
    #expect(exact >= 20, "\(exact) of 21")
  }

  @Test("swept from 2 to 24 clusters give a choice that is the language", arguments: [3, 5, 7])
  func sweep(language: Int) throws {
    let truth = MachineExamples.tomita[language - 1]
    let recorded = try TomitaNetwork(language: language).record(trials: 60, length: 30, seed: 6)
    let (fitted, heldOut) = try recorded.split(holdingOut: 0.25, seed: 0)
    let sweep = try QuantizationSweep.kMeans(
      fitted, heldOut: heldOut, clusters: [2, 4, 6, 8, 12, 16, 20, 24], seeds: [0, 1], unseen: { _ in .stay })
    #expect(sweep.rows[sweep.choice].result.minimal == truth, "\(sweep.rule)")
  }
}
