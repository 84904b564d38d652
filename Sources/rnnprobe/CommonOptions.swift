public import ArgumentParser
import Foundation
public import ProbeModels

/// Options that mean the same everywhere.
struct CommonOptions: ParsableArguments {
  @Option(help: "Threads; results do not depend on it. Default: the processors there are.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount
  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 0
  @Flag(help: "Print the summary as JSON.")
  var json = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads must be at least 1") }
  }
}

extension Precision: ExpressibleByArgument {}

/// What the weights cannot say.
struct ModelOptions: ParsableArguments {
  @Option(help: "The cell, where the file leaves it open; see rnnprobe list cells.")
  var cell: String?
  @Option(help: "The prefix of the recurrent tensors, where the file holds several.")
  var prefix: String?
  @Option(help: "The embedding's tensor.")
  var embedding: String?
  @Option(help: "The readout's weight tensor.")
  var readout: String?

  var request: ModelRequest {
    var request = ModelRequest()
    request.cell = cell
    request.prefix = prefix
    request.embedding = embedding
    request.readout = readout
    return request
  }
}

/// Whether SIGINT or SIGTERM has arrived; a second one ends the program.
///
/// `@unchecked Sendable`: the flag is touched only while `lock` is held; the sources are set up once.
final class Interruption: @unchecked Sendable {
  private let lock = NSLock()
  private var flag = false
  private var sources: [any DispatchSourceSignal] = []

  /// Takes the two signals over from its first use on: who never asks is interrupted as usual.
  static let first = Interruption()

  /// Takes the two signals over for the rest of the program.
  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.set() }
      source.resume()
      sources.append(source)
    }
  }

  var hasCome: Bool {
    lock.lock()
    defer { lock.unlock() }
    return flag
  }

  private func set() {
    lock.lock()
    defer { lock.unlock() }
    if flag { exit(ExitStatus.failed.rawValue) }
    flag = true
  }
}
