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

  /// Compares pairs.
  ///
  /// - Parameters:
  ///   - networks: the networks.
  ///   - pairs: which of them are compared.
  ///   - levels: what is compared; the outcomes of other levels are failures.
  ///   - progress: called with the share of pairs that is done.
  /// - Returns: one row a pair, one outcome a column.
  /// - Throws: nothing that concerns a single pair; such errors are outcomes.
  func outcomes(
    _ networks: [PreparedNetwork], pairs: [NetworkPair],
    levels: Set<MetricConvention.Level> = Set(MetricConvention.Level.allCases),
    progress: @Sendable (Double) -> Void = { _ in }
  ) throws -> [[Outcome]] {
    let states = levels.contains(.representation) ? try representation(networks, pairs) : []
    let empty = Incomparable("not compared")
    let blocks = stride(from: 0, to: pairs.count, by: 64).map { $0..<min(pairs.count, $0 + 64) }
    var rows: [[Outcome]] = []
    for block in blocks {
      rows += try concurrentMap(count: block.count, threads: threads) { offset in
        let index = block.lowerBound + offset
        let (a, b) = (networks[pairs[index].first], networks[pairs[index].second])
        var row: [Outcome] = []
        func fill(_ level: MetricConvention.Level, _ values: () -> [Outcome]) {
          row +=
            levels.contains(level)
            ? values() : columns.filter { $0.level == level }.map { _ in .failure(empty) }
        }
        fill(.behaviour) { behaviour(a, b) }
        fill(.dynamics) { dynamics(a, b) + (options.fixedPoints ? [topology(a, b)] : []) }
        fill(.representation) { states[index] }
        fill(.weights) { weights(a, b) }
        return row
      }
      progress(Double(block.upperBound) / Double(pairs.count))
    }
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

  /// The same words whichever network comes first.
  private static func otherInputs(_ a: PreparedNetwork, _ b: PreparedNetwork) -> Incomparable {
    let extents = [a.extent, b.extent].sorted()
    return Incomparable(
      "they saw different inputs" + (a.extent == b.extent ? "" : ", \(extents[0]) and \(extents[1])"))
  }

  private func dynamics(_ a: PreparedNetwork, _ b: PreparedNetwork) -> [Outcome] {
    do throws(Incomparable) {
      let (x, y) = (try a.dynamics.get().operatorProfile, try b.dynamics.get().operatorProfile)
      let alignment = try comparable("dynamics") { () throws(DegeneracyError) in
        var procrustes = VectorFieldProcrustes()
        procrustes.randomStarts = options.starts
        return (
          try procrustes.align(x, y), try SpectrumDistance().squared(x.eigenvalues, y.eigenvalues)
        )
      }.get()
      return [
        alignment.0.angle, alignment.0.angleLowerBound, alignment.1.squareRoot(), alignment.1,
      ].map { .success($0) }
    } catch {
      return MetricColumn.dynamics.map { _ in .failure(error) }
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

  private func representation(
    _ networks: [PreparedNetwork], _ pairs: [NetworkPair]
  ) throws -> [[Outcome]] {
    var places = [Int?](repeating: nil, count: networks.count)
    var factors: [RepresentationFactors] = []
    for (index, network) in networks.enumerated() {
      if case .success(let states) = network.states {
        places[index] = factors.count
        factors.append(states)
      }
    }
    var wanted: [(place: Int, pair: NetworkPair)] = []
    for (index, pair) in pairs.enumerated()
    where networks[pair.first].inputs == networks[pair.second].inputs {
      if let first = places[pair.first], let second = places[pair.second] {
        wanted.append((index, NetworkPair(first, second)))
      }
    }
    let found = try RepresentationComparison(Self.representationMetrics).outcomes(
      of: factors, pairs: wanted.map(\.pair), threads: threads)
    let width = columns.count { $0.level == .representation }
    var rows = pairs.map { pair -> [Outcome] in
      let reason: Incomparable
      if networks[pair.first].inputs != networks[pair.second].inputs {
        reason = Self.otherInputs(networks[pair.first], networks[pair.second])
      } else if case .failure(let fault) = networks[pair.first].states {
        reason = fault
      } else if case .failure(let fault) = networks[pair.second].states {
        reason = fault
      } else {
        reason = Incomparable("not compared")
      }
      return [Outcome](repeating: .failure(reason), count: width)
    }
    for (row, outcomes) in zip(wanted, found) {
      rows[row.place] = zip(Self.representationMetrics, outcomes).flatMap { metric, outcome -> [Outcome] in
        let isSymmetric = metric.convention.properties.contains(.symmetric)
        switch outcome {
        case .value(let value):
          return isSymmetric
            ? [.success(value.forward)] : [.success(value.forward), .success(value.backward)]
        case .unavailable(let error):
          return [Outcome](
            repeating: .failure(Incomparable("\(error)")), count: isSymmetric ? 1 : 2)
        }
      }
    }
    return rows
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
