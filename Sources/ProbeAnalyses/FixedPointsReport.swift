import ProbeCapture
import ProbeDynamics
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import ProbeOutside

/// Gathers the point sets of all captures and inputs into findings.
struct FixedPointsReport {
  let options: FixedPointsOptions
  private(set) var sets: [PointSet] = []
  private(set) var transitions: [Int: TransitionTable] = [:]
  private var figures: [Figure] = []
  var warnings: [String] = []

  init(options: FixedPointsOptions) { self.options = options }

  /// What counts as long where no trials say it.
  static let outsideTrialLength = 100

  var nextID: Int { sets.reduce(0) { $0 + $1.points.count } }

  mutating func add(
    _ set: PointSet, transitions table: TransitionTable?, components: PrincipalComponents,
    source: FixedPointsFigures.Source, trialLength: Int
  ) throws {
    let position = sets.count
    sets.append(set)
    if let table { transitions[position] = table }
    // One set of pictures a capture: at its first input.
    if sets.count == 1 {
      figures += try FixedPointsFigures(
        set: set, components: components, source: source, options: options, transitions: table,
        trialLength: trialLength
      ).all()
    }
    warnings += Self.warnings(of: set, options: options)
    if let table, table.judged > 0, table.right < table.judged {
      warnings.append(
        "\(set.capture): \(table.judged - table.right) of \(table.judged) transitions differ from the task's "
          + "automaton; see attractor_transitions.csv.")
    }
  }

  private static func warnings(of set: PointSet, options: FixedPointsOptions) -> [String] {
    var result: [String] = []
    let place = "\(set.capture), input \(set.input.label): "
    if case .inconsistent(let sum) = set.indexSum {
      result.append(place + "the indices sum to \(sum), not +1: fixed points are missing.")
    }
    if case .undefined(let count) = set.indexSum {
      result.append(
        place
          + "I - J is singular or undecided at \(count) points (a continuum, or a fold): the indices cannot be summed."
      )
    }
    if case .noClaim = set.indexSum {
      result.append(
        place
          + (set.map.hasProvenBounds
            ? "no set that this cell maps into itself is known: no claim from the indices."
            : "the program names no box that its map keeps: no claim from the indices."))
    }
    if set.freshTest.elsewhere > 0 {
      result.append(
        place
          + "\(set.freshTest.elsewhere) of \(set.freshTest.starts) fresh starts led to points that the search "
          + "had missed; they are in the table as found_by fresh.")
    }
    if set.freshTest.nowhere > 0 {
      result.append(
        place
          + "\(set.freshTest.nowhere) of \(set.freshTest.starts) fresh starts led to no fixed point; the bound "
          + "on the share that leads elsewhere does not count them.")
    }
    if set.outlierCount > 0 {
      result.append(place + "\(set.outlierCount) points were dropped as outliers (--outlier-distance-scale).")
    }
    let loose = set.points.count { $0.residual > 1e-12 }
    if loose > 0 {
      result.append(
        place
          + "\(loose) points have a residual above 1e-12: their states are large, and the residual is at the "
          + "rounding error of that size.")
    }
    let uncertified = set.points.count { $0.certificate.verdict != .certified }
    if uncertified > 0, set.map.hasProvenBounds {
      result.append(
        place
          + "\(uncertified) points are not certified: I - J is too near singular for the bounds, or a unit sits "
          + "on its kink.")
    }
    return result
  }

  func findings(
    captures: [NamedCapture], program: OutsideProgram? = nil, context: AnalysisContext, seconds: Double
  ) -> Findings {
    let tables = FixedPointsTables(sets: sets, transitions: transitions)
    var sampler = StartSampler(seed: context.seed)
    sampler.widths = options.widths
    let adjective = sets.first?.stateOrigin.adjective ?? StateOrigin.recorded.adjective
    let starts =
      program == nil
      ? sampler.summary
      : "\(adjective) states, plus Gaussian noise of widths "
        + sampler.widths.map { "\($0)" }.joined(separator: ", ") + " times their spread a unit, in turn"
    let title = program?.offer.name ?? (captures.count == 1 ? captures[0].name : "\(captures.count) networks")
    return Findings(
      analysis: FixedPointsAnalysis.name,
      title: "Fixed points of " + title,
      headline: headline, numbers: numbers, warnings: warnings, figures: figures, tables: tables.all(),
      options: [
        UsedOption(
          "input", .string(sets.map(\.input.label).joined(separator: ", ")), meaning: "constant inputs"),
        UsedOption("starts", .integer(options.starts), meaning: starts),
        UsedOption("noise", .string(options.noise), meaning: "widths in units of the states' spread"),
        UsedOption(
          "fresh-starts", .integer(options.freshStarts),
          meaning: "the same distribution, drawn after the search"),
        UsedOption(
          "interpolations", .integer(options.interpolations),
          meaning: "midpoints between found points, a round"),
        UsedOption("deflations", .integer(options.deflations), meaning: "starts of the deflated search"),
        UsedOption(
          "tol-residual", .real(options.tolResidual), meaning: "largest |F(x) - x| of a fixed point"),
        UsedOption(
          "tol-unique", .real(options.tolUnique), meaning: "FixedPointFinder's; certified points stay apart"),
        UsedOption(
          "outlier-distance-scale", .real(options.outlierDistanceScale),
          meaning: "FixedPointFinder's; 0 keeps all"),
        UsedOption(
          "trial-length",
          options.trialLength.map(Value.integer)
            ?? (program == nil ? .string("the capture's") : .integer(Self.outsideTrialLength)),
          meaning: "slower modes are marginal"),
        UsedOption("states", .integer(options.states), meaning: "\(adjective) states"),
        UsedOption("basin-steps", .integer(options.basinSteps), meaning: "most iterations into an attractor"),
        UsedOption(
          "pulse-steps", .integer(options.pulseSteps), meaning: "steps an input lasts in the attractor graph"),
        UsedOption(
          "visited-distance", .real(options.visitedDistance), meaning: "in units of the states' spread"),
      ],
      seeds: [UsedSeed("seed", context.seed)],
      versions: [
        UsedVersion("rnnprobe", context.programVersion), UsedVersion("OpenBLAS kernels", BLASLibrary.core),
      ],
      model: program.map(\.foundModel) ?? (captures.count == 1 ? captures[0].reader.foundModel : nil),
      captures: captures.map {
        CaptureIdentity(
          name: $0.name, path: $0.reader.path, sha256: (try? $0.reader.contentHash()) ?? "",
          model: $0.reader.foundModel)
      },
      command: context.command, wallSeconds: seconds)
  }

  /// The answer in one sentence.
  private var headline: String {
    guard let set = sets.first else { return "No capture was analysed." }
    let first = Self.sentence(set)
    let judged = transitions[0].map { table in
      table.judged == 0
        ? ""
        : " The inputs move it between attractors as the task asks in \(table.right) of \(table.judged) transitions."
    }
    let others =
      sets.count == 1 ? "" : " \(sets.count - 1) further sets (captures or inputs) are in the tables."
    return first + (judged ?? "") + others
  }

  private static func sentence(_ set: PointSet) -> String {
    let points = set.points
    guard !points.isEmpty else {
      return
        "No fixed point of \(set.capture) at input \(set.input.label) was found from \(set.startCount) starts."
    }
    let certified = points.count { $0.certificate.verdict == .certified }
    let proof =
      !set.map.hasProvenBounds
      ? "numerical"
      : certified == points.count
        ? (points.count == 1 ? "certified" : "each certified") : "\(certified) of them certified"
    let stable = points.count { $0.stability.verdict == .stable }
    let unstable = points.count { $0.stability.verdict == .unstable }
    let undecided = points.count - stable - unstable
    let share = 1 - set.unassignedShare
    var kinds: [String] = []
    if stable > 0 {
      let states = set.stateOrigin == .recorded ? "captured" : set.stateOrigin.adjective
      let what =
        set.unassignedShare == 0 ? "every \(states) state" : "\(percent(share)) of the \(states) states"
      kinds.append("\(stable) attract\(stable == 1 ? "s" : "") \(what)")
    } else {
      kinds.append("none is stable")
    }
    if unstable > 0 { kinds.append(unstable == 1 ? "1 is a saddle" : "\(unstable) are saddles") }
    if undecided > 0 { kinds.append("\(undecided) \(undecided == 1 ? "is" : "are") undecided") }
    let test = set.freshTest
    let found =
      test.starts == 0
      ? ""
      : "; \(grouped(test.starts)) more starts found \(test.elsewhere == 0 ? "no other" : "\(test.newPoints.count) more"), "
        + "so fewer than \(percent(test.shareBound)) of such starts lead elsewhere (95 % confidence)"
    let list = kinds.count > 2 ? kinds.joined(separator: ", ") : kinds.joined(separator: " and ")
    return
      "\(points.count) fixed point\(points.count == 1 ? "" : "s") at input \(set.input.label), \(proof): \(list)\(found)."
  }

  private var numbers: [HeadlineNumber] {
    guard let set = sets.first else { return [] }
    let all = sets.flatMap(\.points)
    let sum: Value =
      switch set.indexSum {
      case .consistent: 1
      case .inconsistent(let sum): .integer(sum)
      case .undefined: "undefined"
      case .noClaim: "no claim"
      }
    var result = [
      HeadlineNumber("fixed_points", .integer(set.points.count), meaning: "fixed points at the first input"),
      HeadlineNumber(
        "certified", .integer(set.points.count { $0.certificate.verdict == .certified }),
        meaning: "of them certified"),
      HeadlineNumber("stable", .integer(set.stable.count), meaning: "of them stable"),
      HeadlineNumber(
        "slow_points", .integer(set.slowPoints.count),
        meaning: "local minima of the speed that are no fixed points"),
      HeadlineNumber(
        "index_sum", sum,
        meaning: "sum of the indices; anything but +1 proves that points are missing, +1 proves nothing"),
      HeadlineNumber(
        "fresh_starts", .integer(set.freshTest.starts), meaning: "starts drawn after the search"),
      HeadlineNumber(
        "fresh_elsewhere", .integer(set.freshTest.elsewhere), meaning: "of them that led to new points"),
      HeadlineNumber(
        "share_elsewhere_bound", .real(set.freshTest.shareBound),
        meaning: "95 % bound on the share of such starts that lead elsewhere"),
      HeadlineNumber(
        "largest_residual", .real(all.map(\.residual).max() ?? .nan),
        meaning: "largest |F(x) - x| over all points"),
    ]
    if let table = transitions[0], table.judged > 0 {
      result.append(
        HeadlineNumber(
          "transitions", .integer(table.judged), meaning: "attractor-input pairs compared with the task"))
      result.append(
        HeadlineNumber("transitions_right", .integer(table.right), meaning: "of them as the task asks"))
    }
    return result
  }
}

/// A share as a percentage with two significant digits, rounded up.
func percent(_ share: Double) -> String {
  let value = share * 100
  if value >= 99.95 { return "100 %" }
  let digits = value >= 10 ? 1.0 : (value >= 1 ? 10.0 : (value >= 0.1 ? 10 : 1000))
  let rounded = (value * digits).rounded(.up) / digits
  return (rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)") + " %"
}

/// A whole number with commas between thousands.
func grouped(_ number: Int) -> String {
  var digits = Array("\(number.magnitude)")
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: position)
    position -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}
