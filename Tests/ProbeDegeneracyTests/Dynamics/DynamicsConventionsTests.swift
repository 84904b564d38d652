import ProbeDegeneracy
import Testing

@Suite("The conventions of dynamical similarity")
struct DynamicsConventionsTests {
  @Test("have names of their own, and name only distances of dynamics")
  func names() {
    let all = MetricConvention.dynamics
    #expect(
      all.map(\.name) == [
        "dsa_angular", "dsa_euclidean", "dsa_w2", "dsa_w2_squared", "input_dsa", "input_dsa_angular",
        "fixed_point_topology",
      ])
    #expect(all.allSatisfy { $0.level == .dynamics && !$0.isSimilarity })
    #expect(all.filter { !$0.properties.contains(.triangleInequality) }.map(\.name) == ["dsa_w2_squared"])
  }
}
