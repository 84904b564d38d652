import ProbeDynamics
import ProbeLinearAlgebra
import Testing

@Suite struct BasinsTests {
  private let corners = [
    [-flipFlopRoot, -flipFlopRoot], [-flipFlopRoot, flipFlopRoot], [flipFlopRoot, -flipFlopRoot],
    [flipFlopRoot, flipFlopRoot],
  ]

  @Test("the basins of separable bits are the quadrants", arguments: [1, 2])
  func quadrants(threads: Int) throws {
    let states = uniformStates(count: 300, dimension: 2, halfWidth: 2, seed: 31)
    let assigned = try BasinFinder().assign(
      separableFlipFlop(bits: 2), states: states, attractors: corners, threads: threads)
    #expect(assigned.count == 300)
    for (row, attractor) in assigned.enumerated() {
      #expect(attractor == (states[row, 0] > 0 ? 2 : 0) + (states[row, 1] > 0 ? 1 : 0))
    }
  }

  @Test("a state on the boundary, or one that diverges, belongs to no attractor")
  func boundary() throws {
    let states = Matrix<Double>(rows: 3, columns: 2, elements: [0, 1, 1, 0, 1, 1])
    #expect(
      try BasinFinder().assign(separableFlipFlop(bits: 2), states: states, attractors: corners, threads: 1)
        == [nil, nil, 3])
    let growth = try linearMap(Matrix(rows: 1, columns: 1, elements: [2]))
    let assigned = try BasinFinder().assign(
      growth, states: Matrix(rows: 3, columns: 1, elements: [1, 0, .nan]), attractors: [[0]], threads: 1)
    #expect(assigned == [nil, 0, nil])
  }

  @Test("too few steps leave a state unassigned; a state at an attractor needs none")
  func stepLimit() throws {
    var finder = BasinFinder()
    let network = try separableFlipFlop(bits: 1)
    let states = Matrix<Double>(rows: 2, columns: 1, elements: [1e-6, flipFlopRoot])
    let attractors = [[-flipFlopRoot], [flipFlopRoot]]
    finder.stepLimit = 3
    #expect(try finder.assign(network, states: states, attractors: attractors, threads: 1) == [nil, 1])
    finder.stepLimit = 100
    #expect(try finder.assign(network, states: states, attractors: attractors, threads: 1) == [1, 1])
    finder.stepLimit = 0
    #expect(try finder.assign(network, states: states, attractors: attractors, threads: 1) == [nil, 1])
  }

  @Test("no states, or no attractors, assign nothing")
  func empty() throws {
    let network = try separableFlipFlop(bits: 2)
    #expect(
      try BasinFinder().assign(network, states: Matrix(rows: 0, columns: 2), attractors: corners, threads: 2)
        .isEmpty)
    var finder = BasinFinder()
    finder.stepLimit = 2
    #expect(
      try finder.assign(network, states: Matrix(rows: 1, columns: 2), attractors: [], threads: 1) == [nil])
  }

  @Test("pulses set a bit, and no pulse keeps it")
  func attractorGraph() throws {
    let weight = Matrix<Double>(rows: 1, columns: 1, elements: [2])
    let resting = try tanhMap(weight)
    let driven = [
      try tanhMap(weight, bias: [3]), try tanhMap(weight, bias: [-3]), resting,
      // An input too weak to cross the boundary.
      try tanhMap(weight, bias: [0.1]),
    ]
    let graph = try AttractorGraph(
      resting: resting, driven: driven, attractors: [[-flipFlopRoot], [flipFlopRoot]], pulseLength: 3,
      finder: BasinFinder(), threads: 2)
    #expect(graph.edges.map(\.source) == [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(graph.edges.map(\.input) == [0, 1, 2, 3, 0, 1, 2, 3])
    #expect(graph.edges.map(\.target) == [1, 0, 0, 0, 1, 0, 1, 1])
  }

  @Test("an index is undefined on a kink, and a missing point shows in the sum")
  func indexSum() throws {
    let network = try separableFlipFlop(bits: 1)
    let points = try [-flipFlopRoot, 0, flipFlopRoot].map { try fixedPoint(network, at: [$0]) }
    #expect(points.map(\.index) == [1, -1, 1])
    #expect(IndexSum(network, points: points) == .consistent)
    #expect(IndexSum(network, points: Array(points.dropFirst())) == .inconsistent(sum: 0))
    #expect(IndexSum(network, points: [points[0], points[2]]) == .inconsistent(sum: 2))
    #expect(IndexSum(network, points: []) == .inconsistent(sum: 0))
    let degenerate = try tanhMap(.identity(1))
    #expect(
      IndexSum(degenerate, points: [try fixedPoint(degenerate, at: [0])]) == .undefined(points: 1))
    #expect(IndexSum(try linearMap(.identity(1)), points: []) == .noClaim)
  }

  @Test("visits are measured to the nearest recorded state, in units of the spread")
  func visitDistance() {
    let states = Matrix<Double>(rows: 3, columns: 2, elements: [0, 0, 3, 4, 10, 0])
    #expect(visitDistances(of: [[3, 4], [0, 2], [10, 5]], to: states, spread: 2) == [0, 1, 2.5])
    #expect(visitDistances(of: [[1, 1]], to: Matrix(rows: 0, columns: 2), spread: 1) == [.infinity])
    #expect(visitDistances(of: [], to: states, spread: 1).isEmpty)
  }
}
