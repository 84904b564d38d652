import Foundation
import ProbeLinearAlgebra
import Testing

@Suite struct FactorizationTests {
  private let epsilon = 0x1p-52

  @Test("LU solves to a backward error of n eps", arguments: [1, 2, 5, 33, 80])
  func solve(size: Int) throws {
    let matrix = randomMatrix(size, size, seed: UInt64(size))
    let right = randomMatrix(size, 3, seed: 99)
    let solution = try #require(try LUFactorization(matrix).solve(right))
    let residual = (matrix * solution - right).frobeniusNorm
    // Partial pivoting on random matrices grows entries by less than n^(2/3) < 20 (Trefethen & Schreiber 1990).
    #expect(residual <= 20 * Double(size) * epsilon * matrix.frobeniusNorm * solution.frobeniusNorm)
    let single = try #require(try LUFactorization(matrix).solve((0..<size).map { right[$0, 0] }))
    for row in 0..<size {
      #expect(abs(single[row] - solution[row, 0]) <= 1e-10 * solution.frobeniusNorm)
    }
  }

  @Test("the inverse is an inverse on both sides")
  func inverse() throws {
    let matrix = randomMatrix(20, 20, seed: 3)
    let inverse = try #require(try LUFactorization(matrix).inverse)
    let bound = 20 * 20 * epsilon * matrix.frobeniusNorm * inverse.frobeniusNorm
    #expect(largestDifference(matrix * inverse, .identity(20)) <= bound)
    // The left residual carries the condition number once more.
    #expect(
      largestDifference(inverse * matrix, .identity(20)) <= bound * matrix.frobeniusNorm
        * inverse.frobeniusNorm)
  }

  @Test("the sign of the determinant follows exchanges and negative rows")
  func signs() throws {
    func sign(_ elements: [Double], _ size: Int) throws -> Int {
      try LUFactorization(Matrix(rows: size, columns: size, elements: elements)).determinantSign
    }
    #expect(try sign([2], 1) == 1)
    #expect(try sign([-2], 1) == -1)
    #expect(try sign([0], 1) == 0)
    #expect(try sign([0, 1, 1, 0], 2) == -1)
    #expect(try sign([-1, 0, 0, -1], 2) == 1)
    // A cyclic exchange of three is even.
    #expect(try sign([0, 1, 0, 0, 0, 1, 1, 0, 0], 3) == 1)
    #expect(try sign([1, 2, 2, 4], 2) == 0)
    #expect(try sign([], 0) == 1)
  }

  @Test("the sign of the determinant is multiplicative")
  func multiplicative() throws {
    for seed in 0..<20 as Range<UInt64> {
      let (a, b) = (randomMatrix(6, 6, seed: seed), randomMatrix(6, 6, seed: seed + 1000))
      let product = try LUFactorization(a * b).determinantSign
      #expect(
        try product == LUFactorization(a).determinantSign * LUFactorization(b).determinantSign)
      #expect(product != 0)
    }
  }

  @Test("a singular matrix has no solution and no inverse")
  func singular() throws {
    let factors = try LUFactorization(Matrix(rows: 2, columns: 2, elements: [1, 2, 2, 4]))
    #expect(factors.solve([1.0, 1.0]) == nil)
    #expect(factors.inverse == nil)
    #expect(try LUFactorization(Matrix(rows: 3, columns: 3)).inverse == nil)
  }

  @Test("LU refuses rectangles, NaN and infinity")
  func refusals() {
    #expect(
      fault { () throws(LinearAlgebraError) in _ = try LUFactorization(Matrix(rows: 3, columns: 2)) }
        == .notSquare(routine: "dgetrf", rows: 3, columns: 2))
    for bad in [Double.nan, .infinity] {
      let matrix = Matrix(rows: 1, columns: 1, elements: [bad])
      #expect(
        fault { () throws(LinearAlgebraError) in _ = try LUFactorization(matrix) }
          == .notFinite(routine: "dgetrf"))
      #expect(
        fault { () throws(LinearAlgebraError) in _ = try matrix.singularValues() }
          == .notFinite(routine: "dgesdd"))
      #expect(
        fault { () throws(LinearAlgebraError) in _ = try matrix.singularValueDecomposition() }
          == .notFinite(routine: "dgesdd"))
      var tall = matrix
      #expect(
        fault { () throws(LinearAlgebraError) in _ = try tall.orthonormalize() }
          == .notFinite(routine: "dgeqrf"))
      #expect(
        fault { () throws(LinearAlgebraError) in _ = try PrincipalComponents(of: matrix, count: 1) }
          == .notFinite(routine: "dsyevd"))
    }
  }

  @Test("A = U S V with orthonormal factors", arguments: [(1, 1), (4, 9), (9, 4), (30, 30)])
  func singularValues(rows: Int, columns: Int) throws {
    let matrix = randomMatrix(rows, columns, seed: 4)
    let (u, values, v) = try matrix.singularValueDecomposition()
    let count = min(rows, columns)
    let bound = 10 * Double(max(rows, columns)) * epsilon
    #expect(values.count == count && values == values.sorted(by: >) && values.allSatisfy { $0 >= 0 })
    #expect(largestDifference(u.transposed * u, .identity(count)) <= bound)
    #expect(largestDifference(v * v.transposed, .identity(count)) <= bound)
    var scaled = v
    for row in 0..<count { for column in 0..<columns { scaled[row, column] *= values[row] } }
    #expect(largestDifference(u * scaled, matrix) <= bound * matrix.frobeniusNorm)
    let alone = try matrix.singularValues()
    for (a, b) in zip(alone, values) { #expect(abs(a - b) <= bound * values[0]) }
    #expect(alone.count == count)
  }

  @Test("singular values of a scaled rotation are its scale, of rank one a single one")
  func exactSingularValues() throws {
    let rotation = Matrix<Double>(rows: 2, columns: 2, elements: [3 * 0.6, -3 * 0.8, 3 * 0.8, 3 * 0.6])
    for value in try rotation.singularValues() { #expect(abs(value - 3) <= 3 * 20 * epsilon) }
    let rankOne = Matrix<Double>(rows: 2, columns: 2, elements: [3, 4, 6, 8])
    let values = try rankOne.singularValues()
    #expect(abs(values[0] - 125.0.squareRoot()) <= 12 * 20 * epsilon && values[1] <= 12 * 20 * epsilon)
    #expect(try Matrix<Double>(rows: 0, columns: 3).singularValues().isEmpty)
    #expect(try Matrix<Double>(rows: 0, columns: 3).singularValueDecomposition().values.isEmpty)
  }

  @Test(
    "QR gives orthonormal columns and a positive diagonal", arguments: [(1, 1), (5, 2), (8, 8), (40, 10)])
  func orthonormalize(rows: Int, columns: Int) throws {
    let matrix = randomMatrix(rows, columns, seed: 5)
    var q = matrix
    let diagonal = try q.orthonormalize()
    let bound = 10 * Double(rows) * epsilon
    #expect(diagonal.count == columns && diagonal.allSatisfy { $0 > 0 })
    #expect(largestDifference(q.transposed * q, .identity(columns)) <= bound)
    let r = q.transposed * matrix
    for row in 0..<columns {
      #expect(abs(r[row, row] - diagonal[row]) <= bound * matrix.frobeniusNorm)
      for column in 0..<row { #expect(abs(r[row, column]) <= bound * matrix.frobeniusNorm) }
    }
    #expect(largestDifference(q * r, matrix) <= 2 * bound * matrix.frobeniusNorm)
  }

  @Test("dependent columns have a zero on the diagonal of R")
  func dependentColumns() throws {
    var matrix = Matrix<Double>(rows: 3, columns: 2, elements: [2, 0, 0, 0, 0, 0])
    #expect(try matrix.orthonormalize() == [2, 0])
    var empty = Matrix<Double>(rows: 3, columns: 0)
    #expect(try empty.orthonormalize().isEmpty)
  }

  @Test("the axes of an ellipse are its principal components")
  func ellipse() throws {
    let (c, s) = (0.8, 0.6)
    let count = 360
    var points = Matrix<Double>(rows: count, columns: 2)
    for row in 0..<count {
      let angle = 2 * Double.pi * Double(row) / Double(count)
      let (x, y) = (5 * cos(angle), 2 * sin(angle))
      points[row, 0] = 10 + c * x - s * y
      points[row, 1] = -20 + s * x + c * y
    }
    let components = try PrincipalComponents(of: points, count: 2)
    // Variances a²/2 and b²/2; sums over 360 points of size 20 round by 360 * eps * 20 at most.
    let bound = 360 * 20 * 20 * epsilon
    #expect(abs(components.mean[0] - 10) <= bound && abs(components.mean[1] + 20) <= bound)
    #expect(abs(components.varianceShares[0] - 25.0 / 29) <= bound)
    #expect(abs(components.varianceShares[1] - 4.0 / 29) <= bound)
    #expect(abs(components.spread - 14.5.squareRoot()) <= bound)
    let expected = Matrix(rows: 2, columns: 2, elements: [c, s, -s, c])
    #expect(largestDifference(components.directions, expected) <= bound)
    let projected = components.project(points)
    #expect(abs(projected[0, 0] - 5) <= bound && abs(projected[0, 1]) <= bound)
    #expect(abs(projected[90, 0]) <= bound && abs(projected[90, 1] - 2) <= bound)
  }

  @Test("components are no more than features, and equal points have none of the variance")
  func degenerateClouds() throws {
    let cloud = Matrix<Double>(rows: 3, columns: 2, elements: [1, 2, 1, 2, 1, 2])
    let components = try PrincipalComponents(of: cloud, count: 5)
    #expect(components.directions.rows == 2)
    #expect(components.varianceShares == [0, 0])
    #expect(components.spread == 0)
    #expect(components.mean == [1, 2])
    #expect(components.project(cloud) == Matrix<Double>(rows: 3, columns: 2))
    #expect(try PrincipalComponents(of: cloud, count: 1).directions.rows == 1)
  }
}
