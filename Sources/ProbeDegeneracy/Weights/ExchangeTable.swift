internal import ProbeLinearAlgebra

/// What every exchange and every sign change would gain in one recurrent block, kept up to date.
///
/// With M the second network's block as the matching puts it, tr(A'M) is to grow. Exchanging k and l changes it by
/// G_kl + G_lk - G_kk - G_ll of G = AM' and the same of H = A'M, up to four crossings; so two products give all n²/2 gains,
/// and a change that is made turns G and H by one outer product each.
struct ExchangeTable {
  private let n: Int
  private let rowsAreSigned: Bool
  private let a: Matrix<Double>
  private let aTransposed: Matrix<Double>
  private var m: Matrix<Double>
  private var g: Matrix<Double>
  private var h: Matrix<Double>
  /// Norms of rows and columns, which bound the rounding of a gain.
  private let ownNorms: (rows: [Double], columns: [Double])
  private var otherNorms: (rows: [Double], columns: [Double])

  /// The table of one block at a matching.
  ///
  /// - Complexity: O(n³).
  init(_ term: AlignmentProblem.Quadratic, at matching: UnitMatching, isSigned: Bool) {
    n = matching.order.count
    rowsAreSigned = term.rowsAreSigned
    (a, aTransposed) = (term.a, term.aTransposed)
    var moved = Matrix<Double>(rows: n, columns: n)
    for i in 0..<n {
      let row = term.rowsAreSigned ? matching.signs[i] : 1
      for j in 0..<n {
        let sign = isSigned ? row * matching.signs[j] : 1
        moved[i, j] = sign * term.b[matching.order[i], matching.order[j]]
      }
    }
    m = moved
    g = a * moved.transposed
    h = aTransposed * moved
    ownNorms = (Self.rowNorms(a), Self.rowNorms(aTransposed))
    otherNorms = (Self.rowNorms(moved), Self.rowNorms(moved.transposed))
  }

  private static func rowNorms(_ matrix: Matrix<Double>) -> [Double] {
    (0..<matrix.rows).map { row in matrix.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot() }
  }

  /// What exchanging two places gains, and the size of the sums that it is the difference of.
  func exchangeGain(_ k: Int, _ l: Int) -> (gain: Double, scale: Double) {
    let (kk, kl, lk, ll) = (k * n + k, k * n + l, l * n + k, l * n + l)
    let (a, m, g, h) = (a.elements, m.elements, g.elements, h.elements)
    let outer = g[kl] + g[lk] - g[kk] - g[ll] + h[kl] + h[lk] - h[kk] - h[ll]
    // The four crossings were counted as if rows and columns moved one after the other.
    let counted =
      (a[kk] - a[lk]) * (m[lk] - m[kk]) + (a[kl] - a[ll]) * (m[ll] - m[kl])
      + (a[kk] - a[kl]) * (m[kl] - m[kk]) + (a[lk] - a[ll]) * (m[ll] - m[lk])
    let right =
      a[kk] * (m[ll] - m[kk]) + a[ll] * (m[kk] - m[ll]) + a[kl] * (m[lk] - m[kl])
      + a[lk] * (m[kl] - m[lk])
    let scale =
      (ownNorms.rows[k] + ownNorms.rows[l]) * (otherNorms.rows[k] + otherNorms.rows[l])
      + (ownNorms.columns[k] + ownNorms.columns[l]) * (otherNorms.columns[k] + otherNorms.columns[l])
    return (outer - counted + right, scale)
  }

  /// Exchanges two places.
  ///
  /// - Complexity: O(n²).
  mutating func exchange(_ k: Int, _ l: Int) {
    // Rows of M: H turns, and the columns of G follow.
    h.addOuter(
      aTransposed.columnDifference(k, l), zip(m.row(l), m.row(k)).map { $0 - $1 })
    m.swapRows(k, l)
    g.swapColumns(k, l)
    // Columns of M: G turns, and the columns of H follow.
    g.addOuter(a.columnDifference(k, l), m.columnDifference(l, k))
    m.swapColumns(k, l)
    h.swapColumns(k, l)
    otherNorms.rows.swapAt(k, l)
    otherNorms.columns.swapAt(k, l)
  }

  /// The terms of the sum that are odd in a place's sign, and the size of the sums that they come from.
  func signedPart(_ k: Int) -> (odd: Double, scale: Double) {
    let columns = ownNorms.columns[k] * otherNorms.columns[k]
    guard rowsAreSigned else { return (h[k, k], columns) }
    return (
      h[k, k] + g[k, k] - 2 * a[k, k] * m[k, k], columns + ownNorms.rows[k] * otherNorms.rows[k]
    )
  }

  /// Changes a place's sign.
  ///
  /// - Complexity: O(n²).
  mutating func changeSign(_ k: Int) {
    let diagonal = m[k, k]
    var change = (0..<n).map { -2 * m[$0, k] }
    if rowsAreSigned { change[k] = 0 }
    g.addOuter((0..<n).map { a[$0, k] }, change)
    for i in 0..<n {
      h[i, k] = -h[i, k] + (rowsAreSigned ? 2 * a[k, i] * diagonal : 0)
      if i != k || !rowsAreSigned { m[i, k].negate() }
    }
    guard rowsAreSigned else { return }
    var turned = (0..<n).map { -2 * m[k, $0] }
    turned[k] = 0
    h.addOuter(Array(a.row(k)), turned)
    for i in 0..<n {
      g[i, k] = -g[i, k] + 2 * a[i, k] * diagonal
      if i != k { m[k, i].negate() }
    }
  }
}

extension Matrix where Scalar == Double {
  /// Adds u v'.
  fileprivate mutating func addOuter(_ u: [Double], _ v: [Double]) {
    let width = columns
    elements.withUnsafeMutableBufferPointer { target in
      for (row, factor) in u.enumerated() {
        for column in 0..<width { target[row * width + column] += factor * v[column] }
      }
    }
  }

  /// Column k less column l.
  fileprivate func columnDifference(_ k: Int, _ l: Int) -> [Double] {
    (0..<rows).map { self[$0, k] - self[$0, l] }
  }

  fileprivate mutating func swapRows(_ k: Int, _ l: Int) {
    for column in 0..<columns { elements.swapAt(k * columns + column, l * columns + column) }
  }

  fileprivate mutating func swapColumns(_ k: Int, _ l: Int) {
    for row in 0..<rows { elements.swapAt(row * columns + k, row * columns + l) }
  }
}
