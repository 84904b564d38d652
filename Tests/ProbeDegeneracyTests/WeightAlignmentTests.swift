import ProbeDegeneracy
import ProbeLinearAlgebra
import Testing

@Suite("An alignment of weights")
struct WeightAlignmentTests {
  private func tanhNetwork(
    _ name: String, _ units: Int, _ generator: inout RandomGenerator
  ) throws -> RecurrentWeights {
    try RecurrentWeights(
      name: name, recurrent: [Matrix.normal(units, units, &generator)],
      input: [Matrix.normal(units, 2, &generator)],
      biases: [(0, (0..<units).map { _ in generator.normal() })],
      readout: Matrix.normal(3, units, &generator))
  }

  private func gruNetwork(
    _ name: String, _ units: Int, _ generator: inout RandomGenerator
  ) throws -> RecurrentWeights {
    try RecurrentWeights(
      name: name, recurrent: (0..<3).map { _ in Matrix.normal(units, units, &generator) },
      input: (0..<3).map { _ in Matrix.normal(units, 2, &generator) },
      biases: (0..<6).map { gate in (gate % 3, (0..<units).map { _ in generator.normal() }) },
      readout: Matrix.normal(1, units, &generator), candidate: 2)
  }

  private func align(
    _ a: RecurrentWeights, _ b: RecurrentWeights, _ symmetry: CellSymmetry
  ) throws -> WeightAlignment {
    try WeightAligner().align(
      WeightFactors(a, symmetry: symmetry), WeightFactors(b, symmetry: symmetry))
  }

  @Test(
    "recovers a planted exchange of 128 units exactly",
    arguments: [CellSymmetry.permutations, .signedPermutations])
  func planted(_ symmetry: CellSymmetry) throws {
    var generator = RandomGenerator(seed: 1)
    // W_h alone: without inputs and readout the network gives least to go by.
    let a = try tanhNetwork("a", 128, &generator).recurrentAlone
    let order = generator.sample(128, of: 128)
    let signs = (0..<128).map { _ in
      symmetry == .signedPermutations && generator.bernoulli(0.5) ? -1.0 : 1
    }
    let b = a.exchanged(order: order, signs: signs)
    let found = try align(a, b, symmetry)
    #expect(found.distance == 0)
    #expect(found.lowerBound == 0)
    #expect(found.gap == 0)
    for place in 0..<128 { #expect(order[found.order[place]] == place) }
    #expect(found.identityDistance > 0.7 * found.scale)
  }

  @Test("recovers a planted exchange under noise, at the noise's own distance")
  func noise() throws {
    var generator = RandomGenerator(seed: 2)
    let a = try tanhNetwork("a", 32, &generator)
    let noisy = try RecurrentWeights(
      name: "b", units: 32,
      blocks: a.blocks.map { block in
        RecurrentWeights.Block(
          block.role,
          block.matrix - Matrix.normal(block.matrix.rows, block.matrix.columns, &generator).scaled(0.2),
          rowsAreSigned: block.rowsAreSigned)
      })
    let order = generator.sample(32, of: 32)
    let signs = (0..<32).map { _ in generator.bernoulli(0.5) ? -1.0 : 1 }
    let expected = try align(a, noisy, .signedPermutations).identityDistance
    let found = try align(a, noisy.exchanged(order: order, signs: signs), .signedPermutations)
    #expect(abs(found.distance - expected) < 1e-12 * expected)
    for place in 0..<32 { #expect(order[found.order[place]] == place) }
    #expect(found.lowerBound > 0 && found.lowerBound < found.distance)
  }

  @Test("exchanges all gates of a GRU together, and knows that gates do not change sign")
  func gates() throws {
    var generator = RandomGenerator(seed: 3)
    let a = try gruNetwork("a", 20, &generator)
    let order = generator.sample(20, of: 20)
    let signs = (0..<20).map { _ in generator.bernoulli(0.5) ? -1.0 : 1 }
    let b = a.exchanged(order: order, signs: signs)
    #expect(try align(a, b, .signedPermutations).distance == 0)
    #expect(try align(a, b, .permutations).distance > 1)
    // A unit's sign turned in all rows, gates included, is another network.
    var wrong = a.blocks
    for index in wrong.indices where wrong[index].role == .recurrent {
      for k in 0..<20 {
        wrong[index].matrix[4, k].negate()
        wrong[index].matrix[k, 4].negate()
      }
    }
    let turned = try RecurrentWeights(name: "turned", units: 20, blocks: wrong)
    #expect(try align(a, turned, .signedPermutations).distance > 1)
  }

  @Test("computes the same function after an exchange, for tanh and its signs")
  func sameFunction() throws {
    var generator = RandomGenerator(seed: 9)
    let a = try tanhNetwork("a", 6, &generator)
    let b = a.exchanged(order: [3, 0, 5, 1, 4, 2], signs: [1, -1, -1, 1, -1, 1])
    func output(_ network: RecurrentWeights) -> [Double] {
      var state = [Double](repeating: 0, count: 6)
      let blocks = network.blocks.map(\.matrix)
      for step in 0..<5 {
        let drive = blocks[1].times([Double(step) - 2, 0.3])
        let recurrent = blocks[0].times(state)
        // An odd function in place of tanh.
        state = (0..<6).map { unit in
          let sum = recurrent[unit] + drive[unit] + blocks[2][unit, 0]
          return sum / (1 + abs(sum))
        }
      }
      return blocks[3].times(state)
    }
    for (x, y) in zip(output(a), output(b)) { #expect(abs(x - y) < 1e-13) }
  }

  @Test("sees through positive rescalings of ReLU units")
  func rescaling() throws {
    var generator = RandomGenerator(seed: 4)
    let a = try tanhNetwork("a", 12, &generator)
    var blocks = a.blocks
    let scales = (0..<12).map { _ in generator.uniform(0.2, 5) }
    for (unit, scale) in scales.enumerated() {
      for k in 0..<12 {
        blocks[0].matrix[unit, k] *= scale
        blocks[0].matrix[k, unit] /= scale
      }
      for index in 1...2 {
        for k in 0..<blocks[index].matrix.columns { blocks[index].matrix[unit, k] *= scale }
      }
      for k in 0..<3 { blocks[3].matrix[k, unit] /= scale }
    }
    let b = try RecurrentWeights(name: "b", units: 12, blocks: blocks)
      .exchanged(order: generator.sample(12, of: 12), signs: [Double](repeating: 1, count: 12))
    let found = try align(a, b, .scaledPermutations)
    // Balancing stops at changes of 4 ulps a sweep; it converges linearly, so what is left is a small multiple.
    #expect(found.relativeDistance < 1e-12)
    #expect(try align(a, b, .permutations).relativeDistance > 0.1)
    // The balanced form has the smallest sum of squares of all rescalings.
    #expect(a.balanced().norm < a.norm)
  }

  @Test("is symmetric, zero on itself and between its bounds", arguments: CellSymmetry.allCases)
  func laws(_ symmetry: CellSymmetry) throws {
    var generator = RandomGenerator(seed: 5)
    for _ in 0..<3 {
      let a = try gruNetwork("a", 9, &generator)
      let b = try gruNetwork("b", 9, &generator)
      let forth = try align(a, b, symmetry)
      let back = try align(b, a, symmetry)
      #expect(forth.distance == back.distance && forth.lowerBound == back.lowerBound)
      for place in 0..<9 { #expect(back.order[forth.order[place]] == place) }
      #expect(try align(a, a, symmetry).distance == 0)
      #expect(forth.lowerBound > 0 && forth.lowerBound < forth.distance)
      #expect(forth.distance < forth.identityDistance)
      #expect(forth.relativeDistance == forth.distance / forth.scale)
      #expect(forth.gap > 0.2)
    }
  }

  @Test(
    "finds the exact minimum of four units, which all exchanges together show, and bounds it",
    arguments: [false, true])
  func enumeration(_ isSigned: Bool) throws {
    func permutations(_ items: [Int]) -> [[Int]] {
      guard items.count > 1 else { return [items] }
      return items.indices.flatMap { index -> [[Int]] in
        var rest = items
        let item = rest.remove(at: index)
        return permutations(rest).map { [item] + $0 }
      }
    }
    var generator = RandomGenerator(seed: 6)
    var exact = 0
    for _ in 0..<10 {
      let a = try gruNetwork("a", 4, &generator)
      let b = try gruNetwork("b", 4, &generator)
      var best = Double.infinity
      for order in permutations(Array(0..<4)) {
        for code in 0..<(isSigned ? 16 : 1) {
          let moved = b.exchanged(order: order, signs: (0..<4).map { code >> $0 & 1 == 1 ? -1 : 1 })
          var squares = 0.0
          for (x, y) in zip(a.blocks, moved.blocks) {
            let norm = (x.matrix - y.matrix).frobeniusNorm
            squares += norm * norm
          }
          best = min(best, squares.squareRoot())
        }
      }
      let symmetry: CellSymmetry = isSigned ? .signedPermutations : .permutations
      let found = try WeightAligner(restarts: 10, seed: 1).align(
        WeightFactors(a, symmetry: symmetry), WeightFactors(b, symmetry: symmetry))
      #expect(found.distance >= best - 1e-12)
      #expect(found.lowerBound <= best + 1e-12)
      if found.distance <= best + 1e-12 { exact += 1 }
    }
    // A heuristic: it may miss, but hardly at this size.
    #expect(exact >= 9)
  }

  @Test("of unrelated networks does no worse than published searches do")
  func unrelated() throws {
    // Gaussian W / sqrt(n) of 32 units: Fast Approximate QAP gives about 6.65 (uniform seeds), the identity 7.9.
    var generator = RandomGenerator(seed: 7)
    let networks = try (0..<4).map { index in
      try RecurrentWeights(
        name: "\(index)", recurrent: [Matrix.normal(32, 32, &generator).scaled(1 / 32.0.squareRoot())])
    }
    var (sum, identity) = (0.0, 0.0)
    for pair in NetworkPair.all(4) {
      let found = try align(networks[pair.first], networks[pair.second], .permutations)
      sum += found.distance / 6
      identity += found.identityDistance / 6
    }
    #expect(sum < 6.75)
    #expect(identity > 7.7)
  }

  @Test("is refused for networks of other shapes and for numbers that are none")
  func refusals() throws {
    var generator = RandomGenerator(seed: 8)
    let a = try tanhNetwork("a", 4, &generator)
    let b = try tanhNetwork("b", 5, &generator)
    let error = try #require(throws: DegeneracyError.self) { try align(a, b, .permutations) }
    #expect("\(error)".contains("the weights of b, to be aligned with a,"))
    #expect("\(error)".contains("recurrent 5 x 5"))
    var broken = Matrix<Double>.identity(3)
    broken[1, 2] = .infinity
    #expect(throws: DegeneracyError.notFinite(object: "recurrent block 0 of c", row: 1, column: 2)) {
      try RecurrentWeights(name: "c", recurrent: [broken])
    }
    #expect(
      throws: DegeneracyError.shapeMismatch(
        object: "incoming block 1 of d", expected: "3 rows high", found: "2 x 1")
    ) {
      try RecurrentWeights(name: "d", recurrent: [.identity(3)], input: [Matrix(rows: 2, columns: 1)])
    }
  }

  @Test("leaves the spectra's distances as lower bounds that no exchange changes")
  func spectra() throws {
    var generator = RandomGenerator(seed: 10)
    let a = try tanhNetwork("a", 8, &generator).recurrentAlone
    let b = try tanhNetwork("b", 8, &generator).recurrentAlone
    let moved = b.exchanged(order: generator.sample(8, of: 8), signs: [1, -1, 1, 1, -1, 1, -1, 1])
    let (x, y, z) = (try WeightSpectra(a), try WeightSpectra(b), try WeightSpectra(moved))
    #expect(abs(x.singularValueDistance(to: y) - x.singularValueDistance(to: z)) < 1e-13)
    #expect(abs(x.eigenvalueDistance(to: y) - x.eigenvalueDistance(to: z)) < 1e-12)
    #expect(x.singularValueDistance(to: y) <= (try align(a, b, .signedPermutations).distance))
    #expect(x.eigenvalueDistance(to: x) == 0)
    // As both conventions say.
    let c = try WeightSpectra(tanhNetwork("c", 6, &generator).recurrentAlone)
    for distance in [WeightSpectra.singularValueDistance, WeightSpectra.eigenvalueDistance] {
      #expect(abs(distance(x)(y) - distance(y)(x)) < 1e-12)
      #expect(distance(x)(x) == 0)
      #expect(distance(x)(y) <= distance(x)(c) + distance(c)(y))
      #expect(distance(x)(c) > 0.1)
    }
    // Diagonal matrices have their diagonals as spectra: 1, 3 against 2, 3 pair up at a distance of 1.
    let first = try WeightSpectra(
      RecurrentWeights(name: "p", recurrent: [Matrix(rows: 2, columns: 2, elements: [1, 0, 0, 3])]))
    let second = try WeightSpectra(
      RecurrentWeights(name: "q", recurrent: [Matrix(rows: 2, columns: 2, elements: [3, 0, 0, 2])]))
    #expect(abs(first.eigenvalueDistance(to: second) - 1) < 1e-15)
    #expect(abs(first.singularValueDistance(to: second) - 1) < 1e-15)
  }
}
