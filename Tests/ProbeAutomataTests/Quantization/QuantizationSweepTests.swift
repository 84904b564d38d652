import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("A sweep of quantisations")
struct QuantizationSweepTests {
  @Test("takes the first number of clusters from which on the machine stays the same")
  func stable() throws {
    let truth = MachineExamples.tomita[6]
    let recorded = try EmbeddedMachine(truth, seed: 3).record(trials: 80, length: 20, noise: 0.03, seed: 1)
    let (fitted, heldOut) = try recorded.split(holdingOut: 0.25, seed: 0)
    let sweep = try QuantizationSweep.kMeans(
      fitted, heldOut: heldOut, clusters: [1, 2, 3, 4, 5, 6, 8, 10], seeds: [0, 1, 2],
      unseen: { _ in .stay }, threads: 2, disagreement: { truth.shortestDifference(from: $0) })
    #expect(sweep.rows.count == 24)
    let chosen = sweep.rows[sweep.choice]
    #expect(chosen.result.minimal == truth)
    #expect(chosen.shortestDisagreement == nil)
    #expect(
      sweep.rule == .stable(from: .init(clusters: 5, seed: 0), to: .init(clusters: 8, seed: 0)))
    #expect(sweep.stability(clusters: 5) == 1)
    // One cluster is always the same machine too: it is not taken, as it agrees less with the trials held out.
    #expect(sweep.stability(clusters: 1) == 1)
    #expect(sweep.rows[0].result.minimal.stateCount == 1)
    #expect(sweep.rows[0].heldOut.balancedShare == 0.5)
    let wrong = try #require(sweep.rows[0].shortestDisagreement)
    #expect(wrong.count == truth.shortestDifference(from: sweep.rows[0].result.minimal)?.count)
  }

  @Test("takes the machine that agrees best, and the smaller of equals, where none is stable")
  func bestHeldOut() throws {
    let truth = MachineExamples.tomita[4]
    let recorded = try EmbeddedMachine(truth, seed: 3).record(trials: 80, length: 20, noise: 0.03, seed: 1)
    let (fitted, heldOut) = try recorded.split(holdingOut: 0.25, seed: 0)
    let sweep = try QuantizationSweep.kMeans(
      fitted, heldOut: heldOut, clusters: [2, 4, 3], seeds: [0], unseen: { _ in .stay })
    #expect(sweep.rule == .bestHeldOut)
    #expect(sweep.rows[sweep.choice].setting.clusters == 4)
    #expect(sweep.rows[sweep.choice].result.minimal == truth)
    #expect(sweep.rows[sweep.choice].heldOut.balancedShare == 1)
  }

  @Test("over temperatures begins with hard counts; warmth blurs determinism before it changes the machine")
  func temperatures() throws {
    let truth = MachineExamples.tomita[3]
    let embedded = EmbeddedMachine(truth, seed: 8)
    let recorded = try embedded.record(trials: 80, length: 20, noise: 0.05, seed: 1)
    let (fitted, heldOut) = try recorded.split(holdingOut: 0.25, seed: 0)
    let sweep = try QuantizationSweep.temperatures(
      fitted, heldOut: heldOut, centroids: Centroids(embedded.points), temperatures: [0.01, 1, 1000],
      unseen: .stay)
    #expect(sweep.rows.map(\.setting.temperature) == [nil, 0.01, 1, 1000])
    let determinism = sweep.rows.map(\.result.determinism)
    #expect(determinism[0] == 1)
    #expect(determinism[1] > 0.999 && determinism[1] > determinism[2] && determinism[2] > determinism[3])
    // As warm as that all cells are alike: a quarter each, but for what one part in a thousand leaves.
    #expect(abs(determinism[3] - 0.25) < 0.01)
    #expect(sweep.rows[0].result.minimal == truth && sweep.rows[1].result.minimal == truth)
    #expect(sweep.rows[3].result.minimal != truth)
  }

  @Test("gives the same machines on any number of threads")
  func threads() throws {
    let recorded = try EmbeddedMachine(MachineExamples.tomita[2], seed: 3).record(
      trials: 20, length: 15, noise: 0.5, seed: 1)
    let (fitted, heldOut) = try recorded.split(holdingOut: 0.25, seed: 0)
    let sweeps = try [1, 3].map { threads in
      try QuantizationSweep.kMeans(
        fitted, heldOut: heldOut, clusters: [3, 6, 9], seeds: [4, 5], threads: threads)
    }
    #expect(sweeps[0].rows.map(\.result.machine) == sweeps[1].rows.map(\.result.machine))
    #expect(sweeps[0].choice == sweeps[1].choice)
  }
}
