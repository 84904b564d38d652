import ComplexModule
import ProbeHeads
import ProbeLinearAlgebra
import RealModule
import Testing

/// A head whose OV circuit is the given matrix: W_V is it, W_O the identity.
func head(outputValue: Matrix<Double>) throws -> HeadCircuit {
  let size = outputValue.rows
  return try HeadCircuit(
    query: .identity(size), key: .identity(size), value: outputValue, output: .identity(size))
}

/// x -> x P that sends row i to row i + 1, the last to the first.
func cycle(_ size: Int) -> Matrix<Double> {
  var shift = Matrix<Double>(rows: size, columns: size)
  for index in 0..<size { shift[index, (index + 1) % size] = 1 }
  return shift
}

/// A head of normal weights.
func randomHead(width: Int, dimension: Int, seed: UInt64) throws -> HeadCircuit {
  try HeadCircuit(
    query: normalMatrix(width, dimension, seed: seed), key: normalMatrix(width, dimension, seed: seed + 1000),
    value: normalMatrix(width, dimension, seed: seed + 2000),
    output: normalMatrix(dimension, width, seed: seed + 3000))
}

@Suite struct HeadCircuitTests {
  @Test("copying of the identity, its negative, a turn by 60 degrees, diag(2, -1) and a 12-cycle")
  func closedForms() throws {
    func score(_ matrix: Matrix<Double>) throws -> Double {
      try #require(copyingScore(try head(outputValue: matrix).outputValueEigenvalues()))
    }
    var negative = Matrix<Double>.identity(5)
    for index in negative.elements.indices { negative.elements[index] *= -1 }
    let root = (0.75).squareRoot()
    #expect(try score(.identity(5)) == 1)
    #expect(try score(negative) == -1)
    #expect(abs(try score(Matrix(rows: 2, columns: 2, elements: [0.5, -root, root, 0.5])) - 0.5) <= 1e-15)
    #expect(abs(try score(Matrix(rows: 2, columns: 2, elements: [2, 0, 0, -1])) - 1.0 / 3) <= 1e-15)
    // Twelve roots of unity, each to some ulps of 1.
    #expect(abs(try score(cycle(12))) <= 12 * 12 * unitRoundoff)
    #expect(copyingScore([]) == nil)
    #expect(try copyingScore(head(outputValue: Matrix(rows: 3, columns: 3)).outputValueEigenvalues()) == nil)
  }

  private func fixture() throws -> (HeadFixture.Circuits, [HeadCircuit]) {
    let peer = try HeadFixture.read().circuits
    let (w, d) = (peer.width, peer.dimension)
    let heads = try peer.heads.map {
      try HeadCircuit(
        query: Matrix(rows: w, columns: d, elements: $0.query),
        key: Matrix(rows: w, columns: d, elements: $0.key),
        value: Matrix(rows: w, columns: d, elements: $0.value),
        output: Matrix(rows: d, columns: w, elements: $0.output))
    }
    return (peer, heads)
  }

  /// Well separated simple eigenvalues of random matrices: n eps times norms of about 1e3 and conditions of
  /// about 10.
  private func expectEqual(
    _ found: [Complex<Double>], _ expected: [[Double]], location: SourceLocation = #_sourceLocation
  ) {
    let sorted = found.sorted { ($0.real, $0.imaginary) < ($1.real, $1.imaginary) }
    #expect(sorted.count == expected.count, sourceLocation: location)
    let scale = found.first?.length ?? 0
    for value in sorted {
      let nearest = expected.map { (value - Complex($0[0], $0[1])).length }.min() ?? .infinity
      #expect(nearest <= 1e-12 * scale, sourceLocation: location)
    }
  }

  @Test("eigenvalues through factors are numpy's nonzero ones of the dense circuits")
  func denseEigenvalues() throws {
    let (peer, heads) = try fixture()
    expectEqual(try heads[0].outputValueEigenvalues(), peer.ov)
    expectEqual(try heads[0].queryKeyEigenvalues(), peer.qk)
    let embedding = Matrix(rows: peer.vocabulary, columns: peer.width, elements: peer.embedding)
    let unembedding = Matrix(rows: peer.vocabulary, columns: peer.width, elements: peer.unembedding)
    func block(_ matrix: Matrix<Double>, _ rows: Range<Int>) -> Matrix<Double> {
      Matrix(rows: rows.count, columns: matrix.columns, elements: rows.flatMap { matrix.row($0) })
    }
    var both = VocabularyProduct(width: peer.width)
    var square = VocabularyProduct(width: peer.width)
    for rows in [0..<7, 7..<14, 14..<15, 15..<15] {
      both.add(left: block(unembedding, rows), right: block(embedding, rows))
      square.add(left: block(embedding, rows), right: block(embedding, rows))
    }
    expectEqual(try heads[0].fullOutputValueEigenvalues(both), peer.full_ov)
    expectEqual(try heads[0].fullQueryKeyEigenvalues(square), peer.full_qk)
  }

  @Test("composition scores are numpy's from dense circuits")
  func composition() throws {
    let (peer, heads) = try fixture()
    let factors = try heads.map { try CompositionFactors($0) }
    let scores = CompositionScores(from: factors[0], to: factors[1])
    for (found, expected) in zip([scores.query, scores.key, scores.value], peer.composition) {
      #expect(abs(try #require(found) - expected) <= 100 * unitRoundoff * expected)
    }
  }

  @Test("what a head computes does not depend on the basis of its own space", arguments: [1, 2] as [UInt64])
  func gauge(seed: UInt64) throws {
    let head = try randomHead(width: 12, dimension: 3, seed: seed)
    let other = try CompositionFactors(randomHead(width: 12, dimension: 3, seed: seed + 50))
    let basis = Matrix<Double>(rows: 3, columns: 3, elements: [2, 1, 0, 0, 1, 1, 1, 0, 1])
    let inverse = try #require(try LUFactorization(basis).inverse)
    let turned = try HeadCircuit(
      query: head.query * basis, key: head.key * inverse.transposed, value: head.value * basis,
      output: inverse * head.output)
    for (a, b) in zip(try head.outputValueEigenvalues(), try turned.outputValueEigenvalues()) {
      #expect((a - b).length <= 1e-11)
    }
    for (a, b) in zip(try head.queryKeyEigenvalues(), try turned.queryKeyEigenvalues()) {
      #expect((a - b).length <= 1e-11)
    }
    let scores = CompositionScores(from: try CompositionFactors(head), to: other)
    let again = CompositionScores(from: try CompositionFactors(turned), to: other)
    for (a, b) in zip([scores.query, scores.key, scores.value], [again.query, again.key, again.value]) {
      #expect(abs(try #require(a) - (try #require(b))) <= 1e-13)
    }
  }

  @Test("a head that writes where another reads composes fully in that way alone")
  func perfectComposition() throws {
    // The writer writes along axis 0 only; the reader's queries read axis 0, its keys and values axis 1.
    func column(_ axis: Int) -> Matrix<Double> {
      var result = Matrix<Double>(rows: 4, columns: 1)
      result[axis, 0] = 1
      return result
    }
    let writer = try CompositionFactors(
      HeadCircuit(query: column(3), key: column(3), value: column(2), output: column(0).transposed))
    let reader = try CompositionFactors(
      HeadCircuit(query: column(0), key: column(1), value: column(1), output: column(3).transposed))
    let scores = CompositionScores(from: writer, to: reader)
    #expect(scores.query == 1 && scores.key == 0 && scores.value == 0)
    let silent = try CompositionFactors(
      HeadCircuit(query: column(0), key: column(0), value: column(0), output: Matrix(rows: 1, columns: 4)))
    #expect(CompositionScores(from: silent, to: reader).query == nil)
    #expect(CompositionScores(from: reader, to: silent).value == nil)
    #expect(CompositionScores(from: writer, to: silent).query == 1)
  }

  /// E‖A B‖² = ‖A‖² ‖B‖² / width for independent directions.
  @Test("random heads compose at about one over the root of the width")
  func baseline() throws {
    let baseline = try CompositionBaseline(width: 64, dimension: 4, draws: 40, seed: 3)
    // 4 standard errors, and the small bias of a ratio of norms: O(1/dimension²) of the value.
    #expect(abs(baseline.mean - 0.125) <= 4 * baseline.deviation / (40.0).squareRoot() + 0.125 / 16)
    #expect(baseline == (try CompositionBaseline(width: 64, dimension: 4, draws: 40, seed: 3)))
    #expect(baseline != (try CompositionBaseline(width: 64, dimension: 4, draws: 40, seed: 4)))
  }

  @Test("folding a norm scales what the head reads, and nothing that it writes")
  func folding() throws {
    let head = try randomHead(width: 3, dimension: 2, seed: 9)
    let folded = try head.folding(normWeight: [2, 1, 0.5])
    #expect(folded.output == head.output)
    for column in 0..<2 {
      for (row, weight) in [2, 1, 0.5].enumerated() {
        #expect(folded.value[row, column] == head.value[row, column] * weight)
        #expect(folded.query[row, column] == head.query[row, column] * weight)
        #expect(folded.key[row, column] == head.key[row, column] * weight)
      }
    }
  }

  @Test("a head wider than the residual stream has as many eigenvalues as that is wide")
  func wideHead() throws {
    let head = try randomHead(width: 2, dimension: 5, seed: 4)
    let values = try head.outputValueEigenvalues()
    #expect(values.count == 2)
    let dense = try EigenDecomposition(head.value * head.output, vectors: false).values
    for (a, b) in zip(values, dense) { #expect((a - b).length <= 1e-12) }
    let factors = try CompositionFactors(head)
    #expect(abs(factors.outputValueNorm - (head.value * head.output).frobeniusNorm) <= 1e-13)
  }

  @Test("weights of the wrong shape, or with a NaN, are refused by name")
  func errors() {
    let good = Matrix<Double>(rows: 3, columns: 2)
    #expect(
      throws: HeadsError.shapeMismatch(object: "a head's output weight", expected: "2 x 3", found: "3 x 2")
    ) { try HeadCircuit(query: good, key: good, value: good, output: good) }
    var bad = good
    bad[2, 1] = .nan
    #expect(throws: HeadsError.notFinite(object: "a head's key weight", row: 2, column: 1)) {
      try HeadCircuit(query: good, key: bad, value: good, output: good.transposed)
    }
  }
}
