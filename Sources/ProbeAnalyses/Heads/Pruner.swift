import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// Prunes heads on the prompts of one capture; runs that are wanted twice are made once.
final class Pruner {
  let prompts: [TaskPrompts.Prompt]
  private let accuracy: TaskAccuracy
  private let outputs: HeadOutputs
  private let headsPerLayer: Int
  private let threads: Int
  private var known: [Key: [Double]] = [:]

  private struct Key: Hashable {
    let heads: [Int]
    let ablation: CausalOptions.Ablation?
  }

  /// Runs the prompts once for what the heads write.
  ///
  /// - Throws: what the run throws.
  init(_ accuracy: TaskAccuracy, prompts: [TaskPrompts.Prompt], threads: Int) throws {
    self.accuracy = accuracy
    self.prompts = prompts
    self.threads = threads
    headsPerLayer = accuracy.model.heads
    outputs = try HeadOutputs.of(
      prompts.map(\.tokens), model: accuracy.model, precision: accuracy.precision, threads: threads)
  }

  /// The scores of the prompts with each of some sets of heads taken out; one array a set.
  private func scores(_ sets: [[Int]], _ ablation: CausalOptions.Ablation?) throws
    -> [[Double]]
  {
    let keys = sets.map { Key(heads: $0.sorted(), ablation: $0.isEmpty ? nil : ablation) }
    var missing: [Key] = []
    for key in keys where known[key] == nil && !missing.contains(key) { missing.append(key) }
    let replacement: HeadAblation.Replacement =
      switch ablation {
      case .zero, nil: .zero
      case .mean: .mean(outputs.means.means)
      case .uniform: .uniform
      }
    let count = prompts.count
    let (todo, prompts, accuracy, width) = (missing, prompts, accuracy, headsPerLayer)
    let values = try concurrentMap(count: todo.count * count, threads: threads) { index in
      let heads = todo[index / count].heads.map { HeadIndex(layer: $0 / width, head: $0 % width) }
      return try accuracy.score(prompts[index % count], without: heads, replacement: replacement)
    }
    for (index, key) in missing.enumerated() {
      known[key] = Array(values[index * count..<(index + 1) * count])
    }
    return keys.map { known[$0] ?? [] }
  }

  /// Prunes the best heads of a ranking, and random ones.
  ///
  /// - Parameters:
  ///   - ranking: heads, best first.
  ///   - sizes: how many are pruned.
  ///   - ablation: what stands in their place.
  ///   - draws: random sets of each size.
  ///   - bootstrap: how intervals are drawn; the draws of heads follow from its seed too.
  ///   - progress: told the share of the sizes that are done.
  /// - Returns: one point a size.
  /// - Throws: what the runs throw.
  func points(
    _ ranking: [Int], sizes: [Int], ablation: CausalOptions.Ablation, draws: Int,
    bootstrap: PromptBootstrap, progress: (Double) -> Void
  ) throws -> [PruningCurve.Point] {
    let norms = outputs.norms
    let all = norms.indices.map { MatchedDraws.Head(layer: $0 / headsPerLayer, outputNorm: norms[$0]) }
    let intact = try scores([[]], nil)[0]
    var points: [PruningCurve.Point] = []
    for (index, size) in sizes.enumerated() {
      progress(Double(index) / Double(sizes.count))
      let chosen = Array(ranking.prefix(size))
      let drawn = try MatchedDraws(
        all, chosen: chosen, draws: draws, seed: bootstrap.seed &+ UInt64(size))
      let results = try scores([chosen] + drawn.draws, ablation)
      points.append(
        PruningCurve.Point(
          comparison: try PruningPoint(
            heads: size, intact: intact, pruned: results[0], random: Array(results.dropFirst()),
            bootstrap: bootstrap),
          heads: chosen, unmatched: drawn.unmatched.values.reduce(0, +), distinct: drawn.distinct))
    }
    return points
  }
}
