internal import Glibc

/// Evidence-driven state merging, with a tolerance of wrong labels.
///
/// Of all merges of a blue class into a red state the one with most evidence is done first: the number of pairs of labelled
/// classes that it would unite and that agree. A blue class that fits no state becomes one before anything is merged. Lang,
/// Pearlmutter and Price, "Results of the Abbadingo One DFA learning competition", ICGI 1998, doi:10.1007/BFb0054059.
///
/// With `noise` η each label may be wrong with that probability. Two right classes then have labels that differ with
/// probability 2η(1-η), and a merge that unites a + d labelled pairs of which d differ is refused where d or more would be less
/// probable than `significance` by that binomial law; its evidence is a - d. Where the sample gives a class several
/// labels, the majority counts.
///
/// - Complexity: O(states · blue classes) folds for each merge; with exact labels a merge that failed is not tried again.
public struct EDSM: PassiveLearner {
  /// The name in reports.
  public static let name = "EDSM"

  /// The output of states without a label, and of the state that symbols lead to of which the sample says nothing.
  public var unlabelledOutput: Int32
  /// The probability that a label is wrong, below 1/2.
  public var noise: Double
  /// The probability with which a right merge may be refused for its disagreements.
  public var significance: Double

  /// A learner.
  public init(unlabelledOutput: Int32 = 0, noise: Double = 0, significance: Double = 0.001) {
    precondition(noise >= 0 && noise < 0.5, "labels wrong with probability \(noise)")
    self.unlabelledOutput = unlabelledOutput
    self.noise = noise
    self.significance = significance
  }

  /// A machine that agrees with the sample, or with most of it where labels may be wrong.
  ///
  /// - Throws: ``AutomataError`` where the sample contradicts itself or has symbols or labels without a name.
  public func learn(from sample: LabelledSample) throws(AutomataError) -> MooreMachine {
    var labels = try LabelForest(sample, isExact: noise == 0)
    // Classes only grow, so with exact labels what disagreed once always will.
    var candidates = [Candidates](repeating: Candidates(), count: labels.forest.prefixCount)
    while true {
      let blue = labels.forest.blue()
      if blue.isEmpty { return labels.machine(unlabelled: unlabelledOutput) }
      var best: (state: Int32, blue: Int32, score: Int)?
      var homeless: Int32?
      for prefix in blue {
        let states =
          candidates[Int(prefix)].states + labels.forest.red[candidates[Int(prefix)].looked...]
        var left: [Int32] = []
        for state in states {
          guard let score = evidence(for: prefix, in: state, &labels.forest) else { continue }
          left.append(state)
          if score > best?.score ?? .min { best = (state, prefix, score) }
        }
        if left.isEmpty {
          homeless = prefix
          break
        }
        if noise == 0 { candidates[Int(prefix)] = Candidates(states: left, looked: labels.forest.red.count) }
      }
      if let homeless {
        labels.forest.promote(homeless)
      } else if let best {
        _ = labels.forest.fold(best.blue, into: best.state) { _, _, _ in true }
        labels.forest.keep()
      }
    }
  }

  /// The states that a class may still be merged into, of those looked at.
  private struct Candidates {
    var states: [Int32] = []
    var looked = 0
  }

  /// How many more of the labelled pairs that a merge unites agree than differ; nil where it is refused.
  private func evidence(for blue: Int32, in state: Int32, _ forest: inout MergeForest) -> Int? {
    var agreements = 0
    var differences = 0
    let isExact = noise == 0
    let isDone = forest.fold(blue, into: state) { forest, one, other in
      guard let label = LabelForest.majority(forest, one),
        let otherLabel = LabelForest.majority(forest, other)
      else { return true }
      if label == otherLabel { agreements += 1 } else { differences += 1 }
      return !isExact || differences == 0
    }
    forest.undo()
    if !isDone { return nil }
    if differences > 0 {
      let tail = Self.binomialTail(
        agreements + differences, from: differences, probability: 2 * noise * (1 - noise))
      if tail < significance { return nil }
    }
    return agreements - differences
  }

  /// The probability of at least `least` successes in `trials`.
  ///
  /// - Complexity: O(least).
  static func binomialTail(_ trials: Int, from least: Int, probability: Double) -> Double {
    if least <= 0 { return 1 }
    if least > trials || probability == 0 { return 0 }
    var logarithm = Double(trials) * log1p(-probability)
    var below = 0.0
    for count in 0..<least {
      below += exp(logarithm)
      logarithm += log(Double(trials - count) / Double(count + 1) * probability / (1 - probability))
    }
    return max(0, 1 - below)
  }
}
