import CVectorMath
import ProbeLinearAlgebra
import Testing

@Suite struct InterleavedSolveTests {
  /// Solves eight systems side by side, their rows `padding` entries further apart than they are long.
  private func solve(
    _ matrices: [Matrix<Double>], _ rights: [[Double]], padding: Int = 0
  ) -> (solutions: [[Double]], failed: UInt32) {
    let n = matrices[0].rows
    let stride = n + padding
    // What lies between rows is neither read nor written.
    var systems = [Double](repeating: .nan, count: n * stride * 8)
    var right = [Double](repeating: 0, count: n * 8)
    for lane in 0..<8 {
      for row in 0..<n {
        for column in 0..<n { systems[(row * stride + column) * 8 + lane] = matrices[lane][row, column] }
      }
      for index in 0..<n { right[index * 8 + lane] = rights[lane][index] }
    }
    let failed = rp_solve8_f64(&systems, &right, n, stride)
    for row in 0..<n {
      let between = systems[(row * stride + n) * 8..<(row + 1) * stride * 8]
      #expect(between.allSatisfy { $0.isNaN })
    }
    return ((0..<8).map { lane in (0..<n).map { right[$0 * 8 + lane] } }, failed)
  }

  private func vectors(_ n: Int) -> [[Double]] {
    (0..<8).map { lane in randomMatrix(n, 1, seed: UInt64(900 + lane)).elements }
  }

  @Test("eight systems are solved to the backward error of LU", arguments: [1, 2, 3, 8, 31, 64])
  func agreement(size: Int) throws {
    let matrices = (0..<8).map { randomMatrix(size, size, seed: UInt64(50 * size + $0)) }
    let rights = vectors(size)
    let (solutions, failed) = solve(matrices, rights)
    #expect(failed == 0)
    for lane in 0..<8 {
      let residual = zip(matrices[lane].times(solutions[lane]), rights[lane]).map { $0 - $1 }
      // The growth factor of partial pivoting on random matrices stays below n^(2/3) < 20; multipliers up to 10
      // instead of 1 are granted a factor of ten.
      #expect(
        euclideanNorm(residual)
          <= 200 * Double(size) * 0x1p-52 * matrices[lane].frobeniusNorm * euclideanNorm(solutions[lane]))
      let reference = try #require(try LUFactorization(matrices[lane]).solve(rights[lane]))
      let difference = zip(solutions[lane], reference).map { $0 - $1 }
      let values = try matrices[lane].singularValues()
      let condition = values[0] / values[size - 1]
      #expect(
        euclideanNorm(difference)
          <= 2 * 200 * Double(size) * 0x1p-52 * Double(size).squareRoot() * condition
          * euclideanNorm(reference))
    }
  }

  @Test("padding between rows changes no bit", arguments: [1, 4, 5, 6, 7, 20])
  func padding(size: Int) {
    let matrices = (0..<8).map { randomMatrix(size, size, seed: UInt64(60 * size + $0)) }
    let (dense, padded) = (solve(matrices, vectors(size)), solve(matrices, vectors(size), padding: 3))
    #expect(dense.solutions == padded.solutions && dense.failed == padded.failed)
  }

  @Test("an entry below a tenth of the largest is no pivot")
  func pivoting() {
    // Without an exchange 1 would drown in 1e20.
    let matrix = Matrix<Double>(rows: 2, columns: 2, elements: [1e-20, 1, 1, 1])
    let solution = solve(Array(repeating: matrix, count: 8), Array(repeating: [1, 2], count: 8)).solutions[0]
    #expect(solution == [1, 1])
  }

  @Test("rows are exchanged lane by lane")
  func exchanges() {
    // Lane k holds a cyclic shift by k rows: without exchanges seven lanes meet a zero pivot.
    let n = 8
    let matrices = (0..<8).map { shift in
      var matrix = Matrix<Double>(rows: n, columns: n)
      for row in 0..<n { matrix[row, (row + shift) % n] = 1 }
      return matrix
    }
    let right = (0..<n).map { Double($0) }
    let (solutions, failed) = solve(matrices, Array(repeating: right, count: 8))
    #expect(failed == 0)
    for shift in 0..<8 { #expect(matrices[shift].times(solutions[shift]) == right) }
  }

  @Test("a singular lane is flagged and leaves the others alone", arguments: 0..<8)
  func singularLane(bad: Int) throws {
    var matrices = (0..<8).map { randomMatrix(4, 4, seed: UInt64(70 + $0)) }
    let rights = vectors(4)
    let (clean, none) = solve(matrices, rights)
    #expect(none == 0)
    for column in 0..<4 { matrices[bad][2, column] = 0 }
    let (solutions, failed) = solve(matrices, rights)
    #expect(failed == 1 << UInt32(bad))
    for lane in 0..<8 where lane != bad { #expect(solutions[lane] == clean[lane]) }
  }

  @Test(
    "a NaN or an infinity anywhere in a matrix is flagged", arguments: [Double.nan, .infinity, -.infinity])
  func exceptionalEntries(bad: Double) {
    for position in 0..<9 {
      var matrices = (0..<8).map { randomMatrix(3, 3, seed: UInt64(80 + $0)) }
      matrices[6].elements[position] = bad
      #expect(solve(matrices, vectors(3)).failed == 1 << 6, "\(bad) at \(position)")
    }
  }
}
