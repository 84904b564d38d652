import Glibc
public import ProbeLinearAlgebra

/// Values with a directional derivative: forward-mode differentiation of a cell's equations.
///
/// Costs two evaluations and no Jacobian: O(n²) a product.
public struct TangentAlgebra: CellAlgebra {
  /// A value and its derivative along one direction of the state.
  public struct Vector {
    /// The value.
    public var value: [Double]
    /// The derivative.
    public var tangent: [Double]

    /// Pairs a value with its derivative.
    public init(value: [Double], tangent: [Double]) {
      self.value = value
      self.tangent = tangent
    }
  }

  /// The algebra has no parameters.
  public init() {}

  /// A vector with derivative zero.
  public func constant(_ values: [Double]) -> Vector {
    Vector(value: values, tangent: Array(repeating: 0, count: values.count))
  }

  /// `W v + bias`; `W v'`.
  public func linear(_ weight: Matrix<Double>, _ vector: Vector, bias: [Double]?) -> Vector {
    var value = weight.times(vector.value)
    if let bias { for index in value.indices { value[index] += bias[index] } }
    return Vector(value: value, tangent: weight.times(vector.tangent))
  }

  /// Sum rule.
  public func add(_ a: Vector, _ b: Vector) -> Vector {
    Vector(value: zip(a.value, b.value).map { $0 + $1 }, tangent: zip(a.tangent, b.tangent).map { $0 + $1 })
  }

  /// Product rule.
  public func multiply(_ a: Vector, _ b: Vector) -> Vector {
    Vector(
      value: zip(a.value, b.value).map { $0 * $1 },
      tangent: a.value.indices.map { a.value[$0] * b.tangent[$0] + a.tangent[$0] * b.value[$0] })
  }

  /// Constant factors.
  public func scale(_ vector: Vector, by factors: [Double]) -> Vector {
    Vector(
      value: zip(vector.value, factors).map { $0 * $1 }, tangent: zip(vector.tangent, factors).map { $0 * $1 })
  }

  /// tanh' = 1 - tanh².
  public func tanh(_ vector: Vector) -> Vector {
    chain(vector) { (Glibc.tanh($0), { 1 - $0 * $0 }) }
  }

  /// sigma' = sigma (1 - sigma).
  public func sigmoid(_ vector: Vector) -> Vector {
    chain(vector) { (1 / (1 + exp(-$0)), { $0 * (1 - $0) }) }
  }

  /// Derivative 1 where positive, else 0.
  public func relu(_ vector: Vector, on units: Range<Int>) -> Vector {
    var result = vector
    for unit in units where !(vector.value[unit] > 0) {
      result.value[unit] = 0
      result.tangent[unit] = 0
    }
    return result
  }

  /// Consecutive elements.
  public func slice(_ vector: Vector, _ range: Range<Int>) -> Vector {
    Vector(value: Array(vector.value[range]), tangent: Array(vector.tangent[range]))
  }

  private func chain(_ vector: Vector, _ function: (Double) -> (Double, (Double) -> Double)) -> Vector {
    var result = vector
    for index in vector.value.indices {
      let (value, derivative) = function(vector.value[index])
      result.value[index] = value
      result.tangent[index] = derivative(value) * vector.tangent[index]
    }
    return result
  }
}
