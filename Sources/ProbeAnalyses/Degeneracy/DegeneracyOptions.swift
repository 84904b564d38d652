public import ArgumentParser
import ProbeCapture
import ProbeModels
import ProbeTasks

/// The options of `analyze degeneracy`.
public struct DegeneracyOptions: ParsableArguments, Sendable {
  @Option(
    help: ArgumentHelp(
      "What sets groups of networks apart: task (its parameters), folder, cell, units or none.",
      discussion: "The number of trials and the seed of a task set nothing apart."))
  var groups = Grouping.task
  @Option(help: "States a network at which representations are compared.")
  var samples = 1000
  @Option(help: "Trials whose trajectories the dynamics are fitted on.")
  var trials = 256
  @Option(help: "Delays of the embedding.")
  var delays = 10
  @Option(help: "The rank of the dynamics.")
  var rank = 10
  @Option(
    help: "Random rotations that the comparison of vector fields starts from, beside the structured ones.")
  var starts = 4
  @Flag(
    inversion: .prefixedNo,
    help:
      "Search fixed points at input zero, compare their types and show them; a fraction of a second a network."
  )
  var fixedPoints = true
  @Option(help: "Trials of the task's harder variant; 0 for none.")
  var harderTrials = 256
  @Option(
    help: ArgumentHelp(
      "The harder variant, as key=value,...", discussion: "Default: doubled length or delay.",
      valueName: "settings"))
  var harder: String?
  @Option(help: "Networks with a larger loss are left out. Default: ten times the median of their group.")
  var maximumLoss: Double?
  @Option(help: "Pairs drawn for each null, floor and ceiling.")
  var nullDraws = 20
  @Option(help: "Relabellings of the test between groups.")
  var permutations = 2000
  @Flag(
    help: ArgumentHelp(
      "Compare only networks of one group with each other.",
      discussion:
        "Of many groups this saves most pairs, and with them embeddings across groups and separation."
    ))
  var withinGroups = false
  @Option(
    help: ArgumentHelp(
      "A folder of the networks' weights before training, a file of the network's name each; may be repeated.",
      discussion: "How far training moved weights and neural tangent kernels is then measured.",
      valueName: "folder"))
  var initial: [String] = []
  @Option(help: "Steps at which the neural tangent kernels before and after training are compared.")
  var kernelExamples = 128
  @Option(help: "Part i of n of the pairs, as i/n; rnnprobe merge joins the parts.")
  var shard: String?

  /// What sets groups apart.
  enum Grouping: String, ExpressibleByArgument, CaseIterable, Sendable {
    case task, folder, cell, units, none
  }

  /// The defaults.
  public init() {}

  /// Rejects what cannot be.
  public func validate() throws {
    if samples < 2 || trials < 1 || delays < 1 || rank < 1 || starts < 1 {
      throw ValidationError(
        "--samples must be at least 2, --trials, --delays, --rank and --starts at least 1")
    }
    if harderTrials < 0 || nullDraws < 0 || permutations < 1 {
      throw ValidationError("--harder-trials and --null-draws must be at least 0, --permutations at least 1")
    }
    if kernelExamples < 2 {
      throw ValidationError("--kernel-examples must be at least 2: a kernel of one answer cannot turn")
    }
    if shard != nil && shardNumbers == nil {
      throw ValidationError("--shard takes i/n with 1 <= i <= n, such as 2/8")
    }
  }

  /// Part i (from 0) of n.
  var shardNumbers: (index: Int, count: Int)? {
    guard let parts = shard?.split(separator: "/").map({ Int($0) }), parts.count == 2, let index = parts[0],
      let count = parts[1], count >= 1, (1...count).contains(index)
    else { return nil }
    return (index - 1, count)
  }

  /// The settings of `--harder`.
  func harderSettings() throws -> [String: String]? {
    guard let harder else { return nil }
    do {
      return try TaskSpecification(parsing: "x:" + harder).values
    } catch {
      throw AnalysisError.option(name: "--harder", fault: "\(error)")
    }
  }

  /// The group of each capture; of a task's parameters those are named that differ among the captures of the task.
  func groups(of captures: [NamedCapture]) -> [String] {
    let tables = captures.map { capture -> [String: String] in
      (capture.reader.metadata.task?.parameterTable ?? [:]).filter { !["trials", "seed"].contains($0.key) }
    }
    let generators = captures.map { $0.reader.metadata.task?.generator }
    return captures.indices.map { index in
      let metadata = captures[index].reader.metadata
      switch groups {
      case .none: return "all"
      case .cell: return metadata.model?.family ?? "unknown"
      case .units: return "\(metadata.stateSites.reduce(0) { $0 + $1.elementCount }) units"
      case .folder:
        let parts = captures[index].reader.path.split(separator: "/")
        return parts.count > 1 ? String(parts[parts.count - 2]) : "."
      case .task:
        guard let generator = generators[index] else { return "no task" }
        let same = captures.indices.filter { generators[$0] == generator }
        let telling = tables[index].sorted { $0.key < $1.key }.filter { parameter in
          same.contains { tables[$0][parameter.key] != parameter.value }
        }
        return telling.isEmpty
          ? generator : generator + ":" + telling.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      }
    }
  }
}
