internal import Foundation
internal import ProbeLinearAlgebra
public import ProbeModels

/// How far a capture is.
public struct CaptureProgress: Sendable, Equatable {
  /// Trials that are wholly in the file.
  public let trialsDone: Int
  /// All trials.
  public let trials: Int
  /// Bytes of chunks written by this run.
  public let bytesWritten: Int
}

/// What a capture came to.
public struct CaptureSummary: Sendable, Equatable {
  /// Trials that are in the file: all, unless a monitor ended the run.
  public let trials: Int
  /// Trials that an earlier, unfinished run had written.
  public let resumedTrials: Int
  /// Valid time steps of the trials of this run.
  public let steps: Int
  /// Bytes of the recorded sites before compression, for the trials of this run.
  public let rawBytes: Int
  /// Bytes of the file.
  public let storedBytes: Int
  /// Wall time.
  public let seconds: Double
}

/// Runs a model over trials and records the chosen sites into a capture file.
///
/// Worker threads take blocks of trials in turn, run the model, and shuffle and compress its chunks; finished chunks
/// are written in the order of the blocks, whoever finished them. What is stored depends on the trials and the options,
/// never on the number of threads.
public struct CaptureRunner: Sendable {
  /// The model.
  public let model: any SequenceModel
  /// Its trials.
  public let source: any TrialSource
  /// What is written beside the values.
  public let description: CaptureDescription
  /// The choices.
  public let options: CaptureOptions

  /// Thrown by nobody: a monitor's wish to stop, as the turns know it.
  private struct Enough: Error {}

  /// Finished chunks that may wait for their turn, over all workers, in bytes.
  private static let waitingBudget = 256 << 20

  /// Gathers the parts.
  public init(
    model: any SequenceModel, source: any TrialSource, description: CaptureDescription,
    options: CaptureOptions
  ) {
    self.model = model
    self.source = source
    self.description = description
    self.options = options
  }

  /// Writes the capture.
  ///
  /// - Parameters:
  ///   - output: the file's path; it appears there when it is whole.
  ///   - progress: called after every block, by one thread at a time.
  ///   - isCancelled: asked before every block; where it says so, the unfinished file is left to be resumed.
  /// - Returns: counts, sizes and the time it took.
  /// - Throws: ``CaptureError``, and whatever the model or the source throw. An output that was there is untouched.
  public func run(
    to output: String, progress: @escaping @Sendable (CaptureProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> CaptureSummary {
    let start = DispatchTime.now().uptimeNanoseconds
    let layout = try makeLayout()
    let writer = try CaptureWriter(
      output: output, description: description, layout: layout, options: options)
    let pending = (0..<layout.blockCount).filter { block in
      layout.trialRange(ofBlock: block).contains { !writer.done[$0] }
    }
    let resumed = writer.done.count { $0 }
    let turns = OrderedTurns(count: pending.count)
    let counts = TurnCounts()
    let workers = model.workers(of: options.threads, blocks: pending.count, steps: layout.steps)
    let inner = max(1, options.threads / workers)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while let ticket = turns.take() {
        do {
          if isCancelled() {
            throw CaptureError.cancelled(file: writer.partial, trialsDone: 0, trials: layout.trials)
          }
          let sink = TurnSink(
            turns: turns, ticket: ticket, writer: writer, budget: Self.waitingBudget / workers)
          let (steps, bytes, isEnough) = try runBlock(
            pending[ticket], layout: layout, threads: inner, sink: sink)
          counts.add(steps: steps, bytes: bytes)
          progress(
            CaptureProgress(
              trialsDone: writer.done.count { $0 }, trials: layout.trials, bytesWritten: writer.chunkBytes))
          // A failure behind this block stops those that come later, whoever is at work on them.
          if isEnough { turns.fail(ticket, Enough()) }
          turns.end(ticket)
        } catch {
          turns.fail(ticket, error)
        }
      }
    }
    if let error = turns.firstError, !(error is Enough) {
      let done = writer.done.count { $0 }
      try? writer.close()
      if case CaptureError.cancelled(let file, _, let trials) = error {
        throw CaptureError.cancelled(file: file, trialsDone: done, trials: trials)
      }
      throw error
    }
    let made = writer.done.count { $0 }
    let stored = try writer.finish()
    return CaptureSummary(
      trials: made, resumedTrials: resumed, steps: counts.steps, rawBytes: counts.bytes,
      storedBytes: stored, seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
  }

  private func makeLayout() throws -> CaptureLayout {
    guard source.trialCount > 0, source.steps > 0 else {
      throw CaptureError.trials(
        fault: "there are \(source.trialCount) trials of \(source.steps) steps; at least one of one is needed"
      )
    }
    guard !options.sites.isEmpty else {
      throw CaptureError.site(pattern: "", known: model.sites.map(\.name))
    }
    let selection = try options.heads.map { heads throws(CaptureError) in
      try HeadSelection(heads, sites: model.sites)
    }
    let sites = options.sites.map { model.sites[$0] }.map { selection?.narrowed($0) ?? $0 }
    return try CaptureLayout(
      trials: source.trialCount, steps: source.steps, sites: sites,
      modelSites: model.holdsEverySite ? model.sites : sites,
      first: source.block(0..<1), type: options.type, precision: options.precision,
      compression: options.compression, heads: selection?.heads)
  }

  /// Runs one block of trials; returns when it is written and its turn not yet passed on.
  private func runBlock(
    _ index: Int, layout: CaptureLayout, threads: Int, sink: TurnSink
  ) throws -> (steps: Int, bytes: Int, isEnough: Bool) {
    let trials = layout.trialRange(ofBlock: index)
    var block = try source.block(trials)
    try layout.check(block, trials: trials)
    let encoder = try ChunkEncoder(compression: layout.compression, limit: layout.largestChunk)
    let prompts = block.batch.lengths
    let most = block.generation.map { zip(prompts, $0.maximumNewTokens).map { $0 + $1 } } ?? prompts
    if let trial = most.firstIndex(where: { $0 > layout.steps }) {
      throw CaptureError.trials(
        fault: "trial \(trials.lowerBound + trial) may come to \(most[trial]) steps of \(layout.steps)")
    }
    var recorder = ChunkRecorder(
      layout: layout, trials: trials, lengths: most,
      promptLengths: prompts, positions: options.positions, encoder: encoder, sink: sink)
    if block.generation == nil { try recorder.recordInputs(of: block, layout: layout) }
    let plan = RunPlan(
      observed: options.sites, precision: options.precision, timeBlock: layout.timeBlock, threads: threads,
      interventions: options.interventions, firstTrial: trials.lowerBound, generation: block.generation,
      recordsGenerationOnly: options.positions == .generation)
    if let heads = options.heads {
      let selection = try HeadSelection(heads, sites: model.sites)
      var widths: [Int: Int] = [:]
      for (position, index) in options.sites.enumerated() where selection.applies(to: model.sites[index]) {
        widths[position] = model.sites[index].shape.dropFirst().reduce(1, *)
      }
      var chosen = HeadSelectingRecorder(base: recorder, selection: selection, widths: widths)
      try model.run(block.batch, plan: plan, recorder: &chosen)
      recorder = chosen.base
    } else if let monitor = options.monitor {
      var wanted: [Int: String] = [:]
      for (position, site) in options.sites.enumerated() where monitor.wants(model.sites[site]) {
        wanted[position] = model.sites[site].name
      }
      var watched = MonitoredRecorder(
        base: recorder, monitor: monitor, wanted: wanted, firstTrial: trials.lowerBound)
      try model.run(block.batch, plan: plan, recorder: &watched)
      recorder = watched.base
    } else {
      try model.run(block.batch, plan: plan, recorder: &recorder)
    }
    if block.generation != nil {
      block.append(recorder.generated)
      try recorder.recordInputs(of: block, layout: layout)
    }
    var finished = try recorder.finish()
    try finished.waitForTurn()
    try finished.writer.finishBlock(trials, block: block)
    let isEnough = options.monitor?.isEnough(after: trials, of: block) ?? false
    let steps = block.batch.lengths.reduce(0, +)
    let stepBytes = layout.channels.prefix(layout.siteCount).reduce(0) { $0 + $1.stepBytes }
    return (steps, steps * stepBytes, isEnough)
  }
}

extension SequenceModel {
  /// How many blocks of trials run side by side.
  ///
  /// An attention model's long trials run one after the other, each on all threads: their keys and values would add up.
  fileprivate func workers(of threads: Int, blocks: Int, steps: Int) -> Int {
    let isLong = !holdsEverySite && steps > 4096
    return isLong ? 1 : max(1, min(threads, blocks))
  }
}

extension TrialBlock {
  /// Puts generated tokens behind the prompts.
  mutating func append(_ generated: [[Int]]) {
    guard case .tokens(var tensor) = batch.inputs else { return }
    for (trial, tokens) in generated.enumerated() {
      let start = trial * tensor.shape[1] + batch.lengths[trial]
      for (index, token) in tokens.enumerated() { tensor.elements[start + index] = token }
      batch.lengths[trial] += tokens.count
    }
    batch.inputs = .tokens(tensor)
  }
}

/// Sums over the blocks of a run.
private final class TurnCounts: @unchecked Sendable {
  // `@unchecked Sendable`: added to only by the holder of the turn, and read after all workers have returned.
  private(set) var steps = 0
  private(set) var bytes = 0

  func add(steps: Int, bytes: Int) {
    self.steps += steps
    self.bytes += bytes
  }
}
