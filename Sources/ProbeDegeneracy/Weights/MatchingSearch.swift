internal import ProbeLinearAlgebra

/// Improves a matching by exchanging two units' partners and by changing single signs, until neither helps.
struct MatchingSearch {
  private let problem: AlignmentProblem
  private let n: Int
  private var matching: UnitMatching
  /// Every quadratic block of the second network as the matching puts it, signs included.
  private var moved: [[Double]] = []

  private init(_ problem: AlignmentProblem, _ start: UnitMatching) {
    self.problem = problem
    n = problem.units
    matching = start
    place()
  }

  /// The best matching that single exchanges and sign changes lead to.
  ///
  /// - Complexity: O(n³) a sweep, at most `sweeps`.
  static func improve(_ problem: AlignmentProblem, from start: UnitMatching, sweeps: Int = 20) -> UnitMatching
  {
    var search = MatchingSearch(problem, start)
    for _ in 0..<sweeps {
      var improved = search.sweepExchanges()
      if problem.isSigned { improved = search.sweepSigns() || improved }
      if !improved { break }
    }
    return search.matching
  }

  /// The best signs for a given order: the leading eigenvector of the couplings' symmetric part, then single changes.
  ///
  /// What is maximised is sum of s_i G_ij s_j + l_i s_i; an extra spin carries l.
  static func signs(
    _ problem: AlignmentProblem, order: [Int]
  ) throws(DegeneracyError) -> UnitMatching {
    let n = problem.units
    var start = UnitMatching(order: order, signs: [Double](repeating: 1, count: n))
    guard problem.isSigned else { return start }
    var couplings = Matrix<Double>(rows: n + 1, columns: n + 1)
    for i in 0..<n {
      couplings[i, n] += problem.signed[i, order[i]] / 2
      for term in problem.quadratics {
        for j in 0..<n {
          let product = term.a[i, j] * term.b[order[i], order[j]]
          couplings[term.rowsAreSigned ? i : n, j] += product / 2
        }
      }
    }
    let transposed = couplings.transposed
    couplings.add(transposed)
    let eigen = try decomposing("the signs' couplings") { () throws(LinearAlgebraError) in
      try SymmetricEigen(couplings)
    }
    let leading = Array(eigen.vectors.row(0))
    let reference: Double = leading[n] < 0 ? -1 : 1
    start.signs = leading.prefix(n).map { $0 * reference < 0 ? -1 : 1 }
    var search = MatchingSearch(problem, start)
    for _ in 0..<20 where !search.sweepSigns() { break }
    return search.matching
  }

  private mutating func place() {
    moved = problem.quadratics.map { term in
      var block = [Double](repeating: 0, count: n * n)
      for i in 0..<n {
        let row = term.rowsAreSigned ? matching.signs[i] : 1
        for j in 0..<n {
          let sign = problem.isSigned ? row * matching.signs[j] : 1
          block[i * n + j] = sign * term.b[matching.order[i], matching.order[j]]
        }
      }
      return block
    }
  }

  /// Exchanges what stands at two places wherever that helps; each partner keeps its sign.
  private mutating func sweepExchanges() -> Bool {
    var improved = false
    for k in 0..<n {
      for l in k + 1..<max(n, k + 1) {
        let (gain, scale) = exchangeGain(k, l)
        // A gain below the rounding of the sum that it comes from is none.
        guard gain > 1e-13 * scale else { continue }
        matching.order.swapAt(k, l)
        matching.signs.swapAt(k, l)
        for index in moved.indices {
          for j in 0..<n { moved[index].swapAt(k * n + j, l * n + j) }
          for i in 0..<n { moved[index].swapAt(i * n + k, i * n + l) }
        }
        improved = true
      }
    }
    return improved
  }

  private func exchangeGain(_ k: Int, _ l: Int) -> (gain: Double, scale: Double) {
    let (order, signs) = (matching.order, matching.signs)
    func linear(_ place: Int, _ partner: Int, _ sign: Double) -> Double {
      problem.plain[place, partner] + sign * problem.signed[place, partner]
    }
    let after = linear(k, order[l], signs[l]) + linear(l, order[k], signs[k])
    let before = linear(k, order[k], signs[k]) + linear(l, order[l], signs[l])
    var gain = after - before
    var scale = abs(after) + abs(before)
    for (term, block) in zip(problem.quadratics, moved) {
      term.a.elements.withUnsafeBufferPointer { a in
        block.withUnsafeBufferPointer { m in
          var (change, size) = (0.0, 0.0)
          let (rowK, rowL) = (k * n, l * n)
          for j in 0..<n {
            // Rows, then columns; the four crossings are put right below.
            let rows = (a[rowK + j] - a[rowL + j]) * (m[rowL + j] - m[rowK + j])
            let columns = (a[j * n + k] - a[j * n + l]) * (m[j * n + l] - m[j * n + k])
            change += rows + columns
            size += abs(rows) + abs(columns)
          }
          let (kk, kl, lk, ll) = (rowK + k, rowK + l, rowL + k, rowL + l)
          let counted =
            (a[kk] - a[lk]) * (m[lk] - m[kk]) + (a[kl] - a[ll]) * (m[ll] - m[kl])
            + (a[kk] - a[kl]) * (m[kl] - m[kk]) + (a[lk] - a[ll]) * (m[ll] - m[lk])
          let right =
            a[kk] * (m[ll] - m[kk]) + a[ll] * (m[kk] - m[ll]) + a[kl] * (m[lk] - m[kl])
            + a[lk] * (m[kl] - m[lk])
          gain += change - counted + right
          scale += size + abs(counted) + abs(right)
        }
      }
    }
    return (gain, scale)
  }

  /// Changes single signs wherever that helps.
  private mutating func sweepSigns() -> Bool {
    var improved = false
    for k in 0..<n {
      // Terms odd in the sign of k change theirs; the diagonal of a block with signed rows is even.
      var odd = matching.signs[k] * problem.signed[k, matching.order[k]]
      var scale = abs(odd)
      for (term, block) in zip(problem.quadratics, moved) {
        for i in 0..<n where i != k || !term.rowsAreSigned {
          let product = term.a.elements[i * n + k] * block[i * n + k]
          odd += product
          scale += abs(product)
        }
        if term.rowsAreSigned {
          for j in 0..<n where j != k {
            let product = term.a.elements[k * n + j] * block[k * n + j]
            odd += product
            scale += abs(product)
          }
        }
      }
      guard odd < -1e-13 * scale else { continue }
      matching.signs[k] = -matching.signs[k]
      for (index, term) in problem.quadratics.enumerated() {
        for i in 0..<n where i != k || !term.rowsAreSigned { moved[index][i * n + k].negate() }
        if term.rowsAreSigned {
          for j in 0..<n where j != k { moved[index][k * n + j].negate() }
        }
      }
      improved = true
    }
    return improved
  }
}
