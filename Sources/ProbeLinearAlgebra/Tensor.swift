/// A dense array of any rank, row-major and contiguous.
@frozen
public struct Tensor<Scalar: Sendable>: Sendable {
  /// The extent of each axis, outermost first; empty for a scalar.
  public let shape: [Int]
  /// `shape.reduce(1, *)` scalars, the last axis fastest.
  public var elements: [Scalar]

  /// Wraps `elements` as an array of the given shape.
  ///
  /// - Precondition: `elements.count` is the product of `shape`.
  @inlinable
  public init(shape: [Int], elements: [Scalar]) {
    precondition(elements.count == shape.reduce(1, *), "element count must be the product of the shape")
    self.shape = shape
    self.elements = elements
  }

  /// An array of the given shape filled with one value.
  @inlinable
  public init(shape: [Int], repeating value: Scalar) {
    self.shape = shape
    self.elements = Array(repeating: value, count: shape.reduce(1, *))
  }

  /// The number of elements.
  @inlinable
  public var count: Int { elements.count }
}

extension Tensor: Equatable where Scalar: Equatable {}

extension Tensor where Scalar: BinaryFloatingPoint {
  /// The same values in another floating-point type, rounded to nearest.
  public func converted<Other: BinaryFloatingPoint & Sendable>(to type: Other.Type) -> Tensor<Other> {
    Tensor<Other>(shape: shape, elements: elements.map { Other($0) })
  }
}
