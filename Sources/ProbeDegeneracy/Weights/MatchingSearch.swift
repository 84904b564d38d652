internal import ProbeLinearAlgebra

/// Improves a matching by exchanging two units' partners and by changing single signs, until neither helps.
struct MatchingSearch {
  private let problem: AlignmentProblem
  private let n: Int
  private var matching: UnitMatching
  private var tables: [ExchangeTable] = []
  /// Sums of n products round by n eps of their size, those that were brought up to date a few hundred times by a few hundred.
  private static let rounding = 1e-12

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
    tables = problem.quadratics.map {
      ExchangeTable($0, at: matching, isSigned: problem.isSigned)
    }
  }

  /// Exchanges what stands at two places wherever that helps; each partner keeps its sign.
  private mutating func sweepExchanges() -> Bool {
    // Anew every sweep, so that what many changes round to does not add up.
    place()
    var improved = false
    for k in 0..<n {
      for l in k + 1..<max(n, k + 1) {
        let (gain, scale) = exchangeGain(k, l)
        // A gain below the rounding of the sum that it comes from is none.
        guard gain > Self.rounding * scale else { continue }
        matching.order.swapAt(k, l)
        matching.signs.swapAt(k, l)
        for index in tables.indices { tables[index].exchange(k, l) }
        improved = true
      }
    }
    return improved
  }

  private func exchangeGain(_ k: Int, _ l: Int) -> (gain: Double, scale: Double) {
    func linear(_ place: Int, _ from: Int) -> Double {
      problem.plain[place, matching.order[from]]
        + matching.signs[from] * problem.signed[place, matching.order[from]]
    }
    let (after, before) = (linear(k, l) + linear(l, k), linear(k, k) + linear(l, l))
    var gain = after - before
    var scale = abs(after) + abs(before)
    for table in tables {
      let part = table.exchangeGain(k, l)
      gain += part.gain
      scale += part.scale
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
      for table in tables {
        let part = table.signedPart(k)
        odd += part.odd
        scale += part.scale
      }
      guard odd < -Self.rounding * scale else { continue }
      matching.signs[k] = -matching.signs[k]
      for index in tables.indices { tables[index].changeSign(k) }
      improved = true
    }
    return improved
  }
}
