import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels

/// A network of random weights of another's width and spectra, run on the other's captured inputs.
struct RandomNetwork: Sendable {
  let weights: RecurrentWeights
  /// What it did; nil of cells that random blocks are not put together to here.
  let run: Run?

  /// What it did on the other's inputs.
  struct Run: Sendable {
    var states: SharedStates
    var trajectories: Trajectories
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
    var sampled = Matrix<Double>(rows: shared.count, columns: random.stateSize)
    var outputs = readout.map {
      Matrix<Double>(rows: shared.count, columns: random.sites[plan.observed[$0]].elementCount)
    }
    var trajectories = Trajectories()
    trajectories.inputs = []
    let metadata = reader.metadata
    var row = 0
    for first in stride(from: 0, to: metadata.trials, by: Self.block) {
      let trials = first..<min(metadata.trials, first + Self.block)
      guard let batch = try reader.inputs(trials: trials), case .values(let inputs) = batch.inputs else {
        run = nil
        return
      }
      var recorder = MemoryRecorder(model: random, plan: plan, trials: trials.count, steps: metadata.steps)
      try random.run(batch, plan: plan, recorder: &recorder)
      for trial in trials where metadata.done[trial] {
        let (place, length) = (trial - first, metadata.lengths[trial])
        let path = recorder.path(states, row: place, steps: length)
        let answers = readout.map { recorder.path([$0], row: place, steps: length) }
        for step in shared.steps[trial] {
          sampled.replaceRow(row, by: path.row(step))
          if let answers { outputs?.replaceRow(row, by: answers.row(step)) }
          row += 1
        }
        if trajectories.states.count < options.trials {
          trajectories.states.append(path)
          let width = inputs.shape[2]
          let from = place * metadata.steps * width
          trajectories.inputs?.append(
            Matrix(
              rows: length, columns: width, elements: Array(inputs.elements[from..<from + length * width])))
        }
      }
    }
    run = Run(states: SharedStates(states: sampled, outputs: outputs), trajectories: trajectories)
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
