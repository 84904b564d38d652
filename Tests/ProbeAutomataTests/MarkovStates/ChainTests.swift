import ComplexModule
import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("Tests of a chain against simulated ones")
struct ChainTests {
  private func paths(_ p: Matrix<Double>, count: Int, length: Int, seed: UInt64) -> [[Int32]] {
    var random = RandomGenerator(seed: seed)
    return (0..<count).map { _ in MarkovStateModelTests.path(p, length: length, &random) }
  }

  /// A circle of n states: on with one probability, back with another.
  private func circle(_ states: Int, on: Double, back: Double) -> Matrix<Double> {
    var p = Matrix<Double>(rows: states, columns: states)
    for state in 0..<states {
      p[state, (state + 1) % states] += on
      p[state, (state + states - 1) % states] += back
      p[state, state] += 1 - on - back
    }
    return p
  }

  @Test("the number of sets is that of the eigenvalues before the largest fall, and no pair is parted")
  func gap() {
    func count(_ reals: [Double], most: Int = 12) -> Int {
      SpectralGap.largest(reals.map { Complex($0) }, most: most).count
    }
    #expect(count([1, 0.99, 0.97, 0.2, 0.1]) == 3)
    #expect(count([1, 0.99, 0.97, 0.2, 0.1], most: 2) == 2)
    // Behind the last eigenvalue stands 0: every state is a set.
    #expect(count([1, 0.9, 0.8]) == 3)
    // The first fall is never the one: one set says nothing.
    #expect(count([1, 0.1, 0.05]) == 2)
    #expect(count([1]) == 1)
    let pair = [1, Complex(0.9, 0.3), Complex(0.9, -0.3), Complex(0.85)]
    #expect(SpectralGap.largest(pair, most: 3).count == 3 && SpectralGap.largest(pair, most: 2).count == 2)
    #expect(SpectralGap.largest(pair, most: 3).gap == 0.9 - 0.85)
  }

  @Test("three blocks have three sets in every sample, whatever the number of threads")
  func blocks() throws {
    // Within a block any of its three states, another block with 0.02.
    var p = Matrix<Double>(rows: 9, columns: 9)
    for i in 0..<9 { for j in 0..<9 { p[i, j] = i / 3 == j / 3 ? 0.98 / 3 : 0.02 / 6 } }
    let paths = paths(p, count: 40, length: 200, seed: 5)
    let one = try SpectralGap(paths, stateCount: 9, lag: 1, most: 8, replicates: 40, seed: 2)
    let four = try SpectralGap(paths, stateCount: 9, lag: 1, most: 8, replicates: 40, seed: 2, threads: 4)
    #expect(one == four)
    #expect(one.count == 3 && one.agreement == 1 && abs(one.eigenvalues[0].real - 1) < 1e-12)
  }

  @Test(
    "paths of first order have no memory, those that shun the state before last have what their rule says")
  func memory() {
    let first = paths(circle(4, on: 0.5, back: 0.2), count: 30, length: 100, seed: 7)
    let none = MemoryTest(first, stateCount: 4, replicates: 99, seed: 1)
    // A p-value of a true hypothesis is uniform: this seed's must not be among the hundredth that tests reject.
    #expect(none.pValue > 0.01 && abs(none.information) < 0.01)
    #expect(none == MemoryTest(first, stateCount: 4, replicates: 99, seed: 1, threads: 3))

    // On a triangle, never back to the state before last, never staying: a cycle one way round for each path. Knowing the last
    // state alone, the next is one of two; knowing two, it is certain: one bit a step.
    let turning: [[Int32]] = (0..<40).map { path in
      let steps: [Int32] = path % 2 == 0 ? [0, 1, 2] : [0, 2, 1]
      return (0..<60).map { steps[$0 % 3] }
    }
    let full = MemoryTest(turning, stateCount: 3, replicates: 99, seed: 1)
    #expect(full.pValue == 0.01)
    // The mean of the memoryless chains, its 3 degrees of freedom over 2 ln 2 x 2,320 triples, is subtracted.
    #expect(abs(full.information - 1) < 0.01)
  }

  @Test("a chain in balance shows no direction, one that turns shows its current")
  func direction() throws {
    func test(on: Double, back: Double, seed: UInt64) throws -> ReversibilityTest {
      let paths = paths(circle(3, on: on, back: back), count: 50, length: 100, seed: seed)
      let model = try MarkovStateModel(PathCounts(paths, stateCount: 3))
      return try ReversibilityTest(paths, stateCount: 3, model: model, replicates: 99, seed: 4)
    }
    let balanced = try test(on: 0.3, back: 0.3, seed: 11)
    #expect(balanced.pValue > 0.01)
    let turning = try test(on: 0.5, back: 0.1, seed: 11)
    #expect(turning.pValue == 0.01)
    // Three pairs with the current (0.5 - 0.1) / 3 each. The difference of the shares of 5,000 steps that go on and back has the
    // standard error sqrt((0.6 - 0.16) / 5000) = 0.0094, four of which are 0.038.
    #expect(abs(turning.current - 0.4) < 0.038 && turning.expected < 0.1)
  }

  @Test("two states are always in balance, and gaps and ends of paths stay in simulated ones")
  func gaps() throws {
    let two = paths(circle(2, on: 0.3, back: 0.1), count: 5, length: 50, seed: 3)
    let model = try MarkovStateModel(PathCounts(two, stateCount: 2))
    #expect(try ReversibilityTest(two, stateCount: 2, model: model, replicates: 20).pValue == 1)

    // State 2 was never left: a simulated path that comes to it ends, but goes on behind the gap.
    let path: [Int32] = [0, 2, -1, 1, 0, 1, 0, -1, -1, 1]
    let counts = PathCounts([path], stateCount: 3).counts
    let simulation = PathSimulation([path], weights: counts)
    for replicate in 0..<50 {
      let drawn = simulation.draw(seed: 1, replicate: replicate)[0]
      #expect(drawn.count == path.count && drawn[0] == 0 && drawn[3] == 1 && drawn[9] == 1)
      #expect([2, 7, 8].allSatisfy { drawn[$0] == -1 })
      for step in 0..<9 where drawn[step] >= 0 && drawn[step + 1] >= 0 && path[step + 1] >= 0 {
        #expect(counts[Int(drawn[step]), Int(drawn[step + 1])] > 0)
      }
    }
    #expect(PathSimulation.strided([[0, 1, 2, 3, 4], [5]], by: 2) == [[0, 2, 4], [5]])
    #expect(PathSimulation.pValue(1, among: [0, 0.5, 2]) == 0.5)
  }
}
