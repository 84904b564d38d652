import Foundation
import ProbeAutomata
import ProbeLinearAlgebra
import Testing

@Suite("A Markov chain")
struct MarkovChainTests {
  static func chain(_ rows: [[Double]]) throws -> MarkovChain {
    try MarkovChain(
      outputs: rows.indices.map { "\($0)" },
      probabilities: Matrix(rows: rows.count, columns: rows.count, elements: Array(rows.joined())))
  }

  @Test("rests in the known distributions")
  func stationary() throws {
    let two = try Self.chain([[0.9, 0.1], [0.3, 0.7]])
    let shares = try #require(two.stationaryDistribution())
    #expect(abs(shares[0] - 0.75) < 4 * Double.ulpOfOne && abs(shares[1] - 0.25) < 4 * Double.ulpOfOne)
    let entropy = 0.75 * -(0.9 * log(0.9) + 0.1 * log(0.1)) + 0.25 * -(0.3 * log(0.3) + 0.7 * log(0.7))
    #expect(abs(try #require(two.entropyRate()) - entropy) < 1e-15)
    #expect(try Self.chain([[1]]).stationaryDistribution() == [1])
    #expect(try Self.chain([[0, 1], [1, 0]]).stationaryDistribution() == [0.5, 0.5])
    // Transient states have no share; a rare state keeps all its digits.
    #expect(
      try Self.chain([[0.5, 0.5, 0], [0, 0, 1], [0, 1, 0]]).stationaryDistribution() == [0, 0.5, 0.5])
    let rare = try #require(try Self.chain([[1 - 1e-20, 1e-20], [1, 0]]).stationaryDistribution())
    #expect(abs(rare[1] / 1e-20 - 1) < 4 * Double.ulpOfOne)
  }

  @Test("with two places to stay in has no one distribution")
  func twoClasses() throws {
    let chain = try Self.chain([[1, 0, 0], [0.5, 0, 0.5], [0, 0, 1]])
    #expect(chain.stationaryDistribution() == nil)
    #expect(chain.entropyRate() == nil)
    #expect(chain.closedClasses == [[0], [2]])
  }

  @Test("does not move the distribution it rests in, on random chains")
  func law() throws {
    var generator = RandomGenerator(seed: 31)
    for _ in 0..<100 {
      let n = 2 + generator.integer(below: 10)
      let rows: [[Double]] = (0..<n).map { _ in
        let row = (0..<n).map { _ in generator.bernoulli(0.5) ? generator.uniform() : 0 }
        let sum = row.reduce(0, +)
        return sum == 0 ? [1] + [Double](repeating: 0, count: n - 1) : row.map { $0 / sum }
      }
      guard let shares = try Self.chain(rows).stationaryDistribution() else { continue }
      for to in 0..<n {
        let moved = (0..<n).reduce(0.0) { $0 + shares[$1] * rows[$1][to] }
        #expect(abs(moved - shares[to]) <= 4 * Double(n * n) * Double.ulpOfOne)
      }
    }
  }

  @Test("of a probabilistic machine begins again at its ends")
  func renewal() throws {
    let machine = try ProbabilisticMachineTests.favourites()
    let chain = try machine.markovChain()
    #expect(abs(chain.probabilities[2, 0] - 0.5 / 11) < Double.ulpOfOne)
    #expect(abs(chain.probabilities[2, 3] - 10.5 / 11) < 4 * Double.ulpOfOne)
  }

  @Test("of an acceptor under random symbols spends its time as its language says")
  func randomSymbols() throws {
    // Parities of zeros and ones are all alike; from 000 there is no return.
    #expect(
      try MachineExamples.tomita[4].markovChain().stationaryDistribution() == [0.25, 0.25, 0.25, 0.25])
    #expect(try MachineExamples.tomita[3].markovChain().stationaryDistribution() == [0, 0, 0, 1])
    let biased = try #require(
      try MachineExamples.tomita[5].markovChain(symbolProbabilities: [1, 0]).stationaryDistribution())
    #expect(biased.allSatisfy { abs($0 - 1 / 3.0) < 2 * Double.ulpOfOne })
    #expect(throws: AutomataError.notADistribution(state: 0, sum: 0.5)) {
      try MachineExamples.tomita[0].markovChain(symbolProbabilities: [0.5, 0])
    }
  }

  @Test("is lumped to the chain whose states were divided, and no further than that allows")
  func lumping() throws {
    var generator = RandomGenerator(seed: 32)
    for _ in 0..<100 {
      let n = 1 + generator.integer(below: 5)
      let rows: [[Double]] = (0..<n).map { _ in
        let weights = (0..<n).map { _ in generator.uniform() }
        return weights.map { $0 / weights.reduce(0, +) }
      }
      // Every state twice, the second copies last; what goes to a state is divided between its copies at random.
      let divided: [[Double]] = (0..<2 * n).map { state in
        let shares = rows[state % n].map { ($0, generator.uniform()) }
        return shares.map { $0.0 * $0.1 } + shares.map { $0.0 * (1 - $0.1) }
      }
      let chain = try MarkovChain(
        outputs: (0..<2 * n).map { $0 % n == 0 ? "first" : "other" },
        probabilities: Matrix(rows: 2 * n, columns: 2 * n, elements: Array(divided.joined())))
      let (lumped, classes) = try chain.lumped()
      #expect(lumped.stateCount == n)
      #expect(classes == (0..<2 * n).map { $0 % n })
      for (value, expected) in zip(lumped.probabilities.elements, rows.joined()) {
        #expect(abs(value - expected) < 4 * Double.ulpOfOne)
      }
      #expect(try lumped.lumped().chain.stateCount == n)
    }
    let alike = try Self.chain([[0.5, 0.5], [0.25, 0.75]])
    #expect(try alike.lumped().chain.stateCount == 2)
    let same = try MarkovChain(outputs: ["a", "a"], probabilities: alike.probabilities)
    #expect(try same.lumped().chain.probabilities.elements == [1])
  }

  @Test("refuses rows that are no distributions")
  func refusal() {
    #expect(throws: AutomataError.notADistribution(state: 1, sum: 0.5)) {
      try Self.chain([[1, 0], [0, 0.5]])
    }
  }
}
