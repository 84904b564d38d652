public import ProbeLinearAlgebra

/// The operations that every recurrent cell is made of, with a meaning left open.
///
/// A cell writes its equations once against this protocol (``RecurrentCell/equations(_:state:input:)``); what comes
/// out depends on the algebra: an enclosure of the exact value and Jacobian at a point
/// (``PointEnclosureAlgebra``), or bounds on the second derivative over a ball (``BallBoundAlgebra``).
public protocol CellAlgebra {
  /// A vector in this algebra.
  associatedtype Vector
  /// A vector that does not depend on the state.
  func constant(_ values: [Double]) -> Vector
  /// `W v + bias`.
  func linear(_ weight: Matrix<Double>, _ vector: Vector, bias: [Double]?) -> Vector
  /// The elementwise sum.
  func add(_ a: Vector, _ b: Vector) -> Vector
  /// The elementwise product.
  func multiply(_ a: Vector, _ b: Vector) -> Vector
  /// The elementwise product with constants.
  func scale(_ vector: Vector, by factors: [Double]) -> Vector
  /// The elementwise hyperbolic tangent.
  func tanh(_ vector: Vector) -> Vector
  /// The elementwise logistic function.
  func sigmoid(_ vector: Vector) -> Vector
  /// exp(v_i) / sum_j exp(v_j).
  func softmax(_ vector: Vector) -> Vector
  /// The elementwise max(v, 0) on the units marked; the identity on the others.
  func relu(_ vector: Vector, on units: Range<Int>) -> Vector
  /// Consecutive elements.
  func slice(_ vector: Vector, _ range: Range<Int>) -> Vector
}

extension CellAlgebra {
  /// `(1 - gate) a + gate b`, written as `a + gate (b - a)`.
  func blend(_ a: Vector, _ b: Vector, gate: Vector, size: Int) -> Vector {
    add(a, multiply(gate, add(b, scale(a, by: Array(repeating: -1, count: size)))))
  }

  /// A pointwise nonlinearity of the given kind.
  func apply(_ nonlinearity: Nonlinearity, _ vector: Vector, size: Int) -> Vector {
    switch nonlinearity {
    case .tanh: tanh(vector)
    case .relu: relu(vector, on: 0..<size)
    }
  }
}

/// A pointwise nonlinearity of a simple cell.
public enum Nonlinearity: String, Sendable, CaseIterable, Codable {
  /// The hyperbolic tangent.
  case tanh
  /// max(x, 0).
  case relu
}
