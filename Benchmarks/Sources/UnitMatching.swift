import ArgumentParser
import ProbeDegeneracy
import ProbeLinearAlgebra

/// Distances of recurrent weights up to an exchange of units, of networks that a peer is given too.
struct UnitMatching: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matching",
    abstract: "Time the distance of recurrent weights after the best exchange of units found, pair by pair.",
    discussion: "The file holds 64-bit floating-point numbers, [networks, units, units].")

  @Argument(help: "A file of recurrent weights.") var file: String
  @Option(help: "Units.") var units: Int
  @Option(help: "Repetitions; the median is printed.") var repeats = 5
  @Option(help: "Threads.") var threads = 1

  func run() throws {
    BLASLibrary.useOneThread()
    let weights = try NumberFile.matrices(file, rows: units, columns: units, as: Double.self)
    let pairs = NetworkPair.all(weights.count)
    for (name, symmetry) in [("plain", CellSymmetry.permutations), ("signed", .signedPermutations)] {
      try time(name, repeats: repeats) {
        let factors = try concurrentMap(count: weights.count, threads: threads) {
          WeightFactors(
            try RecurrentWeights(
              name: "\($0)", units: units, blocks: [RecurrentWeights.Block(.recurrent, weights[$0])]),
            symmetry: symmetry)
        }
        return try concurrentMap(count: pairs.count, threads: threads) {
          try WeightAligner().align(factors[pairs[$0].first], factors[pairs[$0].second]).distance
        }
      }
    }
  }
}
