import ComplexModule
import ProbeLinearAlgebra
import RealModule
import Testing

@testable import ProbeAutomata

@Suite("Metastable sets")
struct MetastableSetsTests {
  /// The peer's matrix with its sets renumbered as ours.
  static func aligned(_ peer: [[Double]], rows: Bool, _ mine: [Int32], _ memberships: [[Double]])
    -> [[Double]]
  {
    let count = peer[0].count
    // Each of our sets is the peer's column that is largest in the set's first state.
    let order = (0..<count).map { set -> Int in
      let first = mine.firstIndex(of: Int32(set)) ?? 0
      return argmax(memberships[first][...])
    }
    return (rows ? order.map { peer[$0] } : peer).map { row in order.map { row[$0] } }
  }

  @Test("of three blocks in a chain are the blocks, and lump to the known matrix")
  func nineStates() throws {
    let fixture = try QuantizationFixture.load().nineStates
    let p = matrix(fixture.p)
    let stationary = stationaryDistribution(of: p)
    for weight in stationary { #expect(abs(weight - 1.0 / 9) <= 8 * Double.ulpOfOne) }
    let sets = try MetastableSets(transition: p, stationary: stationary, count: 3)
    #expect(sets.sets == fixture.sets)
    // The quadratic of the antisymmetric mode: 0.99672149; the symmetric one: 0.99009999.
    for (value, expected) in zip(sets.eigenvalues, [1, 0.99672149, 0.99009999]) {
      #expect(abs(value.real - expected) <= 5e-9 && value.imaginary == 0)
    }
    let third = 0.01 / 3
    let expected = [1 - third, third, 0, third, 1 - 2 * third, third, 0, third, 1 - third]
    for (mine, exact) in zip(sets.lumped.elements, expected) {
      #expect(abs(mine - exact) <= 16 * Double.ulpOfOne)
    }
    for probability in sets.probabilities { #expect(abs(probability - 1.0 / 3) <= 16 * Double.ulpOfOne) }
    // The optimisation is over a function with kinks; the peer's optimum is no better than ours.
    #expect(sets.crispness >= fixture.crispness - 1e-9)
    #expect(sets.crispness <= 1)
    // The coarse chain has the eigenvalues of the subspace.
    let coarse = try EigenDecomposition(sets.coarse, vectors: false).values
    for (mine, exact) in zip(coarse, sets.eigenvalues) { #expect((mine - exact).length <= 1e-12) }
  }

  @Test("of three blocks visited in a circle are the blocks, though the chain is not reversible")
  func cyclicBlocks() throws {
    let fixture = try QuantizationFixture.load().cyclicBlocks
    let p = matrix(fixture.p)
    let stationary = stationaryDistribution(of: p)
    // The peer's eigenvector is as good as n eps over the distance of the next eigenvalue, 1 / 32.
    let bound = 9.0 * 32 * Double.ulpOfOne
    for (mine, peer) in zip(stationary, fixture.stationary) { #expect(abs(mine - peer) <= bound) }
    let sets = try MetastableSets(transition: p, stationary: stationary, count: 3)
    #expect(sets.sets == fixture.sets)
    #expect(sets.eigenvalues[1].imaginary > 0 && sets.eigenvalues[2].imaginary < 0)
    for (value, modulus) in zip(sets.eigenvalues, fixture.moduli) {
      #expect(abs(value.length - modulus) <= 1e-13)
    }
    #expect(sets.crispness >= fixture.crispness - 1e-9)
    let peer = Self.aligned(fixture.memberships, rows: false, sets.sets, fixture.memberships)
    // Maxima of the same function; it is flat there, so memberships agree to the root of the tolerance of 1e-12 only.
    for (mine, theirs) in zip(sets.memberships.elements, peer.joined()) {
      #expect(abs(mine - theirs) <= 1e-3)
    }
    let coarse = Self.aligned(fixture.coarse, rows: true, sets.sets, fixture.memberships)
    for (mine, theirs) in zip(sets.coarse.elements, coarse.joined()) { #expect(abs(mine - theirs) <= 1e-3) }
    // By hand: the flow from each block into the next is the only one.
    for from in 0..<3 {
      #expect(sets.lumped[from, (from + 2) % 3] == 0)
      let flow = (3 * from..<3 * from + 3).reduce(0.0) { sum, i in
        (0..<3).reduce(sum) { $0 + stationary[i] * p[i, 3 * ((from + 1) % 3) + $1] }
      }
      #expect(
        abs(sets.lumped[from, (from + 1) % 3] - flow / sets.probabilities[from]) <= 16 * Double.ulpOfOne)
    }
    // Two sets would part the pair.
    #expect(throws: AutomataError.self) {
      try MetastableSets(transition: p, stationary: stationary, count: 2)
    }
    do {
      _ = try MetastableSets(transition: p, stationary: stationary, count: 2)
    } catch {
      #expect(
        "\(error)"
          == "2 metastable sets of a chain of 9 states were asked for; but eigenvalues 2 and 3 are a conjugate pair, so "
          + "ask for one more or one less")
    }
  }

  @Test("of lumpable blocks are wholly crisp")
  func lumpable() throws {
    // Every state of a block leaves it with the same probability for the next block, whatever the state.
    var random = RandomGenerator(seed: 33)
    var p = Matrix<Double>(rows: 9, columns: 9)
    for row in 0..<9 {
      let block = row / 3
      for (target, share) in [(block, 0.97), ((block + 1) % 3, 0.03)] {
        let weights = (0..<3).map { _ in random.uniform() + 0.2 }
        let sum = weights.reduce(0, +)
        for column in 0..<3 { p[row, 3 * target + column] = share * weights[column] / sum }
      }
    }
    let sets = try MetastableSets(transition: p, stationary: stationaryDistribution(of: p), count: 3)
    #expect(sets.sets == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    #expect(abs(sets.crispness - 1) <= 1e-9)
    for row in 0..<9 {
      for set in 0..<3 { #expect(abs(sets.memberships[row, set] - (row / 3 == set ? 1 : 0)) <= 1e-9) }
    }
  }

  @Test(
    "are probabilities for random chains, reversible or not, and their coarse chain keeps the eigenvalues")
  func laws() throws {
    var random = RandomGenerator(seed: 34)
    for trial in 0..<20 {
      let states = 4 + random.integer(below: 8)
      var p = Matrix<Double>(rows: states, columns: states)
      for row in 0..<states {
        for column in 0..<states { p[row, column] = random.uniform() + (row % 3 == column % 3 ? 8 : 0) }
        let sum = p.row(row).reduce(0, +)
        for column in 0..<states { p[row, column] /= sum }
      }
      let stationary = stationaryDistribution(of: p)
      for count in 1...3 {
        guard let sets = try? MetastableSets(transition: p, stationary: stationary, count: count) else {
          continue
        }
        for row in 0..<states {
          #expect(sets.memberships.row(row).allSatisfy { $0 >= 0 && $0 <= 1 })
          #expect(abs(sets.memberships.row(row).reduce(0, +) - 1) <= 8 * Double.ulpOfOne)
        }
        if count == 3 { #expect(sets.sets == (0..<states).map { Int32($0 % 3) }, "\(trial)") }
        let coarse = try EigenDecomposition(sets.coarse, vectors: false).values
        let expected = sets.eigenvalues.map(\.length).sorted()
        for (mine, exact) in zip(coarse.map(\.length).sorted(), expected) {
          #expect(abs(mine - exact) <= 1e-10)
        }
        for row in 0..<count where sets.probabilities[row] > 0 {
          #expect(abs(sets.lumped.row(row).reduce(0, +) - 1) <= 32 * Double.ulpOfOne)
        }
      }
    }
  }

  @Test("of a fast cycle are found by modulus and not by real part")
  func fastCycle() throws {
    // Three pairs of states that follow one another at every step: eigenvalues 1 and two thirds of a turn.
    var p = Matrix<Double>(rows: 6, columns: 6)
    for row in 0..<6 {
      let next = (row / 2 + 1) % 3
      p[row, 2 * next] = row % 2 == 0 ? 0.3 : 0.6
      p[row, 2 * next + 1] = 1 - p[row, 2 * next]
    }
    let sets = try MetastableSets(
      transition: p, stationary: stationaryDistribution(of: p), count: 3, dominance: .coherent)
    #expect(sets.sets == [0, 0, 1, 1, 2, 2])
    for (mine, exact) in zip(sets.lumped.elements, [0.0, 1, 0, 0, 0, 1, 1, 0, 0]) {
      #expect(abs(mine - exact) <= 16 * Double.ulpOfOne)
    }
    let slow = try MetastableSets(transition: p, stationary: stationaryDistribution(of: p), count: 1)
    #expect(slow.sets == [0, 0, 0, 0, 0, 0] && slow.crispness == 1)
    for count in [0, 7] {
      #expect(
        throws: AutomataError.setCount(
          count, states: 6, reason: "the number must be between 1 and that of the states")
      ) { try MetastableSets(transition: p, stationary: stationaryDistribution(of: p), count: count) }
    }
  }
}
