import Glibc
public import ProbeLinearAlgebra

/// Values and Jacobians at a point with bounds on their rounding errors.
///
/// Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, sections 3.1-3.3):
/// with u = 2^-53 a dot product of n terms in any order errs by at most gamma_n |x|.|y|, gamma_n = n u / (1 - n u).
/// The C library's exp and tanh err by at most 2 ulp (its manual, "Known Maximum Errors in Math Functions"); 4 ulp
/// are granted. Each bound is widened by a relative 2^-20 that covers the rounding of the bound itself.
public struct PointEnclosureAlgebra: CellAlgebra {
  /// A computed vector and how far it may be from the exact one.
  public struct Vector {
    /// The computed values.
    public var value: [Double]
    /// Bounds on |computed - exact|.
    public var error: [Double]
    /// The derivative along the state, `[values, state]`; nil where it is zero.
    public var jacobian: Matrix<Double>?
    /// For each row of the derivative a bound on the Euclidean norm of its error.
    public var rowError: [Double]

    /// The state itself: exact, with derivative one.
    public init(state: [Double]) {
      value = state
      error = Array(repeating: 0, count: state.count)
      jacobian = .identity(state.count)
      rowError = error
    }

    init(value: [Double], error: [Double], jacobian: Matrix<Double>?, rowError: [Double]) {
      self.value = value
      self.error = error
      self.jacobian = jacobian
      self.rowError = rowError
    }

    func rowNorm(_ row: Int) -> Double {
      jacobian.map { euclideanNorm($0.row(row)) } ?? 0
    }
  }

  let unit = 0x1p-53
  let functionError = 0x1p-50
  let widening = 1 + 0x1p-20
  let tiny = Double.leastNormalMagnitude

  /// The algebra has no parameters.
  public init() {}

  /// Exact constants.
  public func constant(_ values: [Double]) -> Vector {
    let zero = [Double](repeating: 0, count: values.count)
    return Vector(value: values, error: zero, jacobian: nil, rowError: zero)
  }

  /// `W v + bias`.
  public func linear(_ weight: Matrix<Double>, _ vector: Vector, bias: [Double]?) -> Vector {
    var value = weight.times(vector.value)
    let gamma = Double(weight.columns + 2) * unit * widening
    var error = [Double](repeating: 0, count: weight.rows)
    var rowError = error
    let norms = vector.value.indices.map { vector.rowNorm($0) }
    for row in 0..<weight.rows {
      var magnitude = abs(bias?[row] ?? 0)
      var carried = 0.0
      var rowMagnitude = 0.0
      var rowCarried = 0.0
      for column in 0..<weight.columns {
        let factor = abs(weight[row, column])
        magnitude += factor * abs(vector.value[column])
        carried += factor * vector.error[column]
        rowMagnitude += factor * norms[column]
        rowCarried += factor * vector.rowError[column]
      }
      error[row] = (gamma * magnitude + carried) * widening + tiny
      rowError[row] = (gamma * rowMagnitude + rowCarried) * widening
      if let bias { value[row] += bias[row] }
    }
    return Vector(
      value: value, error: error, jacobian: vector.jacobian.map { weight * $0 }, rowError: rowError)
  }

  /// The elementwise sum.
  public func add(_ a: Vector, _ b: Vector) -> Vector {
    let value = zip(a.value, b.value).map { $0 + $1 }
    return Vector(
      value: value,
      error: value.indices.map { (a.error[$0] + b.error[$0] + unit * abs(value[$0])) * widening + tiny },
      jacobian: sum(a.jacobian, b.jacobian),
      rowError: value.indices.map {
        (a.rowError[$0] + b.rowError[$0] + unit * (a.rowNorm($0) + b.rowNorm($0))) * widening
      })
  }

  /// The elementwise product.
  public func multiply(_ a: Vector, _ b: Vector) -> Vector {
    let value = zip(a.value, b.value).map { $0 * $1 }
    let normsA = value.indices.map { a.rowNorm($0) }
    let normsB = value.indices.map { b.rowNorm($0) }
    return Vector(
      value: value,
      error: value.indices.map {
        let carried =
          abs(a.value[$0]) * b.error[$0] + abs(b.value[$0]) * a.error[$0] + a.error[$0] * b.error[$0]
        return (carried + unit * abs(value[$0])) * widening + tiny
      },
      jacobian: sum(
        b.jacobian.map { $0.scalingRows(by: a.value) }, a.jacobian.map { $0.scalingRows(by: b.value) }),
      rowError: value.indices.map {
        let (x, y) = (abs(a.value[$0]) + a.error[$0], abs(b.value[$0]) + b.error[$0])
        let carried =
          x * b.rowError[$0] + y * a.rowError[$0] + a.error[$0] * normsB[$0] + b.error[$0] * normsA[$0]
        return (carried + 3 * unit * (x * normsB[$0] + y * normsA[$0])) * widening
      })
  }

  /// The elementwise product with exact constants.
  public func scale(_ vector: Vector, by factors: [Double]) -> Vector {
    multiply(constant(factors), vector)
  }

  /// tanh' = 1 - tanh².
  public func tanh(_ vector: Vector) -> Vector {
    chain(vector) { value, error in
      let result = Glibc.tanh(value)
      let resultError = error + functionError * abs(result)
      let slope = 1 - result * result
      return (result, resultError, slope, resultError * (2 * abs(result) + resultError) + 2 * unit)
    }
  }

  /// sigma' = sigma (1 - sigma).
  public func sigmoid(_ vector: Vector) -> Vector {
    chain(vector) { value, error in
      let result = 1 / (1 + exp(-value))
      let resultError = error / 4 + 2 * functionError * result
      let slope = result * (1 - result)
      return (
        result, resultError, slope, resultError * (abs(1 - 2 * result) + resultError) + 3 * unit * result
      )
    }
  }

  /// On a unit whose sign is in doubt the derivative's error is infinite.
  public func relu(_ vector: Vector, on units: Range<Int>) -> Vector {
    var result = vector
    for unit in units {
      if abs(vector.value[unit]) <= vector.error[unit] { result.rowError[unit] = .infinity }
      guard !(vector.value[unit] > 0) else { continue }
      result.value[unit] = 0
      if abs(vector.value[unit]) > vector.error[unit] {
        result.error[unit] = 0
        result.rowError[unit] = 0
      }
      for column in 0..<(result.jacobian?.columns ?? 0) { result.jacobian?[unit, column] = 0 }
    }
    return result
  }

  /// Consecutive elements.
  public func slice(_ vector: Vector, _ range: Range<Int>) -> Vector {
    Vector(
      value: Array(vector.value[range]), error: Array(vector.error[range]),
      jacobian: vector.jacobian.map { $0.rows(range) }, rowError: Array(vector.rowError[range]))
  }

  private func sum(_ a: Matrix<Double>?, _ b: Matrix<Double>?) -> Matrix<Double>? {
    guard let a else { return b }
    guard let b else { return a }
    return Matrix(rows: a.rows, columns: a.columns, elements: zip(a.elements, b.elements).map { $0 + $1 })
  }

  /// Applies a function of one variable, given as (value, error) -> (result, its error, slope, its error).
  private func chain(
    _ vector: Vector, _ function: (Double, Double) -> (Double, Double, Double, Double)
  ) -> Vector {
    var result = vector
    var slopes = [Double](repeating: 0, count: vector.value.count)
    for index in vector.value.indices {
      let (value, error, slope, slopeError) = function(vector.value[index], vector.error[index])
      let norm = vector.rowNorm(index)
      result.value[index] = value
      result.error[index] = error * widening + tiny
      result.rowError[index] =
        ((slope + slopeError) * vector.rowError[index] + (slopeError + unit * slope) * norm) * widening
      slopes[index] = slope
    }
    result.jacobian = vector.jacobian.map { $0.scalingRows(by: slopes) }
    return result
  }
}
