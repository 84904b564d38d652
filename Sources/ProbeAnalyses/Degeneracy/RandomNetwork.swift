import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels

/// A network of random weights of another's width and spectra, run on the other's captured inputs.
struct RandomNetwork: Sendable {
  let weights: RecurrentWeights
  /// What it did; nil of cells that random blocks are not put together to here.
  let run: Run?

  /// What it did at the shared steps, as ``EnsembleNetwork`` has it.
  struct Run: Sendable {
    var outputs: Matrix<Double>?
    var states: Matrix<Double>
    var trajectories: [Matrix<Double>]
  }

  /// Trials that run together.
  private static let block = 64

  /// Draws weights and runs them.
  ///
  /// - Throws: `DegeneracyError` and the errors of reading.
  init(
    like blocks: RecurrentWeights, _ capture: NamedCapture, shared: SharedSteps, options: DegeneracyOptions,
    context: AnalysisContext, generator: inout RandomGenerator
  ) throws {
    weights = try NullControls.randomWeights(like: blocks, &generator)
    let reader = capture.reader
    let model = try reader.recurrentModel(context, analysis: DegeneracyAnalysis.name)
    guard let random = try Self.model(model, weights) else {
      run = nil
      return
    }
    let plan = RunPlan(
      observed: random.sites.indices.filter {
        random.sites[$0].role == .state || random.sites[$0].name == "readout"
      })
    let states = plan.observed.indices.filter { random.sites[plan.observed[$0]].role == .state }
    let readout = plan.observed.firstIndex { random.sites[$0].name == "readout" }
    var run = Run(
      outputs: readout.map {
        Matrix(rows: shared.count, columns: random.sites[plan.observed[$0]].elementCount)
      }, states: Matrix(rows: shared.count, columns: random.stateSize), trajectories: [])
    let metadata = reader.metadata
    var row = 0
    for first in stride(from: 0, to: metadata.trials, by: Self.block) {
      let trials = first..<min(metadata.trials, first + Self.block)
      guard let batch = try reader.inputs(trials: trials) else {
        self.run = nil
        return
      }
      var recorder = MemoryRecorder(model: random, plan: plan, trials: trials.count, steps: metadata.steps)
      try random.run(batch, plan: plan, recorder: &recorder)
      func value(_ site: Int, _ trial: Int, _ step: Int, _ unit: Int) -> Double {
        let tensor = recorder.values[site]
        return tensor.elements[
          ((trial - first) * tensor.shape[1] + step) * tensor.shape[2] + unit]
      }
      for trial in trials where metadata.done[trial] {
        let length = metadata.lengths[trial]
        var path = Matrix<Double>(rows: length, columns: random.stateSize)
        var column = 0
        for site in states {
          let width = recorder.values[site].shape[2]
          for step in 0..<length {
            for unit in 0..<width { path[step, column + unit] = value(site, trial, step, unit) }
          }
          column += width
        }
        for step in shared.steps[trial] {
          for unit in 0..<path.columns { run.states[row, unit] = path[step, unit] }
          if let readout {
            for unit in 0..<recorder.values[readout].shape[2] {
              run.outputs?[row, unit] = value(readout, trial, step, unit)
            }
          }
          row += 1
        }
        if run.trajectories.count < options.trials { run.trajectories.append(path) }
      }
    }
    self.run = run
  }

  /// The Elman model of some blocks; nil of other cells.
  private static func model(_ model: RecurrentModel, _ weights: RecurrentWeights) throws -> RecurrentModel? {
    guard model.layers.count == 1, !model.isBidirectional, let cell = model.layers[0].forward as? ElmanCell
    else { return nil }
    // In the order of ``ComparableWeights``: recurrent, input, bias where there is one, readout where there is one.
    let matrices = weights.blocks.map(\.matrix)
    let random = ElmanCell(
      inputWeight: matrices[1], recurrentWeight: matrices[0],
      bias: cell.bias == nil ? nil : matrices[2].elements, nonlinearity: cell.nonlinearity)
    let readout = model.readout.map {
      RecurrentModel.Readout(weight: matrices[matrices.count - 1], bias: $0.bias)
    }
    return try RecurrentModel(
      identity: model.identity, layers: [RecurrentModel.Layer(forward: random)], embedding: model.embedding,
      readout: readout)
  }
}
