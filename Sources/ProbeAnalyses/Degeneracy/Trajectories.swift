import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels

/// What a network did along some trials: all that models of its dynamics are fitted on.
struct Trajectories: Sendable {
  /// `[trial][time, unit]`.
  var states: [Matrix<Double>] = []
  /// `[trial][time, feature]`: what it read; nil where it reads tokens or the capture holds no inputs.
  var inputs: [Matrix<Double>]?

  /// Nothing yet.
  init() {}

  /// Reads a capture's first trials.
  ///
  /// - Throws: the errors of reading.
  init(_ reader: CaptureReader, count: Int) throws {
    let metadata = reader.metadata
    let trials = (0..<metadata.trials).filter { metadata.done[$0] }.prefix(count)
    var paths = TrialPaths(statesOf: reader)
    states = try trials.map { try paths.path($0) }
    guard let last = trials.last, case .values(let tensor)? = try reader.inputs(trials: 0..<last + 1)?.inputs
    else { return }
    let width = tensor.shape[2]
    inputs = trials.map { trial in
      let (from, length) = (trial * metadata.steps * width, metadata.lengths[trial])
      return Matrix(
        rows: length, columns: width, elements: Array(tensor.elements[from..<from + length * width]))
    }
  }

  /// Every second trial, from the first or the second on.
  func half(_ parity: Int) -> Trajectories {
    var half = Trajectories()
    func every<Value>(_ values: [Value]) -> [Value] {
      values.indices.filter { $0 % 2 == parity }.map { values[$0] }
    }
    half.states = every(states)
    half.inputs = inputs.map(every)
    return half
  }

  /// Models of what happened: one without and one with the inputs.
  struct Models: Sendable {
    let free: Result<PreparedNetwork.Dynamics, Incomparable>
    let driven: Result<ControlledOperator, Incomparable>
  }

  /// Fits both models.
  func models(name: String, options: DegeneracyOptions) -> Models {
    var settings = DelayDMD.Options()
    settings.embedding = DelayEmbedding(delays: options.delays)
    settings.rank = .fixed(options.rank)
    let free = comparable(name) { () throws(DegeneracyError) in
      let model = try DelayDMD(states, options: settings)
      return PreparedNetwork.Dynamics(
        operatorProfile: try OperatorProfile(model.matrix, name: "the operator of \(name)"),
        warnings: model.warnings)
    }
    guard let inputs else {
      return Models(
        free: free, driven: .failure(Incomparable("a model with inputs needs inputs that are numbers")))
    }
    return Models(
      free: free,
      driven: comparable(name) { () throws(DegeneracyError) in
        try ControlledOperator(trials: states, inputs: inputs, options: settings)
      })
  }
}
