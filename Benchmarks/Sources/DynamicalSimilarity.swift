import ArgumentParser
import ProbeDegeneracy
import ProbeLinearAlgebra

/// Dynamical similarity of networks whose trajectories a peer is given too.
struct DynamicalSimilarity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dsa",
    abstract: "Time delay-embedded linear models of networks, and their comparison pair by pair.",
    discussion: """
      The file holds 64-bit floating-point numbers, [networks, trials, steps, units]. Models, models with Wasserstein distances \
      of spectra, and models with Procrustes over vector fields are timed, each from the data on.
      """)

  @Argument(help: "A file of trajectories.") var file: String
  @Option(help: "Trials a network.") var trials: Int
  @Option(help: "Steps a trial.") var steps: Int
  @Option(help: "Units.") var units: Int
  @Option(help: "Delays.") var delays = 10
  @Option(help: "Singular vectors kept.") var rank = 30
  @Option(help: "Repetitions; the median is printed.") var repeats = 5
  @Option(help: "Threads.") var threads = 1
  @Flag(help: "Time the models alone.") var modelsOnly = false

  func run() throws {
    BLASLibrary.useOneThread()
    let networks = try read()
    var options = DelayDMD.Options()
    options.embedding = DelayEmbedding(delays: delays)
    options.rank = .fixed(rank)
    let fitted = options
    @Sendable func fit(_ network: Int) throws -> DelayDMD { try DelayDMD(networks[network], options: fitted) }
    try time("models", repeats: repeats) {
      try concurrentMap(count: networks.count, threads: threads, fit).map(\.nonNormality)
    }
    guard !modelsOnly else { return }
    let pairs = networks.indices.flatMap { a in networks.indices.dropFirst(a + 1).map { (a, $0) } }
    try time("wasserstein", repeats: repeats) {
      let models = try concurrentMap(count: networks.count, threads: threads, fit)
      return try concurrentMap(count: pairs.count, threads: threads) {
        try SpectrumDistance().squared(models[pairs[$0].0].eigenvalues, models[pairs[$0].1].eigenvalues)
      }
    }
    try time("angular", repeats: repeats) {
      let profiles = try concurrentMap(count: networks.count, threads: threads) {
        try OperatorProfile(fit($0).matrix)
      }
      return try concurrentMap(count: pairs.count, threads: threads) {
        try VectorFieldProcrustes().align(profiles[pairs[$0].0], profiles[pairs[$0].1]).angle
      }
    }
  }

  private func read() throws -> [[Matrix<Double>]] {
    let all = try NumberFile.matrices(file, rows: steps, columns: units, as: Double.self)
    guard trials > 0 && all.count % trials == 0 else {
      throw ValidationError("\(file) holds \(all.count) trials, not a multiple of \(trials)")
    }
    return stride(from: 0, to: all.count, by: trials).map { Array(all[$0..<$0 + trials]) }
  }
}
