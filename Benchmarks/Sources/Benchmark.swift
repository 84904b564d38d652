import ArgumentParser

/// The program that scripts/benchmark runs.
@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Timings that scripts/benchmark compares with peers.",
    subcommands: [
      FixedPoints.self, Scaling.self, StepLoop.self, Tokenizing.self, Extracting.self,
      Automata.self, DynamicalSimilarity.self, Similarity.self, UnitMatching.self,
    ])
}
