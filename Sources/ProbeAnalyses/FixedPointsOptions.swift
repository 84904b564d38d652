public import ArgumentParser
import ProbeDynamics

/// The options of `analyze fixed-points`.
public struct FixedPointsOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("input"),
    help: ArgumentHelp(
      "The constant input of the map: zero, token:ID, or a .npy file of one vector a row. Repeatable.",
      discussion: "Default: zero; for models that read tokens, each token of a vocabulary of up to 16."))
  var inputs: [String] = []
  @Option(help: "Starts drawn from recorded states.")
  var starts = 1024
  @Option(help: "Widths of the Gaussian noise on the starts, in units of the states' spread, cycled through.")
  var noise = "0,0.25,1,2"
  @Option(help: "Starts drawn after the search, to bound what it missed.")
  var freshStarts = 1024
  @Option(help: "The most starts at midpoints between found points, a round; 0 for none.")
  var interpolations = 512
  @Option(help: "Starts of the deflated search; 0 for none.")
  var deflations = 32
  @Option(help: "The largest |F(x) - x| at which a state is a fixed point.")
  var tolResidual = 1e-12
  @Option(
    help:
      "FixedPointFinder's tol_unique: states nearer than this are one point, unless certified to be separate."
  )
  var tolUnique = 1e-3
  @Option(
    help: ArgumentHelp(
      "FixedPointFinder's outlier_distance_scale: drop points farther from the starts' centroid than this many mean distances of the starts. 0 keeps all.",
      valueName: "scale"))
  var outlierDistanceScale = 0.0
  @Option(help: "Steps that count as long: slower modes are marginal. Default: the trials' length.")
  var trialLength: Int?
  @Option(help: "Recorded states that are drawn for starts, basins and pictures.")
  var states = 4096
  @Option(help: "The most iterations of a state into its attractor.")
  var basinSteps = 2000
  @Option(help: "Steps for which an input lasts in the input-driven attractor graph.")
  var pulseSteps = 1
  @Option(help: "A point is visited where a recorded state comes this near, in units of the states' spread.")
  var visitedDistance = 0.1
  @Option(help: "Trials drawn as trajectories.")
  var trajectories = 24

  /// The defaults.
  public init() {}

  /// Rejects numbers that cannot be.
  public func validate() throws {
    if starts < 1 { throw ValidationError("--starts must be at least 1") }
    if states < 1 { throw ValidationError("--states must be at least 1") }
    if let trialLength, trialLength < 1 { throw ValidationError("--trial-length must be at least 1") }
    if basinSteps < 1 || pulseSteps < 1 {
      throw ValidationError("--basin-steps and --pulse-steps must be at least 1")
    }
    if freshStarts < 0 || interpolations < 0 || deflations < 0 || trajectories < 0 {
      throw ValidationError(
        "--fresh-starts, --interpolations, --deflations and --trajectories must be at least 0")
    }
    if widths.isEmpty || !widths.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      throw ValidationError("--noise must be numbers of at least 0, separated by commas; '\(noise)' is not")
    }
    if !(tolResidual > 0) || !(tolUnique >= 0) {
      throw ValidationError("--tol-residual must be above 0 and --tol-unique at least 0")
    }
    if !(outlierDistanceScale >= 0) || !(visitedDistance >= 0) {
      throw ValidationError("--outlier-distance-scale and --visited-distance must be at least 0")
    }
  }

  var widths: [Double] {
    let parts = noise.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0.filter { $0 != " " })
    }
    return parts.contains { $0 == nil } ? [] : parts.compactMap { $0 }
  }

  func search(trialLength: Int, weightRounding: Double) -> FixedPointSearch {
    var search = FixedPointSearch()
    search.residualTolerance = tolResidual
    search.uniqueTolerance = tolUnique
    search.interpolationLimit = interpolations
    search.deflationStarts = deflations
    search.neighbourhood.trialLength = Double(trialLength)
    search.neighbourhood.weightRounding = weightRounding
    return search
  }
}
