internal import ProbeLinearAlgebra

/// Machines from one record at several numbers of cells, seeds or temperatures, and which of them to take.
///
/// A single clustering proves little: too few cells give small machines that are wrong on rare words, and the determinism of
/// many cells is low even where the minimised machine is exact. What is worth trust is a machine that stays the same.
public struct QuantizationSweep: Sendable {
  /// What a machine was made with.
  public struct Setting: Sendable, Hashable {
    /// The number of cells asked for.
    public var clusters: Int
    /// The temperature of soft counts; nil for hard ones.
    public var temperature: Double?
    /// The seed of the clustering.
    public var seed: UInt64

    /// A setting.
    public init(clusters: Int, temperature: Double? = nil, seed: UInt64 = 0) {
      self.clusters = clusters
      self.temperature = temperature
      self.seed = seed
    }
  }

  /// One machine.
  public struct Row: Sendable {
    /// What it was made with.
    public var setting: Setting
    /// The machine, before and after minimising, with its determinism, purity, coverage and guesses.
    public var result: QuantizedMachine
    /// How the minimal machine agrees with trials that it was not made from.
    public var heldOut: RecordedAgreement
    /// The shortest word found on which the minimal machine and the system differ, held-out trials included; nil where none
    /// was found.
    public var shortestDisagreement: Word?
  }

  /// Why a machine was taken.
  public enum Rule: Sendable, Equatable {
    /// The minimised machine is the same for all seeds from one setting to another, and none agrees better with held-out
    /// trials by more than the slack.
    case stable(from: Setting, to: Setting)
    /// None is stable: the one that agrees best with held-out trials, averaged over the outputs; among equals the smallest.
    case bestHeldOut
  }

  /// When a machine counts as stable.
  public struct Stability: Sendable {
    /// For how many further settings the machine must stay the same.
    public var furtherSettings = 2
    /// By how much another machine of the sweep may agree better with held-out trials (share averaged over the outputs).
    public var slack = 0.001

    /// The defaults.
    public init() {}
  }

  /// The machines, in the order of the settings.
  public let rows: [Row]
  /// The place of the machine to take.
  public let choice: Int
  /// Why.
  public let rule: Rule

  /// Makes a machine with each setting.
  ///
  /// - Parameters:
  ///   - settings: at least one; those that differ only by seed side by side.
  ///   - heldOut: trials that no machine is made from.
  ///   - stability: when a machine counts as stable.
  ///   - threads: on how many threads machines are made; no result depends on it.
  ///   - disagreement: looks for a short word on which a machine and the system differ.
  ///   - make: makes the machine.
  /// - Throws: what the closures throw; ``AutomataError/noRecordedStates`` without a setting.
  public init(
    _ settings: [Setting], heldOut: RecordedStates, stability: Stability = Stability(), threads: Int = 1,
    disagreement: (@Sendable (MooreMachine) throws -> Word?)? = nil,
    make: @Sendable (Setting) throws -> QuantizedMachine
  ) throws {
    guard !settings.isEmpty else { throw AutomataError.noRecordedStates }
    rows = try concurrentMap(count: settings.count, threads: threads) { index in
      let result = try make(settings[index])
      let agreement = RecordedAgreement(of: result.minimal, with: heldOut)
      let words = [agreement.shortestDisagreement, try disagreement?(result.minimal)].compactMap { $0 }
      return Row(
        setting: settings[index], result: result, heldOut: agreement,
        shortestDisagreement: words.min { $0.count < $1.count })
    }
    (choice, rule) = Self.choose(rows, stability)
  }

  /// Sweeps k-means over numbers of clusters and seeds.
  ///
  /// - Parameters:
  ///   - fitted: trials to make machines from.
  ///   - heldOut: further trials.
  ///   - clusters: the numbers of clusters, ascending.
  ///   - seeds: of the clusterings.
  ///   - unseen: what to do where a symbol was never read in a cell of a partition.
  ///   - stability: when a machine counts as stable.
  ///   - threads: on how many threads machines are made; no result depends on it.
  ///   - disagreement: looks for a short word on which a machine and the system differ.
  /// - Returns: the machines.
  /// - Throws: what the closures throw, and ``AutomataError``.
  public static func kMeans(
    _ fitted: RecordedStates, heldOut: RecordedStates, clusters: [Int], seeds: [UInt64],
    unseen: @escaping @Sendable (KMeans) -> UnseenEdgePolicy = { _ in .sink(output: 0) },
    stability: Stability = Stability(), threads: Int = 1,
    disagreement: (@Sendable (MooreMachine) throws -> Word?)? = nil
  ) throws -> QuantizationSweep {
    let settings = clusters.flatMap { count in seeds.map { Setting(clusters: count, seed: $0) } }
    return try QuantizationSweep(
      settings, heldOut: heldOut, stability: stability, threads: threads, disagreement: disagreement
    ) { setting in
      let partition = try KMeans(fitted.states, clusters: setting.clusters, seed: setting.seed)
      return try QuantizedMachine(fitted, partition, unseen: unseen(partition))
    }
  }

  /// Sweeps the soft counts of given centroids over temperatures, after the hard counts.
  ///
  /// - Parameters:
  ///   - fitted: trials to make machines from.
  ///   - heldOut: further trials.
  ///   - centroids: the centroids, such as those of a state-regularised network.
  ///   - temperatures: of the softmax, ascending.
  ///   - outputs: `[cell]`: what a readout makes of each centroid; nil counts.
  ///   - unseen: what to do where a symbol was never read in a cell.
  ///   - stability: when a machine counts as stable.
  ///   - threads: on how many threads machines are made; no result depends on it.
  ///   - disagreement: looks for a short word on which a machine and the system differ.
  /// - Returns: the machines.
  /// - Throws: what the closures throw.
  public static func temperatures(
    _ fitted: RecordedStates, heldOut: RecordedStates, centroids: Centroids, temperatures: [Double],
    outputs: [Int?]? = nil, unseen: UnseenEdgePolicy = .sink(output: 0), stability: Stability = Stability(),
    threads: Int = 1, disagreement: (@Sendable (MooreMachine) throws -> Word?)? = nil
  ) throws -> QuantizationSweep {
    let settings = [nil] + temperatures.map { Optional($0) }
    return try QuantizationSweep(
      settings.map { Setting(clusters: centroids.cellCount, temperature: $0) }, heldOut: heldOut,
      stability: stability, threads: threads, disagreement: disagreement
    ) { setting in
      let counts =
        setting.temperature.map {
          TransitionCounts(fitted, memberships: centroids.memberships(of: fitted.states, temperature: $0))
        } ?? TransitionCounts(fitted, centroids)
      return try QuantizedMachine(counts, unseen: unseen, outputs: outputs)
    }
  }

  /// For settings that differ only by seed, the share of seeds that gave the most frequent minimal machine.
  public func stability(clusters: Int, temperature: Double? = nil) -> Double {
    let machines = rows.filter {
      $0.setting.clusters == clusters && $0.setting.temperature == temperature
    }.map(\.result.minimal)
    var frequencies: [MooreMachine: Int] = [:]
    for machine in machines { frequencies[machine, default: 0] += 1 }
    return Double(frequencies.values.max() ?? 0) / Double(machines.count)
  }

  private static func choose(_ rows: [Row], _ stability: Stability) -> (Int, Rule) {
    // NaN, where no output is known, is no better than anything.
    func score(_ row: Row) -> Double {
      row.heldOut.balancedShare.isNaN ? 0 : row.heldOut.balancedShare
    }
    let best = rows.reduce(0) { max($0, score($1)) }
    var groups: [Range<Int>] = []
    for (index, row) in rows.enumerated() {
      if let last = groups.last {
        let setting = rows[last.lowerBound].setting
        if setting.clusters == row.setting.clusters && setting.temperature == row.setting.temperature {
          groups[groups.count - 1] = last.lowerBound..<index + 1
          continue
        }
      }
      groups.append(index..<index + 1)
    }
    for first in groups.indices where first + stability.furtherSettings < groups.count {
      let run = groups[first].lowerBound..<groups[first + stability.furtherSettings].upperBound
      let machine = rows[run.lowerBound].result.minimal
      if rows[run].allSatisfy({ $0.result.minimal == machine }),
        score(rows[run.lowerBound]) >= best - stability.slack
      {
        let last = groups[first + stability.furtherSettings].lowerBound
        return (run.lowerBound, .stable(from: rows[run.lowerBound].setting, to: rows[last].setting))
      }
    }
    let choice = rows.indices.min { a, b in
      (-score(rows[a]), rows[a].result.minimal.stateCount, a)
        < (-score(rows[b]), rows[b].result.minimal.stateCount, b)
    }
    return (choice ?? 0, .bestHeldOut)
  }
}
