import Foundation
import ProbeLinearAlgebra
import ProbeModels
import Synchronization
import Testing

@testable import ProbeCapture

@Suite("A capture run")
struct CaptureRunnerTests {
  private let trials = ToyTrials(trialCount: 100, steps: 12, shortening: 3)

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  @Test(
    "gives the same bytes whatever the number of threads", arguments: [CaptureCompression.none, .deflate])
  func threads(compression: CaptureCompression) throws {
    let folder = try TemporaryFolder()
    for threads in [1, 2, 5] {
      let options = CaptureOptions(sites: [0, 1, 2], compression: compression, threads: threads)
      _ = try toyRunner(trials, options: options).run(to: folder.file("\(threads).h5"))
    }
    let first = try bytes(folder.file("1.h5"))
    #expect(try bytes(folder.file("2.h5")) == first)
    #expect(try bytes(folder.file("5.h5")) == first)
  }

  @Test("reports its progress block by block, and what it came to")
  func progress() throws {
    let folder = try TemporaryFolder()
    let seen = Mutex<[Int]>([])
    let summary = try toyRunner(trials, options: CaptureOptions(sites: [0], threads: 3)).run(
      to: folder.file("a.h5"), progress: { now in seen.withLock { $0.append(now.trialsDone) } })
    #expect(seen.withLock { $0 } == [16, 32, 48, 64, 80, 96, 100])
    #expect(summary.trials == 100)
    #expect(summary.resumedTrials == 0)
    let steps = (0..<100).reduce(0) { $0 + trials.length(of: $1) }
    #expect(summary.steps == steps)
    #expect(summary.rawBytes == steps * 5 * 4)
    #expect(try summary.storedBytes == bytes(folder.file("a.h5")).count)
    #expect(!FileManager.default.fileExists(atPath: folder.file("a.h5.partial")))
  }

  @Test(
    "that fails keeps the trials before the failed block, and resumes to the same values", arguments: [1, 3])
  func resume(threads: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let options = CaptureOptions(sites: [0, 2], threads: threads)
    #expect(throws: ToyModel.Failure()) {
      _ = try toyRunner(trials, model: .small.failing(at: 70), options: options).run(to: path)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    let partial = try CaptureReader(path + ".partial").metadata
    #expect(partial.done == (0..<100).map { $0 < 64 })
    #expect(!partial.isComplete)
    #expect(
      partial.warnings == ["\(path).partial is incomplete: 64 of 100 trials are in; only those are used"])

    var again = options
    #expect(throws: CaptureError.unfinished(file: path + ".partial")) {
      _ = try toyRunner(trials, options: again).run(to: path)
    }
    again.resume = true
    let summary = try toyRunner(trials, options: again).run(to: path)
    #expect(summary.resumedTrials == 64)
    _ = try toyRunner(trials, options: options).run(to: folder.file("whole.h5"))
    try expectSame(path, folder.file("whole.h5"))
  }

  @Test("that was killed in the middle of a block resumes to the same values")
  func killed() throws {
    let folder = try TemporaryFolder()
    let (path, copy) = (folder.file("a.h5"), folder.file("copy.h5"))
    let options = CaptureOptions(sites: [0, 2], threads: 1)
    var model = ToyModel.small
    // The file as it is on the disk while the sixth block is half written: what a SIGKILL leaves.
    model.hook = { trial in
      if trial == 90 && !FileManager.default.fileExists(atPath: copy + ".partial") {
        try FileManager.default.copyItem(atPath: path + ".partial", toPath: copy + ".partial")
      }
    }
    _ = try toyRunner(trials, model: model, options: options).run(to: path)
    let left = try CaptureReader(copy + ".partial").metadata
    #expect(left.done.count { $0 } == 80)
    var again = options
    again.resume = true
    let summary = try toyRunner(trials, options: again).run(to: copy)
    #expect(summary.resumedTrials == 80)
    try expectSame(path, copy)
  }

  @Test("stops between blocks when it is asked to, and can be resumed")
  func cancelled() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let done = Mutex(0)
    var options = CaptureOptions(sites: [0])
    #expect(throws: CaptureError.cancelled(file: path + ".partial", trialsDone: 64, trials: 100)) {
      _ = try toyRunner(trials, options: options).run(
        to: path, progress: { now in done.withLock { $0 = now.trialsDone } },
        isCancelled: { done.withLock { $0 >= 64 } })
    }
    options.resume = true
    #expect(try toyRunner(trials, options: options).run(to: path).resumedTrials == 64)
  }

  @Test("never touches an output that is there, unless told to, and then only when it is whole")
  func existing() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
    var options = CaptureOptions(sites: [0])
    for resume in [false, true] {
      options.resume = resume
      #expect(throws: CaptureError.exists(file: path)) {
        _ = try toyRunner(trials, options: options).run(to: path)
      }
    }
    options = CaptureOptions(sites: [0], force: true)
    #expect(throws: ToyModel.Failure()) {
      _ = try toyRunner(trials, model: .small.failing(at: 40), options: options).run(to: path)
    }
    #expect(try bytes(path) == Data("precious".utf8))
    _ = try toyRunner(trials, options: options).run(to: path)
    #expect(try CaptureReader(path).metadata.isComplete)
  }

  @Test("is not resumed by another command, and says what differs")
  func otherCommand() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let options = CaptureOptions(sites: [0, 2], resume: true)
    #expect(throws: ToyModel.Failure()) {
      _ = try toyRunner(trials, model: .small.failing(at: 70), options: options).run(to: path)
    }
    func fault(_ change: (inout CaptureOptions) -> Void, trials other: ToyTrials? = nil) -> String {
      var changed = options
      change(&changed)
      do {
        _ = try toyRunner(other ?? trials, options: changed).run(to: path)
        return "it ran"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      fault({ $0.sites = [0] }).contains("its sites are sites/layers.0.hidden, sites/readout, this command's")
    )
    #expect(fault({ $0.type = .f16 }).contains("holds float32, this command's float16"))
    #expect(fault({ $0.precision = .f64 }).contains("its / precision is 'f32', this command's is 'f64'"))
    #expect(fault({ $0.compression = .none }).contains("its compression is not none"))
    #expect(fault({ _ in }, trials: ToyTrials(trialCount: 99, steps: 12)).contains("has shape [100, 12, 5]"))
    try Data("no capture".utf8).write(to: URL(fileURLWithPath: path + ".partial"))
    #expect(fault({ _ in }).hasPrefix("cannot resume \(path).partial: "))
    #expect(fault({ _ in }).hasSuffix("give --force to start anew"))
  }

  @Test("on a full device says so once, and leaves no output")
  func full() throws {
    // /dev/full takes every open and refuses every byte with ENOSPC.
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    try FileManager.default.createSymbolicLink(atPath: path + ".partial", withDestinationPath: "/dev/full")
    #expect(throws: CaptureError.noSpace(file: path + ".partial")) {
      _ = try toyRunner(trials, options: CaptureOptions(sites: [0], threads: 2, force: true)).run(to: path)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("in a folder that is not there is an error that names the file")
  func noFolder() {
    #expect {
      _ = try toyRunner(trials, options: CaptureOptions(sites: [0])).run(to: "/nonexistent/a.h5")
    } throws: { "\($0)".hasPrefix("cannot write /nonexistent/a.h5.partial: ") }
  }

  @Test("of no trials, no steps, no sites or trials that change their kind is an error")
  func nothing() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    for empty in [ToyTrials(trialCount: 0, steps: 3), ToyTrials(trialCount: 3, steps: 0)] {
      #expect(throws: CaptureError.self) {
        _ = try toyRunner(empty, options: CaptureOptions(sites: [0])).run(to: path)
      }
    }
    #expect(throws: CaptureError.self) {
      _ = try toyRunner(trials, options: CaptureOptions(sites: [])).run(to: path)
    }
    let runner = CaptureRunner(
      model: ToyModel.small, source: ChangingTrials(),
      description: CaptureDescription(model: ToyModel.small.identity, command: "", programVersion: ""),
      options: CaptureOptions(sites: [0]))
    #expect {
      _ = try runner.run(to: path)
    } throws: { "\($0)".hasPrefix("the trials do not fit together: trials 8..<16:") }
  }

  @Test("cuts steps of more than 1 MiB, and puts them together again")
  func wideSteps() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let model = ToyModel(sites: [Site(name: "wide", axes: ["head", "key"], shape: [3, 99_991], role: .gate)])
    _ = try toyRunner(
      ToyTrials(trialCount: 1, steps: 2), model: model, options: CaptureOptions(sites: [0])
    ).run(to: path)
    let values: Tensor<Float> = try CaptureReader(path).values(of: "wide", steps: 1..<2)
    #expect(values.shape == [1, 1, 3, 99_991])
    for element in stride(from: 0, to: 3 * 99_991, by: 577) {
      #expect(values.elements[element] == Float(ToyModel.value(trial: 0, step: 1, site: 0, element: element)))
    }
  }

  private func expectSame(_ left: String, _ right: String) throws {
    let (left, right) = (try CaptureReader(left), try CaptureReader(right))
    #expect(left.metadata.isComplete && right.metadata.isComplete)
    #expect(left.metadata.lengths == right.metadata.lengths)
    for site in right.metadata.sites {
      let first: Tensor<Float> = try left.values(of: site.name)
      let second: Tensor<Float> = try right.values(of: site.name)
      // Bits, because NaN is not equal to itself.
      #expect(first.elements.map(\.bitPattern) == second.elements.map(\.bitPattern))
    }
    #expect(try left.labels() == right.labels())
    #expect(try left.targets() == right.targets())
    #expect(try left.contentHash() == right.contentHash())
  }
}

/// Trials whose second block has other features than the first.
private struct ChangingTrials: TrialSource {
  let trialCount = 16
  let steps = 3

  func block(_ trials: Range<Int>) -> TrialBlock {
    let features = trials.lowerBound == 0 ? 2 : 4
    return TrialBlock(
      batch: TrialBatch(inputs: .values(Tensor(shape: [trials.count, 3, features], repeating: 0))))
  }
}
