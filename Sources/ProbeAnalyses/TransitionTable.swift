import ProbeCapture
import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels
import ProbeTasks

/// The input-driven attractor graph of a network at its resting input, beside the task's own automaton.
struct TransitionTable: Sendable {
  struct Row: Sendable {
    let source: Int
    let input: String
    let target: Int?
    /// Where the task's automaton leads, as an attractor; nil where that is not known.
    let expected: Int?
  }

  /// The attractors' positions among the points.
  let attractors: [Int]
  /// What an attractor stands for, such as `+-+`, or its id.
  let names: [String]
  let rows: [Row]
  /// Whether each of the task's states has exactly one attractor, so that transitions can be judged.
  let isMatched: Bool

  var judged: Int { rows.count { $0.expected != nil } }
  var right: Int { rows.count { $0.expected != nil && $0.target == $0.expected } }

  /// Drives each attractor with each input of the task's automaton, or with each distinct input of the capture.
  ///
  /// - Returns: nil where there are fewer than two attractors, or no small set of inputs.
  init?(
    _ set: PointSet, model: RecurrentModel, capture: CaptureReader, options: FixedPointsOptions,
    context: AnalysisContext
  ) throws {
    let attractors = set.stable
    let automaton = capture.task()?.automaton
    guard attractors.count > 1, attractors.count <= 64,
      let inputs = try FixedInput.symbols(automaton, model: model, capture: capture), inputs.count > 1,
      inputs.count <= 32
    else { return nil }
    self.attractors = attractors
    var finder = BasinFinder()
    finder.stepLimit = options.basinSteps
    let graph = try AttractorGraph(
      resting: set.map, driven: inputs.map { try RecurrentMap(model, input: $0.vector) },
      attractors: attractors.map { set.points[$0].state }, pulseLength: options.pulseSteps, finder: finder,
      threads: context.threads)
    let matches = automaton.flatMap { Self.match($0, attractors.map { set.points[$0].state }, model: model) }
    isMatched = matches != nil
    names = attractors.indices.map { position in
      matches.flatMap { automaton?.states[$0[position]] } ?? "\(set.firstID + attractors[position])"
    }
    rows = graph.edges.map { edge in
      let expected = matches.flatMap { matches in
        automaton.flatMap { matches.firstIndex(of: $0.next[matches[edge.source]][edge.input]) }
      }
      return Row(
        source: edge.source, input: inputs[edge.input].label, target: edge.target, expected: expected)
    }
  }

  /// The task's state that each attractor reads out as, where that is one to one.
  private static func match(_ automaton: TaskAutomaton, _ states: [[Double]], model: RecurrentModel) -> [Int]?
  {
    guard let readout = model.readout, let last = model.layers.last,
      readout.weight.columns == last.forward.hiddenSize
    else { return nil }
    let offset = model.stateSize - last.forward.stateSize
    let matches = states.map { state in
      let output = zip(
        readout.weight.times(Array(state[offset..<offset + last.forward.hiddenSize])),
        readout.bias ?? Array(repeating: 0, count: readout.weight.rows)
      ).map { $0 + $1 }
      return automaton.outputs.indices.min { a, b in
        squaredDistance(automaton.outputs[a], output) < squaredDistance(automaton.outputs[b], output)
      } ?? 0
    }
    return Set(matches).count == matches.count && matches.count == automaton.states.count ? matches : nil
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
