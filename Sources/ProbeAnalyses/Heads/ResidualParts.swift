import ProbeLinearAlgebra
import ProbeModels

/// What the parts of a model added to the residual at chosen steps of some prompts.
struct ResidualParts {
  /// A prompt with steps that have a target.
  struct Prompt {
    let tokens: [Int]
    let steps: [Int]
    /// By step: the token that should follow.
    let targets: [Int]
  }

  let model: AttentionModel
  let prompts: [Prompt]
  /// The prompt of each row.
  let owners: [Int]
  /// `[row, width]`.
  let embedding: Matrix<Double>
  /// By layer: the heads' weighted values, `[row, heads * headSize]`.
  let heads: [Matrix<Double>]
  /// By layer: the perceptron's output, `[row, width]`.
  let perceptrons: [Matrix<Double>]
  /// The residual after the last block, `[row, width]`.
  let last: Matrix<Double>
  /// What the output head reads, `[row, width]`.
  let normed: Matrix<Double>

  /// Why a model's logits are no sum of what its parts add, or nil.
  static func obstacle(_ model: AttentionModel) -> String? {
    guard let head = model.parts.head else { return "the model has no output head" }
    if model.parts.patches != nil || head.mean != nil { return "the model reads images" }
    if head.transform != nil { return "the output head has a nonlinear layer before the logits" }
    if model.parts.blocks.contains(where: { $0.middleNorm != nil || $0.finalNorm != nil }) {
      return "its blocks normalise the residual itself"
    }
    return model.layers == 0 ? "the model has no layers" : nil
  }

  /// Runs prompts.
  ///
  /// - Throws: `ModelError` where a prompt does not fit.
  init(
    _ model: AttentionModel, prompts: [Prompt], threads: Int, precision: Precision = .f32
  ) throws {
    let layers = 0..<model.layers
    let hasNorm = model.parts.finalNorm != nil
    let names =
      ["embed"] + layers.map { "blocks.\($0).attn.z" } + layers.map { "blocks.\($0).mlp_out" }
      + ["blocks.\(model.layers - 1).resid_post"] + (hasNorm ? ["ln_final"] : [])
    let runs = try concurrentMap(count: prompts.count, threads: threads) { index in
      try model.values(
        of: names, tokens: prompts[index].tokens, steps: prompts[index].steps, precision: precision)
    }
    func stacked(_ place: Int) -> Matrix<Double> {
      Matrix(
        rows: runs.reduce(0) { $0 + $1[place].rows }, columns: runs.first?[place].columns ?? 0,
        elements: runs.flatMap { $0[place].elements })
    }
    self.model = model
    self.prompts = prompts
    owners = prompts.indices.flatMap { Array(repeating: $0, count: prompts[$0].steps.count) }
    embedding = stacked(0)
    heads = layers.map { stacked(1 + $0) }
    perceptrons = layers.map { stacked(1 + model.layers + $0) }
    last = stacked(1 + 2 * model.layers)
    normed = stacked(hasNorm ? names.count - 1 : 1 + 2 * model.layers)
  }
}
