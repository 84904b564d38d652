import ComplexModule
import ProbeDynamics
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import RealModule

/// The tables of the fixed-point analysis; the first columns' names are part of the capture contract.
struct FixedPointsTables {
  let sets: [PointSet]
  let transitions: [Int: TransitionTable]

  func all() -> [Table] {
    var tables = [points(), eigenvalues(), states()]
    if !transitions.isEmpty { tables.insert(edges(), at: 1) }
    if sets.contains(where: { !$0.slowPoints.isEmpty }) { tables.append(slowPoints()) }
    return tables + [selection(), eigenvectors()]
  }

  private var adjective: String { (sets.first?.stateOrigin ?? .recorded).adjective }

  /// A start drawn from states that were not recorded must not say that they were.
  private static func text(of origin: Start.Origin, among states: StateOrigin) -> String {
    guard case .recorded = origin else { return origin.description }
    return states.adjective + origin.description.dropFirst(StateOrigin.recorded.adjective.count)
  }

  /// One entry a point, over all sets.
  private func each<Value>(_ value: (PointSet, FixedPoint, Int) -> Value) -> [Value] {
    sets.flatMap { set in set.points.indices.map { value(set, set.points[$0], $0) } }
  }

  private func points() -> Table {
    Table(
      name: "fixed_points", title: "Fixed points",
      caption:
        "Every state x with F(x) = x that was found. The list need not be whole; certificates are per point.",
      columns: [
        .string("capture", each { set, _, _ in set.capture }, description: "the capture's name"),
        .string("input", each { set, _, _ in set.input.label }, description: "the constant input"),
        .integer(
          "id", each { set, _, index in set.firstID + index }, description: "the point's number in all tables"
        ),
        .real("q", each { _, point, _ in point.q }, description: "half the squared 2-norm of F(x) - x"),
        .real(
          "residual", each { _, point, _ in point.residual }, description: "infinity norm of F(x) - x"),
        .string(
          "stable", each { _, point, _ in point.stability.verdict.rawValue },
          description:
            "stable, unstable, or undecided where an eigenvalue's error bound straddles the unit circle"),
        .boolean(
          "marginal", each { _, point, _ in point.stability.isMarginal },
          description: "some mode lasts longer than a trial: |ln|lambda|| < 1 / trial length"),
        .integer(
          "n_unstable", each { _, point, _ in point.stability.unstableCount },
          description: "eigenvalues with modulus above 1"),
        .real(
          "spectral_radius", each { _, point, _ in point.stability.spectralRadius },
          description: "largest modulus of an eigenvalue"),
        .integer(
          "index", each { _, point, _ in point.index }, description: "sign of det(I - J); 0 undecided"),
        .string(
          "certified", each { _, point, _ in point.certificate.verdict.rawValue },
          description: "certified: existence and uniqueness proved; numerical: residual near rounding; no"),
        .real(
          "radius", each { _, point, _ in finite(point.certificate.radius) },
          description: "the exact point lies within this distance"),
        .real(
          "unique_radius", each { _, point, _ in finite(point.certificate.uniqueRadius) },
          description: "no other fixed point lies within this distance"),
        .real(
          "basin_share", each { set, _, index in set.basinShares[index] },
          description: "share of \(adjective) states that iterate into the point"),
        .real(
          "distance_to_trajectories", each { set, _, index in set.distances[index] }, unit: "spreads",
          description: "distance to the nearest \(adjective) state, in units of the states' spread"),
        .real(
          "sigma_min", each { _, point, _ in point.sigmaMin },
          description: "smallest singular value of I - J: distance to a fold"),
        .string(
          "found_by", each { set, point, _ in Self.text(of: point.origin, among: set.stateOrigin) },
          description: "how the start that found it was chosen"),
        .real(
          "stability_radius", each { _, point, _ in try? point.stabilityRadius() },
          description:
            "an upper bound on the smallest change of J, relative to its 2-norm, that puts an eigenvalue on the unit circle"
        ),
        .real(
          "non_normality", each { _, point, _ in point.stability.nonNormality },
          description: "Henrici's departure from normality"),
        .integer(
          "continuum_dimension", each { _, point, _ in point.continuumDimension() },
          description: "singular values of I - J below 1e-8 of the largest"),
        .real(
          "slowest_time_constant", each { _, point, _ in slowest(point) }, unit: "steps",
          description: "-1 / ln of the modulus nearest to 1"),
      ])
  }

  private func slowest(_ point: FixedPoint) -> Double? {
    point.stability.eigen.values.map { Stability.timeConstant($0.length) }.max { abs($0) < abs($1) }
  }

  private func finite(_ value: Double) -> Double? { value.isNaN ? nil : value }

  private func eigenvalues() -> Table {
    var (ids, ranks): ([Int], [Int]) = ([], [])
    var (real, imaginary, modulus, time, frequency, error):
      ([Double], [Double], [Double], [Double], [Double], [Double]) =
        ([], [], [], [], [], [])
    for set in sets {
      for (index, point) in set.points.enumerated() {
        for (rank, value) in point.stability.eigen.values.enumerated() {
          ids.append(set.firstID + index)
          ranks.append(rank)
          real.append(value.real)
          imaginary.append(value.imaginary)
          modulus.append(value.length)
          time.append(Stability.timeConstant(value.length))
          frequency.append(abs(Double.atan2(y: value.imaginary, x: value.real)) / (2 * .pi))
          error.append(point.stability.errors[rank])
        }
      }
    }
    return Table(
      name: "eigenvalues", title: "Eigenvalues of the Jacobian",
      caption: "dF/dx at each fixed point, by decreasing modulus.",
      columns: [
        .integer("id", ids, description: "the fixed point"),
        .integer("rank", ranks, description: "0 for the largest modulus"),
        .real("re", real, description: "real part"), .real("im", imaginary, description: "imaginary part"),
        .real("modulus", modulus, description: "growth a step"),
        .real(
          "time_constant", time, unit: "steps", description: "-1 / ln|lambda|; negative for growth"),
        .real("frequency", frequency, unit: "cycles/step", description: "|arg lambda| / 2 pi"),
        .real("error", error, description: "first-order bound on the error of the eigenvalue"),
      ])
  }

  private func states() -> Table {
    let width = sets.map(\.map.dimension).max() ?? 0
    return Table(
      name: "fixed_point_states", title: "States of the fixed points",
      caption: "Per layer hidden, then cell.",
      columns: [.integer("id", each { set, _, index in set.firstID + index }, description: "the fixed point")]
        + (0..<width).map { unit in
          .real(
            "unit_\(unit)", each { _, point, _ in unit < point.state.count ? point.state[unit] : nil })
        })
  }

  private func slowPoints() -> Table {
    let rows = sets.flatMap { set in set.slowPoints.map { (set, $0) } }
    return Table(
      name: "slow_points", title: "Slow points",
      caption:
        "Local minima of the speed |F(x) - x| that are no fixed points: the state drifts through them.",
      columns: [
        .string("capture", rows.map { $0.0.capture }, description: "the capture's name"),
        .string("input", rows.map { $0.0.input.label }, description: "the constant input"),
        .real("q", rows.map { $0.1.q }, description: "half the squared speed"),
        .real(
          "speed", rows.map { $0.1.speed }, unit: "a step", description: "|F(x) - x|: the drift there"),
        .real(
          "gradient", rows.map { $0.1.gradient },
          description: "|(J - I)^T (F(x) - x)| / |F(x) - x|: 0 at a minimum"),
      ])
  }

  private func edges() -> Table {
    let rows = transitions.sorted { $0.key < $1.key }.flatMap { position, table in
      table.rows.map { (sets[position], table, $0) }
    }
    func id(_ set: PointSet, _ table: TransitionTable, _ attractor: Int?) -> Int? {
      attractor.map { set.firstID + table.attractors[$0] }
    }
    return Table(
      name: "attractor_transitions", title: "Where inputs lead",
      caption: "Each attractor receives an input and then rests; expected is the task's own automaton.",
      columns: [
        .string("capture", rows.map { $0.0.capture }, description: "the capture's name"),
        .integer("source", rows.map { id($0.0, $0.1, $0.2.source) }, description: "the attractor's id"),
        .string("source_name", rows.map { $0.1.names[$0.2.source] }, description: "what it stands for"),
        .string("input", rows.map { $0.2.input }, description: "the input"),
        .integer(
          "target", rows.map { id($0.0, $0.1, $0.2.target) },
          description: "the attractor it settles in; empty for none"),
        .string(
          "target_name", rows.map { row in row.2.target.map { row.1.names[$0] } },
          description: "what it stands for"),
        .integer(
          "expected", rows.map { id($0.0, $0.1, $0.2.expected) },
          description: "where the task's automaton leads"),
        .boolean(
          "right", rows.map { row in row.2.expected.map { $0 == row.2.target } },
          description: "whether they agree"),
      ])
  }

  /// The ranks of the three modes nearest to the unit circle.
  private func slowestModes(_ point: FixedPoint) -> ArraySlice<Int> {
    let values = point.stability.eigen.values
    return values.indices.sorted {
      abs(Double.log(values[$0].length)) < abs(Double.log(values[$1].length))
    }.prefix(3)
  }

  /// Right and left eigenvectors of the slowest modes, an entry a row.
  private func eigenvectors() -> Table {
    var (ids, ranks, units): ([Int], [Int], [Int]) = ([], [], [])
    var sides: [String] = []
    var (real, imaginary): ([Double], [Double]) = ([], [])
    for set in sets {
      for (index, point) in set.points.enumerated() {
        let eigen = point.stability.eigen
        for rank in slowestModes(point) {
          for (side, vector) in [("right", eigen.right[rank]), ("left", eigen.left[rank])] {
            for (unit, entry) in vector.enumerated() {
              ids.append(set.firstID + index)
              ranks.append(rank)
              units.append(unit)
              sides.append(side)
              real.append(entry.real)
              imaginary.append(entry.imaginary)
            }
          }
        }
      }
    }
    let columns: [Column] = [
      .integer("id", ids, description: "the fixed point"),
      .integer("rank", ranks, description: "the eigenvalue's rank"),
      .string("side", sides, description: "right: J v = lambda v; left: w^H J = lambda w^H"),
      .integer("unit", units, description: "the state variable"),
      .real("re", real, description: "real part"), .real("im", imaginary, description: "imaginary part"),
    ]
    return Table(
      name: "eigenvectors", title: "Eigenvectors of the slowest modes",
      caption: "Of unit length, for the three modes nearest to the unit circle at each fixed point.",
      columns: columns)
  }

  /// The left eigenvectors of the slowest modes times the input Jacobian: what input each mode listens to.
  private func selection() -> Table {
    var ids: [Int] = []
    var ranks: [Int] = []
    var vectors: [[Double]] = []
    for set in sets {
      for (index, point) in set.points.enumerated() {
        let inputJacobian = set.map.inputJacobian(at: point.state)
        for rank in slowestModes(point) {
          let left = point.stability.eigen.left[rank]
          ids.append(set.firstID + index)
          ranks.append(rank)
          vectors.append(
            (0..<inputJacobian.columns).map { feature in
              var sum = Complex<Double>.zero
              for unit in left.indices { sum += left[unit].conjugate * Complex(inputJacobian[unit, feature]) }
              return left.allSatisfy { $0.imaginary == 0 } ? sum.real : sum.length
            })
        }
      }
    }
    let width = vectors.map(\.count).max() ?? 0
    return Table(
      name: "selection_vectors", title: "What the slowest modes listen to",
      caption:
        "Left eigenvector times dF/dinput, for the three modes nearest to the unit circle; moduli for complex modes.",
      columns: [
        .integer("id", ids, description: "the fixed point"),
        .integer("rank", ranks, description: "the eigenvalue's rank"),
      ]
        + (0..<width).map { feature in
          .real("input_\(feature)", vectors.map { feature < $0.count ? $0[feature] : nil })
        })
  }
}
