import ProbeDynamics
import ProbeFindings

extension FixedPoint {
  /// How figures mark it.
  var kind: PointKind {
    switch stability.verdict {
    case .stable: .stable
    case .undecided: .undecided
    case .unstable: stability.unstableCount == state.count ? .unstable : .saddle
    }
  }
}
