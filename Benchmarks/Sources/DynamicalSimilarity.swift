import ArgumentParser
import Foundation
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
    try time("models") {
      try concurrentMap(count: networks.count, threads: threads, fit).map(\.nonNormality)
    }
    guard !modelsOnly else { return }
    let pairs = networks.indices.flatMap { a in networks.indices.dropFirst(a + 1).map { (a, $0) } }
    try time("wasserstein") {
      let models = try concurrentMap(count: networks.count, threads: threads, fit)
      return try concurrentMap(count: pairs.count, threads: threads) {
        try SpectrumDistance().squared(models[pairs[$0].0].eigenvalues, models[pairs[$0].1].eigenvalues)
      }
    }
    try time("angular") {
      let profiles = try concurrentMap(count: networks.count, threads: threads) {
        try OperatorProfile(fit($0).matrix)
      }
      return try concurrentMap(count: pairs.count, threads: threads) {
        try VectorFieldProcrustes().align(profiles[pairs[$0].0], profiles[pairs[$0].1]).angle
      }
    }
  }

  /// Prints the median time and the values of the last repetition.
  private func time(_ name: String, _ body: () throws -> [Double]) throws {
    var times: [Double] = []
    var values: [Double] = []
    for _ in 0..<max(1, repeats) {
      let begin = ContinuousClock.now
      values = try body()
      times.append((ContinuousClock.now - begin).seconds)
    }
    let median = times.sorted()[times.count / 2]
    print("\(name): \(median) s, values \(values.map { "\($0)" }.joined(separator: " "))")
  }

  private func read() throws -> [[Matrix<Double>]] {
    let data = try Data(contentsOf: URL(filePath: file))
    let numbers = data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    let size = steps * units
    guard trials > 0 && size > 0 && !numbers.isEmpty && numbers.count % (trials * size) == 0 else {
      throw ValidationError(
        "\(file) holds \(numbers.count) numbers, not a multiple of \(trials) x \(steps) x \(units)")
    }
    return stride(from: 0, to: numbers.count, by: trials * size).map { network in
      (0..<trials).map { trial in
        let begin = network + trial * size
        return Matrix(rows: steps, columns: units, elements: Array(numbers[begin..<begin + size]))
      }
    }
  }
}
