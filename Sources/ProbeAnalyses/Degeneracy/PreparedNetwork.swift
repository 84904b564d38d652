import ProbeDegeneracy
import ProbeLinearAlgebra

/// Why a network or a pair has no value of a metric, in words.
struct Incomparable: Error, Hashable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// What comparisons need of one network, computed once for all of its pairs.
struct PreparedNetwork: Sendable {
  /// The linear model of its dynamics.
  struct Dynamics: Sendable {
    let operatorProfile: OperatorProfile
    let warnings: [String]
  }

  /// Its weights.
  struct Weights: Sendable {
    let symmetry: CellSymmetry
    let all: WeightFactors
    let allSpectra: WeightSpectra
    let recurrent: WeightFactors
    let recurrentSpectra: WeightSpectra
    /// The norm of the weights as they are.
    let blocks: RecurrentWeights

    init(_ blocks: RecurrentWeights, _ symmetry: CellSymmetry) throws(DegeneracyError) {
      (self.blocks, self.symmetry) = (blocks, symmetry)
      all = WeightFactors(blocks, symmetry: symmetry)
      allSpectra = try WeightSpectra(all.weights)
      recurrent = WeightFactors(blocks.recurrentAlone, symmetry: .permutations)
      recurrentSpectra = try WeightSpectra(recurrent.weights)
    }
  }

  let name: String
  let loss: Double
  let harderLoss: Double
  let inputs: UInt64
  let outputs: Matrix<Double>?
  private(set) var dynamics: Result<Dynamics, Incomparable>
  let fixedPoints: Result<[FixedPointType], Incomparable>
  let states: Result<RepresentationFactors, Incomparable>
  let weights: Result<Weights, Incomparable>

  /// Prepares a network.
  init(_ network: EnsembleNetwork, options: DegeneracyOptions) {
    (name, loss, harderLoss) = (network.name, network.loss, network.harderLoss)
    (inputs, outputs) = (network.shared.inputs, network.outputs)
    fixedPoints = network.fixedPoints.map { $0.map(\.type) }
    dynamics = Self.dynamics(network.trajectories, name: network.name, options: options)
    states = comparable(network.name) { () throws(DegeneracyError) in
      try RepresentationFactors(name: network.name, states: network.states)
    }
    switch network.weights {
    case .none(let reason): weights = .failure(Incomparable("\(network.name): \(reason)"))
    case .blocks(let blocks, let symmetry):
      weights = comparable(network.name) { () throws(DegeneracyError) in try Weights(blocks, symmetry) }
    }
  }

  /// A network that is turned in time: behaviour and representation of the null.
  init(shifted network: EnsembleNetwork) {
    (name, loss, harderLoss) = (network.name + " turned in time", .nan, .nan)
    (inputs, outputs) = (network.shared.inputs, network.shiftedOutputs)
    states = comparable(network.name) { () throws(DegeneracyError) in
      try RepresentationFactors(name: network.name, states: network.shiftedStates)
    }
    let reason = Incomparable("the null of turned trials is not defined here")
    (dynamics, weights, fixedPoints) = (.failure(reason), .failure(reason), .failure(reason))
  }

  /// A random network in the place of another one; where it was not run, its weights alone.
  init(
    random: RandomNetwork, like network: PreparedNetwork, symmetry: CellSymmetry, options: DegeneracyOptions
  ) {
    (name, loss, harderLoss) = (random.weights.name, .nan, .nan)
    (inputs, outputs) = (network.inputs, random.run?.outputs)
    fixedPoints = .failure(Incomparable("fixed points of random networks are not searched"))
    weights = comparable(random.weights.name) { () throws(DegeneracyError) in
      try Weights(random.weights, symmetry)
    }
    guard let run = random.run else {
      let reason = Incomparable("random networks of this cell are not run")
      (dynamics, states) = (.failure(reason), .failure(reason))
      return
    }
    dynamics = Self.dynamics(run.trajectories, name: random.weights.name, options: options)
    states = comparable(random.weights.name) { () throws(DegeneracyError) in
      try RepresentationFactors(name: random.weights.name, states: run.states)
    }
  }

  /// The same network with another model of its dynamics.
  func withDynamics(_ other: Result<Dynamics, Incomparable>) -> PreparedNetwork {
    var copy = self
    copy.dynamics = other
    return copy
  }

  /// The linear model of some trajectories.
  static func dynamics(
    _ trajectories: [Matrix<Double>], name: String, options: DegeneracyOptions
  ) -> Result<Dynamics, Incomparable> {
    comparable(name) { () throws(DegeneracyError) in
      var settings = DelayDMD.Options()
      settings.embedding = DelayEmbedding(delays: options.delays)
      settings.rank = .fixed(options.rank)
      let model = try DelayDMD(trajectories, options: settings)
      return Dynamics(
        operatorProfile: try OperatorProfile(model.matrix, name: "the operator of \(name)"),
        warnings: model.warnings)
    }
  }
}

/// Turns a method's error into the words of a report.
func comparable<Value>(
  _ name: String, _ body: () throws(DegeneracyError) -> Value
) -> Result<Value, Incomparable> {
  do throws(DegeneracyError) {
    return .success(try body())
  } catch {
    // Without the networks' names one reason stands for all pairs that it holds of.
    if case .shapeMismatch(_, let expected, let found) = error {
      return .failure(Incomparable("\(name): \(expected) against \(found)"))
    }
    return .failure(Incomparable("\(name): \(error)"))
  }
}
