import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels

/// What controls compare with, read and run again when it is drawn: nothing of it is kept for all networks.
struct CapturedControls: EnsembleControls.Source {
  let captures: [NamedCapture]
  let networks: [EnsembleNetwork]
  let options: DegeneracyOptions
  let context: AnalysisContext

  /// Stream numbers of a network's own; the shared steps are drawn by the seed itself.
  private func generator(_ place: Int, _ control: UInt64) -> RandomGenerator {
    RandomGenerator(seed: context.seed, stream: control << 33 + UInt64(place) + 1)
  }

  /// A network with its trials exchanged within conditions, or turned in time.
  func exchanged(_ place: Int) throws -> PreparedNetwork {
    let (reader, network) = (captures[place].reader, networks[place])
    var generator = generator(place, 0)
    let order = try NullOrder(reader, &generator)
    return PreparedNetwork(
      exchanged: try SharedStates(reader, at: network.shared, in: order), of: network.prepared)
  }

  /// A network on its own trials and on as many fresh ones; without a task, on two halves of its own.
  func repeated(_ place: Int) throws -> (PreparedNetwork, PreparedNetwork) {
    let (reader, network) = (captures[place].reader, networks[place].prepared)
    let task = reader.task()
    let model = try reader.recurrentModel(context, analysis: DegeneracyAnalysis.name)
    guard let fresh = try TaskVariant.fresh(task, trials: reader.metadata.trials),
      let run = try fresh.run(model, recorded: options.trials)
    else {
      let all = try Trajectories(reader, count: options.trials)
      let halves = [0, 1].map {
        PreparedNetwork(
          network, loss: nil, harderLoss: nil,
          models: all.half($0).models(name: network.name, options: options))
      }
      return (halves[0], halves[1])
    }
    let harder = try TaskVariant.harder(task, options: options, reseeded: true)?.run(model)?.loss
    return (
      network,
      PreparedNetwork(
        network, loss: run.loss, harderLoss: harder,
        models: run.trajectories.models(name: network.name, options: options))
    )
  }

  /// A network of random weights of the same width and spectra, on the same inputs.
  func random(_ place: Int) throws -> PreparedNetwork? {
    guard let weights = try? networks[place].prepared.weights.get() else { return nil }
    var generator = generator(place, 1)
    let random = try RandomNetwork(
      like: weights.blocks, captures[place], shared: networks[place].shared, options: options,
      context: context, generator: &generator)
    return PreparedNetwork(
      random: random, like: networks[place].prepared, symmetry: weights.symmetry, options: options)
  }
}
