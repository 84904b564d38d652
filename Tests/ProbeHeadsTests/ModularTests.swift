import Foundation
import ProbeHeads
import ProbeLinearAlgebra
import Testing

@Suite struct ModularTests {
  @Test("ridge maps are numpy's normal equations, through either Gram matrix")
  func ridge() throws {
    let peer = try HeadFixture.read().ridge
    let x = Matrix(rows: peer.rows, columns: peer.width, elements: peer.x)
    func rows(_ range: Range<Int>, _ matrix: Matrix<Double>) -> Matrix<Double> {
      Matrix(rows: range.count, columns: matrix.columns, elements: range.flatMap { matrix.row($0) })
    }
    var targets = Matrix<Double>(rows: 20, columns: peer.classes)
    for row in 0..<20 { targets[row, row % peer.classes] = 1 }
    let ridge = try RidgeMap(inputs: rows(0..<20, x), targets: targets, penalty: peer.penalty)
    // Condition of the Gram matrix under 100, entries about 1.
    for (found, expected) in zip(ridge.map.elements, peer.map) { #expect(abs(found - expected) <= 1e-13) }
    for (found, expected) in zip(ridge(rows(20..<30, x)).elements, peer.scores) {
      #expect(abs(found - expected) <= 1e-13)
    }
    // Zero columns change nothing, but make the matrix wide.
    var wide = Matrix<Double>(rows: 20, columns: 40)
    for row in 0..<20 { for column in 0..<peer.width { wide[row, column] = x[row, column] } }
    let dual = try RidgeMap(inputs: wide, targets: targets, penalty: peer.penalty)
    for column in 0..<40 {
      for output in 0..<peer.classes {
        let expected = column < peer.width ? ridge.map[column, output] : 0
        #expect(abs(dual.map[column, output] - expected) <= 1e-13)
      }
    }
    #expect(throws: LinearAlgebraError.self) {
      try RidgeMap(
        inputs: Matrix(rows: 1, columns: 1, elements: [.nan]), targets: Matrix(rows: 1, columns: 1),
        penalty: 1)
    }
  }

  /// Four domains of 40 places: one-hot place mod 10, a direction a domain, and a little noise.
  private func mod10(noise: Double = 0.05, seed: UInt64 = 1) -> (Matrix<Double>, index: [Int], domains: [Int])
  {
    var random = RandomGenerator(seed: seed)
    let samples = (0..<160).map { ($0 % 40 + 1, $0 / 40) }
    var x = Matrix<Double>(rows: 160, columns: 14)
    for (row, (place, domain)) in samples.enumerated() {
      x[row, place % 10] = 1
      x[row, 10 + domain] = 2
      for column in 0..<14 { x[row, column] += noise * random.normal() }
    }
    return (x, samples.map(\.0), samples.map(\.1))
  }

  @Test("a code modulo 10 is read modulo its divisors across domains, and little else")
  func mod10Code() throws {
    let (x, index, domains) = mod10()
    let results = try ModularProbe()(x, index: index, domains: domains)
    #expect(results.map(\.modulus) == Array(2...20))
    for result in results {
      #expect(result.chance == 1 / Double(result.modulus))
      if 10 % result.modulus == 0 { #expect(result.accuracy == 1) }
      // The code repeats every ten places, and these residues do not: at most some of the 40 places are
      // remembered.
      if [3, 7, 11, 13, 17, 19].contains(result.modulus) { #expect(result.accuracy < 0.6) }
      #expect(result.domains.map(\.samples) == [40, 40, 40, 40])
      #expect(result.domains.reduce(0) { $0 + $1.correct } == Int((result.accuracy * 160).rounded()))
    }
    // Places 1...40 have every residue modulo 10 four times: the first residue wins the tie.
    #expect(results[8].majority == 0.1)
  }

  @Test("a code without order is read no better than chance")
  func null() throws {
    let x = normalMatrix(160, 14, seed: 8)
    let results = try ModularProbe()(x, index: mod10().index, domains: mod10().domains)
    for result in results where result.modulus >= 5 {
      // 160 guesses at 1/k, four standard deviations.
      let deviation = (result.chance * (1 - result.chance) / 160).squareRoot()
      #expect(abs(result.accuracy - result.chance) <= 4 * deviation)
    }
    #expect(try ModularProbe()(x, index: mod10().index, domains: Array(repeating: 3, count: 160)).isEmpty)
  }

  @Test("a circle once every ten places has all its variance at frequency 1/10, a sign flip at 1/2")
  func fundamental() {
    let angles = (0..<100).map { 2 * Double.pi * Double($0) / 10 }
    let circle = Matrix<Double>(rows: 100, columns: 2, elements: angles.flatMap { [cos($0), sin($0)] })
    let index = Array(0..<100)
    #expect(abs(fundamentalShare(circle, index: index, modulus: 10) - 1) <= 1e-13)
    #expect(fundamentalShare(circle, index: index, modulus: 5) <= 1e-25)
    #expect(fundamentalShare(circle, index: index, modulus: 20) <= 1e-25)
    #expect(fundamentalShare(circle, index: index, modulus: 7) < 0.02)
    let flip = Matrix<Double>(rows: 6, columns: 1, elements: [1, -1, 1, -1, 1, -1])
    #expect(fundamentalShare(flip, index: Array(0..<6), modulus: 2) == 1)
    // Places below zero are residues too; a residue without samples leaves it undecided.
    #expect(fundamentalShare(flip, index: Array(-6..<0), modulus: 2) == 1)
    #expect(fundamentalShare(flip, index: Array(0..<6), modulus: 9) == 0)
    #expect(fundamentalShare(Matrix(rows: 6, columns: 1), index: Array(0..<6), modulus: 2) == 0)
  }

  @Test("directions are of length 1 and find each residue's own axis")
  func directions() throws {
    let (x, index, _) = mod10(noise: 0)
    let directions = try ModularProbe().directions(x, index: index, modulus: 10)
    for residue in 0..<10 {
      #expect(abs(euclideanNorm(directions.row(residue)) - 1) <= 4 * unitRoundoff)
      let largest = (0..<14).max { directions[residue, $0] < directions[residue, $1] }
      #expect(largest == residue)
    }
  }

  /// Numbers 1...30 whose representation is their last digit's axis, and a head that maps digit to next
  /// digit.
  private func digits() throws -> (SuccessorProblem, SuccessorInputs, HeadCircuit) {
    let task = SuccessorTask(name: "numbers", words: (1...30).map(String.init), variesCase: false)
    let problem = SuccessorProblem(tasks: [task], tokenize: tokenizer((0...30).map(String.init)))
    var x = Matrix<Double>(rows: 30, columns: 10)
    for row in 0..<30 { x[row, (row + 1) % 10] = 1 }
    return (
      problem, try SuccessorInputs(problem, representation: x, unembedding: x),
      try head(outputValue: cycle(10))
    )
  }

  @Test("effects are what recomputing the logits gives", arguments: [3, 10])
  func effects(modulus: Int) throws {
    let (problem, inputs, circuit) = try digits()
    let noisy = try SuccessorInputs(
      problem, representation: inputs.representation - normalMatrix(30, 10, seed: 3),
      unembedding: inputs.unembedding)
    var directions = normalMatrix(modulus, 10, seed: 4)
    for row in 0..<modulus {
      let length = euclideanNorm(directions.row(row))
      for column in 0..<10 { directions[row, column] /= length }
    }
    let effects = FeatureEffects(directions: directions, head: circuit, problem: problem, inputs: noisy)
    #expect(effects.components.map(\.residue) == Array(0..<modulus))
    #expect(effects.components.reduce(0) { $0 + $1.pairs } == 29)
    let candidates = Array(1..<30)
    for component in effects.components {
      let c = component.residue
      let direction = Array(directions.row(c))
      func projection(_ row: Int) -> Double {
        (0..<10).reduce(0) { $0 + noisy.representation[row, $1] * direction[$1] }
      }
      let mean = (0..<29).reduce(0) { $0 + projection($1) } / 29
      func margins(_ x: Matrix<Double>) throws -> [Double] {
        let logits = try SuccessorInputs(problem, representation: x, unembedding: noisy.unembedding).logits(
          circuit)
        return (0..<29).map { row in
          let others = candidates.filter { $0 != row + 1 }.map { logits[row, $0] }
          return logits[row, row + 1] - others.reduce(0, +) / Double(others.count)
        }
      }
      var ablated = noisy.representation
      for row in 0..<30 {
        for column in 0..<10 { ablated[row, column] -= (projection(row) - mean) * direction[column] }
      }
      let (before, after) = (try margins(noisy.representation), try margins(ablated))
      let own = (0..<29).filter { ($0 + 1) % modulus == c }
      let fall = own.reduce(0) { $0 + before[$1] - after[$1] } / Double(own.count)
      #expect(abs(try #require(component.ablation) - fall) <= 1e-13)

      func average(_ rows: [Int]) -> Double { rows.reduce(0) { $0 + projection($1) } / Double(rows.count) }
      let step = average(own) - average((0..<29).filter { ($0 + 1) % modulus != c })
      var added = noisy.representation
      for column in 0..<10 { added[0, column] += step * direction[column] }
      let (plain, moved) = (
        noisy.logits(circuit),
        try SuccessorInputs(problem, representation: added, unembedding: noisy.unembedding).logits(circuit)
      )
      func rise(_ tokens: [Int]) -> Double {
        tokens.reduce(0) { $0 + moved[0, $1] - plain[0, $1] } / Double(tokens.count)
      }
      let next = own.map { $0 + 1 }
      let expected = rise(next) - rise(candidates.filter { !next.contains($0) })
      #expect(abs(try #require(component.addition) - expected) <= 1e-13)
    }
  }

  @Test(
    "ablating a digit's axis costs a digit head its margin, adding it raises the next digit"
  )
  func digitHead() throws {
    let (problem, inputs, circuit) = try digits()
    let effects = FeatureEffects(directions: .identity(10), head: circuit, problem: problem, inputs: inputs)
    for component in effects.components {
      // Inputs 1...29 hold digit 0 twice and the others thrice.
      let share = component.residue == 0 ? 2.0 / 29 : 3.0 / 29
      // Targets 2...30: the successor and the others of its digit have logit 1; digit 1 is there twice,
      // others thrice.
      let alike = component.residue == 0 ? 1.0 : 2.0
      #expect(abs(try #require(component.ablation) - (1 - share) * (1 - alike / 28)) <= 1e-15)
      #expect(abs(try #require(component.addition) - 1) <= 1e-15)
    }
  }
}
