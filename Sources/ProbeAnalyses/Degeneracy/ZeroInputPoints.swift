import ArgumentParser
import ProbeDegeneracy
import ProbeDynamics
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels

/// A fixed point at input zero.
struct ZeroInputPoint: Sendable {
  /// What it is compared by.
  var type: FixedPointType
  /// How figures mark it.
  var kind: PointKind
  /// Where it is, `[unit]`.
  var state: [Double]
}

/// A network's fixed points at input zero.
enum ZeroInputPoints {
  /// Starts of the search and of its test, fewer than `analyze fixed-points` takes: there are many networks.
  private static let starts = ["--starts", "256", "--fresh-starts", "64"]

  /// Searches from recorded states.
  ///
  /// - Throws: ``AnalysisError`` and the errors of the search.
  static func search(
    of model: RecurrentModel, states: Matrix<Double>, trialLength: Int, weightRounding: Double, seed: UInt64
  ) throws -> Result<[ZeroInputPoint], Incomparable> {
    guard case .values = model.input else {
      return .failure(Incomparable("fixed points are compared at input zero, and the network reads tokens"))
    }
    let options = try FixedPointsOptions.parse(starts)
    let search = options.search(trialLength: trialLength, weightRounding: weightRounding)
    let map = try RecurrentMap(
      model, input: [Double](repeating: 0, count: model.layers[0].forward.inputSize))
    var sampler = StartSampler(seed: seed)
    sampler.widths = options.widths
    let origin = Start(state: Array(repeating: 0, count: map.dimension), origin: .origin)
    let found = try search.run(
      map, starts: [origin] + sampler.draw(from: states, count: options.starts), threads: 1)
    return .success(
      found.points.map {
        ZeroInputPoint(
          type: FixedPointType(
            index: $0.index, isStable: $0.stability.verdict == .stable,
            unstableDirections: $0.stability.unstableCount, spectralRadius: $0.stability.spectralRadius),
          kind: $0.kind, state: $0.state)
      })
  }
}
