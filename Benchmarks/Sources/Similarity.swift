import ArgumentParser
import ProbeDegeneracy
import ProbeLinearAlgebra

/// Similarity of representations that a peer is given too.
struct Similarity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "similarity",
    abstract: "Time linear CKA and the Procrustes distance of every pair of networks.",
    discussion: "The file holds 32-bit floating-point numbers, [networks, samples, units].")

  @Argument(help: "A file of states.") var file: String
  @Option(help: "Samples a network.") var samples: Int
  @Option(help: "Units.") var units: Int
  @Option(help: "Repetitions; the median is printed.") var repeats = 3
  @Option(help: "Threads.") var threads = 1

  func run() throws {
    BLASLibrary.useOneThread()
    let states = try NumberFile.matrices(file, rows: samples, columns: units, as: Float.self)
    let pairs = NetworkPair.all(states.count)
    let metrics: [(String, any RepresentationMetric)] = [
      ("cka", KernelAlignment(.biased)), ("procrustes", ShapeDistance(.angular)),
    ]
    for (name, metric) in metrics {
      try time(name, repeats: repeats) {
        let factors = try concurrentMap(count: states.count, threads: threads) {
          try RepresentationFactors(name: "\($0)", states: states[$0])
        }
        return try RepresentationComparison([metric]).outcomes(of: factors, pairs: pairs, threads: threads)
          .map { $0[0].value?.forward ?? .nan }
      }
    }
  }
}
