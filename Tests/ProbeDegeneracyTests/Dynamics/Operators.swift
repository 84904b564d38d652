import ProbeLinearAlgebra
import RealModule

extension Matrix where Scalar == Double {
  static func diagonal(_ values: [Double]) -> Self {
    var result = Self(rows: values.count, columns: values.count)
    for (index, value) in values.enumerated() { result[index, index] = value }
    return result
  }

  static func rotation(_ angle: Double, scale: Double = 1) -> Self {
    let (c, s) = (scale * Double.cos(angle), scale * Double.sin(angle))
    return Self(rows: 2, columns: 2, elements: [c, -s, s, c])
  }

  static func gaussian(_ rows: Int, _ columns: Int, _ generator: inout RandomGenerator) -> Self {
    Self(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in generator.normal() })
  }

  static func randomRotation(_ size: Int, _ generator: inout RandomGenerator) throws -> Self {
    var result = gaussian(size, size, &generator)
    _ = try result.orthonormalize()
    if generator.bernoulli(0.5) {
      for row in 0..<size { result[row, 0] = -result[row, 0] }
    }
    return result
  }

  func scaled(by factor: Double) -> Self {
    Self(rows: rows, columns: columns, elements: elements.map { $0 * factor })
  }

  /// The largest modulus of a difference.
  func distance(to other: Self) -> Double {
    zip(elements, other.elements).map { abs($0 - $1) }.max() ?? 0
  }
}
