import ProbeAutomata
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels

/// Machines made of clusters of one network's recorded states, beside the machine learnt from its answers.
struct ClusterSweep {
  /// One setting and its machine.
  struct Row {
    let method: String
    let setting: QuantizationSweep.Setting
    let result: QuantizedMachine
    /// The minimal machine, the empty word's output freed where it is free.
    let minimal: MooreMachine
    let heldOut: RecordedAgreement
    /// The shortest word found on which the network and the machine of clusters differ; nil where none was found.
    let disagreement: Word?
    /// Whether it is the language of the machine learnt from answers, the empty word aside where that is free.
    let isLearntLanguage: Bool
    let isChosen: Bool
  }

  let rows: [Row]
  /// How the chosen row was chosen, a sentence for each method.
  let rules: [String]

  /// Sweeps over numbers of clusters, and over temperatures where the network has centroids of its own.
  ///
  /// - Returns: nil where there are too few trials to hold some out.
  init?(
    _ recorded: RecordedStates, extraction: inout AutomatonExtraction, options: AutomatonOptions,
    context: AnalysisContext
  ) throws {
    guard recorded.trialCount >= 4 else { return nil }
    let (fitted, heldOut) = try recorded.split(holdingOut: 0.25, seed: context.seed)
    var sweeps: [(method: String, sweep: QuantizationSweep)] = []
    let clusters = (options.clusterCounts ?? []).filter { $0 <= fitted.states.rows }
    for partition in clusters.isEmpty ? [] : options.partition {
      sweeps.append(
        (
          partition.rawValue,
          try Self.sweep(partition, fitted, heldOut, clusters: clusters, context: context)
        ))
    }
    if let cell = extraction.language.stateRegularized {
      sweeps.append(
        (
          "centroids of the network",
          try .temperatures(
            fitted, heldOut: heldOut, centroids: Centroids(cell.centroids, similarity: .distance),
            temperatures: options.temperatureList, threads: context.threads)
        ))
    }
    var rows: [Row] = []
    for (method, sweep) in sweeps {
      for (index, row) in sweep.rows.enumerated() {
        let machine = row.result.minimal
        let disagreement = try Self.disagreement(machine, &extraction) ?? row.heldOut.shortestDisagreement
        rows.append(
          Row(
            method: method, setting: row.setting, result: row.result,
            minimal: extraction.language.isEmptyWordFree ? machine.freeingEmptyWord() : machine,
            heldOut: row.heldOut,
            disagreement: disagreement,
            isLearntLanguage: machine.difference(
              from: extraction.learnt, isEmptyWordFree: extraction.language.isEmptyWordFree) == nil,
            isChosen: index == sweep.choice))
      }
    }
    self.rows = rows
    rules = sweeps.map { method, sweep in
      let row = sweep.rows[sweep.choice]
      let number = "\(row.setting.clusters) \(method.hasSuffix("grid") ? "intervals" : "clusters")"
      return switch sweep.rule {
      case .stable(_, let last):
        "\(method): \(number), from which on to \(last.clusters) the minimal machine stays the same over all seeds"
      case .bestHeldOut: "\(method): \(number), whose machine agrees best with held-out trials"
      }
    }
  }

  private static func sweep(
    _ partition: AutomatonOptions.Partition, _ fitted: RecordedStates, _ heldOut: RecordedStates,
    clusters: [Int], context: AnalysisContext
  ) throws -> QuantizationSweep {
    typealias Setting = QuantizationSweep.Setting
    func sweep(
      _ settings: [Setting], _ make: @escaping @Sendable (Setting) throws -> any StatePartition
    ) throws -> QuantizationSweep {
      try QuantizationSweep(settings, heldOut: heldOut, threads: context.threads) { setting in
        try QuantizedMachine(
          TransitionCounts(fitted, try make(setting)), unseen: .sink(output: 0))
      }
    }
    let seed = context.seed
    switch partition {
    case .kMeans:
      return try .kMeans(
        fitted, heldOut: heldOut, clusters: clusters, seeds: [seed, seed &+ 1, seed &+ 2],
        threads: context.threads)
    case .agglomerative:
      return try sweep(clusters.map { Setting(clusters: $0, seed: seed) }) {
        try Agglomerative(fitted.states, linkage: .ward, cut: .clusters($0.clusters), seed: seed)
      }
    case .grid:
      return try sweep([2, 3, 4, 5].map { Setting(clusters: $0) }) {
        try UnitGrid(fitted.states, intervals: $0.clusters)
      }
    case .pcaGrid:
      return try sweep([2, 3, 5, 10].map { Setting(clusters: $0) }) {
        try PCAGrid(fitted.states, components: 3, intervals: $0.clusters)
      }
    case .signs: return try sweep([Setting(clusters: 2)]) { _ in try SignCode(fitted.states) }
    }
  }

  /// A word on which the network and a machine differ: one that tells the machine from the learnt one, if the network sides with
  /// the latter.
  private static func disagreement(
    _ machine: MooreMachine, _ extraction: inout AutomatonExtraction
  ) throws -> Word? {
    guard
      let word = machine.difference(
        from: extraction.learnt, isEmptyWordFree: extraction.language.isEmptyWordFree)
    else { return nil }
    let output = Int(try extraction.trie.output(of: word))
    let own = machine.outputNames[machine.output(of: word)]
    return own == extraction.learnt.outputNames[output] ? nil : word
  }
}

extension CapturedLanguage {
  /// The only layer, where it is a state-regularised one: its centroids are read from the weights.
  var stateRegularized: StateRegularizedGRUCell? {
    guard let layers = recurrent?.layers, layers.count == 1 else { return nil }
    return layers[0].forward as? StateRegularizedGRUCell
  }
}
