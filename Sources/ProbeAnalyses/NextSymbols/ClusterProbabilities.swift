import ProbeAutomata
import ProbeLinearAlgebra

/// The machine of clusters of recorded states, the number of clusters chosen on trials that were held out.
struct ClusterProbabilities {
  /// The name in reports.
  static let name = "k-means"

  /// A number of clusters that was tried.
  struct Row {
    let clusters: Int
    let states: Int
    let determinism: Double
    let unseenTransitions: Int
    /// Against the network, on held-out trials.
    let heldOut: NextSymbolFidelity
    var isChosen: Bool
  }

  let rows: [Row]
  let machine: LearntMachine

  /// Tries all numbers of clusters; nil where there are too few states for any.
  ///
  /// Fitted on the even trials and measured on the odd ones. Chosen is the smallest number that errs nowhere by more than the
  /// tolerance; where none does, the smallest whose divergence is within the 95 % interval of the least.
  init?<Source: NextSymbolSource>(
    _ recorded: RecordedStates, _ trie: inout DistributionTrie<Source>, words: [Word], from first: Int,
    options: NextSymbolsOptions, context: AnalysisContext
  ) throws {
    guard recorded.trialCount > 1 else { return nil }
    let fitted = try recorded.trials(stride(from: 0, to: recorded.trialCount, by: 2).map { $0 })
    let fitWords = stride(from: 0, to: words.count, by: 2).map { words[$0] }
    let heldOut = stride(from: 1, to: words.count, by: 2).map { words[$0] }
    let counts = (options.clusterCounts ?? []).filter { $0 <= fitted.states.rows }
    for word in words { _ = trie.node(for: word) }
    var distributions: [Double] = []
    for word in fitWords {
      var node: Int32 = 0
      distributions += try trie.distribution(node)
      for symbol in word {
        node = trie.node(for: [symbol], from: node)
        distributions += try trie.distribution(node)
      }
    }
    var rows: [Row] = []
    var machines: [QuantizedProbabilities] = []
    for count in counts {
      var fitting = KMeans.Options()
      fitting.threads = context.threads
      let clusters = try KMeans(fitted.states, clusters: count, seed: context.seed, options: fitting)
      let result = try QuantizedProbabilities(
        fitted, cells: clusters.cells(of: fitted.states), cellCount: clusters.cellCount,
        distributions: distributions)
      var model = DistributionTrie(MachineSource(result.machine))
      machines.append(result)
      rows.append(
        Row(
          clusters: count, states: result.machine.stateCount, determinism: result.determinism,
          unseenTransitions: result.unseenTransitions,
          heldOut: try .measure(&trie, &model, on: heldOut, from: first, margin: options.tolerance),
          isChosen: false))
    }
    guard let best = rows.min(by: { $0.heldOut.divergence < $1.heldOut.divergence }) else { return nil }
    let limit = best.heldOut.interval?.high ?? best.heldOut.divergence
    guard
      let choice = rows.firstIndex(where: { $0.heldOut.largestDifference <= options.tolerance })
        ?? rows.firstIndex(where: { $0.heldOut.divergence <= limit })
    else { return nil }
    rows[choice].isChosen = true
    self.rows = rows
    let chosen = machines[choice]
    var remark =
      "\(rows[choice].clusters) clusters of recorded states, determinism \(rounded(chosen.determinism)), "
      + "\(grouped(chosen.unseenTransitions)) transitions never seen"
    // Clusters that go on alike are one state: the table of weighted L* over the machine itself finds them.
    var merging = DistributionTrie(MachineSource(chosen.machine))
    let merged = try WeightedLStar(
      tolerance: options.tolerance, negligible: options.negligible, longest: options.longest,
      seed: context.seed
    ).learn(from: &merging)
    let isSmaller = merged.agrees && merged.machine.stateCount < chosen.machine.stateCount
    if isSmaller { remark += "; states that go on alike were merged" }
    machine = LearntMachine(Self.name, .machine(isSmaller ? merged.machine : chosen.machine), remark: remark)
  }
}
