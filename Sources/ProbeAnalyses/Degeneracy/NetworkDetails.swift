import ComplexModule
import ProbeDegeneracy
import ProbeFindings
import ProbeLinearAlgebra
import RealModule

/// What the report shows of one network beside another: rounded, so that a page holds hundreds of them.
struct NetworkDetails: Sendable, Equatable {
  /// The eigenvalues of the linear model of its dynamics.
  var eigenvalues: [SIMD2<Double>] = []
  /// The first trials along its own first two principal components.
  var trajectories: [[SIMD2<Double>]] = []
  /// The share of the compared states' variance along these two.
  var varianceShares = SIMD2<Double>()
  /// Its fixed points at input zero, projected into that plane.
  var points: [NetworkPairPlot.Point] = []
  /// What is not shown and why; empty for nothing.
  var remark = ""

  /// Networks above this number are not shown by twos: the page would be too large.
  static let networkLimit = 200
  private static let trialLimit = 3
  /// The most steps of a trial; longer ones are thinned evenly.
  private static let stepLimit = 64
  private static let pointLimit = 60

  /// Details that were read from a part of a run.
  init() {}

  /// Finds what is shown.
  ///
  /// - Parameters:
  ///   - states: the compared states, `[sample, unit]`.
  ///   - trials: `[trial][time, unit]`.
  ///   - dynamics: the linear model.
  ///   - fixedPoints: at input zero.
  init(
    states: Matrix<Double>, trajectories trials: [Matrix<Double>],
    dynamics: Result<PreparedNetwork.Dynamics, Incomparable>,
    fixedPoints: Result<[ZeroInputPoint], Incomparable>
  ) {
    var remarks: [String] = []
    do throws(Incomparable) {
      eigenvalues = try dynamics.get().operatorProfile.eigenvalues
        .map { Self.rounded(SIMD2($0.real, $0.imaginary), digits: 4) }
    } catch {
      remarks.append("there is no linear model (\(error.description))")
    }
    guard states.rows > 0, states.columns > 0,
      let components = try? PrincipalComponents(of: states, count: 2)
    else {
      remark = (remarks + ["its states have no principal components"]).joined(separator: "; ")
      return
    }
    let shares = components.varianceShares + [0, 0]
    varianceShares = Self.rounded(SIMD2(shares[0], shares[1]), digits: 4)
    trajectories = trials.prefix(Self.trialLimit).map { Self.path($0, components) }
    do throws(Incomparable) {
      let found = try fixedPoints.get()
      if !found.isEmpty {
        let projected = components.project(Self.matrix(found.map(\.state)))
        points = found.indices.prefix(Self.pointLimit).map {
          NetworkPairPlot.Point(position: Self.point(projected.row($0)), kind: found[$0].kind)
        }
      }
      remarks.append(
        found.count > Self.pointLimit
          ? "\(found.count) fixed points at input zero, of which \(Self.pointLimit) are shown"
          : found.count == 1
            ? "1 fixed point at input zero" : "\(found.count) fixed points at input zero")
    } catch {
      remarks.append(error.description)
    }
    remark = remarks.joined(separator: "; ")
  }

  private static func path(_ states: Matrix<Double>, _ components: PrincipalComponents) -> [SIMD2<Double>] {
    let stride = max(1, (states.rows + stepLimit - 1) / stepLimit)
    let kept = Swift.stride(from: 0, to: states.rows, by: stride).map { Array(states.row($0)) }
    guard !kept.isEmpty else { return [] }
    let projected = components.project(matrix(kept))
    return (0..<projected.rows).map { point(projected.row($0)) }
  }

  private static func matrix(_ rows: [[Double]]) -> Matrix<Double> {
    Matrix(rows: rows.count, columns: rows.first?.count ?? 0, elements: rows.flatMap { $0 })
  }

  private static func point(_ row: ArraySlice<Double>) -> SIMD2<Double> {
    let values = Array(row) + [0, 0]
    return rounded(SIMD2(values[0], values[1]), digits: 3)
  }

  /// So many significant digits of the larger coordinate, in both.
  private static func rounded(_ point: SIMD2<Double>, digits: Int) -> SIMD2<Double> {
    let size = max(abs(point.x), abs(point.y))
    guard size > 0, size.isFinite else { return point }
    let scale = Double.pow(10, digits - 1 - Int(Double.log10(size).rounded(.down)))
    // A zero without a sign reads the same from a file.
    return (point * scale).rounded(.toNearestOrAwayFromZero) / scale + SIMD2(0, 0)
  }
}
