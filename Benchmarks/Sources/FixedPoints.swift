import ArgumentParser
import Foundation
import ProbeCheckpoints
import ProbeDynamics
import ProbeLinearAlgebra
import ProbeModels

/// Times the search for fixed points from starts that a peer uses too.
struct FixedPoints: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fixed points of a model at zero input, certified and analysed.",
    discussion:
      "Example: benchmark fixed-points notebooks-data/models/flipflop-gru.safetensors starts.safetensors")

  @Argument(help: "A recurrent model.")
  var model: String
  @Argument(help: "A safetensors file with the tensor `starts`, [count, units].")
  var starts: String
  @Option(help: "How often the search is run; the median is printed.")
  var repetitions = 5
  @Option(help: "Threads.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func run() throws {
    BLASLibrary.useOneThread()
    let network = try RecurrentModel.load(path: model)
    let map = try RecurrentMap(
      network, input: Array(repeating: 0, count: network.layers[0].forward.inputSize))
    let table = Matrix(try Checkpoint.open(path: starts).tensor("starts", as: Double.self))
    let list = (0..<table.rows).map { Start(state: Array(table.row($0)), origin: .given) }
    var result: FixedPointSearch.Result?
    let seconds = try medianSeconds(repeats: repetitions) {
      result = try FixedPointSearch().run(map, starts: list, threads: threads)
    }
    guard let result else { return }
    let certified = result.points.count { $0.certificate.verdict == .certified }
    let stable = result.points.count { $0.stability.verdict == .stable }
    let worst = result.points.map(\.residual).max() ?? 0
    print(
      "\(table.rows) starts (\(result.startCount) with midpoints and deflation): \(result.points.count) points, "
        + "\(certified) certified, \(stable) stable, largest residual \(worst); "
        + "median \(seconds) s of \(repetitions) runs on \(threads) threads")
  }
}
