import ComplexModule
import ProbeCapture
import ProbeDynamics
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import ProbeOutside
import RealModule

/// The spectra of one capture's model, or of one outside program's map.
struct CaptureSpectra {
  struct WeightSpectrum {
    let matrix: String
    let eigenvalues: [Complex<Double>]
    let singularValues: [Double]
  }

  struct JacobianSpectrum {
    /// The trial and step of the state; nil for states without a history.
    let trial: Int?
    let step: Int?
    let eigenvalues: [Complex<Double>]
    let largestSingularValue: Double
    let nonNormality: Double

    init(_ jacobian: Matrix<Double>, trial: Int? = nil, step: Int? = nil) throws {
      self.trial = trial
      self.step = step
      eigenvalues = try EigenDecomposition(jacobian, vectors: false).values
      largestSingularValue = try jacobian.singularValues().first ?? 0
      let norm = jacobian.frobeniusNorm
      let squares = eigenvalues.reduce(0) { $0 + $1.length * $1.length }
      nonNormality = max(0, norm * norm - squares).squareRoot()
    }
  }

  let capture: String
  let weights: [WeightSpectrum]
  let jacobians: [JacobianSpectrum]
  let lyapunov: LyapunovSpectrum
  /// What drove the network while the exponents were averaged.
  let drive: String
  let warnings: [String]
  /// What the states are at which the Jacobian is decomposed.
  let stateOrigin: StateOrigin

  /// Decomposes an outside program's Jacobian at the states that it offers, or at random ones, all at one constant input.
  ///
  /// - Throws: ``AnalysisError`` and `OutsideError`.
  init(_ program: OutsideProgram, options: SpectraOptions, context: AnalysisContext) throws {
    guard let offer = program.offer.map else {
      throw AnalysisError.option(name: "--map", fault: program.mapObstacle ?? "")
    }
    capture = program.offer.name
    weights = []
    stateOrigin = offer.states ? .offered : .drawn
    let text = options.lyapunovInput ?? "zero"
    if text == "trials" {
      throw AnalysisError.option(
        name: "--lyapunov-input", fault: "a program has no trials; zero or a .npy vector can be")
    }
    let inputs = try FixedInput.parse([text], features: offer.inputs, option: "--lyapunov-input")
    guard let input = inputs.first else {
      throw AnalysisError.option(name: "--lyapunov-input", fault: "\(text) holds no vector")
    }
    drive = "the constant input \(input.label)"
    let map = try OutsideMap(program, input: input.vector)
    warnings = map.warnings
    let states = try map.starts(count: options.states, seed: context.seed)
    let n = map.dimension
    (jacobians, lyapunov) = try program.checked {
      var all = [Double](repeating: 0, count: states.rows * n * n)
      map.jacobians(at: states.elements, count: states.rows, into: &all)
      if let failure = program.failure { throw failure }
      let elements = all
      let jacobians = try concurrentMap(count: states.rows, threads: context.threads) { row in
        try JacobianSpectrum(
          Matrix(rows: n, columns: n, elements: Array(elements[row * n * n..<(row + 1) * n * n])))
      }
      var state = Array(states.row(0))
      let lyapunov = try LyapunovSpectrum(
        dimension: n, count: min(n, options.exponents ?? 16),
        steps: options.lyapunovSteps + options.lyapunovDiscard, discarded: options.lyapunovDiscard
      ) { _ in
        let jacobian = map.jacobian(at: state)
        state = map.apply(state)
        return jacobian
      }
      return (jacobians, lyapunov)
    }
  }

  init(_ named: NamedCapture, options: SpectraOptions, context: AnalysisContext) throws {
    capture = named.name
    stateOrigin = .recorded
    let reader = named.reader
    let model = try reader.recurrentModel(context, analysis: SpectraAnalysis.name)
    weights = try reader.weights().map(Self.spectra) ?? []
    var warnings = reader.metadata.warnings
    if weights.isEmpty {
      warnings.append("\(named.name): the capture carries no weights, so spectra.csv has no rows for it.")
    }

    let sample = try reader.sampleStates(count: options.states, seed: context.seed)
    let states = Matrix(sample.states)
    let inputs = try reader.inputs()
    jacobians = try concurrentMap(count: states.rows, threads: context.threads) { row in
      // hidden[t] follows input t: the step that leaves it reads input t + 1, or the trial's last.
      let vector = try Self.input(
        inputs, model: model, trial: sample.trials[row], step: sample.steps[row] + 1)
      let map = try RecurrentMap(model, input: vector)
      let jacobian = map.jacobian(at: Array(states.row(row)))
      return try JacobianSpectrum(jacobian, trial: sample.trials[row], step: sample.steps[row])
    }

    let exponents = min(model.stateSize, options.exponents ?? 16)
    var state = states.rows > 0 ? Array(states.row(0)) : Array(repeating: 0, count: model.stateSize)
    if options.lyapunovInput == "trials" {
      drive = "the captured trials, one after the other"
      let lengths = reader.metadata.lengths
      let total = min(lengths.reduce(0, +), options.lyapunovSteps + options.lyapunovDiscard)
      var (trial, step) = (0, 0)
      lyapunov = try LyapunovSpectrum(
        dimension: model.stateSize, count: exponents, steps: total,
        discarded: min(options.lyapunovDiscard, total / 4)
      ) { _ in
        while step >= lengths[trial] {
          trial += 1
          step = 0
        }
        let map = try RecurrentMap(
          model, input: try Self.input(inputs, model: model, trial: trial, step: step))
        // Each trial begins where its task begins: at the zero state.
        if step == 0 { state = Array(repeating: 0, count: model.stateSize) }
        let jacobian = map.jacobian(at: state)
        state = map.apply(state)
        step += 1
        return jacobian
      }
    } else {
      let text = try options.lyapunovInput ?? FixedInput.defaults(model: model)[0]
      guard let input = try FixedInput.parse([text], model: model, option: "--lyapunov-input").first else {
        throw AnalysisError.option(name: "--lyapunov-input", fault: "\(text) holds no vector")
      }
      drive = "the constant input \(input.label)"
      let map = try RecurrentMap(model, input: input.vector)
      lyapunov = try LyapunovSpectrum(
        dimension: model.stateSize, count: exponents, steps: options.lyapunovSteps + options.lyapunovDiscard,
        discarded: options.lyapunovDiscard
      ) { _ in
        let jacobian = map.jacobian(at: state)
        state = map.apply(state)
        return jacobian
      }
    }
    self.warnings = warnings
  }

  private static func spectra(_ table: WeightTable) throws -> [WeightSpectrum] {
    try table.tensors.sorted { $0.key < $1.key }.compactMap { name, tensor in
      guard tensor.shape.count == 2, tensor.count > 0 else { return nil }
      let matrix = Matrix(tensor)
      // A gated cell stacks square blocks, one a gate.
      let blocks = matrix.columns > 0 && matrix.rows % matrix.columns == 0 ? matrix.rows / matrix.columns : 0
      let eigenvalues =
        blocks == 1 ? try EigenDecomposition(matrix, vectors: false).values : []
      return WeightSpectrum(
        matrix: name, eigenvalues: eigenvalues, singularValues: try matrix.singularValues())
    }
  }

  /// The input vector of a step; the last one's for steps behind the end; zeros where the capture holds none.
  private static func input(_ batch: TrialBatch?, model: RecurrentModel, trial: Int, step: Int) throws
    -> [Double]
  {
    let features = model.layers[0].forward.inputSize
    guard let batch else { return Array(repeating: 0, count: features) }
    let step = max(0, min(step, batch.lengths[trial] - 1))
    switch batch.inputs {
    case .values(let tensor):
      let first = (trial * tensor.shape[1] + step) * features
      return Array(tensor.elements[first..<first + features])
    case .tokens(let tensor):
      return model.inputVector(token: tensor.elements[trial * tensor.shape[1] + step])
        ?? Array(repeating: 0, count: features)
    }
  }

  var headline: String {
    guard let first = lyapunov.exponents.first, let error = lyapunov.standardErrors.first else {
      return "\(capture) has no state."
    }
    let verdict =
      first - 2 * error > 0
      ? "chaotic (the largest Lyapunov exponent is positive)"
      : (first + 2 * error < 0
        ? "contracting (the largest Lyapunov exponent is negative)"
        : "neither clearly chaotic nor clearly contracting")
    let median = jacobians.map { $0.eigenvalues.first?.length ?? 0 }.sorted()
    let radius = median.isEmpty ? Double.nan : median[median.count / 2]
    return
      "\(capture) under \(drive) is \(verdict): \(rounded(first)) ± \(rounded(error)) nats a step; \(places) "
      + "the Jacobian's spectral radius has the median \(rounded(radius))."
  }

  /// Where the Jacobian is decomposed, in words.
  private var places: String {
    stateOrigin == .recorded ? "along the recorded trajectories" : "at \(stateOrigin.adjective) states"
  }

  private func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    let scale = Double.pow(10, 3 - Int(Double.log10(abs(value)).rounded(.up)))
    return "\((value * scale).rounded() / scale)"
  }

  var numbers: [HeadlineNumber] {
    [
      HeadlineNumber(
        "lyapunov_max", .real(lyapunov.exponents.first ?? .nan), meaning: "largest Lyapunov exponent",
        unit: "nats/step"),
      HeadlineNumber(
        "lyapunov_max_error", .real(lyapunov.standardErrors.first ?? .nan),
        meaning: "its standard error, by batch means", unit: "nats/step"),
      HeadlineNumber(
        "kaplan_yorke_dimension", .real(lyapunov.kaplanYorkeDimension), meaning: "of the exponents computed"),
    ]
  }

  func figures() -> [Figure] {
    let circle = jacobians.flatMap(\.eigenvalues)
    let sites = weights.map { spectrum in
      LinePlot.Series(
        name: spectrum.matrix, x: spectrum.singularValues.indices.map { Double($0) },
        y: spectrum.singularValues)
    }
    return [
      Figure(
        name: "trajectory_eigenvalues", title: "Eigenvalues along the trajectories",
        caption:
          "Eigenvalues of dF/dstate at \(jacobians.count) \(stateOrigin.adjective) states, "
          + (stateOrigin == .recorded ? "each with the input of its next step." : "at \(drive)."),
        content: .complexPlane(
          ComplexPlanePlot(groups: [
            PointGroup(
              name: "\(stateOrigin.adjective) states", x: circle.map(\.real), y: circle.map(\.imaginary))
          ]))),
      Figure(
        name: "lyapunov_convergence", title: "Lyapunov exponents as they converge",
        caption:
          "Running means over \(lyapunov.steps) steps under \(drive). Standard errors of the final values are in "
          + "lyapunov.csv: flat lines are converged.",
        content: .lines(
          LinePlot(
            x: Axis("step", unit: "steps"), y: Axis("exponent", unit: "nats/step"),
            series: lyapunov.exponents.indices.map { k in
              LinePlot.Series(
                name: "exponent \(k + 1)", x: lyapunov.convergence.map { Double($0.step) },
                y: lyapunov.convergence.map { $0.exponents[k] })
            }, references: [LinePlot.Reference(y: 0, label: "neutral")]))),
      Figure(
        name: "singular_values", title: "Singular values of the weights",
        caption: "A steep fall is a low-rank matrix.",
        content: .lines(LinePlot(x: Axis("rank"), y: Axis("singular value"), series: sites))),
    ]
  }
}
