import ProbeLinearAlgebra
import ProbeModels

/// Keeps the values of chosen steps of one trial.
struct StepRecorder: Recorder {
  /// By position in the plan's `observed`: `[step, element]`.
  private(set) var values: [Matrix<Double>]
  private let places: [Int: Int]

  init(model: AttentionModel, plan: RunPlan, steps: [Int]) {
    values = plan.observed.map {
      Matrix(rows: steps.count, columns: model.sites[$0].elementCount, repeating: .nan)
    }
    places = Dictionary(zip(steps, steps.indices), uniquingKeysWith: { first, _ in first })
  }

  mutating func record<Scalar: BLASScalar>(
    _ lent: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) {
    let count = values[site].columns
    for step in steps {
      guard let row = places[step] else { continue }
      let start = (step - steps.lowerBound) * count
      for index in 0..<count { values[site].elements[row * count + index] = Double(lent[start + index]) }
    }
  }
}

extension AttentionModel {
  /// Runs a prompt and keeps what sites hold at chosen steps.
  ///
  /// - Parameters:
  ///   - names: the sites.
  ///   - tokens: the prompt.
  ///   - steps: distinct steps.
  ///   - precision: the arithmetic.
  /// - Returns: one matrix `[step, element]` a name, in their order.
  /// - Throws: `ModelError` where the prompt does not fit, or a site is not there.
  func values(
    of names: [String], tokens: [Int], steps: [Int], precision: Precision = .f32
  ) throws -> [Matrix<Double>] {
    let sites = try names.map { name in
      guard let site = site(named: name) else {
        throw ModelError.batch(model: identity.name, fault: "it has no site \(name)")
      }
      return site
    }
    let ordered = sites.sorted()
    let plan = RunPlan(observed: ordered, precision: precision)
    let batch = TrialBatch(inputs: .tokens(Tensor(shape: [1, tokens.count], elements: tokens)))
    var recorder = StepRecorder(model: self, plan: plan, steps: steps)
    try run(batch, plan: plan, recorder: &recorder)
    return sites.map { site in recorder.values[ordered.firstIndex(of: site) ?? 0] }
  }
}
