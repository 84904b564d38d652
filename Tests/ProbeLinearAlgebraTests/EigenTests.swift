import ComplexModule
import Foundation
import ProbeLinearAlgebra
import RealModule
import Testing

@Suite struct EigenTests {
  private let epsilon = 0x1p-52

  @Test("a rotation by t has eigenvalues exp(+-it)", arguments: [0.1, 1, 2.5, .pi / 2])
  func rotation(angle: Double) throws {
    let (c, s) = (cos(angle), sin(angle))
    let eigen = try EigenDecomposition(Matrix(rows: 2, columns: 2, elements: [c, -s, s, c]))
    #expect(eigen.values.count == 2)
    for (value, sign) in zip(eigen.values, [1.0, -1.0]) {
      #expect(abs(value.real - c) <= 8 * epsilon && abs(value.imaginary - sign * s) <= 8 * epsilon)
    }
  }

  @Test("a companion matrix has the roots of its polynomial as eigenvalues")
  func companion() throws {
    // (x - 4)(x - 2)(x + 1)(x - 0.5) = x^4 - 5.5 x^3 + 4.5 x^2 + 7 x - 4.
    let matrix = Matrix<Double>(
      rows: 4, columns: 4, elements: [5.5, -4.5, -7, 4, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0])
    let eigen = try EigenDecomposition(matrix)
    // The worst eigenvalue condition number 1 / |w^H v| here is below 100; the norm is below 11.
    for (value, root) in zip(eigen.values, [4, 2, -1, 0.5]) {
      #expect(abs(value.real - root) <= 100 * 4 * epsilon * 11)
      #expect(value.imaginary == 0)
    }
  }

  /// The backward error of the QR algorithm is a modest multiple of n eps |A| (LAPACK Users' Guide, section 4.8).
  @Test("A v = lambda v and w^H A = lambda w^H with unit vectors", arguments: [1, 2, 3, 10, 41, 100])
  func residuals(size: Int) throws {
    let matrix = randomMatrix(size, size, seed: UInt64(100 + size))
    let eigen = try EigenDecomposition(matrix)
    let bound = 10 * Double(size) * epsilon * matrix.frobeniusNorm
    #expect(eigen.values.count == size && eigen.right.count == size && eigen.left.count == size)
    for k in 0..<size {
      let (value, v, w) = (eigen.values[k], eigen.right[k], eigen.left[k])
      #expect(abs(euclideanNorm(v.map(\.length)) - 1) <= 10 * Double(size) * epsilon)
      #expect(abs(euclideanNorm(w.map(\.length)) - 1) <= 10 * Double(size) * epsilon)
      var (rightError, leftError) = (0.0, 0.0)
      for i in 0..<size {
        var right = -value * v[i]
        var left = -value * w[i].conjugate
        for j in 0..<size {
          right += Complex(matrix[i, j]) * v[j]
          left += Complex(matrix[j, i]) * w[j].conjugate
        }
        rightError += right.lengthSquared
        leftError += left.lengthSquared
      }
      #expect(rightError.squareRoot() <= bound && leftError.squareRoot() <= bound)
    }
  }

  @Test("values fall in modulus and conjugate pairs stand together, the positive imaginary part first")
  func order() throws {
    let values = try EigenDecomposition(randomMatrix(60, 60, seed: 5)).values
    var k = 0
    var pairs = 0
    while k < values.count {
      if k > 0 { #expect(values[k].length <= values[k - 1].length) }
      if values[k].imaginary == 0 {
        k += 1
      } else {
        try #require(k + 1 < values.count)
        #expect(values[k].imaginary > 0 && values[k + 1] == values[k].conjugate)
        pairs += 1
        k += 2
      }
    }
    #expect(pairs > 10)
  }

  @Test("left and right vectors of different eigenvalues are orthogonal")
  func biorthogonality() throws {
    let size = 12
    let eigen = try EigenDecomposition(randomMatrix(size, size, seed: 6))
    for i in 0..<size {
      for j in 0..<size where i != j {
        var overlap = Complex<Double>.zero
        for k in 0..<size { overlap += eigen.left[i][k].conjugate * eigen.right[j][k] }
        // w_i^H (A v_j) = lambda_j w_i^H v_j = lambda_i w_i^H v_j up to the backward error, 10 n eps |A|, |A| < 20.
        let gap = (eigen.values[i] - eigen.values[j]).length
        #expect(overlap.length <= 2 * 10 * Double(size) * epsilon * 20 / gap)
      }
    }
  }

  @Test("values are the same without vectors")
  func valuesAlone() throws {
    let matrix = randomMatrix(9, 9, seed: 7)
    let (with, without) = (try EigenDecomposition(matrix), try EigenDecomposition(matrix, vectors: false))
    #expect(without.right.isEmpty && without.left.isEmpty)
    // Two runs of the QR iteration each err by its backward error times the condition of a value, below 100 here.
    for (a, b) in zip(with.values, without.values) {
      #expect((a - b).length <= 100 * 20 * 9 * epsilon * matrix.frobeniusNorm)
    }
  }

  @Test("a Jordan block keeps its double eigenvalue, and the zero matrix its zeros")
  func defective() throws {
    let jordan = try EigenDecomposition(Matrix(rows: 2, columns: 2, elements: [0.5, 1, 0, 0.5]))
    #expect(jordan.values == [Complex(0.5), Complex(0.5)])
    let zero = try EigenDecomposition(Matrix<Double>(rows: 3, columns: 3))
    #expect(zero.values == Array(repeating: Complex(0), count: 3))
  }

  @Test("an empty matrix has no eigenvalues, one of size one itself")
  func small() throws {
    #expect(try EigenDecomposition(Matrix(rows: 0, columns: 0)).values.isEmpty)
    let one = try EigenDecomposition(Matrix(rows: 1, columns: 1, elements: [-3]))
    #expect(one.values == [Complex(-3)])
    #expect(one.right.count == 1 && one.right[0][0].length == 1)
  }

  @Test("NaN, infinity and rectangles are refused by name")
  func refusals() {
    for bad in [Double.nan, .infinity, -.infinity] {
      var matrix = Matrix<Double>.identity(3)
      matrix[1, 2] = bad
      #expect(
        fault { () throws(LinearAlgebraError) in _ = try EigenDecomposition(matrix) }
          == .notFinite(routine: "dgeev"))
      #expect(
        fault { () throws(LinearAlgebraError) in _ = try SymmetricEigen(matrix) }
          == .notFinite(routine: "dsyevd"))
    }
    let rectangle = Matrix<Double>(rows: 2, columns: 3)
    let error = fault { () throws(LinearAlgebraError) in _ = try EigenDecomposition(rectangle) }
    #expect(error?.description == "dgeev needs a square matrix; this one is 2 x 3")
    #expect(
      LinearAlgebraError.notFinite(routine: "dgesdd").description
        == "dgesdd needs finite entries; the matrix holds an infinity or a NaN")
    #expect(
      LinearAlgebraError.notConverged(routine: "dgeev", remaining: 3).description
        == "dgeev left 3 values unconverged")
    #expect(
      LinearAlgebraError.invalidArgument(routine: "dgetrf", argument: 4).description
        == "dgetrf refused argument 4")
  }

  @Test("a symmetric matrix has orthonormal eigenvectors, largest value first")
  func symmetric() throws {
    let size = 15
    let root = randomMatrix(size, size, seed: 8)
    let matrix = root * root.transposed
    let eigen = try SymmetricEigen(matrix)
    let bound = 10 * Double(size) * epsilon
    #expect(eigen.values == eigen.values.sorted(by: >))
    #expect(largestDifference(eigen.vectors * eigen.vectors.transposed, .identity(size)) <= bound)
    for k in 0..<size {
      let vector = Array(eigen.vectors.row(k))
      let residual = zip(matrix.times(vector), vector).map { $0 - eigen.values[k] * $1 }
      #expect(euclideanNorm(residual) <= bound * matrix.frobeniusNorm)
    }
    #expect(try SymmetricEigen(Matrix(rows: 0, columns: 0)).values.isEmpty)
    let exact = try SymmetricEigen(Matrix(rows: 2, columns: 2, elements: [2, 1, 1, 2]))
    #expect(abs(exact.values[0] - 3) <= 12 * epsilon && abs(exact.values[1] - 1) <= 12 * epsilon)
  }

  @Test("the leading symmetric pairs are those of the whole", arguments: [1, 2, 5, 40])
  func leading(size: Int) throws {
    var generator = RandomGenerator(seed: 91, stream: UInt64(size))
    var matrix = Matrix<Double>(rows: size, columns: size)
    for i in 0..<size {
      for j in 0...i {
        matrix[i, j] = generator.normal()
        matrix[j, i] = matrix[i, j]
      }
    }
    let whole = try SymmetricEigen(matrix)
    let slack = 16 * Double(size) * Double.ulpOfOne * matrix.frobeniusNorm
    for count in Set([0, 1, size / 2, size - 1, size, size + 3]) {
      let part = try SymmetricEigen(matrix, leading: count)
      #expect(part.values.count == min(count, size))
      #expect(part.vectors.rows == min(count, size) && part.vectors.columns == size)
      for (k, value) in part.values.enumerated() {
        #expect(abs(value - whole.values[k]) <= slack)
        let vector = Array(part.vectors.row(k))
        for (moved, old) in zip(matrix.times(vector), vector) { #expect(abs(moved - value * old) <= slack) }
        for other in 0...k {
          let product = zip(vector, part.vectors.row(other)).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(product - (other == k ? 1 : 0)) <= 16 * Double(size) * Double.ulpOfOne)
        }
      }
    }
  }

  @Test("the leading pairs of a matrix that falls apart, with repeated eigenvalues, are orthonormal")
  func leadingOfRepeated() throws {
    var matrix = Matrix<Double>.identity(6)
    matrix[5, 5] = 3
    let part = try SymmetricEigen(matrix, leading: 3)
    #expect(part.values == [3, 1, 1])
    let products = part.vectors * part.vectors.transposed
    for i in 0..<3 { for j in 0..<3 { #expect(abs(products[i, j] - (i == j ? 1 : 0)) <= 1e-15) } }
    #expect(try SymmetricEigen(Matrix(rows: 4, columns: 4), leading: 2).values == [0, 0])
    #expect(throws: LinearAlgebraError.notFinite(routine: "dsytrd")) {
      try SymmetricEigen(Matrix(rows: 3, columns: 3, repeating: .nan), leading: 1)
    }
  }
}
