import ProbeLinearAlgebra
import ProbeModels

/// What heads write while a model runs: their mean outputs, and the mean norms of what they add to the residual stream.
///
/// The norm of z W_O is taken as sqrt(z G z) with G = W_O W_O', which is as small as the head.
struct HeadOutputs: Recorder {
  private(set) var means: HeadMeans
  /// `[layer][head]`: W_O W_O', `[headSize, headSize]`.
  private let grams: [[Matrix<Double>]]
  private var sums: [[Double]]
  private var counts: [Int]

  /// Nothing seen yet.
  init(_ model: AttentionModel) {
    means = HeadMeans(model)
    grams = model.parts.blocks.map { block in
      let attention = block.attention
      let weight = attention.output.weight.matrix(0..<attention.output.weight.outputs)
      return (0..<attention.heads).map { head in
        var part = Matrix<Double>(rows: attention.headSize, columns: weight.rows)
        for unit in 0..<attention.headSize {
          for output in 0..<weight.rows {
            part[unit, output] = weight[output, head * attention.headSize + unit]
          }
        }
        return part * part.transposed
      }
    }
    sums = grams.map { [Double](repeating: 0, count: $0.count) }
    counts = grams.map { _ in 0 }
  }

  /// Adds a run of steps; the plan observes `means.sites`, which are of the layers in order.
  mutating func record<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) {
    means.record(values, site: site, trial: trial, steps: steps)
    guard let size = grams[site].first?.rows else { return }
    let width = grams[site].count * size
    for head in grams[site].indices {
      var rows = Matrix<Double>(rows: steps.count, columns: size)
      for row in 0..<steps.count {
        for unit in 0..<size { rows[row, unit] = Double(values[row * width + head * size + unit]) }
      }
      let turned = rows * grams[site][head]
      for row in 0..<steps.count {
        var square = 0.0
        for unit in 0..<size { square += rows[row, unit] * turned[row, unit] }
        sums[site][head] += max(0, square).squareRoot()
      }
    }
    counts[site] += steps.count
  }

  /// The mean norm of what each head adds, `[layer * heads + head]`.
  var norms: [Double] {
    zip(sums, counts).flatMap { sums, count in sums.map { count > 0 ? $0 / Double(count) : 0 } }
  }

  /// Runs prompts, and sums what heads write over all of their steps.
  ///
  /// - Throws: what the run throws.
  static func of(
    _ prompts: [[Int]], model: AttentionModel, precision: Precision, threads: Int
  ) throws -> HeadOutputs {
    var outputs = HeadOutputs(model)
    let plan = RunPlan(observed: outputs.means.sites, precision: precision, threads: threads)
    for tokens in prompts {
      let batch = TrialBatch(inputs: .tokens(Tensor(shape: [1, tokens.count], elements: tokens)))
      try model.run(batch, plan: plan, recorder: &outputs)
    }
    return outputs
  }
}
