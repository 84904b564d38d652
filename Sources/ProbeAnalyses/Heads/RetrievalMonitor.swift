import Foundation
public import ProbeCapture
import ProbeHeads
import ProbeLinearAlgebra
public import ProbeModels

/// Ends a capture of needle prompts when the ranking of retrieval heads has settled.
///
/// Every second kept run decides; the others, of which it knows nothing, are left for scores and intervals.
public final class RetrievalMonitor: CaptureMonitor {
  private let layers: Int
  private let heads: Int
  private let rule: RankingStability
  private let state = Protected(State())

  private struct State {
    /// By trial and layer: `[step, head]`, from the first step that was recorded.
    var attended: [Int: [Int: (first: Int, values: [Double])]] = [:]
    var scores: [[Double]] = []
    var settledAfter: Int?
  }

  /// Watches a model's heads.
  public init(_ model: AttentionModel, topCount: Int = 20, seed: UInt64) {
    layers = model.layers
    heads = model.heads
    rule = RankingStability(topCount: topCount, seed: seed)
  }

  /// How many runs were made when the ranking had settled; nil where it has not.
  public var settledAfter: Int? { state.with { $0.settledAfter } }

  /// The keys that heads attend to most.
  public func wants(_ site: Site) -> Bool { site.name.hasSuffix(".attn.summary.argmax") }

  /// Keeps a run of steps.
  public func take(_ values: [Double], site: String, trial: Int, steps: Range<Int>) {
    guard let layer = site.split(separator: ".").dropFirst().first.flatMap({ Int($0) }) else { return }
    state.with { state in
      var runs = state.attended[trial, default: [:]]
      runs[layer] = (runs[layer]?.first ?? steps.lowerBound, (runs[layer]?.values ?? []) + values)
      state.attended[trial] = runs
    }
  }

  /// Scores the block's runs, and judges the ranking.
  public func isEnough(after trials: Range<Int>, of block: TrialBlock) -> Bool {
    guard let needles = block.tables["needles"], let prompts = block.tables["prompt_lengths"],
      case .tokens(let tokens) = block.batch.inputs
    else { return false }
    return state.with { state in
      for (row, trial) in trials.enumerated() {
        guard let runs = state.attended.removeValue(forKey: trial), runs.count == layers else { continue }
        let prompt = prompts.elements[row]
        let start = row * tokens.shape[1]
        let all = Array(tokens.elements[start..<start + block.batch.lengths[row]])
        let generated = Array(all[prompt...])
        var attended = [Int](repeating: 0, count: generated.count * layers * heads)
        for (layer, run) in runs {
          for step in generated.indices {
            for head in 0..<heads {
              let index = (prompt - 1 + step - run.first) * heads + head
              guard run.values.indices.contains(index) else { continue }
              attended[(step * layers + layer) * heads + head] = Int(run.values[index])
            }
          }
        }
        guard
          let run = try? RetrievalRun(
            prompt: Array(all[..<prompt]), needles: needles.needleSpans(trial: row),
            generated: generated, heads: layers * heads,
            attended: attended), run.isKept
        else { continue }
        state.scores.append(RetrievalScores(run, shamDraws: 0, seed: 0).set)
      }
      let verdict = rule.verdict(RankingStability.split(state.scores).stopping)
      if verdict.isSettled && state.settledAfter == nil { state.settledAfter = trials.upperBound }
      return verdict.isSettled
    }
  }
}

/// A value behind a lock.
private final class Protected<Value>: @unchecked Sendable {
  // `@unchecked Sendable`: the value is touched only while the lock is held.
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) { self.value = value }

  func with<Result>(_ body: (inout Value) -> Result) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return body(&value)
  }
}
