import ComplexModule
import ProbeLinearAlgebra
public import ProbeModels

/// Where a state goes when one input is given for ever: a fixed point, a cycle, or neither within the steps allowed.
///
/// A period is the least p with |x(t+p) - x(t)| within the tolerance after the transient; its multipliers are the eigenvalues
/// of the product of the Jacobians along the cycle, all within the unit circle where nearby states are attracted (Strogatz,
/// Nonlinear Dynamics and Chaos, section 10.3).
public struct RepeatedInput: Sendable, Equatable {
  /// The steps from one visit to the next: 1 for a fixed point; nil where nothing repeats.
  public let period: Int?
  /// The states of one round, the one after the transient first, `[period][dimension]`; the last state where nothing repeats.
  public let cycle: [[Double]]
  /// The infinity norm of F^p(x) - x.
  public let residual: Double
  /// The largest modulus of the multipliers; NaN where nothing repeats.
  public let spectralRadius: Double

  /// Iterates a map from a state.
  ///
  /// - Parameters:
  ///   - map: the map at the input.
  ///   - state: where to begin, `[dimension]`.
  ///   - steps: how long to wait for the transient to die.
  ///   - longest: the longest period looked for.
  ///   - tolerance: the largest infinity norm of F^p(x) - x at which the state has come back, in units of 1 + |x|.
  /// - Throws: ``LinearAlgebraError`` where eigenvalues are not found.
  /// - Complexity: O(steps + longest) evaluations of the map, and p Jacobians.
  public init(
    of map: some DynamicalMap, from state: [Double], steps: Int = 2000, longest: Int = 64,
    tolerance: Double = 1e-6
  ) throws {
    precondition(state.count == map.dimension, "a state of \(state.count) for a map of \(map.dimension)")
    var current = state
    var next = state
    for _ in 0..<steps {
      map.apply(current, count: 1, into: &next)
      // A fixed point reached to the last bit is where all further steps end.
      if next == current { break }
      swap(&current, &next)
    }
    let scale = 1 + (current.map(abs).max() ?? 0)
    var orbit = [current]
    while orbit.count <= longest {
      let image = map.apply(orbit[orbit.count - 1])
      let distance = zip(image, current).reduce(0) { max($0, abs($1.0 - $1.1)) }
      if distance.isNaN { break }
      if distance <= tolerance * scale {
        period = orbit.count
        cycle = orbit
        residual = distance
        var product = map.jacobian(at: orbit[0])
        for state in orbit.dropFirst() { product = map.jacobian(at: state) * product }
        spectralRadius =
          map.dimension == 0
          ? 0 : try EigenDecomposition(product, vectors: false).values.reduce(0) { max($0, $1.length) }
        return
      }
      orbit.append(image)
    }
    period = nil
    cycle = [current]
    let image = map.apply(current)
    residual = zip(image, current).reduce(0) { max($0, abs($1.0 - $1.1)) }
    spectralRadius = .nan
  }
}
