internal import ProbeLinearAlgebra

/// What a block offers.
enum BlockSite: Hashable, Sendable {
  case residualBefore, query, key, value, scores, pattern, heads
  case summary(AttentionSummary)
  case attentionOutput, residualMiddle, mlpBefore, mlpAfter, mlpOutput, residualAfter
}

/// Where a site's values come from while an attention model runs.
enum AttentionPlace: Hashable, Sendable {
  case embedding
  case block(Int, BlockSite)
  case finalNorm
  case logits
}

/// The sites of an attention model, named as TransformerLens does without its `hook_`.
struct AttentionSites: Sendable {
  let sites: [Site]
  let index: [AttentionPlace: Int]

  /// Names every place; a pattern has `keyExtent` keys.
  init(blocks: [AttentionBlock], width: Int, logits: Int?, hasFinalNorm: Bool, keyExtent: Int) {
    var sites: [Site] = []
    var index: [AttentionPlace: Int] = [:]
    func add(
      _ place: AttentionPlace, _ name: String, axes: [String] = ["unit"], _ shape: [Int],
      role: Site.Role = .activation, units: String = "1", isInteger: Bool = false
    ) {
      index[place] = sites.count
      sites.append(
        Site(name: name, axes: axes, shape: shape, role: role, units: units, isInteger: isInteger))
    }
    add(.embedding, "embed", [width])
    for (layer, block) in blocks.enumerated() {
      let attention = block.attention
      let prefix = "blocks.\(layer)."
      func addSite(
        _ site: BlockSite, _ name: String, axes: [String] = ["unit"], _ shape: [Int],
        role: Site.Role = .activation, units: String = "1", isInteger: Bool = false
      ) {
        add(
          .block(layer, site), prefix + name, axes: axes, shape, role: role, units: units,
          isInteger: isInteger)
      }
      addSite(.residualBefore, "resid_pre", [width])
      let perHead = ["head", "unit"]
      addSite(.query, "attn.q", axes: perHead, [attention.heads, attention.headSize])
      addSite(.key, "attn.k", axes: perHead, [attention.keyValueHeads, attention.headSize])
      addSite(.value, "attn.v", axes: perHead, [attention.keyValueHeads, attention.headSize])
      addSite(.scores, "attn.scores", axes: ["head", "key"], [attention.heads, keyExtent])
      addSite(.pattern, "attn.pattern", axes: ["head", "key"], [attention.heads, keyExtent])
      for summary in AttentionSummary.allCases {
        addSite(
          .summary(summary), "attn.summary.\(summary.rawValue)", axes: ["head"], [attention.heads],
          role: .summary, units: summary.units, isInteger: summary.isInteger)
      }
      addSite(.heads, "attn.z", axes: perHead, [attention.heads, attention.headSize])
      addSite(.attentionOutput, "attn_out", [width])
      if !block.isParallel { addSite(.residualMiddle, "resid_mid", [width]) }
      addSite(.mlpBefore, "mlp.pre", [block.mlp.hiddenSize])
      addSite(.mlpAfter, "mlp.post", [block.mlp.hiddenSize])
      addSite(.mlpOutput, "mlp_out", [width])
      addSite(.residualAfter, "resid_post", [width])
    }
    if hasFinalNorm { add(.finalNorm, "ln_final", [width]) }
    if let logits { add(.logits, "logits", [logits], role: .readout) }
    self.sites = sites
    self.index = index
  }
}

/// What a run observes and edits, by position in the model's sites.
struct AttentionPlan: Sendable {
  let index: [AttentionPlace: Int]
  /// By site: the position in the plan's `observed`, or -1.
  let observed: [Int]
  /// By site: the interventions that edit it.
  let edits: [[any Intervention]]
  let timeBlock: Int
  let threads: Int
  let promptBlock: Int
  let generatedOnly: Bool
  let firstTrial: Int
  let summaryTokens: [[Int]]?

  init(_ plan: RunPlan, sites: AttentionSites) {
    index = sites.index
    var observed = [Int](repeating: -1, count: sites.sites.count)
    for (position, site) in plan.observed.enumerated() { observed[site] = position }
    self.observed = observed
    var edits = [[any Intervention]](repeating: [], count: sites.sites.count)
    for intervention in plan.interventions {
      for site in intervention.sites { edits[site].append(intervention) }
    }
    self.edits = edits
    timeBlock = Swift.max(1, plan.timeBlock)
    threads = Swift.max(1, plan.threads)
    promptBlock = Swift.max(1, plan.promptBlock)
    generatedOnly = plan.recordsGenerationOnly
    firstTrial = plan.firstTrial
    summaryTokens = plan.summaryTokens
  }

  /// The site of a place, where it is observed or edited.
  func active(_ place: AttentionPlace) -> Int? {
    guard let site = index[place], observed[site] >= 0 || !edits[site].isEmpty else { return nil }
    return site
  }

  /// The summaries of a layer that are observed or edited.
  func summaries(layer: Int) -> [(summary: AttentionSummary, site: Int)] {
    AttentionSummary.allCases.compactMap { summary in
      active(.block(layer, .summary(summary))).map { (summary, $0) }
    }
  }
}
