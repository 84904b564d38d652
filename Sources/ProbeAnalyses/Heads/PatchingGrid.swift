import ProbeLinearAlgebra
import ProbeModels

/// How much of the clean answer comes back when one layer at one position of a corrupt run is put right.
///
/// Meng et al. (arXiv 2202.05262) and Heimersheim and Nanda (arXiv 2404.15255): values of the clean run are patched into the
/// corrupt one, and the difference of the two answers' logits is read between the corrupt run's, 0, and the clean
/// run's, 1.
struct PatchingGrid {
  let example: PatchingCase
  let positions: [Int]
  /// The sites patched, lowest first.
  let sites: [String]
  /// `[site][position]`.
  let restored: [[Double]]
  /// The logit of the clean answer less that of the corrupt one, in the clean run.
  let cleanDifference: Double
  /// The same in the corrupt run.
  let corruptDifference: Double

  /// Differences nearer to each other than this share of the larger one are no effect that could be restored.
  static let leastEffect = 0.1

  /// Patches every site at every position; nil where the corrupt prompt does not take from the clean answer.
  ///
  /// - Throws: what the runs throw.
  /// - Complexity: `sites * positions` runs.
  init?(
    _ example: PatchingCase, positions: [Int], sites names: [String], model: AttentionModel,
    precision: Precision,
    threads: Int
  ) throws {
    let sites = names.compactMap { model.site(named: $0) }
    guard let logits = model.site(named: "logits"), sites.count == names.count else { return nil }
    @Sendable func batch(_ tokens: [Int]) -> TrialBatch {
      TrialBatch(inputs: .tokens(Tensor(shape: [1, tokens.count], elements: tokens)))
    }
    @Sendable func difference(_ tokens: [Int], _ patches: [any Intervention]) throws -> Double {
      var recorder = SingleStepRecorder(step: example.step)
      try model.run(
        batch(tokens),
        plan: RunPlan(observed: [logits], precision: precision, interventions: patches), recorder: &recorder)
      return recorder.values[example.answer] - recorder.values[example.corruptAnswer]
    }
    let clean = try difference(example.clean, [])
    let corrupt = try difference(example.corrupt, [])
    guard clean - corrupt > Self.leastEffect * max(abs(clean), abs(corrupt)) else { return nil }
    let plan = RunPlan(observed: sites.sorted(), precision: precision)
    var memory = MemoryRecorder(model: model, plan: plan, trials: 1, steps: example.clean.count)
    try model.run(batch(example.clean), plan: plan, recorder: &memory)
    let sources = sites.map { site -> Tensor<Float> in
      let values = memory.values[plan.observed.firstIndex(of: site) ?? 0]
      return Tensor(shape: values.shape, elements: values.elements.map { Float($0) })
    }
    let values = try concurrentMap(count: sites.count * positions.count, threads: threads) { index in
      let (layer, place) = index.quotientAndRemainder(dividingBy: positions.count)
      let position = positions[place]
      let patch = SitePatch(site: sites[layer], values: sources[layer]) { $0 == position }
      return (try difference(example.corrupt, [patch]) - corrupt) / (clean - corrupt)
    }
    self.example = example
    self.positions = positions
    self.sites = names
    restored = sites.indices.map { Array(values[$0 * positions.count..<($0 + 1) * positions.count]) }
    cleanDifference = clean
    corruptDifference = corrupt
  }
}

/// Keeps one step of a site.
private struct SingleStepRecorder: Recorder {
  let step: Int
  var values: [Double] = []

  init(step: Int) { self.step = step }

  mutating func record<Scalar: BLASScalar>(
    _ source: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) {
    guard steps.contains(step) else { return }
    let width = source.count / steps.count
    let first = (step - steps.lowerBound) * width
    values = source[first..<first + width].map { Double($0) }
  }
}
