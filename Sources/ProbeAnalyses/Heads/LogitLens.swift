import Foundation
import ProbeLinearAlgebra
import ProbeModels

/// What a model would predict from the residual after each layer of a prompt.
///
/// The final norm and the output head applied to every layer's residual (nostalgebraist 2020, "interpreting GPT: the
/// logit lens").
struct LogitLens {
  /// What one position predicts from one depth.
  struct Cell {
    /// The likeliest tokens with their probabilities, likeliest first.
    let top: [(token: Int, probability: Double)]
    /// The target's probability; nil without a target.
    let targetProbability: Double?
    /// How many tokens are likelier than the target; nil without a target.
    let targetRank: Int?
  }

  /// The positions shown, and the tokens there.
  let positions: Range<Int>
  let tokens: [Int]
  /// The token that should follow each position shown, or does; nil where none is known.
  let targets: [Int?]
  /// `[depth][position]`: after the embedding, then after each layer.
  let cells: [[Cell]]

  /// Runs a prompt.
  ///
  /// - Parameters:
  ///   - model: with an output head.
  ///   - tokens: of the prompt.
  ///   - targets: by position; the prompt's next token stands in where there is none.
  ///   - positions: those shown.
  ///   - count: how many tokens of each cell.
  ///   - threads: how many may run.
  ///   - precision: the run's arithmetic; the lens itself is in f64.
  /// - Throws: `ModelError` where the prompt does not fit.
  /// - Complexity: O(layers positions width vocabulary) beside the run.
  init(
    _ model: AttentionModel, tokens: [Int], targets: [Int?], positions: Range<Int>, count: Int = 5,
    threads: Int, precision: Precision = .f32
  ) throws {
    self.positions = positions
    self.tokens = Array(tokens[positions])
    let wanted = positions.map { position -> Int? in
      (position < targets.count ? targets[position] : nil)
        ?? (position + 1 < tokens.count ? tokens[position + 1] : nil)
    }
    self.targets = wanted
    let sites = ["embed"] + (0..<model.layers).map { "blocks.\($0).resid_post" }
    let residuals = try model.values(
      of: sites, tokens: tokens, steps: Array(positions), precision: precision)
    cells = residuals.map { rows in
      let logits = model.logits(of: rows, threads: threads)
      return wanted.indices.map { row in
        Cell(logits.map { Array($0.row(row)) } ?? [], target: wanted[row], count: count)
      }
    }
  }
}

extension LogitLens.Cell {
  /// Ranks logits; a target outside them counts as none.
  init(_ logits: [Double], target: Int?, count: Int) {
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - largest) }
    func probability(_ token: Int) -> Double { exp(logits[token] - largest) / sum }
    var best: [Int] = []
    for token in logits.indices {
      guard best.count < count || logits[token] > logits[best[best.count - 1]] else { continue }
      let place = best.firstIndex { logits[$0] < logits[token] } ?? best.count
      best.insert(token, at: place)
      if best.count > count { best.removeLast() }
    }
    let target = target.flatMap { logits.indices.contains($0) ? $0 : nil }
    self.init(
      top: best.map { ($0, probability($0)) }, targetProbability: target.map(probability),
      targetRank: target.map { target in logits.count { $0 > logits[target] } })
  }
}
