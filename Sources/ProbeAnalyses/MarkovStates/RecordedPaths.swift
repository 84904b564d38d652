import ProbeAutomata
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels

/// The recorded states of a capture as paths through the cells of a partition.
struct RecordedPaths {
  /// A recorded state on the plane of the two leading principal components.
  struct Place {
    let x: Double
    let y: Double
    let trial: Int
    let step: Int
    let cell: Int
  }

  /// The most recorded states that are drawn.
  static let placeLimit = 4000
  /// Numbers that are read at a time.
  private static let blockElements = 1 << 22

  /// The partition's name.
  let partition: String
  /// What a reader should know of the choice of the partition; nil where it was simple.
  let note: String?
  /// The number of cells.
  let cellCount: Int
  /// `[cell]`: the signs of the rectified units; empty for a clustering.
  let signs: [String]
  /// `[trial]`: the cells, step by step; -1 where no state was recorded.
  let paths: [[Int32]]
  /// Steps within trials without a recorded state.
  let missing: Int
  /// Some states on the plane.
  let places: [Place]
  /// The shares of variance of the plane's components.
  let varianceShares: [Double]

  /// The number of steps with a state.
  var stepCount: Int { paths.reduce(0) { $0 + $1.count { $0 >= 0 } } }
  /// `[cell]`: how many steps lay in each.
  var visits: [Int] {
    var visits = [Int](repeating: 0, count: cellCount)
    for path in paths { for cell in path where cell >= 0 { visits[Int(cell)] += 1 } }
    return visits
  }
  /// The middle one of the trials' lengths.
  var medianLength: Int { paths.map(\.count).sorted()[paths.count / 2] }

  /// Cuts the space of states and follows every trial through it.
  ///
  /// - Throws: ``AnalysisError``, ``CaptureError``, ``AutomataError``.
  init(_ capture: CaptureReader, options: MarkovStatesOptions, context: AnalysisContext) throws {
    let source = StateSource(capture, sites: try options.stateSites(of: capture), discard: options.discard)
    let sample = try source.sample(options.fitStates, seed: context.seed)
    guard sample.states.rows > 1 else {
      throw source.unsuitable("it holds fewer than two recorded states after --discard \(options.discard)")
    }
    let chosen = try Self.partition(source, sample.states, options, context)
    note = chosen.note
    partition = chosen.partition.name
    cellCount = chosen.partition.cellCount
    signs =
      (chosen.partition as? SignCode).map { code in
        (0..<code.cellCount).map { cell in
          code.signs(of: cell).map { $0 ? "+" : "-" }.joined()
        }
      } ?? []
    var paths: [[Int32]] = []
    var missing = 0
    try source.forEachTrial(elements: Self.blockElements) { states, isRecorded in
      var found = chosen.partition.cells(of: states)[...]
      let path = isRecorded.map { $0 ? found.removeFirst() : -1 }
      missing += isRecorded.count { !$0 }
      paths.append(path)
    }
    self.paths = paths
    self.missing = missing

    let stride = max(1, (sample.states.rows + Self.placeLimit - 1) / Self.placeLimit)
    let components = try PrincipalComponents(of: sample.states, count: min(2, sample.states.columns))
    let plane = components.project(sample.states)
    varianceShares = components.varianceShares
    places = Swift.stride(from: 0, to: sample.states.rows, by: stride).map { row in
      let (trial, step) = (sample.trials[row], sample.steps[row])
      return Place(
        x: plane[row, 0], y: plane.columns > 1 ? plane[row, 1] : 0, trial: trial, step: step,
        cell: Int(paths[trial][step - options.discard]))
    }
  }

  private static func partition(
    _ source: StateSource, _ sample: Matrix<Double>, _ options: MarkovStatesOptions,
    _ context: AnalysisContext
  ) throws -> (partition: any StatePartition, note: String?) {
    let rectified = options.sites == nil ? source.rectifiedUnits : nil
    var note: String?
    if options.partition == .signs || (options.partition == .auto && rectified != nil) {
      let limit = MarkovStatesOptions.stateLimit
      if let code = try source.signCode(units: rectified, limit: limit) {
        return (code, nil)
      }
      let fault = "the signs of its units tell more than \(limit) states apart"
      if options.partition == .signs {
        throw source.unsuitable(fault + ", too many for a chain; choose --partition kmeans")
      }
      note = fault + ", so k-means does."
    }
    var fit = KMeans.Options()
    fit.threads = context.threads
    fit.restarts = 2
    let clusters = min(options.clusters, sample.rows)
    return (try KMeans(sample, clusters: clusters, seed: context.seed, options: fit), note)
  }
}

extension MarkovStatesOptions {
  /// The names of the sites that make up a state.
  ///
  /// - Throws: ``AnalysisError/option(name:fault:)`` for a site that the capture does not hold.
  func stateSites(of capture: CaptureReader) throws -> [String] {
    guard let sites else { return capture.metadata.stateSites.map(\.name) }
    return try sites.split(separator: ",").map { part in
      let name = String(part).replacing("hook_", with: "")
      guard capture.metadata.site(name) != nil else {
        throw AnalysisError.option(
          name: "--sites",
          fault: "\(capture.path) holds no site '\(part)'; it holds "
            + capture.metadata.sites.map(\.name).joined(separator: ", "))
      }
      return name
    }
  }
}
