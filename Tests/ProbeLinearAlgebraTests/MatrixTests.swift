import ProbeLinearAlgebra
import Testing

@Suite struct MatrixTests {
  /// Any order of summation errs by at most n eps |A||B|, the naive loop's too.
  ///
  /// Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, eq. 3.13.
  @Test(
    "products agree with a naive loop",
    arguments: [(1, 1, 1), (1, 7, 3), (5, 1, 4), (17, 9, 13), (64, 33, 70), (3, 0, 2), (0, 4, 5), (4, 5, 0)])
  func product(rows: Int, inner: Int, columns: Int) {
    let a = randomMatrix(rows, inner, seed: 1)
    let b = randomMatrix(inner, columns, seed: 2)
    let product = a * b
    #expect(product.rows == rows && product.columns == columns)
    for row in 0..<rows {
      for column in 0..<columns {
        var (sum, magnitude) = (0.0, 0.0)
        for k in 0..<inner {
          sum += a[row, k] * b[k, column]
          magnitude += abs(a[row, k] * b[k, column])
        }
        #expect(abs(product[row, column] - sum) <= 2 * Double(inner) * 0x1p-52 * magnitude)
      }
    }
  }

  @Test("products of transposes in place agree with products of transposed copies")
  func transposedOperands() {
    let a = randomMatrix(6, 4, seed: 3)
    let b = randomMatrix(5, 6, seed: 4)
    var product = Matrix<Double>(rows: 4, columns: 5, repeating: 1)
    Double.multiply(
      rows: 4, columns: 5, inner: 6, alpha: 2, a.elements, stride: 4, transposed: true, b.elements, stride: 6,
      transposed: true, beta: 3, into: &product.elements, stride: 5)
    let expected = a.transposed * b.transposed
    for index in expected.elements.indices {
      // Six products and a sum, of numbers below 10.
      #expect(abs(product.elements[index] - (2 * expected.elements[index] + 3)) <= 16 * 0x1p-52 * 100)
    }
  }

  @Test("single precision multiplies too")
  func singlePrecision() {
    let a = Matrix<Float>(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
    let b = Matrix<Float>(rows: 3, columns: 2, elements: [7, 8, 9, 10, 11, 12])
    #expect((a * b).elements == [58, 64, 139, 154])
    #expect(a.times([1, 0, -1]) == [-2, -2])
  }

  @Test("strides skip what lies between stored rows")
  func strides() {
    // A is the left half of a [2, 4] array, B the right half of another; C is written into the middle of a third.
    let a: [Double] = [1, 2, 9, 9, 3, 4, 9, 9]
    let b: [Double] = [9, 9, 5, 6, 9, 9, 7, 8]
    var c = [Double](repeating: -1, count: 8)
    b.withUnsafeBufferPointer { b in
      c.withUnsafeMutableBufferPointer { c in
        guard let right = b.baseAddress, let target = c.baseAddress else { return }
        Double.multiply(
          rows: 2, columns: 2, inner: 2, alpha: 1, a, stride: 4, transposed: false, right + 2, stride: 4,
          transposed: false, beta: 0, into: target + 1, stride: 4)
      }
    }
    #expect(c == [-1, 19, 22, -1, -1, 43, 50, -1])
  }

  @Test("a product with a vector is a product with one column")
  func vector() {
    let a = randomMatrix(5, 3, seed: 5)
    #expect(a.times([1, 0, 0]) == (0..<5).map { a[$0, 0] })
    #expect(Matrix<Double>(rows: 2, columns: 0).times([]) == [0, 0])
    #expect(Matrix<Double>(rows: 0, columns: 2).times([1, 2]) == [])
  }

  @Test("transposing exchanges indices, and twice gives the matrix back")
  func transposition() {
    let a = randomMatrix(4, 7, seed: 6)
    let b = a.transposed
    #expect(b.rows == 7 && b.columns == 4)
    for row in 0..<4 {
      for column in 0..<7 { #expect(b[column, row] == a[row, column]) }
    }
    #expect(b.transposed == a)
    #expect(Matrix<Double>(rows: 0, columns: 3).transposed == Matrix<Double>(rows: 3, columns: 0))
  }

  @Test("the identity changes nothing, and a difference with itself is zero")
  func identity() {
    let a = randomMatrix(5, 5, seed: 7)
    #expect(Matrix<Double>.identity(5) * a == a)
    #expect(a - a == Matrix<Double>(rows: 5, columns: 5))
    #expect(Array(a.row(2)) == (0..<5).map { a[2, $0] })
  }

  @Test("a tensor of rank two becomes the matrix of its elements")
  func tensor() {
    let tensor = Tensor<Double>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
    #expect(Matrix(tensor) == Matrix<Double>(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6]))
    #expect(tensor.converted(to: Float.self) == Tensor<Float>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6]))
    #expect(Tensor<Int>(shape: [], repeating: 4).elements == [4])
    #expect(Tensor<Int>(shape: [3, 0], repeating: 4).count == 0)
  }

  @Test("Euclidean norms neither overflow nor underflow")
  func norms() {
    #expect(euclideanNorm([3.0, -4.0]) == 5)
    #expect(euclideanNorm([Double]()) == 0)
    #expect(euclideanNorm([0.0, -0.0]) == 0)
    #expect(euclideanNorm([-2.0]) == 2)
    #expect(abs(euclideanNorm([3e200, 4e200]) / 5e200 - 1) <= 4 * 0x1p-52)
    #expect(abs(euclideanNorm([3e-200, 4e-200]) / 5e-200 - 1) <= 4 * 0x1p-52)
    #expect(euclideanNorm([Double.leastNonzeroMagnitude]) == Double.leastNonzeroMagnitude)
    #expect(euclideanNorm([Double.greatestFiniteMagnitude]) == Double.greatestFiniteMagnitude)
    #expect(euclideanNorm([Float(3e30), 4e30]).isFinite)
    #expect(abs(Matrix<Double>(rows: 2, columns: 2, repeating: 3).frobeniusNorm - 6) <= 6 * 4 * 0x1p-52)
  }

  @Test("the norm of a vector with a NaN is NaN wherever it stands, with an infinity infinite")
  func exceptionalNorms() {
    #expect(euclideanNorm([1, .nan, 2.0]).isNaN)
    #expect(euclideanNorm([.nan, 1.0]).isNaN)
    #expect(euclideanNorm([0, Double.nan]).isNaN)
    #expect(euclideanNorm([1, -Double.infinity]) == .infinity)
    #expect(euclideanNorm([.infinity, .nan, 1.0]).isNaN)
    #expect(euclideanNorm([.nan, .infinity, 1.0]).isNaN)
  }
}
