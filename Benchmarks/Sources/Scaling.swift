import ArgumentParser
import Foundation
import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels

/// How the time of a search grows with the number of units.
struct Scaling: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fixed points of tanh networks that store three patterns, by size.",
    discussion: """
      W = 2 / N sum of three outer products of random signs, plus Gaussian entries of standard deviation 0.3 / N^0.5;
      starts are random mixtures of the three, seeded. Example: benchmark scaling --sizes 64,128,256
      """)

  @Option(help: "Numbers of units, separated by commas.")
  var sizes = "64,128,256,512,1024"
  @Option(help: "Starts.")
  var starts = 128
  @Option(help: "Threads.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func run() throws {
    BLASLibrary.useOneThread()
    for size in sizes.split(separator: ",").compactMap({ Int($0) }) {
      let (map, patterns) = try network(size)
      var random = RandomGenerator(seed: 2)
      let list = (0..<starts).map { _ in
        let weights = patterns.map { _ in random.normal() }
        let state = (0..<size).map { unit in
          zip(weights, patterns).reduce(0.1 * random.normal()) { $0 + $1.0 * $1.1[unit] }
        }
        return Start(state: state, origin: .given)
      }
      var search = FixedPointSearch()
      search.interpolationLimit = 0
      search.deflationStarts = 0
      let begin = ContinuousClock.now
      let result = try search.run(map, starts: list, threads: threads)
      let seconds = (ContinuousClock.now - begin).seconds
      let certified = result.points.count { $0.certificate.verdict == .certified }
      print(
        "N = \(size): \(starts) starts, \(result.points.count) points, \(certified) certified, "
          + "\(result.failedCount) starts led nowhere, \(seconds) s"
          + (size >= search.solver.krylovSize ? " (Newton-Krylov)" : ""))
    }
  }

  private func network(_ size: Int) throws -> (RecurrentMap, [[Double]]) {
    var random = RandomGenerator(seed: 1)
    let n = Double(size)
    var weight = Matrix<Double>(
      rows: size, columns: size,
      elements: (0..<size * size).map { _ in 0.3 / n.squareRoot() * random.normal() })
    var patterns: [[Double]] = []
    for _ in 0..<3 {
      let pattern = (0..<size).map { _ in random.bernoulli(0.5) ? 1.0 : -1.0 }
      patterns.append(pattern)
      for row in 0..<size {
        for column in 0..<size { weight[row, column] += 2 / n * pattern[row] * pattern[column] }
      }
    }
    let cell = ElmanCell(
      inputWeight: Matrix(rows: size, columns: 0), recurrentWeight: weight, bias: nil, nonlinearity: .tanh)
    let identity = ModelIdentity(
      family: "elman", name: "patterns", configuration: "{}", source: "-", sha256: "")
    let model = try RecurrentModel(identity: identity, layers: [RecurrentModel.Layer(forward: cell)])
    return (try RecurrentMap(model, input: []), patterns)
  }
}

/// How near the step loop comes to the processor's peak.
struct StepLoop: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "sgemm's share of the time, and of a large product's rate, in a GRU's step loop on one thread.")

  @Option(help: "Units.")
  var units = 512
  @Option(help: "Trials that run side by side.")
  var trials = 64
  @Option(help: "Steps.")
  var steps = 200

  func run() throws {
    BLASLibrary.useOneThread()
    let peak = rate(rows: 2048, columns: 2048, inner: 2048, repetitions: 3)
    let shape = rate(rows: trials, columns: 3 * units, inner: units, repetitions: 50)
    var random = RandomGenerator(seed: 1)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in 0.05 * random.normal() })
    }
    let cell = GRUCell(
      inputWeight: matrix(3 * units, 8), recurrentWeight: matrix(3 * units, units), inputBias: nil,
      recurrentBias: nil)
    let identity = ModelIdentity(family: "gru", name: "random", configuration: "{}", source: "-", sha256: "")
    let model = try RecurrentModel(identity: identity, layers: [RecurrentModel.Layer(forward: cell)])
    let batch = TrialBatch(inputs: .values(Tensor(shape: [trials, steps, 8], repeating: 0.1)))
    var sink = Sink()
    let begin = ContinuousClock.now
    try model.run(batch, plan: RunPlan(observed: [0]), recorder: &sink)
    let seconds = (ContinuousClock.now - begin).seconds
    let work = 2e-9 * Double(trials * steps) * Double(3 * units * (units + 8))
    print(
      "\(BLASLibrary.core) kernels, one thread: sgemm 2048³ \(Int(peak)) GFLOP/s; the step's product "
        + "(\(trials) x \(units) x \(3 * units)) \(Int(shape)) GFLOP/s; the whole step loop \(Int(work / seconds)) GFLOP/s, "
        + "\(Int(100 * work / seconds / peak)) % of the first")
  }

  private func rate(rows: Int, columns: Int, inner: Int, repetitions: Int) -> Double {
    let a = [Float](repeating: 0.5, count: rows * inner)
    let b = [Float](repeating: 0.25, count: columns * inner)
    var c = [Float](repeating: 0, count: rows * columns)
    let begin = ContinuousClock.now
    for _ in 0..<repetitions {
      Float.multiply(
        rows: rows, columns: columns, inner: inner, alpha: 1, a, stride: inner, transposed: false, b,
        stride: inner,
        transposed: true, beta: 0, into: &c, stride: columns)
    }
    return 2e-9 * Double(repetitions * rows * columns * inner) / (ContinuousClock.now - begin).seconds
  }

  /// Takes values and forgets them.
  private struct Sink: Recorder {
    mutating func record<Scalar: BLASScalar>(
      _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
    ) {}
  }
}
