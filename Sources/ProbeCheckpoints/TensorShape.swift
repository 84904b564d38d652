/// Shapes as files state them: not to be trusted before they are multiplied out.
enum TensorShape {
  /// The most axes a tensor may have, as in NumPy 2.
  static let maximumRank = 64

  /// The number of elements, or `nil` if an extent is negative, there are too many axes, or the product of the
  /// extents, those of 0 left out, overflows: partial products and strides are then safe in any order.
  static func count(_ shape: [Int]) -> Int? {
    guard shape.count <= maximumRank else { return nil }
    var product = 1
    for extent in shape {
      guard extent >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  /// The number of bytes, or `nil` where ``count(_:)`` is `nil` or the product overflows.
  static func byteCount(_ shape: [Int], of type: ElementType) -> Int? {
    guard let count = count(shape) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    return overflow ? nil : bytes
  }

  /// The strides, in elements, of an array whose last axis is fastest.
  ///
  /// - Precondition: ``count(_:)`` of the shape is not `nil`.
  static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    }
    return strides
  }

  /// The strides, in elements, of an array whose first axis is fastest (Fortran order).
  ///
  /// - Precondition: ``count(_:)`` of the shape is not `nil`.
  static func columnMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropFirst() { strides[axis] = strides[axis - 1] * max(shape[axis - 1], 1) }
    return strides
  }
}
