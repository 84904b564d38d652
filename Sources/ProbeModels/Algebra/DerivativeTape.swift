import Glibc
import ProbeLinearAlgebra

/// Values that remember how they were computed, so that derivatives by the weights can be taken backwards.
///
/// Reverse accumulation (Griewank and Walther, Evaluating Derivatives, 2nd ed. 2008, chapter 3); along a recurrent model it is
/// backpropagation through time (Werbos 1990, doi:10.1109/5.58337). The equations name no parameters, but they make the same
/// ``linear(_:_:bias:)`` calls in the same order at every step: the place of a call within its scope tells which weights it
/// uses. Factors of ``scale(_:by:)`` and constants are no parameters.
final class DerivativeTape: CellAlgebra {
  /// A place on the tape.
  struct Vector {
    let place: Int
  }

  /// The weights of one call, and where their derivatives are: `[rows, columns]`, then the bias.
  struct LinearMap {
    let scope: Int
    let weight: Matrix<Double>
    let hasBias: Bool
    let offset: Int

    var parameters: Int { weight.elements.count + (hasBias ? weight.rows : 0) }
  }

  private enum Operation {
    case constant
    case linear(map: Int, Int)
    case lookup(map: Int, row: Int)
    case add(Int, Int)
    case multiply(Int, Int)
    case scale(Int, [Double])
    case tanh(Int)
    case sigmoid(Int)
    case softmax(Int)
    case relu(Int, Range<Int>)
    case slice(Int, Int)
  }

  private struct Site: Hashable {
    let scope: Int
    let call: Int
  }

  private var operations: [Operation] = []
  private var values: [[Double]] = []
  private(set) var maps: [LinearMap] = []
  private var mapOfSite: [Site: Int] = [:]
  private var next = Site(scope: 0, call: 0)

  /// The number of parameters of all maps met so far.
  var parameters: Int { maps.last.map { $0.offset + $0.parameters } ?? 0 }

  /// Begins a step of one part of the model; its calls are counted anew.
  func enter(scope: Int) { next = Site(scope: scope, call: 0) }

  /// Forgets the values; the maps stay.
  func rewind() {
    operations.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  private func append(_ operation: Operation, _ value: [Double]) -> Vector {
    operations.append(operation)
    values.append(value)
    return Vector(place: values.count - 1)
  }

  private func map(_ weight: Matrix<Double>, hasBias: Bool) -> Int {
    defer { next = Site(scope: next.scope, call: next.call + 1) }
    if let known = mapOfSite[next] { return known }
    maps.append(LinearMap(scope: next.scope, weight: weight, hasBias: hasBias, offset: parameters))
    mapOfSite[next] = maps.count - 1
    return maps.count - 1
  }

  func constant(_ values: [Double]) -> Vector { append(.constant, values) }

  func linear(_ weight: Matrix<Double>, _ vector: Vector, bias: [Double]?) -> Vector {
    var value = weight.times(values[vector.place])
    if let bias { for index in value.indices { value[index] += bias[index] } }
    return append(.linear(map: map(weight, hasBias: bias != nil), vector.place), value)
  }

  /// A row of a table of parameters.
  func lookup(_ table: Matrix<Double>, row: Int) -> Vector {
    append(.lookup(map: map(table, hasBias: false), row: row), Array(table.row(row)))
  }

  func add(_ a: Vector, _ b: Vector) -> Vector {
    append(.add(a.place, b.place), zip(values[a.place], values[b.place]).map { $0 + $1 })
  }

  func multiply(_ a: Vector, _ b: Vector) -> Vector {
    append(.multiply(a.place, b.place), zip(values[a.place], values[b.place]).map { $0 * $1 })
  }

  func scale(_ vector: Vector, by factors: [Double]) -> Vector {
    append(.scale(vector.place, factors), zip(values[vector.place], factors).map { $0 * $1 })
  }

  func tanh(_ vector: Vector) -> Vector {
    append(.tanh(vector.place), values[vector.place].map { Glibc.tanh($0) })
  }

  func sigmoid(_ vector: Vector) -> Vector {
    append(.sigmoid(vector.place), values[vector.place].map(logistic))
  }

  func softmax(_ vector: Vector) -> Vector {
    let highest = values[vector.place].max() ?? 0
    let weights = values[vector.place].map { exp($0 - highest) }
    let total = weights.reduce(0, +)
    return append(.softmax(vector.place), weights.map { $0 / total })
  }

  func relu(_ vector: Vector, on units: Range<Int>) -> Vector {
    var value = values[vector.place]
    for unit in units where !(value[unit] > 0) { value[unit] = 0 }
    return append(.relu(vector.place, units), value)
  }

  func slice(_ vector: Vector, _ range: Range<Int>) -> Vector {
    append(.slice(vector.place, range.lowerBound), Array(values[vector.place][range]))
  }
}

// The way back.
extension DerivativeTape {
  /// Writes the derivatives of some vectors by all parameters.
  ///
  /// - Parameters:
  ///   - outputs: whose derivatives are wanted; their elements follow one another as rows.
  ///   - jacobian: zeros, `[elements of all outputs, parameters]`.
  /// - Complexity: O(rows) times the cost of the way forward.
  func differentiate(_ outputs: [Vector], into jacobian: UnsafeMutablePointer<Double>) {
    let rows = outputs.reduce(0) { $0 + values[$1.place].count }
    // For each place the derivatives of all rows by its value, [rows, width]; nil where nothing depends on it.
    var adjoints = [[Double]?](repeating: nil, count: values.count)
    var first = 0
    for output in outputs {
      let width = values[output.place].count
      var adjoint = adjoints[output.place] ?? Array(repeating: 0, count: rows * width)
      for index in 0..<width { adjoint[(first + index) * width + index] += 1 }
      adjoints[output.place] = adjoint
      first += width
    }
    for place in operations.indices.reversed() {
      guard let adjoint = adjoints[place].take() else { continue }
      let value = values[place]
      func pass(to target: Int, by factors: [Double]?) {
        guard !isConstant(target) else { return }
        let width = value.count
        var sum = adjoints[target].take() ?? Array(repeating: 0, count: rows * width)
        for row in 0..<rows {
          for index in 0..<width {
            sum[row * width + index] += adjoint[row * width + index] * (factors?[index] ?? 1)
          }
        }
        adjoints[target] = sum
      }
      switch operations[place] {
      case .constant: break
      case .linear(let map, let target):
        addDerivatives(maps[map], adjoint, rows: rows, of: values[target], to: jacobian)
        guard !isConstant(target) else { continue }
        let weight = maps[map].weight
        var sum = adjoints[target].take() ?? Array(repeating: 0, count: rows * weight.columns)
        Double.multiply(
          rows: rows, columns: weight.columns, inner: weight.rows, alpha: 1, adjoint, stride: weight.rows,
          transposed: false, weight.elements, stride: weight.columns, transposed: false, beta: 1, into: &sum,
          stride: weight.columns)
        adjoints[target] = sum
      case .lookup(let map, let row):
        let width = value.count
        let start = maps[map].offset + row * width
        for output in 0..<rows {
          for index in 0..<width {
            jacobian[output * parameters + start + index] += adjoint[output * width + index]
          }
        }
      case .add(let a, let b):
        pass(to: a, by: nil)
        pass(to: b, by: nil)
      case .multiply(let a, let b):
        pass(to: a, by: values[b])
        pass(to: b, by: values[a])
      case .scale(let target, let factors): pass(to: target, by: factors)
      case .tanh(let target): pass(to: target, by: value.map { 1 - $0 * $0 })
      case .sigmoid(let target): pass(to: target, by: value.map { $0 * (1 - $0) })
      case .relu(let target, let units):
        pass(
          to: target, by: value.indices.map { units.contains($0) && !(values[target][$0] > 0) ? 0 : 1 })
      case .softmax(let target):
        // p_i (a_i - sum_j a_j p_j)
        guard !isConstant(target) else { continue }
        let width = value.count
        var sum = adjoints[target].take() ?? Array(repeating: 0, count: rows * width)
        for row in 0..<rows {
          let mean = (0..<width).reduce(0) { $0 + adjoint[row * width + $1] * value[$1] }
          for index in 0..<width {
            sum[row * width + index] += value[index] * (adjoint[row * width + index] - mean)
          }
        }
        adjoints[target] = sum
      case .slice(let target, let start):
        guard !isConstant(target) else { continue }
        let (width, whole) = (value.count, values[target].count)
        var sum = adjoints[target].take() ?? Array(repeating: 0, count: rows * whole)
        for row in 0..<rows {
          for index in 0..<width { sum[row * whole + start + index] += adjoint[row * width + index] }
        }
        adjoints[target] = sum
      }
    }
  }

  private func isConstant(_ place: Int) -> Bool {
    if case .constant = operations[place] { true } else { false }
  }

  /// Adds the outer product of each row's derivatives and the map's input, and the derivatives by the bias.
  private func addDerivatives(
    _ map: LinearMap, _ adjoint: [Double], rows: Int, of input: [Double],
    to jacobian: UnsafeMutablePointer<Double>
  ) {
    let (height, width, parameters) = (map.weight.rows, map.weight.columns, parameters)
    adjoint.withUnsafeBufferPointer { adjoint in
      input.withUnsafeBufferPointer { input in
        for row in 0..<rows {
          let target = jacobian + row * parameters + map.offset
          for unit in 0..<height {
            let factor = adjoint[row * height + unit]
            // Outputs of earlier steps do not depend on later ones.
            if factor == 0 { continue }
            let line = target + unit * width
            for column in 0..<width { line[column] += factor * input[column] }
            if map.hasBias { target[height * width + unit] += factor }
          }
        }
      }
    }
  }
}
