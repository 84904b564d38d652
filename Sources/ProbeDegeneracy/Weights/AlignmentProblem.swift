internal import ProbeLinearAlgebra

/// Which of the second network's units takes the place of each unit of the first, and with which sign.
struct UnitMatching: Sendable, Equatable {
  /// The unit of the second network at each place.
  var order: [Int]
  /// +1 or -1 at each place.
  var signs: [Double]

  static func identity(_ count: Int) -> UnitMatching {
    UnitMatching(order: Array(0..<count), signs: [Double](repeating: 1, count: count))
  }
}

/// Maximise sum over blocks of <A, M(B)> over exchanges M of units: what is left of the distance's square when
/// the norms, which no exchange changes, are taken out.
///
/// Relaxed, M is a pair (P, Q): P doubly stochastic, Q signed with |Q| <= P. Recurrent blocks give tr(A' L B
/// R') with L and R each P or Q; incoming blocks and the readout give <K, Q> or <K, P>.
struct AlignmentProblem: Sendable {
  struct Quadratic: Sendable {
    var a: Matrix<Double>
    var b: Matrix<Double>
    var rowsAreSigned: Bool
  }

  let units: Int
  /// Whether signs are free; else Q = P and all blocks speak of P.
  let isSigned: Bool
  let quadratics: [Quadratic]
  /// The linear coefficients of P.
  let plain: Matrix<Double>
  /// The linear coefficients of Q; 0 without signs.
  let signed: Matrix<Double>

  /// - Precondition: blocks of equal shapes and roles, in the same order.
  init(_ first: RecurrentWeights, _ second: RecurrentWeights, isSigned: Bool, absolute: Bool = false) {
    units = first.units
    self.isSigned = isSigned && !absolute
    func values(_ matrix: Matrix<Double>) -> Matrix<Double> {
      absolute
        ? Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { abs($0) })
        : matrix
    }
    var quadratics: [Quadratic] = []
    var plain = Matrix<Double>(rows: units, columns: units)
    var signed = plain
    for (x, y) in zip(first.blocks, second.blocks) {
      let (a, b) = (values(x.matrix), values(y.matrix))
      switch x.role {
      case .recurrent:
        quadratics.append(Quadratic(a: a, b: b, rowsAreSigned: x.rowsAreSigned && self.isSigned))
      case .incoming, .outgoing:
        let part = x.role == .incoming ? a * b.transposed : a.transposed * b
        if self.isSigned && (x.role == .outgoing || x.rowsAreSigned) {
          signed.add(part)
        } else {
          plain.add(part)
        }
      }
    }
    (self.quadratics, self.plain, self.signed) = (quadratics, plain, signed)
  }

  /// The gradients by P and by Q of the relaxed objective.
  func gradient(
    _ p: Matrix<Double>, _ q: Matrix<Double>
  ) -> (plain: Matrix<Double>, signed: Matrix<Double>) {
    var (byPlain, bySigned) = (plain, signed)
    for term in quadratics {
      let left = term.rowsAreSigned ? q : p
      let right = isSigned ? q : p
      let byLeft = term.a * right * term.b.transposed
      let byRight = term.a.transposed * left * term.b
      if term.rowsAreSigned { bySigned.add(byLeft) } else { byPlain.add(byLeft) }
      if isSigned { bySigned.add(byRight) } else { byPlain.add(byRight) }
    }
    return (byPlain, bySigned)
  }

  /// The quadratic terms alone, at (P, Q).
  func curvature(_ p: Matrix<Double>, _ q: Matrix<Double>) -> Double {
    quadratics.reduce(0) { sum, term in
      let left = term.rowsAreSigned ? q : p
      let right = isSigned ? q : p
      return sum + (term.a * right).dot(left * term.b)
    }
  }

  /// The objective of a matching.
  func value(_ matching: UnitMatching) -> Double {
    let (order, signs) = (matching.order, matching.signs)
    var sum = 0.0
    for i in 0..<units {
      sum += plain[i, order[i]] + signs[i] * signed[i, order[i]]
      for term in quadratics {
        let row = order[i] * units
        var part = 0.0
        for j in 0..<units {
          part += term.a.elements[i * units + j] * term.b.elements[row + order[j]] * (isSigned ? signs[j] : 1)
        }
        sum += term.rowsAreSigned ? signs[i] * part : part
      }
    }
    return sum
  }

  /// The vertex of the relaxation that a linear function is largest at.
  func bestVertex(plain: Matrix<Double>, signed: Matrix<Double>) -> UnitMatching {
    var costs = Matrix<Double>(rows: units, columns: units)
    for index in costs.elements.indices {
      costs.elements[index] = -plain.elements[index] - (isSigned ? abs(signed.elements[index]) : 0)
    }
    let order = LinearAssignment(costs: costs).columns
    return UnitMatching(
      order: order,
      signs: order.enumerated().map { isSigned && signed[$0.offset, $0.element] < 0 ? -1 : 1 })
  }
}

extension Matrix where Scalar == Double {
  mutating func add(_ other: Matrix, times factor: Double = 1) {
    other.elements.withUnsafeBufferPointer { source in
      elements.withUnsafeMutableBufferPointer { target in
        for index in 0..<source.count { target[index] += factor * source[index] }
      }
    }
  }

  func dot(_ other: Matrix) -> Double {
    elements.withUnsafeBufferPointer { a in
      other.elements.withUnsafeBufferPointer { b in
        var sum = 0.0
        for index in 0..<a.count { sum += a[index] * b[index] }
        return sum
      }
    }
  }
}
