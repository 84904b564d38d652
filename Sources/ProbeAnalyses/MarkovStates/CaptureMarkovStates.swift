import ComplexModule
import ProbeAutomata
import ProbeCapture
import ProbeLinearAlgebra

/// The Markov state model of one capture, with what may be believed of it.
struct CaptureMarkovStates {
  let name: String
  let capture: CaptureReader
  let recorded: RecordedPaths
  let model: MarkovStateModel
  let spectrum: SpectralGap
  let sets: MetastableSets
  /// `[cell]`: the set of each cell of the partition; -1 for one outside the connected set.
  let setOfCell: [Int32]
  let timescales: ImpliedTimescales
  let test: ChapmanKolmogorovTest
  let memory: MemoryTest
  let reversibility: ReversibilityTest
  /// How long trials stay in cells.
  let cellDwell: DwellTimes
  /// How long trials stay in sets.
  let setDwell: DwellTimes
  /// The set in which most trials begin; nil where none begins in a set.
  let firstSet: Int?

  /// The number of sets that were sought; they come last where no state is foremost in them.
  var setCount: Int { sets.probabilities.count }
  /// The number of sets in which some state is foremost.
  var filledSetCount: Int { Set(sets.sets).count }

  /// Builds the model and tests it.
  ///
  /// - Throws: ``AnalysisError``, ``CaptureError``, ``AutomataError``, ``LinearAlgebraError``.
  init(_ source: NamedCapture, options: MarkovStatesOptions, context: AnalysisContext) throws {
    name = source.name
    capture = source.reader
    let threads = context.threads
    let seed = context.seed
    context.progress("\(source.name): telling states apart", nil)
    let recorded = try RecordedPaths(source.reader, options: options, context: context)
    let (paths, count) = (recorded.paths, recorded.cellCount)
    self.recorded = recorded
    let model = try Self.model(recorded, source.reader, options)
    self.model = model
    context.progress("\(source.name): counting sets", nil)
    spectrum = try SpectralGap(
      paths, stateCount: count, lag: options.lag, most: options.mostSets, replicates: options.replicates,
      seed: seed, threads: threads)
    let sets = try Self.sets(model, count: options.sets ?? spectrum.count)
    self.sets = sets
    var setOfCell = [Int32](repeating: -1, count: count)
    for (state, cell) in model.cells.enumerated() { setOfCell[cell] = sets.sets[state] }
    self.setOfCell = setOfCell
    context.progress("\(source.name): timescales over lags", nil)
    let longest = paths.map(\.count).max() ?? 0
    let lags = options.timescaleLags(steps: recorded.medianLength)
    if let lag = lags.first(where: { $0 >= longest }) {
      throw AnalysisError.option(
        name: "--lags", fault: "trials have at most \(longest) steps, and \(lag) are asked for")
    }
    timescales = try ImpliedTimescales(
      paths, stateCount: count, lags: lags, count: max(1, min(max(sets.probabilities.count, 4), count) - 1),
      replicates: options.replicates, level: options.level, seed: seed, threads: threads)
    context.progress("\(source.name): testing the model", nil)
    // Behind half of a trial few counts are left to compare with.
    let multiples = max(1, min(options.multiples, recorded.medianLength / (2 * options.lag)))
    test = ChapmanKolmogorovTest(
      model, sets: sets.sets, paths: paths, stateCount: count, lags: multiples,
      replicates: options.replicates, level: options.level, seed: seed, threads: threads)
    memory = MemoryTest(
      paths, stateCount: count, lag: options.lag, replicates: options.replicates, seed: seed,
      threads: threads)
    reversibility = try ReversibilityTest(
      paths, stateCount: count, model: model, replicates: options.replicates, seed: seed, threads: threads)
    cellDwell = DwellTimes(paths, stateCount: count)
    let setPaths = paths.map { path in path.map { $0 < 0 ? -1 : setOfCell[Int($0)] } }
    setDwell = DwellTimes(setPaths, stateCount: sets.probabilities.count)
    var begins = [Int](repeating: 0, count: sets.probabilities.count)
    // The first state is often one that no other leads to: what counts is the first set a trial is in.
    for path in setPaths { if let set = path.first(where: { $0 >= 0 }) { begins[Int(set)] += 1 } }
    firstSet = begins.indices.max { (begins[$0], $1) < (begins[$1], $0) }
  }

  private static func model(
    _ recorded: RecordedPaths, _ capture: CaptureReader, _ options: MarkovStatesOptions
  ) throws -> MarkovStateModel {
    let counts = PathCounts(recorded.paths, stateCount: recorded.cellCount, lag: options.lag)
    guard !counts.largestConnectedSet.isEmpty else {
      let longest = recorded.paths.map(\.count).max() ?? 0
      throw AnalysisError.option(
        name: "--lag",
        fault: longest <= options.lag
          ? "the longest trial of \(capture.path) has \(longest) steps, and transitions of \(options.lag) are asked for"
          : "no state of \(capture.path) is come back to in \(options.lag) steps; ask for fewer --clusters or a shorter lag"
      )
    }
    return try MarkovStateModel(counts)
  }

  private static func sets(_ model: MarkovStateModel, count: Int) throws -> MetastableSets {
    do {
      return try MetastableSets(model, count: count)
    } catch let error as AutomataError {
      throw AnalysisError.option(name: "--sets", fault: "\(error)")
    }
  }

  /// How far predictions lie outside the intervals of their counts, at most.
  var largestExcess: Double {
    var worst = 0.0
    for row in test.rows {
      for place in row.predicted.elements.indices {
        let excess = max(
          row.low.elements[place] - row.predicted.elements[place],
          row.predicted.elements[place] - row.high.elements[place])
        // NaN where no counts are left.
        if excess > worst { worst = excess }
      }
    }
    return worst
  }

  /// The slowest timescale at the model's lag, with its interval; nil where the chain has one state or the lag is not among
  /// those computed.
  func slowest(lag: Int) -> (value: Double, low: Double, high: Double)? {
    guard let row = timescales.rows.first(where: { $0.lag == lag }), let value = row.values.first,
      !value.isNaN
    else { return nil }
    return (value, row.low[0], row.high[0])
  }

  /// The first longer lag at which the slowest timescale is longer beyond both intervals, with the two timescales; nil where they
  /// do not grow.
  func growth(lag: Int) -> (lag: Int, from: Double, to: Double)? {
    guard let here = slowest(lag: lag) else { return nil }
    for row in timescales.rows where row.lag > lag {
      // A relaxation that is over within the lag leaves nothing to measure.
      guard let there = slowest(lag: row.lag), there.value > Double(row.lag), there.low > here.high else {
        continue
      }
      return (row.lag, here.value, there.value)
    }
    return nil
  }

  /// The name of a set on the page and in tables.
  static func label(_ set: Int) -> String { "set \(set)" }
}
