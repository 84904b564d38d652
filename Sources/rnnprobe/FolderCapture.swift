import Foundation
import ProbeCapture
import ProbeHDF5
import ProbeLinearAlgebra
import ProbeModels

/// Captures the recurrent models of a folder side by side.
///
/// As many models run at once as there are threads, each on one thread; where there are fewer models, each has its share of
/// the threads. What a capture holds does not depend on it.
struct FolderCapture: Sendable {
  /// What became of one model.
  enum Outcome: Sendable {
    case captured(CaptureSummary)
    /// An earlier run's capture of these trials was kept.
    case kept(trials: Int)
    case failed(any Error)
    /// Stopped, or never begun.
    case stopped
  }

  let command: CaptureCommand
  let plan: CapturePlan

  /// Captures all, prints a line for each in the order of the files, and names those that failed at the end.
  ///
  /// - Throws: ``FolderCaptureError`` where a model failed or the run was stopped.
  func run(_ choices: CaptureCommand.Choices) throws {
    // A library without its own lock serves one thread.
    let workers = HDF5Library.isThreadSafe ? min(command.common.threads, plan.items.count) : 1
    let threads = max(1, command.common.threads / workers)
    let log = FolderCaptureLog(plan: plan, isSilent: command.common.json)
    concurrentFor(count: plan.items.count, threads: workers) { index in
      log.end(index, outcome(of: plan.items[index], threads: threads, choices: choices, log: log))
    }
    let outcomes = log.outcomes
    if command.common.json {
      try CaptureCommand.printJSON(zip(plan.items, outcomes).map { Self.object($0, $1) })
    }
    let error = FolderCaptureError(folder: command.model, plan: plan, outcomes: outcomes)
    if let error { throw error }
  }

  private func outcome(
    of item: CapturePlan.Item, threads: Int, choices: CaptureCommand.Choices, log: FolderCaptureLog
  ) -> Outcome {
    if choices.interruption.hasCome { return .stopped }
    do {
      let job = try command.recurrentJob(file: item.file, given: choices.given)
      if command.resume, try isComplete(item.target, of: job) { return .kept(trials: job.source.trialCount) }
      return .captured(
        try command.capture(job, to: item.target, threads: threads, choices: choices) { _, _ in
          log.show(item.name)
        })
    } catch CaptureError.cancelled {
      return .stopped
    } catch {
      return .failed(error)
    }
  }

  /// Whether a capture of the same model and trials is there already.
  ///
  /// - Throws: ``CommandError`` where a capture of something else has its name.
  private func isComplete(_ target: String, of job: CaptureJob) throws -> Bool {
    guard !command.force, FileManager.default.fileExists(atPath: target) else { return false }
    let found = try CaptureReader(target).metadata
    guard found.isComplete, found.model?.sha256 == job.model.identity.sha256,
      found.task?.generator == job.task?.generator, found.task?.parameters == job.task?.parameters,
      found.trials == job.source.trialCount
    else {
      throw CommandError.wrong(
        "\(target) is a capture of other weights or trials; give --force to replace it, or another folder with -o"
      )
    }
    return true
  }

  private static func object(_ item: CapturePlan.Item, _ outcome: Outcome) -> [String: Any] {
    switch outcome {
    case .captured(let summary): summary.object(item.target)
    case .kept(let trials): ["output": item.target, "trials": trials, "skipped": true]
    case .failed(let error): ["model": item.file, "error": "\(error)"]
    case .stopped: ["model": item.file, "stopped": true]
    }
  }
}

/// Keeps what became of each model, and prints it in the order of the files.
///
/// `@unchecked Sendable`: the variables are touched only while `lock` is held.
private final class FolderCaptureLog: @unchecked Sendable {
  private let lock = NSLock()
  private let plan: CapturePlan
  private let isSilent: Bool
  private let line = ProgressLine()
  private let begin = ContinuousClock.now
  private var found: [FolderCapture.Outcome?]
  private var ended = 0
  private var printed = 0

  init(plan: CapturePlan, isSilent: Bool) {
    (self.plan, self.isSilent) = (plan, isSilent)
    found = Array(repeating: nil, count: plan.items.count)
  }

  /// All outcomes, when all have ended.
  var outcomes: [FolderCapture.Outcome] { lock.withLock { found.map { $0 ?? .stopped } } }

  /// Shows how many networks are done, and one that is running.
  func show(_ name: String) { lock.withLock { showLine(name) } }

  /// Takes note of a model's end; prints it once all before it have ended.
  func end(_ index: Int, _ outcome: FolderCapture.Outcome) {
    lock.withLock {
      found[index] = outcome
      ended += 1
      while printed < found.count, let outcome = found[printed] {
        printLine(outcome, plan.items[printed].target)
        printed += 1
      }
      if ended == found.count { line.end() } else { showLine(plan.items[index].name) }
    }
  }

  private func showLine(_ name: String) {
    let elapsed = (ContinuousClock.now - begin) / .seconds(1)
    let rest = elapsed / Double(max(1, ended)) * Double(found.count - ended)
    line.show(
      "\(ended) of \(found.count) networks, \(name)"
        + (ended > 0 ? ", \(ProgressLine.duration(rest)) left" : ""))
  }

  private func printLine(_ outcome: FolderCapture.Outcome, _ target: String) {
    let text: String
    switch outcome {
    case .captured(let summary): text = summary.text(target)
    case .kept: text = "\(target): complete already"
    case .failed, .stopped: return
    }
    guard !isSilent else { return }
    line.end()
    print(text)
  }
}
