public import ComplexModule
public import ProbeLinearAlgebra
public import RealModule

/// Sets of states in which a Markov chain, reversible or not, stays long: G-PCCA.
///
/// The invariant subspace of the slowest eigenvalues is spanned by real Schur vectors, which stay real and well conditioned
/// where eigenvectors are complex or nearly parallel; memberships are the linear map of it into probabilities that is least
/// fuzzy. Reuter et al., "Generalized Markov state modeling method for nonequilibrium processes", J. Chem. Phys. 150 (2019)
/// 174103, sections II B to D; for the map Roeblitz and Weber, Adv. Data Anal. Classif. 7 (2013) 147, section 4.
public struct MetastableSets: Sendable {
  /// Which eigenvalues count as dominant.
  public enum Dominance: String, Sendable {
    /// The largest real parts: sets that are left seldom.
    case slow
    /// The largest moduli: also sets that follow one another in a fast cycle.
    case coherent
  }

  /// The eigenvalues of the subspace, by decreasing real part or modulus; the first is 1.
  public let eigenvalues: [Complex<Double>]
  /// `[state, set]`: the membership of each state, between 0 and 1, rows that add up to 1.
  public let memberships: Matrix<Double>
  /// `[state]`: the set with the largest membership; sets are numbered in the order of their first states.
  public let sets: [Int32]
  /// The mean over the sets of the probability that a membership is shared with its own set only: 1 where every membership is
  /// 0 or 1 (Roeblitz and Weber, equation 16, over the number of sets).
  public let crispness: Double
  /// `[set]`: the stationary probability of each set of `sets`.
  public let probabilities: [Double]
  /// `[from, to]`: the probability of a step from a set into another in the stationary chain, each state wholly in its set.
  public let lumped: Matrix<Double>
  /// `[from, to]`: the chain of the memberships.
  ///
  /// Its eigenvalues are exactly `eigenvalues`, but where memberships are fuzzy some elements may be below 0 (Reuter et al.,
  /// equation 16).
  public let coarse: Matrix<Double>

  /// Finds sets.
  ///
  /// - Parameters:
  ///   - transition: `[from, to]`, rows that add up to 1.
  ///   - stationary: `[state]`, positive.
  ///   - count: the number of sets, between 1 and the number of states.
  ///   - dominance: which eigenvalues count as dominant.
  /// - Throws: ``AutomataError/setCount(_:states:reason:)`` where the number is impossible or parts a conjugate pair;
  ///   ``LinearAlgebraError`` where the iteration fails.
  /// - Complexity: O(states³), and O(states count²) for each step of the search for the least fuzzy map.
  public init(
    transition: Matrix<Double>, stationary: [Double], count: Int, dominance: Dominance = .slow
  ) throws {
    let states = transition.rows
    precondition(transition.columns == states && stationary.count == states, "not one weight a state")
    guard (1...max(1, states)).contains(count), states > 0 else {
      throw AutomataError.setCount(
        count, states: states, reason: "the number must be between 1 and that of the states")
    }
    let (basis, values) = try Self.subspace(transition, stationary, count, dominance)
    eigenvalues = values
    let map = count == 1 ? Matrix.identity(1) : Self.leastFuzzy(basis)
    var memberships = basis * map
    for row in 0..<states {
      // Feasible maps give no less than 0 but for rounding.
      for set in 0..<count { memberships[row, set] = max(0, memberships[row, set]) }
      let sum = memberships.row(row).reduce(0, +)
      for set in 0..<count { memberships[row, set] /= sum }
    }
    var order: [Int] = []
    for row in 0..<states where !order.contains(argmax(memberships.row(row))) {
      order.append(argmax(memberships.row(row)))
    }
    // A set in which no state is foremost comes last.
    order += (0..<count).filter { !order.contains($0) }
    var ordered = memberships
    for row in 0..<states { for set in 0..<count { ordered[row, set] = memberships[row, order[set]] } }
    let sets = (0..<states).map { Int32(argmax(ordered.row($0))) }
    self.memberships = ordered
    self.sets = sets
    crispness = Self.crispness(map) / Double(count)
    (probabilities, lumped) = Self.lump(transition, stationary, sets, count)

    var weighted = ordered
    for row in 0..<states { for set in 0..<count { weighted[row, set] *= stationary[row] } }
    let overlap = weighted.transposed * ordered
    coarse =
      try LUFactorization(overlap).solve(weighted.transposed * (transition * ordered))
      ?? Matrix(rows: count, columns: count, repeating: .nan)
  }

  /// Finds the sets of a Markov state model.
  public init(_ model: MarkovStateModel, count: Int, dominance: Dominance = .slow) throws {
    try self.init(
      transition: model.transition, stationary: model.stationary, count: count, dominance: dominance)
  }

  /// The joint probabilities of sets before and after a step, each state wholly in its set, as shares of their rows.
  static func lump(
    _ transition: Matrix<Double>, _ stationary: [Double], _ sets: [Int32], _ count: Int
  ) -> ([Double], Matrix<Double>) {
    var probabilities = [Double](repeating: 0, count: count)
    var lumped = Matrix<Double>(rows: count, columns: count)
    for from in 0..<transition.rows {
      probabilities[Int(sets[from])] += stationary[from]
      for to in 0..<transition.rows {
        lumped[Int(sets[from]), Int(sets[to])] += stationary[from] * transition[from, to]
      }
    }
    for from in 0..<count { for to in 0..<count { lumped[from, to] /= probabilities[from] } }
    return (probabilities, lumped)
  }

  /// Vectors that span the dominant invariant subspace, orthonormal under the stationary distribution, the first all ones.
  private static func subspace(
    _ transition: Matrix<Double>, _ stationary: [Double], _ count: Int, _ dominance: Dominance
  ) throws -> (Matrix<Double>, [Complex<Double>]) {
    let states = transition.rows
    let roots = stationary.map { $0.squareRoot() }
    var scaled = transition
    for i in 0..<states { for j in 0..<states { scaled[i, j] *= roots[i] / roots[j] } }
    var schur = try RealSchur(scaled)
    func key(_ value: Complex<Double>) -> Double { dominance == .slow ? value.real : value.length }
    let order = schur.values.indices.sorted { a, b in
      (key(schur.values[a]), b) > (key(schur.values[b]), a)
    }
    let last = schur.values[order[count - 1]]
    if last.imaginary > 0, count < states {
      throw AutomataError.setCount(
        count, states: states,
        reason:
          "but eigenvalues \(count) and \(count + 1) are a conjugate pair, so ask for one more or one less")
    }
    let values = order.prefix(count).map { schur.values[$0] }
    // First the eigenvalue 1 alone, then the others behind it: moving keeps the order.
    let nearest = schur.values.indices.min {
      (schur.values[$0] - 1).length < (schur.values[$1] - 1).length
    }
    schur = try schur.moving(toFront: schur.values.indices.map { $0 == nearest })
    let chosen = Set(
      schur.values.indices.sorted { a, b in
        a == 0 || b == 0 ? a == 0 && b != 0 : (key(schur.values[a]), b) > (key(schur.values[b]), a)
      }.prefix(count))
    schur = try schur.moving(toFront: schur.values.indices.map { chosen.contains($0) })
    var basis = Matrix<Double>(rows: states, columns: count)
    for state in 0..<states {
      basis[state, 0] = 1
      for column in 1..<max(1, count) { basis[state, column] = schur.vectors[state, column] / roots[state] }
    }
    return (basis, values)
  }

  /// The map of the subspace into memberships with the greatest crispness.
  private static func leastFuzzy(_ basis: Matrix<Double>) -> Matrix<Double> {
    let count = basis.columns
    let corners = cornerStates(basis)
    let simplex = Matrix(
      rows: count, columns: count, elements: corners.flatMap { Array(basis.row($0)) })
    // Corners are as far from one another as can be; where even they lie in a plane, any start is as good.
    let start = (try? LUFactorization(simplex))?.inverse ?? .identity(count)
    var parameters: [Double] = []
    for row in 1..<count { for column in 1..<count { parameters.append(start[row, column]) } }
    let (best, _) = NelderMead().minimum(from: parameters) { parameters in
      -crispness(feasible(parameters, basis))
    }
    return feasible(best, basis)
  }

  /// The states that span the largest simplex, found greedily.
  ///
  /// The farthest from the origin, then each the farthest from the plane of those before (Deuflhard and Weber, Linear Algebra
  /// Appl. 398, 2005, 161, section 3.3).
  private static func cornerStates(_ basis: Matrix<Double>) -> [Int] {
    var vectors = basis
    var corners: [Int] = []
    for step in 0..<basis.columns {
      let lengths = (0..<basis.rows).map { row in vectors.row(row).reduce(0) { $0 + $1 * $1 } }
      let corner = argmax(lengths[...])
      corners.append(corner)
      let direction = Array(vectors.row(corner))
      if step == 0 {
        // The first corner becomes the origin.
        for row in 0..<basis.rows {
          for column in 0..<basis.columns { vectors[row, column] -= direction[column] }
        }
      } else if lengths[corner] > 0 {
        for row in 0..<basis.rows {
          let share =
            zip(vectors.row(row), direction).reduce(0) { $0 + $1.0 * $1.1 } / lengths[corner]
          for column in 0..<basis.columns { vectors[row, column] -= share * direction[column] }
        }
      }
    }
    return corners
  }

  /// Completes the free elements of a map so that memberships add up to 1 and none is below 0 (Roeblitz and Weber, equations
  /// 10 to 12).
  private static func feasible(_ parameters: [Double], _ basis: Matrix<Double>) -> Matrix<Double> {
    let count = basis.columns
    var map = Matrix<Double>(rows: count, columns: count)
    for row in 1..<count {
      for column in 1..<count {
        let value = parameters[(row - 1) * (count - 1) + column - 1]
        map[row, column] = value
        map[row, 0] -= value
      }
    }
    let products = basis * map
    var total = 0.0
    for column in 0..<count {
      var least = Double.infinity
      for row in 0..<basis.rows { least = min(least, products[row, column]) }
      map[0, column] = -least
      total -= least
    }
    if total > 0 { for place in map.elements.indices { map.elements[place] /= total } }
    return map
  }

  /// The sum over sets of the squared norms of the map's columns over their first elements; a set that no state belongs to
  /// adds nothing.
  private static func crispness(_ map: Matrix<Double>) -> Double {
    var sum = 0.0
    for column in 0..<map.columns where map[0, column] > 0 {
      for row in 0..<map.rows { sum += map[row, column] * map[row, column] / map[0, column] }
    }
    return sum
  }
}
