import ComplexModule
import ProbeCapture
import ProbeDynamics
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks
import RealModule

/// The pictures of one point set.
struct FixedPointsFigures {
  /// Where states and trajectories come from.
  enum Source {
    /// A capture's states and trials.
    case capture(CaptureReader)
    /// States without a history.
    case states(Matrix<Double>)
  }

  let set: PointSet
  let components: PrincipalComponents
  let source: Source
  let options: FixedPointsOptions
  let transitions: TransitionTable?
  let trialLength: Int

  func all() throws -> [Figure] {
    var figures = [try trajectories()]
    if let transitions { figures.append(graph(transitions)) }
    return figures + [eigenvalues(), speeds(), residuals()]
  }

  /// The trajectories that are drawn, in words and lines.
  private struct Lines {
    var lines: [TrajectoryPlot.Trajectory] = []
    var what: String
    var coloring = TrajectoryPlot.Coloring.time
    var labelTitle = "label"
  }

  /// Where states without a history go at the input.
  private func relaxations(from states: Matrix<Double>) -> Lines {
    let count = min(options.trajectories, states.rows)
    let n = states.columns
    let steps = min(trialLength, 400)
    var lines = Lines(what: "\(count) \(adjective) states, followed for \(steps) steps,")
    var path = Matrix<Double>(rows: count * (steps + 1), columns: n)
    var state = Array(states.elements.prefix(count * n))
    for step in 0...steps {
      for row in 0..<count {
        for unit in 0..<n { path[row * (steps + 1) + step, unit] = state[row * n + unit] }
      }
      state.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        set.map.apply(base, count: count, into: base)
      }
    }
    let projected = components.project(path)
    for row in 0..<count {
      let points = (0...steps).map { vector(projected.row(row * (steps + 1) + $0)) }
      // A state that runs away leaves the picture with its last finite point.
      let finite = points.prefix { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }
      guard !finite.isEmpty else { continue }
      lines.lines.append(.init(points: Array(finite), label: nil, name: "state \(row)"))
    }
    return lines
  }

  private func trials(of capture: CaptureReader) throws -> Lines {
    let metadata = capture.metadata
    let count = min(options.trajectories, metadata.trials)
    // Long trials are thinned by showing their beginning: every step stays in place.
    let steps = min(metadata.steps, 400)
    let labels = try capture.labels(trials: 0..<count)
    let names = capture.task()?.automaton?.states
    var lines: [TrajectoryPlot.Trajectory] = []
    for trial in 0..<count {
      let length = min(steps, metadata.lengths[trial])
      guard metadata.done[trial], length > 0 else { continue }
      let points = try project(capture, trial: trial, steps: length)
      guard let labels, labels.shape.count == 2 else {
        let label = labels.map { "\($0.elements[trial])" }
        lines.append(.init(points: points, label: label, name: "trial \(trial)"))
        continue
      }
      var first = 0
      for step in 1...length {
        func label(_ step: Int) -> Int { labels.elements[trial * labels.shape[1] + step] }
        guard step == length || label(step) != label(first) else { continue }
        let value = label(first)
        let text = names.flatMap { value >= 0 && value < $0.count ? $0[value] : nil } ?? "\(value)"
        let start = max(0, first - 1)
        lines.append(
          .init(points: Array(points[start..<step]), label: text, name: "trial \(trial)", firstTime: start))
        first = step
      }
    }
    return Lines(
      lines: lines, what: "The first \(count) trials", coloring: labels == nil ? .time : .label,
      labelTitle: names == nil ? "label" : "memory")
  }

  private var adjective: String { self.set.stateOrigin.adjective }

  private func trajectories() throws -> Figure {
    let drawn =
      switch source {
      case .capture(let capture): try trials(of: capture)
      case .states(let states): relaxations(from: states)
      }
    let projected = components.project(
      Matrix(rows: set.points.count, columns: set.map.dimension, elements: set.points.flatMap(\.state)))
    let markers = set.points.enumerated().map { index, point in
      TrajectoryPlot.Marker(
        position: vector(projected.row(index)), kind: point.kind,
        isVisited: set.distances[index] <= options.visitedDistance, hover: hover(index),
        directions: directions(point))
    }
    let hollow = markers.count { !$0.isVisited }
    let share = components.varianceShares.reduce(0, +)
    return Figure(
      name: "state_space", title: "State space",
      caption:
        "\(drawn.what) and the fixed points at input \(set.input.label) in the space of the three "
        + "leading principal components of \(grouped(options.states)) \(adjective) states, which hold \(percentRounded(share)) of "
        + "their variance; distances along the rest do not show. Short lines are the directions in which a saddle "
        + "repels. \(hollow == 0 ? "Every point is visited." : "\(hollow) hollow points are never visited: no \(adjective) state comes within \(options.visitedDistance) spreads.")",
      content: .trajectories(
        TrajectoryPlot(
          x: axis(0), y: axis(1), z: axis(2), trajectories: drawn.lines, markers: markers,
          coloring: drawn.coloring, labelTitle: drawn.labelTitle)))
  }

  private func axis(_ component: Int) -> Axis {
    Axis(
      "PC \(component + 1)",
      varianceShare: component < components.varianceShares.count ? components.varianceShares[component] : 0)
  }

  private func percentRounded(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

  private func vector(_ row: ArraySlice<Double>) -> SIMD3<Double> {
    let values = Array(row) + [0, 0, 0]
    return SIMD3(values[0], values[1], values[2])
  }

  private func project(_ capture: CaptureReader, trial: Int, steps: Int) throws -> [SIMD3<Double>] {
    let sites = capture.metadata.stateSites
    let width = sites.reduce(0) { $0 + $1.elementCount }
    var states = Matrix<Double>(rows: steps, columns: width)
    var offset = 0
    for site in sites {
      let values = try capture.values(
        of: site.name, trials: trial..<trial + 1, steps: 0..<steps, as: Double.self)
      for step in 0..<steps {
        for element in 0..<site.elementCount {
          states[step, offset + element] = values.elements[step * site.elementCount + element]
        }
      }
      offset += site.elementCount
    }
    let projected = components.project(states)
    return (0..<steps).map { vector(projected.row($0)) }
  }

  /// The real parts of up to three unstable eigenvectors, a sixth of the states' spread long.
  private func directions(_ point: FixedPoint) -> [SIMD3<Double>] {
    var result: [SIMD3<Double>] = []
    for (value, right) in zip(point.stability.eigen.values, point.stability.eigen.right)
    where value.length > 1 && value.imaginary >= 0 && result.count < 3 {
      let real = right.map(\.real)
      let length = euclideanNorm(real)
      guard length > 0 else { continue }
      let along = components.directions.times(real.map { $0 / length * components.spread / 6 })
      result.append(vector(along[...]))
    }
    return result
  }

  private func hover(_ index: Int) -> [String] {
    let point = set.points[index]
    var lines = [
      "point \(set.firstID + index): \(point.stability.verdict.rawValue), \(point.stability.unstableCount) unstable directions",
      "spectral radius \(short(point.stability.spectralRadius)), index \(point.index)",
      "\(point.certificate.verdict.rawValue), residual \(short(point.residual))",
      "nearest \(adjective) state \(short(set.distances[index])) spreads away",
    ]
    if let share = set.basinShares[index] {
      lines.append("attracts \((share * 1000).rounded() / 10) % of the \(adjective) states")
    }
    if let transitions, let position = transitions.attractors.firstIndex(of: index), transitions.isMatched {
      lines.insert("stands for \(transitions.names[position])", at: 1)
    }
    return lines
  }

  private func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    let exponent = Double.log10(abs(value)).rounded(.down)
    if exponent < -3 || exponent > 4 {
      let scaled = (value / Double.pow(10, Int(exponent)) * 100).rounded() / 100
      return "\(scaled)e\(Int(exponent))"
    }
    let scale = Double.pow(10, 3 - Int(exponent))
    return "\((value * scale).rounded() / scale)"
  }

  private func graph(_ table: TransitionTable) -> Figure {
    let moving = table.rows.filter { row in
      row.target != row.source || (row.expected ?? row.source) != row.source
    }
    let isSmall = moving.count <= 120
    let edges = (isSmall ? moving : Array(moving.prefix(120))).compactMap { row in
      row.target.map {
        GraphPlot.Edge(
          from: row.source, to: $0, label: row.input, isHighlighted: row.expected != nil && row.expected != $0
        )
      }
    }
    let lost = table.rows.count { $0.target == nil }
    let verdict =
      table.judged == 0
      ? "The task gives no automaton to compare with."
      : (table.right == table.judged
        ? "All \(table.judged) transitions are those of the task's automaton."
        : "\(table.judged - table.right) of \(table.judged) transitions differ from the task's automaton and are highlighted.")
    return Figure(
      name: "attractor_graph", title: "Where inputs lead",
      caption:
        "Each stable fixed point receives an input for \(options.pulseSteps) step\(options.pulseSteps == 1 ? "" : "s") and then the resting "
        + "input until it settles. Inputs that change nothing are left out. \(verdict)"
        + (lost > 0 ? " \(lost) pairs settled in no stable point within \(options.basinSteps) steps." : ""),
      content: .graph(
        GraphPlot(
          nodes: table.attractors.indices.map { position in
            let index = table.attractors[position]
            return GraphPlot.Node(
              label: table.names[position], kind: .stable, hover: hover(index).joined(separator: "\n"))
          }, edges: edges, layout: .circular)))
  }

  private func eigenvalues() -> Figure {
    var groups: [PointKind: (x: [Double], y: [Double], hover: [String])] = [:]
    for (index, point) in set.points.enumerated() {
      for (rank, value) in point.stability.eigen.values.enumerated() {
        var group = groups[point.kind] ?? ([], [], [])
        group.x.append(value.real)
        group.y.append(value.imaginary)
        group.hover.append(
          "point \(set.firstID + index), rank \(rank)\nmodulus \(short(value.length)), time constant \(short(Stability.timeConstant(value.length))) steps"
        )
        groups[point.kind] = group
      }
    }
    let error = set.points.flatMap(\.stability.errors).max() ?? 0
    return Figure(
      name: "eigenvalues", title: "Eigenvalues",
      caption:
        "Eigenvalues of dF/dx at every fixed point. Inside the unit circle a mode decays, outside it grows; the "
        + "nearer to the circle, the slower. The largest error bound is \(short(error)).",
      content: .complexPlane(
        ComplexPlanePlot(
          groups: PointKind.allCases.compactMap { kind in
            groups[kind].map {
              PointGroup(name: kind.rawValue, kind: kind, x: $0.x, y: $0.y, hover: $0.hover)
            }
          })))
  }

  private func speeds() -> Figure {
    var sample: Tensor<Double>?
    switch source {
    case .capture(let capture):
      sample = try? capture.sampleStates(count: min(options.states, 4096), seed: 0).states
    case .states(let states):
      sample = Tensor(shape: [states.rows, states.columns], elements: states.elements)
    }
    var speeds: [Double] = []
    if let states = sample {
      var next = [Double](repeating: 0, count: states.count)
      set.map.apply(states.elements, count: states.shape[0], into: &next)
      for row in 0..<states.shape[0] {
        var sum = 0.0
        for column in 0..<states.shape[1] {
          let difference =
            next[row * states.shape[1] + column] - states.elements[row * states.shape[1] + column]
          sum += difference * difference
        }
        speeds.append(sum.squareRoot())
      }
    }
    return Figure(
      name: "speeds", title: "Speed of the \(adjective) states",
      caption:
        "How far each \(adjective) state would move in one step at input \(set.input.label). Mass far to the left is "
        + "near an attractor; fixed points themselves have a speed below 1e-12.",
      content: .histogram(
        HistogramPlot(
          axis: Axis("speed |F(x) - x|", unit: "per step", isLogarithmic: true),
          groups: [HistogramPlot.Group(name: "\(adjective) states", values: speeds)])))
  }

  private func residuals() -> Figure {
    let groups = PointKind.allCases.compactMap { kind -> HistogramPlot.Group? in
      let values = set.points.filter { $0.kind == kind }.map { max($0.residual, 0x1p-54) }
      return values.isEmpty ? nil : HistogramPlot.Group(name: kind.rawValue, kind: kind, values: values)
    }
    return Figure(
      name: "residuals", title: "Residuals of the fixed points",
      caption: "The infinity norm of F(x) - x; half a rounding unit (5.6e-17) stands for zero. The limit is "
        + "\(short(options.tolResidual)).",
      content: .histogram(HistogramPlot(axis: Axis("residual", isLogarithmic: true), groups: groups)))
  }
}
