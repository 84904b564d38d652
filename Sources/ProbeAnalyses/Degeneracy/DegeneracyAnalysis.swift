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
      return "it is of a model of the kind \(model.family), and degeneracy compares recurrent networks"
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
    if let fault = obstacle(captures) {
      throw unsuitable(fault, "\(captures.count) capture\(captures.count == 1 ? "" : "s")")
    }
    var paths = Set<String>()
    for capture in captures where !paths.insert(capture.reader.path).inserted {
      throw unsuitable("it is named twice, and a network differs from itself by nothing", capture.reader.path)
    }

    let initial = options.initial.isEmpty ? nil : try InitialWeights(folders: options.initial)
    context.progress("reading networks", nil)
    let groups = options.groups(of: captures)
    var networks = try concurrentMap(count: captures.count, threads: context.threads) {
      try EnsembleNetwork(
        captures[$0], group: groups[$0], options: options,
        isShown: captures.count <= NetworkDetails.networkLimit, context: context)
    }
    exclude(&networks, options: options)
    let kept = networks.indices.filter { networks[$0].listing.exclusion == nil }
    guard kept.count >= 3 else {
      throw unsuitable(
        "\(kept.count) networks are left, fewer than three: "
          + networks.compactMap { network in
            network.listing.exclusion.map { "\(network.listing.name): \($0)" }
          }
          .joined(separator: "; "), "\(captures.count) captures")
    }
    let compared = kept.map { networks[$0] }
    let prepared = compared.map(\.prepared)
    let comparison = PairComparison(prepared, options: options, threads: context.threads)
    var results = EnsembleResults(
      networks: networks.map(\.listing), columns: comparison.columns, pairs: [],
      values: PairValues(columns: comparison.columns.count), controls: EnsembleControls(rows: []))
    let all = results.wantedPairs(withinGroups: options.withinGroups)
    let part = options.shardNumbers
    results.pairs =
      part.map { Array(all[all.count * $0.index / $0.count..<all.count * ($0.index + 1) / $0.count]) } ?? all
    let places = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
    var missing = MissingValues()
    try comparison.compare(
      prepared,
      pairs: results.pairs.compactMap { pair in
        guard let first = places[pair.first], let second = places[pair.second] else { return nil }
        return NetworkPair(first, second)
      }, progress: { context.progress("comparing pairs", $0) }
    ) { outcomes in
      results.values.append(outcomes.map { try? $0.get() })
      missing.count(outcomes, comparison.columns)
    }
    context.progress("drawing controls", nil)
    results.controls = try EnsembleControls(
      groups: compared.map(\.group), prepared, comparison: comparison, seed: context.seed,
      source: CapturedControls(
        captures: kept.map { captures[$0] }, networks: compared, options: options, context: context))
    let learning = try EnsembleLearning(
      captures, compared: kept, initial: initial, examples: options.kernelExamples, context: context)
    for (place, measures) in learning.measures.enumerated() { results.networks[place].learning = measures }
    let details = compared.compactMap(\.details)
    let elapsed = ContinuousClock.now - begin
    return DegeneracyReport(
      results: results, details: details, part: part, permutations: options.permutations, seed: context.seed,
      options: options.used,
      captures: captures.map {
        CaptureIdentity(
          name: $0.name, path: $0.reader.path, sha256: (try? $0.reader.contentHash()) ?? "",
          model: $0.reader.foundModel)
      }, command: context.command, programVersion: context.programVersion,
      warnings: missing.lines + dynamicsWarnings(prepared) + learning.warnings,
      wallSeconds: elapsed.seconds
    ).findings()
  }

  /// Leaves out networks whose loss is far above their group's median, where no limit was given.
  private static func exclude(_ networks: inout [EnsembleNetwork], options: DegeneracyOptions) {
    guard options.maximumLoss == nil else { return }
    for group in orderedGroups(networks.map(\.group)) {
      let members = networks.indices.filter {
        networks[$0].group == group && networks[$0].listing.exclusion == nil
      }
      let losses = members.map { networks[$0].listing.loss }.filter(\.isFinite).sorted()
      guard !losses.isEmpty else { continue }
      let limit = 10 * losses[(losses.count - 1) / 2]
      for index in members where networks[index].listing.loss > limit {
        networks[index].listing.exclusion =
          "its loss \(threeDigits(networks[index].listing.loss)) is above ten times its group's median, \(threeDigits(limit))"
      }
    }
  }

  /// What should be known before the dynamics are trusted, once for all networks it holds of.
  private static func dynamicsWarnings(_ networks: [PreparedNetwork]) -> [String] {
    let warned = networks.filter { (try? $0.models.free.get().warnings.isEmpty) == false }
    guard let first = warned.first, let text = try? first.models.free.get().warnings.first else { return [] }
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
      UsedOption(
        "within-groups", .boolean(withinGroups), meaning: "whether only networks of one group are compared"),
      UsedOption(
        "initial", .string(initial.isEmpty ? "none" : initial.joined(separator: ", ")),
        meaning: "folders of the weights before training"),
      UsedOption(
        "kernel-examples", .integer(kernelExamples),
        meaning: "steps at which kernels before and after training are compared"),
      UsedOption("shard", .string(shard ?? "1/1"), meaning: "the part of the pairs"),
    ]
  }
}
