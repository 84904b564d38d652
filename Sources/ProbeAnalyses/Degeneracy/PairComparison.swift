import ProbeDegeneracy
import ProbeLinearAlgebra

/// Compares pairs of networks by all metrics.
struct PairComparison: Sendable {
  /// A metric's value for one pair, or why there is none.
  typealias Outcome = Result<Double, Incomparable>

  let options: DegeneracyOptions
  let threads: Int
  /// The columns, level by level.
  let columns: [MetricColumn]
  private let symmetries: [CellSymmetry]

  static let representationMetrics: [any RepresentationMetric] = [
    ShapeDistance(.angular), KernelAlignment(.biased), KernelAlignment(.debiased), CanonicalCorrelation(),
    CanonicalCorrelation(share: 0.99), ProjectionWeightedCorrelation(),
    DissimilarityAnalysis(.squaredEuclidean, .spearman), LinearPredictivity(), MutualNeighbours(),
    BuresSimilarity(),
  ]

  /// A comparison of these networks.
  init(_ networks: [PreparedNetwork], options: DegeneracyOptions, threads: Int) {
    (self.options, self.threads) = (options, threads)
    let present = Set(networks.compactMap { try? $0.weights.get().symmetry })
    symmetries = CellSymmetry.allCases.filter { present.contains($0) }
    columns =
      MetricColumn.behaviour + MetricColumn.dynamics + (options.fixedPoints ? [.topology] : [])
      + MetricColumn.representation(Self.representationMetrics) + MetricColumn.weights(symmetries)
  }

  /// Pairs that are compared before the next ones are: their outcomes are in memory together.
  private static let block = 4096

  /// Compares pairs, block by block.
  ///
  /// - Parameters:
  ///   - networks: the networks.
  ///   - pairs: which of them are compared.
  ///   - levels: what is compared; the outcomes of other levels are failures.
  ///   - progress: called with the share of pairs that is done.
  ///   - body: given each pair's outcomes in order, one a column.
  /// - Throws: nothing that concerns a single pair; such errors are outcomes.
  func compare(
    _ networks: [PreparedNetwork], pairs: [NetworkPair],
    levels: Set<MetricConvention.Level> = Set(MetricConvention.Level.allCases),
    progress: @Sendable (Double) -> Void = { _ in }, body: ([Outcome]) -> Void
  ) throws {
    let representations = try Representations(
      networks, pairs: levels.contains(.representation) ? pairs : [], metrics: Self.representationMetrics,
      threads: threads)
    let empty = Incomparable("not compared")
    for start in stride(from: 0, to: pairs.count, by: Self.block) {
      let block = Array(pairs[start..<min(pairs.count, start + Self.block)])
      let states =
        levels.contains(.representation)
        ? try representations.outcomes(networks, block, threads: threads) : []
      for first in stride(from: 0, to: block.count, by: 64) {
        let chunk = first..<min(block.count, first + 64)
        let rows = try concurrentMap(count: chunk.count, threads: threads) { offset in
          let index = first + offset
          let (a, b) = (networks[block[index].first], networks[block[index].second])
          var row: [Outcome] = []
          func fill(_ level: MetricConvention.Level, _ values: () -> [Outcome]) {
            row +=
              levels.contains(level)
              ? values() : columns.filter { $0.level == level }.map { _ in .failure(empty) }
          }
          fill(.behaviour) { behaviour(a, b) }
          fill(.dynamics) { dynamics(a, b) + driven(a, b) + (options.fixedPoints ? [topology(a, b)] : []) }
          fill(.representation) { states[index] }
          fill(.weights) { weights(a, b) }
          return row
        }
        for row in rows { body(row) }
        progress(Double(start + chunk.upperBound) / Double(pairs.count))
      }
    }
  }

  /// Compares a few pairs: one row a pair, one outcome a column.
  func outcomes(
    _ networks: [PreparedNetwork], pairs: [NetworkPair],
    levels: Set<MetricConvention.Level> = Set(MetricConvention.Level.allCases)
  ) throws -> [[Outcome]] {
    var rows: [[Outcome]] = []
    try compare(networks, pairs: pairs, levels: levels) { rows.append($0) }
    return rows
  }

  private func behaviour(_ a: PreparedNetwork, _ b: PreparedNetwork) -> [Outcome] {
    func difference(_ x: Double, _ y: Double, _ what: String) -> Outcome {
      x.isFinite && y.isFinite ? .success(abs(x - y)) : .failure(Incomparable("no \(what) is known"))
    }
    let answers: Outcome
    if a.inputs != b.inputs {
      answers = .failure(Self.otherInputs(a, b))
    } else if let x = a.outputs, let y = b.outputs, x.columns == y.columns, !x.elements.isEmpty {
      let sum = zip(x.elements, y.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      answers = .success((sum / Double(x.elements.count)).squareRoot())
    } else {
      answers = .failure(Incomparable("there is no readout, or it has another width"))
    }
    return [
      difference(a.loss, b.loss, "loss"), difference(a.harderLoss, b.harderLoss, "loss on a harder variant"),
      answers,
    ]
  }

  /// Why answers and states of two networks cannot be compared, in the same words whichever comes first.
  static func otherInputs(_ a: PreparedNetwork, _ b: PreparedNetwork) -> Incomparable {
    let extents = [a.inputs.extent, b.inputs.extent].sorted()
    return Incomparable(
      "they saw different inputs" + (extents[0] == extents[1] ? "" : ", \(extents[0]) and \(extents[1])"))
  }

  private func dynamics(_ a: PreparedNetwork, _ b: PreparedNetwork) -> [Outcome] {
    do throws(Incomparable) {
      let (x, y) = (try a.models.free.get().operatorProfile, try b.models.free.get().operatorProfile)
      let alignment = try comparable("dynamics") { () throws(DegeneracyError) in
        var procrustes = VectorFieldProcrustes()
        procrustes.randomStarts = options.starts
        return (
          try procrustes.align(x, y), try SpectrumDistance().squared(x.eigenvalues, y.eigenvalues)
        )
      }.get()
      return [
        alignment.0.angle, alignment.0.angleLowerBound, alignment.0.distance, alignment.1.squareRoot(),
        alignment.1,
      ].map { .success($0) }
    } catch {
      return MetricColumn.freeDynamics.map { _ in .failure(error) }
    }
  }

  private func driven(_ a: PreparedNetwork, _ b: PreparedNetwork) -> [Outcome] {
    do throws(Incomparable) {
      let (x, y) = (try a.models.driven.get(), try b.models.driven.get())
      let alignment = try comparable("dynamics with inputs") { () throws(DegeneracyError) in
        try ControlledAlignment(x, y)
      }.get()
      return [.success(alignment.distance), .success(alignment.angle)]
    } catch {
      return MetricColumn.drivenDynamics.map { _ in .failure(error) }
    }
  }

  private func topology(_ a: PreparedNetwork, _ b: PreparedNetwork) -> Outcome {
    do throws(Incomparable) {
      let (x, y) = (try a.fixedPoints.get(), try b.fixedPoints.get())
      return comparable("fixed points") { () throws(DegeneracyError) in
        try FixedPointTopology(x, y).distance
      }
    } catch {
      return .failure(error)
    }
  }

  private func weights(_ a: PreparedNetwork, _ b: PreparedNetwork) -> [Outcome] {
    do throws(Incomparable) {
      let (x, y) = (try a.weights.get(), try b.weights.get())
      let aligner = WeightAligner()
      // Networks that read other inputs have recurrent weights to compare all the same.
      let all = comparable("all blocks") { () throws(DegeneracyError) in
        try aligner.align(x.all, y.all, spectra: (x.allSpectra, y.allSpectra))
      }
      let recurrent = comparable("recurrent blocks") { () throws(DegeneracyError) in
        try aligner.align(x.recurrent, y.recurrent, spectra: (x.recurrentSpectra, y.recurrentSpectra))
      }
      // Gates stand in an order that another cell's have not.
      let counts = [x.recurrentSpectra.eigenvalues.count, y.recurrentSpectra.eigenvalues.count].sorted()
      let hasSpectra: Result<Void, Incomparable> =
        counts[0] == counts[1]
        ? .success(())
        : .failure(Incomparable("the cells have \(counts[0]) and \(counts[1]) recurrent matrices"))
      return symmetries.flatMap { symmetry -> [Outcome] in
        guard symmetry == x.symmetry else {
          return [Outcome](repeating: .failure(Incomparable("the cell has another symmetry")), count: 2)
        }
        return [
          all.map(\.relativeDistance), all.map { $0.scale > 0 ? $0.lowerBound / $0.scale : 0 },
        ]
      } + [
        recurrent.map(\.distance), recurrent.map(\.distancePerParameter),
        hasSpectra.map { x.recurrentSpectra.singularValueDistance(to: y.recurrentSpectra) },
        hasSpectra.map { x.recurrentSpectra.eigenvalueDistance(to: y.recurrentSpectra) },
      ]
    } catch {
      return columns.filter { $0.level == .weights }.map { _ in .failure(error) }
    }
  }
}
