import ProbeDegeneracy
import ProbeLinearAlgebra
import Testing

@Suite("A linear assignment")
struct LinearAssignmentTests {
  @Test("agrees with scipy")
  func scipy() throws {
    let fixture = try SimilarityFixture.load().assignment
    let found = LinearAssignment(costs: Matrix(fixture.costs))
    #expect(found.columns == fixture.columns)
    #expect(abs(found.cost - fixture.cost) < 1e-12)
  }

  @Test("is the best of all permutations")
  func enumeration() {
    func permutations(_ items: [Int]) -> [[Int]] {
      guard items.count > 1 else { return [items] }
      return items.indices.flatMap { index -> [[Int]] in
        var rest = items
        let item = rest.remove(at: index)
        return permutations(rest).map { [item] + $0 }
      }
    }
    var generator = RandomGenerator(seed: 4)
    let all = permutations(Array(0..<5))
    for _ in 0..<30 {
      // Few distinct costs, some negative, so that ties occur.
      let costs = Matrix(
        rows: 5, columns: 5, elements: (0..<25).map { _ in Double(generator.integer(below: 7)) - 3 })
      let best = all.map { order in order.enumerated().reduce(0) { $0 + costs[$1.offset, $1.element] } }.min()
      let found = LinearAssignment(costs: costs)
      #expect(found.cost == best)
      #expect(Set(found.columns).count == 5)
    }
  }

  @Test("of nothing and of one element")
  func small() {
    #expect(LinearAssignment(costs: Matrix(rows: 0, columns: 0)).columns.isEmpty)
    #expect(LinearAssignment(costs: Matrix(rows: 1, columns: 3, elements: [2, -1, 5])).columns == [1])
  }
}
