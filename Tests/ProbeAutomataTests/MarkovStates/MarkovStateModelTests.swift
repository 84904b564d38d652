import ProbeLinearAlgebra
import Testing

@testable import ProbeAutomata

@Suite("A Markov state model")
struct MarkovStateModelTests {
  /// A path of a chain.
  static func path(_ p: Matrix<Double>, length: Int, _ random: inout RandomGenerator) -> [Int32] {
    var state = random.integer(below: p.rows)
    return (0..<length).map { _ in
      defer {
        var rest = random.uniform()
        var next = 0
        while next + 1 < p.rows, rest >= p[state, next] {
          rest -= p[state, next]
          next += 1
        }
        state = next
      }
      return Int32(state)
    }
  }

  @Test("counts, connects and estimates as deeptime does, with and without detailed balance")
  func deeptime() throws {
    let fixture = try QuantizationFixture.load().trajectories
    let counts = PathCounts(fixture.paths, stateCount: 10, lag: fixture.lag)
    #expect(counts.counts == matrix(fixture.counts))
    #expect(counts.largestConnectedSet == fixture.connected)
    for (estimator, peer, bound) in [
      // Sums of at most nine quotients; the solution of a system whose slowest mode is a fortieth.
      (MarkovStateModel.Estimator.plain, fixture.plain, 1e-13),
      // Both stop when a step changes less than 1e-13; from the limit they are as far as the slowest rate makes of it.
      (.reversible, fixture.reversible, 1e-11),
    ] {
      let model = try MarkovStateModel(counts, estimator: estimator)
      for (mine, theirs) in zip(model.transition.elements, peer.p.joined()) {
        #expect(abs(mine - theirs) <= bound)
      }
      for (mine, theirs) in zip(model.stationary, peer.stationary) { #expect(abs(mine - theirs) <= bound) }
      for (mine, theirs) in zip(try model.impliedTimescales(), peer.timescales) {
        // d t / d lambda = t^2 / (lag lambda) is below 600 for these.
        #expect(abs(mine - theirs) <= 600 * 10 * bound)
      }
      #expect(estimator == .plain ? model.irreversibility > 1e-3 : model.irreversibility <= 1e-12)
      #expect(model.keptShare == 1 - 1.0 / counts.total || model.keptShare == 1)
    }
  }

  @Test("keeps the connected set with most transitions, and says how many it leaves out")
  func connected() throws {
    // 0 <-> 1 four times; 2 -> 3 -> 4 -> 2 once round; 5 alone; 1 -> 2 once.
    let paths: [[Int32]] = [[0, 1, 0, 1, 0, 1, 2, 3, 4, 2], [5], [-1, 0, -1, 1]]
    let counts = PathCounts(paths, stateCount: 6)
    #expect(counts.total == 9)
    #expect(counts.largestConnectedSet == [0, 1])
    let model = try MarkovStateModel(counts)
    #expect(model.keptShare == 5.0 / 9)
    #expect(model.transition.elements == [0, 1, 1, 0])
    #expect(model.stationary == [0.5, 0.5])
    // A chain that alternates has the eigenvalue -1, which never decays.
    #expect(try model.impliedTimescales() == [.infinity])
  }

  @Test("agrees on connected sets with a naive closure of random graphs")
  func naiveComponents() {
    var random = RandomGenerator(seed: 6)
    for _ in 0..<200 {
      let count = 1 + random.integer(below: 9)
      let density = random.uniform() * 0.5
      var paths: [[Int32]] = []
      for from in 0..<count {
        for to in 0..<count where random.bernoulli(density) { paths.append([Int32(from), Int32(to)]) }
      }
      let counts = PathCounts(paths, stateCount: count)
      var reaches = (0..<count).map { from in (0..<count).map { counts.counts[from, $0] > 0 } }
      for middle in 0..<count {
        for from in 0..<count where reaches[from][middle] {
          for to in 0..<count where reaches[middle][to] { reaches[from][to] = true }
        }
      }
      var best = 0.0
      for state in 0..<count {
        let component = (0..<count).filter { reaches[state][$0] && reaches[$0][state] }
        best = max(
          best, component.reduce(0.0) { sum, from in component.reduce(sum) { $0 + counts.counts[from, $1] } })
      }
      let found = counts.largestConnectedSet
      let weight = found.reduce(0.0) { sum, from in found.reduce(sum) { $0 + counts.counts[from, $1] } }
      #expect(weight == best)
      for from in found { for to in found { #expect(reaches[from][to]) } }
      for other in 0..<count where !found.contains(other) {
        #expect(found.allSatisfy { !(reaches[$0][other] && reaches[other][$0]) })
      }
    }
  }

  @Test("refuses paths without a transition, in words")
  func nothing() {
    for paths: [[Int32]] in [[], [[]], [[0]], [[0, -1, 1]]] {
      #expect(throws: AutomataError.noTransitions(lag: 1)) {
        try MarkovStateModel(PathCounts(paths, stateCount: 2))
      }
    }
    #expect(
      AutomataError.noTransitions(lag: 7).description
        == "a Markov chain was to be estimated at a lag of 7 steps, but no path has two known states so far apart; give "
        + "longer paths or a shorter lag")
  }

  @Test("has a stationary distribution that keeps its digits where parts are coupled by 1e-30")
  func stationary() {
    // Two states left with probabilities 1e-30 and 3e-30: the weights are 3 : 1.
    let weak = Matrix<Double>(rows: 2, columns: 2, elements: [1, 1e-30, 3e-30, 1])
    for (mine, exact) in zip(stationaryDistribution(of: weak), [0.75, 0.25]) {
      #expect(abs(mine - exact) <= 2 * Double.ulpOfOne)
    }
    #expect(stationaryDistribution(of: Matrix(rows: 1, columns: 1, elements: [1])) == [1])
    #expect(stationaryDistribution(of: Matrix(rows: 0, columns: 0)).isEmpty)
    var random = RandomGenerator(seed: 12)
    for count in [2, 5, 17] {
      var p = Matrix(rows: count, columns: count, elements: (0..<count * count).map { _ in random.uniform() })
      for row in 0..<count {
        let sum = p.row(row).reduce(0, +)
        for column in 0..<count { p[row, column] /= sum }
      }
      let weights = stationaryDistribution(of: p)
      let after = p.transposed.times(weights)
      for state in 0..<count {
        #expect(abs(after[state] - weights[state]) <= 4 * Double(count) * Double.ulpOfOne)
      }
    }
  }

  @Test(
    "predicts its own future: a Chapman-Kolmogorov test of paths of a chain passes, one of a chain with memory fails"
  )
  func chapmanKolmogorov() throws {
    let fixture = try QuantizationFixture.load()
    let p = matrix(fixture.nineStates.p)
    var random = RandomGenerator(seed: 15)
    let paths = (0..<40).map { _ in Self.path(p, length: 2000, &random) }
    let model = try MarkovStateModel(PathCounts(paths, stateCount: 9))
    let sets = try MetastableSets(model, count: 3)
    #expect(sets.sets == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    let test = ChapmanKolmogorovTest(
      model, sets: sets.sets, paths: paths, stateCount: 9, lags: 5, replicates: 60, seed: 1)
    #expect(test.rows.count == 5)
    // Two-sided 95 % intervals of 45 dependent numbers.
    #expect(test.shareWithin >= 0.8)
    // The first row is the model's own.
    for (mine, own) in zip(test.rows[0].predicted.elements, test.rows[0].estimated.elements) {
      #expect(abs(mine - own) <= 64 * Double.ulpOfOne)
    }
    // Twice two of three states that come back: 0 0 1 1 0 0 ... has no first-order chain.
    let pattern = (0..<4000).map { Int32($0 / 2 % 2) }
    let wrong = try MarkovStateModel(PathCounts([pattern], stateCount: 2))
    let failed = ChapmanKolmogorovTest(
      wrong, sets: [0, 1], paths: [pattern], stateCount: 2, lags: 4, replicates: 20)
    // After two steps the state has always changed, where the chain says half.
    #expect(abs(failed.rows[1].estimated[0, 1] - 1) <= 1e-3)
    #expect(abs(failed.rows[1].predicted[0, 1] - 0.5) <= 1e-3)
    #expect(failed.largestError > 0.49)
  }

  @Test(
    "has timescales that do not grow with the lag for paths of a chain, with intervals that hold the true one"
  )
  func timescales() throws {
    // Left with probability 0.02 either way: lambda = 0.96, 24.4966 steps.
    let p = matrix([[0.98, 0.02], [0.02, 0.98]])
    var random = RandomGenerator(seed: 16)
    let paths = (0..<30).map { _ in Self.path(p, length: 1000, &random) }
    let scales = try ImpliedTimescales(
      paths, stateCount: 2, lags: [1, 2, 5, 10], count: 2, replicates: 200, seed: 2, threads: 2)
    for row in scales.rows {
      #expect(row.low[0] < 24.4966 && 24.4966 < row.high[0])
      #expect(row.low[0] < row.values[0] && row.values[0] < row.high[0])
      #expect(row.values[1].isNaN && row.low[1].isNaN)
    }
    let alone = try ImpliedTimescales(
      paths, stateCount: 2, lags: [1, 2, 5, 10], count: 1, replicates: 200, seed: 2)
    #expect(alone.rows.map { $0.high[0] } == scales.rows.map { $0.high[0] })
    // One long path is cut into blocks.
    let single = try ImpliedTimescales(
      [paths.flatMap { $0 }], stateCount: 2, lags: [3], count: 1, replicates: 50)
    #expect(single.rows[0].low[0] < single.rows[0].high[0])
    #expect(throws: AutomataError.noTransitions(lag: 2000)) {
      try ImpliedTimescales(paths, stateCount: 2, lags: [2000], count: 1)
    }
  }
}
