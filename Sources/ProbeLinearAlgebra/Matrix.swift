/// A dense matrix of `Float` or `Double`, row-major and contiguous.
@frozen
public struct Matrix<Scalar: BLASScalar>: Sendable, Equatable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// `rows * columns` scalars; element (i, j) is at `i * columns + j`.
  public var elements: [Scalar]

  /// A matrix filled with one value.
  @inlinable
  public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// Wraps row-major elements.
  ///
  /// - Precondition: `elements.count == rows * columns`.
  @inlinable
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(elements.count == rows * columns, "element count must be rows * columns")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A tensor of rank two as a matrix.
  ///
  /// - Precondition: the tensor has two axes.
  @inlinable
  public init(_ tensor: Tensor<Scalar>) {
    precondition(tensor.shape.count == 2, "a matrix has two axes")
    self.init(rows: tensor.shape[0], columns: tensor.shape[1], elements: tensor.elements)
  }

  /// The identity.
  @inlinable
  public static func identity(_ size: Int) -> Self {
    var result = Self(rows: size, columns: size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }

  /// Element (row, column).
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// The elements of one row.
  @inlinable
  public func row(_ index: Int) -> ArraySlice<Scalar> {
    elements[index * columns..<(index + 1) * columns]
  }

  /// The matrix with rows and columns exchanged.
  @inlinable
  public var transposed: Self {
    var result = Self(rows: columns, columns: rows)
    elements.withUnsafeBufferPointer { source in
      result.elements.withUnsafeMutableBufferPointer { target in
        for row in 0..<rows {
          for column in 0..<columns { target[column * rows + row] = source[row * columns + column] }
        }
      }
    }
    return result
  }

  /// The matrix product, by OpenBLAS `gemm`.
  ///
  /// - Precondition: `lhs.columns == rhs.rows`.
  /// - Complexity: O(rows columns inner).
  @inlinable
  public static func * (lhs: Self, rhs: Self) -> Self {
    precondition(lhs.columns == rhs.rows, "inner dimensions differ")
    var product = Self(rows: lhs.rows, columns: rhs.columns)
    Scalar.multiply(
      rows: lhs.rows, columns: rhs.columns, inner: lhs.columns, alpha: 1,
      lhs.elements, stride: max(1, lhs.columns), transposed: false,
      rhs.elements, stride: max(1, rhs.columns), transposed: false,
      beta: 0, into: &product.elements, stride: max(1, rhs.columns))
    return product
  }

  /// The product with a column vector.
  ///
  /// - Precondition: `vector.count == columns`.
  @inlinable
  public func times(_ vector: [Scalar]) -> [Scalar] {
    precondition(vector.count == columns, "inner dimensions differ")
    var product = [Scalar](repeating: 0, count: rows)
    Scalar.multiply(
      rows: rows, columns: 1, inner: columns, alpha: 1,
      elements, stride: max(1, columns), transposed: false,
      vector, stride: 1, transposed: false,
      beta: 0, into: &product, stride: 1)
    return product
  }

  /// The elementwise difference.
  @inlinable
  public static func - (lhs: Self, rhs: Self) -> Self {
    precondition(lhs.rows == rhs.rows && lhs.columns == rhs.columns, "shapes differ")
    return Self(
      rows: lhs.rows, columns: lhs.columns, elements: zip(lhs.elements, rhs.elements).map { $0 - $1 })
  }

  /// The square root of the sum of squares.
  @inlinable
  public var frobeniusNorm: Scalar {
    euclideanNorm(elements)
  }
}

/// The Euclidean norm, scaled so that it neither overflows nor underflows early.
///
/// - Returns: NaN if an element is NaN, infinity if one is infinite.
@inlinable
public func euclideanNorm<Scalar: BinaryFloatingPoint>(_ values: some Sequence<Scalar>) -> Scalar {
  var largest: Scalar = 0
  for value in values {
    if value.isNaN { return .nan }
    largest = max(largest, abs(value))
  }
  guard largest > 0 && largest.isFinite else { return largest }
  var sum: Scalar = 0
  for value in values {
    let scaled = value / largest
    sum += scaled * scaled
  }
  return largest * sum.squareRoot()
}
