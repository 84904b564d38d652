internal import ProbeLinearAlgebra

/// Two networks' weights, one network's units exchanged so that they come as close to the other's as was found.
///
/// min over exchanges M of ||A - M(B)|| is a quadratic assignment problem, which nobody solves exactly at these
/// sizes: the distance is an upper bound, with a lower bound beside it.
public struct WeightAlignment: Sendable, Equatable {
  /// The second network's unit at each of the first's places.
  public let order: [Int]
  /// The sign it takes there.
  public let signs: [Double]
  /// ||A - M(B)||, the Frobenius norm over all blocks together.
  public let distance: Double
  /// The distance with the units as they stand.
  public let identityDistance: Double
  /// No exchange has a smaller distance than this.
  public let lowerBound: Double
  /// sqrt(||A||² + ||B||²): what unrelated networks' distance is about.
  public let scale: Double
  /// The number of units.
  public var units: Int { order.count }
  /// `distance / scale`, in 0...sqrt(2): comparable between widths.
  public var relativeDistance: Double { scale > 0 ? distance / scale : 0 }
  /// `distance / n²`, which shrinks with width even for untrained networks, whose distance grows as sqrt(n) only.
  ///
  /// The paper's normalisation (Huang et al. 2025, arXiv:2410.03972).
  public var distancePerParameter: Double { distance / Double(units * units) }
  /// (distance - bound) / distance; 0 where both are 0.
  public var gap: Double { distance > 0 ? (distance - lowerBound) / distance : 0 }
  /// What the distance over all blocks computes.
  public static func convention(_ symmetry: CellSymmetry) -> MetricConvention {
    var properties: Set<MetricConvention.Property> = [.symmetric, .zeroOnItself, .permutationInvariance]
    if symmetry == .signedPermutations { properties.insert(.signInvariance) }
    return MetricConvention(
      name: "weights_\(symmetry.rawValue)", level: .weights,
      text:
        "Frobenius norm of the difference of recurrent, input and readout weights and biases together after the best "
        + "exchange of units found (\(symmetry.rawValue)), not squared, an upper bound of the minimum; relative: over "
        + "the root of the summed squared norms. The triangle inequality holds of the exact minimum only",
      properties: properties)
  }

  /// What the paper's distance computes: use it with ``RecurrentWeights/recurrentAlone`` and plain permutations.
  public static var recurrentConvention: MetricConvention {
    MetricConvention(
      name: "pif", level: .weights,
      text:
        "d_PIF: Frobenius norm of W1 - P'W2P at the best permutation found, recurrent weights alone, not squared, an upper "
        + "bound of the minimum; also divided by n² (Huang et al. 2025)",
      properties: [.symmetric, .zeroOnItself, .permutationInvariance])
  }
}

/// How an alignment is looked for.
public struct WeightAligner: Sendable {
  /// Additional starts from random matchings.
  public var restarts: Int
  /// The seed of those.
  public var seed: UInt64

  /// A search.
  public init(restarts: Int = 0, seed: UInt64 = 0) { (self.restarts, self.seed) = (restarts, seed) }

  /// Aligns the second network with the first.
  ///
  /// Starts: the assignment of units by their sorted weights; Frank-Wolfe from the barycentre, on absolute
  /// values where signs are free; Frank-Wolfe from both; random matchings. Each is improved by single exchanges
  /// and sign changes, and the best is kept. The order of the networks does not matter, nor does the number of
  /// threads.
  ///
  /// - Parameters:
  ///   - first: the first network.
  ///   - second: the second network.
  ///   - spectra: both networks' spectra where they are at hand; else they are computed if the bound needs them.
  /// - Returns: the best alignment found.
  /// - Throws: ``DegeneracyError/shapeMismatch(object:expected:found:)`` if the networks' blocks differ.
  /// - Complexity: O(n³) a start and a step.
  public func align(
    _ first: WeightFactors, _ second: WeightFactors, spectra: (WeightSpectra, WeightSpectra)? = nil
  ) throws(DegeneracyError) -> WeightAlignment {
    try first.requireComparable(with: second)
    guard isOrdered(first.weights, second.weights) else {
      return try align(second, first, spectra: spectra.map { ($0.1, $0.0) }).reversed
    }
    let costs = first.unitCosts(with: second)
    let assignment = LinearAssignment(costs: costs)
    let isSigned = first.symmetry == .signedPermutations
    let problem = AlignmentProblem(first.weights, second.weights, isSigned: isSigned)
    var best = try MatchingSearch.signs(problem, order: assignment.columns)
    var distance = self.distance(first, second, best)
    let identity = UnitMatching.identity(first.weights.units)
    let identityDistance = self.distance(first, second, identity)
    if identityDistance < distance { (best, distance) = (identity, identityDistance) }
    let scale = (first.norm * first.norm + second.norm * second.norm).squareRoot()
    // Rounding of balanced weights is far below this, and nothing remains to be gained.
    let negligible = 1e-12 * scale
    if distance > negligible {
      for candidate in try candidates(problem, first, second, start: best) {
        let improved = MatchingSearch.improve(problem, from: candidate)
        let candidateDistance = self.distance(first, second, improved)
        if candidateDistance < distance { (best, distance) = (improved, candidateDistance) }
      }
    }
    var bound = max(0, assignment.cost)
    if distance > negligible {
      let both: (WeightSpectra, WeightSpectra)
      if let spectra {
        both = spectra
      } else {
        both = (try WeightSpectra(first.weights), try WeightSpectra(second.weights))
      }
      let turns = first.weights.blocks.filter { $0.role == .recurrent }.map { !isSigned || $0.rowsAreSigned }
      bound = max(bound, both.0.squaredBound(to: both.1, turnsTogether: turns))
    }
    return WeightAlignment(
      order: best.order, signs: best.signs, distance: distance, identityDistance: identityDistance,
      lowerBound: min(distance, bound.squareRoot()), scale: scale)
  }

  private func candidates(
    _ problem: AlignmentProblem, _ first: WeightFactors, _ second: WeightFactors, start: UnitMatching
  ) throws(DegeneracyError) -> [UnitMatching] {
    let climber = FrankWolfe()
    var starts = [start]
    if problem.isSigned {
      let absolute = AlignmentProblem(first.weights, second.weights, isSigned: true, absolute: true)
      let order = climber.maximize(absolute, from: nil).order
      starts.append(try MatchingSearch.signs(problem, order: order))
    }
    var generator = RandomGenerator(seed: seed)
    for _ in 0..<restarts {
      let order = generator.sample(problem.units, of: problem.units)
      starts.append(try MatchingSearch.signs(problem, order: order))
    }
    var candidates = starts + starts.map { climber.maximize(problem, from: $0) }
    if !problem.isSigned { candidates.append(climber.maximize(problem, from: nil)) }
    return candidates
  }

  /// The distance itself, from the differences: exactly 0 for equals.
  private func distance(_ first: WeightFactors, _ second: WeightFactors, _ matching: UnitMatching) -> Double {
    let moved = second.weights.exchanged(order: matching.order, signs: matching.signs)
    return euclideanNorm(
      zip(first.weights.blocks, moved.blocks).map { ($0.matrix - $1.matrix).frobeniusNorm })
  }

  /// A fixed order of any two networks, so that both ways round the same search is made.
  private func isOrdered(_ a: RecurrentWeights, _ b: RecurrentWeights) -> Bool {
    for (x, y) in zip(a.blocks, b.blocks) {
      for (u, v) in zip(x.matrix.elements, y.matrix.elements) where u != v { return u < v }
    }
    return true
  }
}

extension WeightAlignment {
  /// The alignment of the first network with the second.
  var reversed: WeightAlignment {
    var (order, signs) = (order, signs)
    for (place, unit) in self.order.enumerated() {
      order[unit] = place
      signs[unit] = self.signs[place]
    }
    return WeightAlignment(
      order: order, signs: signs, distance: distance, identityDistance: identityDistance,
      lowerBound: lowerBound, scale: scale)
  }
}
