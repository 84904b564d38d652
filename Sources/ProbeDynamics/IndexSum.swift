public import ProbeModels

/// Whether the fixed points' indices add up: a necessary condition, never a sufficient one.
///
/// If F maps a compact convex set into itself and every fixed point in it is nondegenerate, the signs of det(I - J)
/// sum to +1 (Lefschetz-Hopf; Granas & Dugundji, Fixed Point Theory, 2003, section 12). A mismatch proves that points
/// are missing; a match proves nothing.
public enum IndexSum: Sendable, Equatable {
  /// No set that the map keeps is known: nothing can be said.
  case noClaim
  /// Some index is undecided or I - J is singular: the sum is not defined.
  case undefined(points: Int)
  /// The indices sum to +1.
  case consistent
  /// The indices sum to something else: at least this many points are missing.
  case inconsistent(sum: Int)

  /// Adds the indices of a map's points.
  public init(_ map: some DynamicalMap, points: [FixedPoint]) {
    guard map.invariantBox != nil else {
      self = .noClaim
      return
    }
    let undecided = points.count { $0.index == 0 }
    guard undecided == 0 else {
      self = .undefined(points: undecided)
      return
    }
    let sum = points.reduce(0) { $0 + $1.index }
    self = sum == 1 ? .consistent : .inconsistent(sum: sum)
  }
}
