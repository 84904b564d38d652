import ComplexModule
import ProbeLinearAlgebra
import RealModule
import Testing

@Suite("The real Schur form")
struct RealSchurTests {
  /// Backward errors of orthogonal reductions are a small multiple of n eps times the norm (LAPACK Users' Guide, 4.8).
  static func bound(_ matrix: Matrix<Double>) -> Double {
    20 * Double(matrix.rows) * Double.ulpOfOne * max(1, matrix.frobeniusNorm)
  }

  static func check(_ schur: RealSchur, of matrix: Matrix<Double>) {
    let n = matrix.rows
    let back = schur.vectors * schur.form * schur.vectors.transposed
    #expect((back - matrix).frobeniusNorm <= bound(matrix))
    #expect((schur.vectors.transposed * schur.vectors - .identity(n)).frobeniusNorm <= bound(.identity(n)))
    for row in 0..<n {
      for column in 0..<n where column < row {
        let isPair = column + 1 == row && schur.values[column].imaginary > 0
        if !isPair { #expect(schur.form[row, column] == 0) }
      }
    }
  }

  @Test("is the matrix itself where that is triangular")
  func triangular() throws {
    let matrix = Matrix<Double>(rows: 3, columns: 3, elements: [1, 2, 3, 0, 4, 5, 0, 0, 6])
    let schur = try RealSchur(matrix)
    #expect(schur.values == [Complex(1), Complex(4), Complex(6)])
    Self.check(schur, of: matrix)
  }

  @Test("of a rotation is a block with a conjugate pair")
  func rotation() throws {
    let matrix = Matrix<Double>(rows: 2, columns: 2, elements: [0, -2, 2, 0])
    let schur = try RealSchur(matrix)
    #expect(schur.values.map(\.real) == [0, 0])
    #expect(abs(schur.values[0].imaginary - 2) <= Self.bound(matrix))
    #expect(schur.values[0].imaginary == -schur.values[1].imaginary)
    Self.check(schur, of: matrix)
  }

  @Test("reordered, still is the matrix, and its first vectors span an invariant subspace")
  func reordered() throws {
    var random = RandomGenerator(seed: 41)
    for n in [3, 6, 11] {
      let matrix = Matrix(rows: n, columns: n, elements: (0..<n * n).map { _ in random.normal() })
      let schur = try RealSchur(matrix)
      Self.check(schur, of: matrix)
      let chosen = schur.values.map { $0.real < 0 }
      let moved = try schur.moving(toFront: chosen)
      Self.check(moved, of: matrix)
      let count = chosen.count { $0 }
      #expect(moved.values.prefix(count).allSatisfy { $0.real < 0 })
      #expect(moved.values.dropFirst(count).allSatisfy { $0.real >= 0 })
      var first = Matrix<Double>(rows: n, columns: count)
      for row in 0..<n { for column in 0..<count { first[row, column] = moved.vectors[row, column] } }
      let image = matrix * first
      let inside = first * (first.transposed * image)
      #expect((image - inside).frobeniusNorm <= Self.bound(matrix))
    }
  }

  @Test("of nothing is nothing; matrices that are not square or not finite are refused")
  func special() throws {
    #expect(try RealSchur(Matrix(rows: 0, columns: 0)).values.isEmpty)
    #expect(try RealSchur(Matrix(rows: 1, columns: 1, elements: [3])).values == [Complex(3)])
    #expect(throws: LinearAlgebraError.notSquare(routine: "dgees", rows: 1, columns: 2)) {
      try RealSchur(Matrix(rows: 1, columns: 2))
    }
    for bad in [Double.nan, .infinity] {
      #expect(throws: LinearAlgebraError.notFinite(routine: "dgees")) {
        try RealSchur(Matrix(rows: 1, columns: 1, elements: [bad]))
      }
    }
  }
}
