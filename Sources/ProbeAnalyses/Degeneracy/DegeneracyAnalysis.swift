public import ProbeCapture
import ProbeDegeneracy
public import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels

/// How differently networks trained alike solve their task: in behaviour, dynamics, representation and weights.
public enum DegeneracyAnalysis: Analysis {
  /// `degeneracy`.
  public static let name = "degeneracy"
  /// What it answers.
  public static let summary =
    "how differently networks solve one task: behaviour, dynamics, representation, weights, with nulls and intervals"
  /// An example.
  public static let example = "rnnprobe analyze degeneracy captures/*.h5 -o report"

  /// Needs a recurrent model's states and weights.
  public static func obstacle(_ capture: CaptureReader, modelPath: String?) -> String? {
    guard let model = capture.metadata.model else {
      return "the capture names no model, and its weights are compared"
    }
    guard (try? RecurrentConfiguration(json: model.configuration, source: capture.path)) != nil else {
      return "\(model.family) is not a recurrent model of this program"
    }
    if capture.metadata.stateSites.isEmpty { return "the capture holds no state site (layers.*.hidden)" }
    guard let weights = try? capture.weights(), !weights.tensors.isEmpty else {
      return "the capture carries no weights (they were above --weights-limit)"
    }
    if capture.metadata.sites.contains(where: { $0.name.contains(".reverse.") }) {
      return "a bidirectional network reads the sequence from both ends and has no dynamics of its own"
    }
    return nil
  }

  /// Needs three networks.
  public static func obstacle(_ captures: [NamedCapture]) -> String? {
    captures.count < 3
      ? "\(captures.count == 1 ? "one network is" : "\(captures.count) networks are") fewer than three, and degeneracy is a "
        + "spread among networks: capture at least three" : nil
  }

  /// Compares the networks.
  ///
  /// - Throws: ``AnalysisError`` where there are fewer than three networks, or a capture lacks what is compared.
  public static func run(
    _ captures: [NamedCapture], options: DegeneracyOptions, context: AnalysisContext
  ) throws -> Findings {
    let begin = ContinuousClock.now
    func unsuitable(_ fault: String, _ capture: String) -> AnalysisError {
      .unsuitable(capture: capture, analysis: name, fault: fault)
    }
    for capture in captures {
      if let fault = obstacle(capture.reader, modelPath: context.modelPath) {
        throw unsuitable(fault, capture.reader.path)
      }
    }
    if let fault = obstacle(captures) { throw unsuitable(fault, "\(captures.count) captures") }

    context.progress("reading networks", nil)
    let groups = options.groups(of: captures)
    var networks = try concurrentMap(count: captures.count, threads: context.threads) {
      try EnsembleNetwork(captures[$0], group: groups[$0], place: $0, options: options, context: context)
    }
    exclude(&networks, options: options)
    let kept = networks.indices.filter { networks[$0].exclusion == nil }
    guard kept.count >= 3 else {
      throw unsuitable(
        "\(kept.count) networks are left, fewer than three: "
          + networks.compactMap { network in network.exclusion.map { "\(network.name): \($0)" } }
          .joined(separator: "; "), "\(captures.count) captures")
    }
    let compared = kept.map { networks[$0] }
    context.progress("preparing networks", nil)
    let prepared = try concurrentMap(count: compared.count, threads: context.threads) {
      PreparedNetwork(compared[$0], options: options)
    }
    let comparison = PairComparison(prepared, options: options, threads: context.threads)
    let all = NetworkPair.all(compared.count)
    let part = options.shardNumbers
    let chosen =
      part.map { Array(all[all.count * $0.index / $0.count..<all.count * ($0.index + 1) / $0.count]) } ?? all
    let outcomes = try comparison.outcomes(prepared, pairs: chosen) {
      context.progress("comparing pairs", $0)
    }
    context.progress("drawing controls", nil)
    let controls = try EnsembleControls(
      compared, prepared, comparison: comparison, seed: context.seed
    ) { place, weights in
      var generator = RandomGenerator(seed: context.seed, stream: UInt64(1 << 33) + UInt64(place))
      return try RandomNetwork(
        like: weights, captures[kept[place]], shared: compared[place].shared, options: options,
        context: context, generator: &generator)
    }
    let results = EnsembleResults(
      networks: networks.map {
        EnsembleResults.Network(
          name: $0.name, group: $0.group, family: $0.family, units: $0.units, loss: $0.loss,
          harderLoss: $0.harderLoss, exclusion: $0.exclusion)
      }, columns: comparison.columns,
      pairs: chosen.map { NetworkPair(kept[$0.first], kept[$0.second]) },
      values: outcomes.map { $0.map { try? $0.get() } }, controls: controls)
    let details =
      compared.count > NetworkDetails.networkLimit
      ? []
      : try concurrentMap(count: compared.count, threads: context.threads) {
        NetworkDetails(compared[$0], prepared[$0])
      }
    let elapsed = ContinuousClock.now - begin
    return DegeneracyReport(
      results: results, details: details, part: part, permutations: options.permutations, seed: context.seed,
      options: options.used,
      captures: captures.map {
        CaptureIdentity(
          name: $0.name, path: $0.reader.path, sha256: (try? $0.reader.contentHash()) ?? "",
          model: $0.reader.foundModel)
      }, command: context.command, programVersion: context.programVersion,
      warnings: missing(outcomes, comparison.columns) + dynamicsWarnings(prepared),
      wallSeconds: elapsed.seconds
    ).findings()
  }

  /// Leaves out networks whose loss is far above their group's median, where no limit was given.
  private static func exclude(_ networks: inout [EnsembleNetwork], options: DegeneracyOptions) {
    guard options.maximumLoss == nil else { return }
    for group in orderedGroups(networks.map(\.group)) {
      let losses = networks.filter { $0.group == group && $0.exclusion == nil && $0.loss.isFinite }
        .map(\.loss).sorted()
      guard !losses.isEmpty else { continue }
      let limit = 10 * losses[(losses.count - 1) / 2]
      for index in networks.indices
      where networks[index].group == group && networks[index].exclusion == nil && networks[index].loss > limit
      {
        networks[index].exclusion =
          "its loss \(threeDigits(networks[index].loss)) is above ten times its group's median, \(threeDigits(limit))"
      }
    }
  }

  /// Why cells of `pairs.csv` are empty, a line for each reason.
  private static func missing(
    _ outcomes: [[PairComparison.Outcome]], _ columns: [MetricColumn]
  ) -> [String] {
    var found: [(level: String, reason: Incomparable, count: Int)] = []
    for row in outcomes {
      for level in MetricConvention.Level.allCases {
        var reasons = Set<Incomparable>()
        for (column, outcome) in zip(columns, row) where column.level == level {
          if case .failure(let reason) = outcome, reasons.insert(reason).inserted {
            if let place = found.firstIndex(where: { $0.level == level.rawValue && $0.reason == reason }) {
              found[place].count += 1
            } else {
              found.append((level.rawValue, reason, 1))
            }
          }
        }
      }
    }
    let lines = found.map {
      "\($0.level): \($0.count) of \(outcomes.count) pairs lack values: \($0.reason.description)"
    }
    return Array(lines.prefix(12))
      + (lines.count > 12 ? ["\(lines.count - 12) further reasons why pairs lack values are not listed"] : [])
  }

  /// What should be known before the dynamics are trusted, once for all networks it holds of.
  private static func dynamicsWarnings(_ networks: [PreparedNetwork]) -> [String] {
    let warned = networks.filter { (try? $0.dynamics.get().warnings.isEmpty) == false }
    guard let first = warned.first, let text = try? first.dynamics.get().warnings.first else { return [] }
    return [
      "the linear models of \(warned.count) of \(networks.count) networks carry warnings; the first, of \(first.name): \(text)"
    ]
  }
}

extension DegeneracyOptions {
  /// The settings as findings list them.
  var used: [UsedOption] {
    [
      UsedOption("groups", .string(groups.rawValue), meaning: "what sets groups apart"),
      UsedOption("samples", .integer(samples), meaning: "states a network, compared one by one"),
      UsedOption("trials", .integer(trials), meaning: "trials that dynamics are fitted on"),
      UsedOption("delays", .integer(delays), meaning: "delays of the embedding"),
      UsedOption("rank", .integer(rank), meaning: "rank of the dynamics"),
      UsedOption("starts", .integer(starts), meaning: "random rotations beside the structured starts"),
      UsedOption(
        "fixed-points", .boolean(fixedPoints), meaning: "whether fixed points at input zero are compared"),
      UsedOption("harder-trials", .integer(harderTrials), meaning: "trials of the harder variant"),
      UsedOption("harder", .string(harder ?? "the task's own"), meaning: "the harder variant"),
      UsedOption(
        "maximum-loss", maximumLoss.map { .real($0) } ?? .string("ten times the group's median"),
        meaning: "networks above are left out"),
      UsedOption("null-draws", .integer(nullDraws), meaning: "pairs drawn for each control"),
      UsedOption("permutations", .integer(permutations), meaning: "relabellings of each test"),
      UsedOption("shard", .string(shard ?? "1/1"), meaning: "the part of the pairs"),
    ]
  }
}
