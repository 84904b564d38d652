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
  let inputs: SharedSteps.Inputs
  let outputs: Matrix<Double>?
  let models: Trajectories.Models
  let fixedPoints: Result<[FixedPointType], Incomparable>
  let states: Result<RepresentationFactors, Incomparable>
  let weights: Result<Weights, Incomparable>

  /// Prepares a network.
  init(
    _ listing: EnsembleResults.Network, states: SharedStates, inputs: SharedSteps.Inputs,
    models: Trajectories.Models,
    fixedPoints: Result<[FixedPointType], Incomparable>, weights: ComparableWeights
  ) {
    (name, loss, harderLoss) = (listing.name, listing.loss, listing.harderLoss)
    (self.inputs, outputs) = (inputs, states.outputs)
    (self.models, self.fixedPoints) = (models, fixedPoints)
    self.states = Self.factors(states.states, name: listing.name)
    switch weights {
    case .none(let reason): self.weights = .failure(Incomparable("\(listing.name): \(reason)"))
    case .blocks(let blocks, let symmetry):
      self.weights = comparable(listing.name) { () throws(DegeneracyError) in
        try Weights(blocks, symmetry)
      }
    }
  }

  /// A network with other trials in the place of its own: behaviour and representation of the null.
  init(exchanged states: SharedStates, of network: PreparedNetwork) {
    (name, loss, harderLoss) = (network.name + " with trials exchanged", .nan, .nan)
    (inputs, outputs) = (network.inputs, states.outputs)
    self.states = Self.factors(states.states, name: network.name)
    let reason = Incomparable("the null of exchanged trials is not defined here")
    models = Trajectories.Models(free: .failure(reason), driven: .failure(reason))
    (weights, fixedPoints) = (.failure(reason), .failure(reason))
  }

  /// A network on fresh trials: its losses and dynamics, for the floor.
  init(_ network: PreparedNetwork, loss: Double?, harderLoss: Double?, models: Trajectories.Models) {
    name = network.name + " on fresh trials"
    (self.loss, self.harderLoss, self.models) = (loss ?? .nan, harderLoss ?? .nan, models)
    (inputs, outputs) = (network.inputs, nil)
    let reason = Incomparable("a network has one set of weights and fixed points")
    (states, weights, fixedPoints) = (.failure(reason), .failure(reason), .failure(reason))
  }

  /// A random network in the place of another one; where it was not run, its weights alone.
  init(
    random: RandomNetwork, like network: PreparedNetwork, symmetry: CellSymmetry, options: DegeneracyOptions
  ) {
    (name, loss, harderLoss) = (random.weights.name, .nan, .nan)
    (inputs, outputs) = (network.inputs, random.run?.states.outputs)
    fixedPoints = .failure(Incomparable("fixed points of random networks are not searched"))
    weights = comparable(random.weights.name) { () throws(DegeneracyError) in
      try Weights(random.weights, symmetry)
    }
    guard let run = random.run else {
      let reason = Incomparable("random networks of this cell are not run")
      models = Trajectories.Models(free: .failure(reason), driven: .failure(reason))
      states = .failure(reason)
      return
    }
    models = run.trajectories.models(name: random.weights.name, options: options)
    states = Self.factors(run.states.states, name: random.weights.name)
  }

  private static func factors(
    _ states: Matrix<Double>, name: String
  ) -> Result<RepresentationFactors, Incomparable> {
    comparable(name) { () throws(DegeneracyError) in try RepresentationFactors(name: name, states: states) }
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
