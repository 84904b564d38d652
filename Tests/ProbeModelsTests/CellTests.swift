import ProbeLinearAlgebra
import ProbeModels
import Testing

@Suite struct CellTests {
  @Test("each cell agrees with PyTorch in f64 to 1e-12 over 100 steps", arguments: CellFixture.names)
  func doublePrecision(name: String) throws {
    let fixture = try CellFixture(name)
    let got = try fixture.run(.f64)
    let expected = try fixture.expected("f64")
    #expect(!expected.isEmpty)
    for (site, want) in expected {
      let values = try #require(got[site], "no site \(site)")
      #expect(values.shape == want.shape)
      #expect(largestDifference(values.elements, want.elements) <= 1e-12, "\(site)")
    }
  }

  @Test("each cell agrees with PyTorch in f32 to 2e-6 over 100 steps", arguments: CellFixture.names)
  func singlePrecision(name: String) throws {
    let fixture = try CellFixture(name)
    let got = try fixture.run(.f32)
    let expected = try fixture.expected("f32")
    #expect(!expected.isEmpty)
    for (site, want) in expected {
      let values = try #require(got[site], "no site \(site)")
      #expect(largestDifference(values.elements, want.elements) <= 2e-6, "\(site)")
    }
  }

  @Test("the length of a time block changes no value", arguments: CellFixture.names)
  func timeBlocks(name: String) throws {
    let fixture = try CellFixture(name)
    let whole = try fixture.run(.f64)
    let pieces = try fixture.run(.f64, timeBlock: 7)
    for (site, values) in whole { #expect(pieces[site]?.elements == values.elements, "\(site)") }
  }

  @Test("Jacobians agree with PyTorch's derivatives", arguments: CellFixture.maps)
  func jacobians(name: String) throws {
    let fixture = try CellFixture(name)
    let (map, state) = try fixture.map()
    // Entries are of order one and sums have at most a few dozen terms: 1e-12 is thousands of roundings.
    #expect(
      largestDifference(map.jacobian(at: state).elements, try fixture.tensor("expected.jacobian").elements)
        <= 1e-12)
    #expect(
      largestDifference(
        map.inputJacobian(at: state).elements, try fixture.tensor("expected.input_jacobian").elements)
        <= 1e-12)
  }

  @Test("Jacobians agree with central differences", arguments: CellFixture.maps)
  func finiteDifferences(name: String) throws {
    let (map, state) = try CellFixture(name).map()
    let jacobian = map.jacobian(at: state)
    // The error of a central difference is of order h² + eps / h: 1e-10 at h = 6e-6.
    let width = 6e-6
    for column in state.indices {
      var (ahead, behind) = (state, state)
      ahead[column] += width
      behind[column] -= width
      let difference = zip(map.apply(ahead), map.apply(behind)).map { ($0 - $1) / (2 * width) }
      let exact = (0..<map.dimension).map { jacobian[$0, column] }
      #expect(largestDifference(difference, exact) <= 1e-8, "column \(column)")
    }
  }

  @Test("batched Jacobians are those of single states", arguments: CellFixture.maps)
  func batchedJacobians(name: String) throws {
    let (map, state) = try CellFixture(name).map()
    let n = map.dimension
    var random = RandomGenerator(seed: 5)
    let states = (0..<3).map { _ in state.map { $0 + 0.1 * random.normal() } }
    var together = [Double](repeating: 0, count: 3 * n * n)
    map.jacobians(at: states.flatMap { $0 }, count: 3, into: &together)
    for (index, state) in states.enumerated() {
      let alone = map.jacobian(at: state).elements
      #expect(largestDifference(Array(together[index * n * n..<(index + 1) * n * n]), alone) <= 1e-13)
    }
  }

  @Test("the enclosure holds the kernel's value and the analytic Jacobian", arguments: CellFixture.maps)
  func enclosures(name: String) throws {
    let (map, state) = try CellFixture(name).map()
    let enclosure = map.enclosure(at: state)
    let value = map.apply(state)
    for index in value.indices {
      // The kernel errs by as much as the enclosure's own value does.
      #expect(abs(value[index] - enclosure.value[index]) <= 2 * enclosure.valueError[index])
      #expect(enclosure.valueError[index] <= 1e-12)
    }
    let jacobian = map.jacobian(at: state)
    for row in 0..<map.dimension {
      let difference = euclideanNorm(
        zip(jacobian.row(row), enclosure.jacobian.row(row)).map { $0 - $1 })
      #expect(difference <= 2 * enclosure.jacobianRowErrors[row] + 1e-15)
    }
  }

  @Test("the curvature bound holds for random pairs in the ball", arguments: CellFixture.maps)
  func curvatureBounds(name: String) throws {
    let (map, center) = try CellFixture(name).map()
    let norms = WeightNorms()
    var random = RandomGenerator(seed: 11)
    for radius in [1.0, 0.1, 0.001] {
      let bound = map.curvature(center: center, radius: radius, norms: norms)
      guard bound.isFinite else { continue }
      for _ in 0..<20 {
        let pair = (0..<2).map { _ in
          let direction = center.map { _ in random.normal() }
          let length = radius * random.uniform() / euclideanNorm(direction)
          return zip(center, direction).map { $0 + length * $1 }
        }
        let distance = euclideanNorm(zip(pair[0], pair[1]).map { $0 - $1 })
        let change = try (map.jacobian(at: pair[0]) - map.jacobian(at: pair[1])).singularValues()[0]
        #expect(change <= bound * distance * (1 + 1e-9) + 1e-13, "radius \(radius)")
      }
    }
  }

  @Test("the invariant box is mapped into itself", arguments: CellFixture.maps)
  func invariantBoxes(name: String) throws {
    let (map, _) = try CellFixture(name).map()
    guard let box = map.invariantBox else {
      #expect(
        ["elman-relu", "plrnn", "alrnn", "shallow-plrnn", "leaky-rate-relu", "leaky-potential-relu"].contains(
          name))
      return
    }
    var random = RandomGenerator(seed: 3)
    for _ in 0..<200 {
      // Corners as well as inner points.
      let state = box.map {
        $0 * (random.bernoulli(0.5) ? (random.bernoulli(0.5) ? 1 : -1) : random.uniform(-1, 1))
      }
      for (value, half) in zip(map.apply(state), box) { #expect(abs(value) <= half * (1 + 1e-12)) }
    }
  }
}
