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
    let a: Matrix<Double>
    let b: Matrix<Double>
    let aTransposed: Matrix<Double>
    let bTransposed: Matrix<Double>
    let rowsAreSigned: Bool

    init(a: Matrix<Double>, b: Matrix<Double>, rowsAreSigned: Bool) {
      (self.a, self.b, self.rowsAreSigned) = (a, b, rowsAreSigned)
      (aTransposed, bTransposed) = (a.transposed, b.transposed)
    }
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

  /// The gradients by P and by Q of the quadratic terms, which are linear in (P, Q); twice the terms are their product with
  /// (P, Q).
  func quadraticGradient(_ p: Matrix<Double>, _ q: Matrix<Double>) -> Gradient {
    gradient { term, isSigned, isRight in
      (isRight ? term.a : term.aTransposed) * (isSigned ? q : p)
    }
  }

  /// The same at a matching, with half the multiplications.
  func quadraticGradient(at matching: UnitMatching) -> Gradient {
    gradient { term, isSigned, isRight in
      let block = isRight ? term.a : term.aTransposed
      var moved = Matrix<Double>(rows: units, columns: units)
      for (place, unit) in matching.order.enumerated() {
        let sign = isSigned ? matching.signs[place] : 1
        for row in 0..<units { moved[row, unit] = sign * block[row, place] }
      }
      return moved
    }
  }

  /// The gradients by P and by Q.
  struct Gradient {
    var plain: Matrix<Double>
    var signed: Matrix<Double>
  }

  /// `product(term, isSigned, isRight)` gives A times the right or A' times the left of P and Q, signed or not.
  private func gradient(_ product: (Quadratic, Bool, Bool) -> Matrix<Double>) -> Gradient {
    var sum = Gradient(
      plain: Matrix(rows: units, columns: units), signed: Matrix(rows: units, columns: units))
    for term in quadratics {
      let byLeft = product(term, isSigned, true) * term.bTransposed
      let byRight = product(term, term.rowsAreSigned, false) * term.b
      if term.rowsAreSigned { sum.signed.add(byLeft) } else { sum.plain.add(byLeft) }
      if isSigned { sum.signed.add(byRight) } else { sum.plain.add(byRight) }
    }
    return sum
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
        // Eight sums side by side: one after the other they would wait for each other.
        var sums = SIMD8<Double>(repeating: 0)
        let whole = a.count / 8 * 8
        for start in stride(from: 0, to: whole, by: 8) {
          var (x, y) = (SIMD8<Double>(), SIMD8<Double>())
          for lane in 0..<8 { (x[lane], y[lane]) = (a[start + lane], b[start + lane]) }
          sums += x * y
        }
        var sum = sums.sum()
        for index in whole..<a.count { sum += a[index] * b[index] }
        return sum
      }
    }
  }
}
