public import ArgumentParser
import ProbeModels

/// The options of `analyze next-symbols`.
public struct NextSymbolsOptions: ParsableArguments, Sendable {
  /// The learners of a machine that can be drawn.
  public enum Learner: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Weiss, Goldberg and Yahav's table, from the network's answers.
    case lstar
    /// Carrasco and Oncina's state merging, from words that the network draws.
    case alergia
    /// Clusters of recorded states.
    case kmeans
  }

  /// What the network says before the first symbol.
  public enum First: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// The readout where recorded words could have begun as it says, else how they begin.
    case auto
    /// How often recorded words begin with each symbol.
    case recorded
    /// What the readout says of the state before the first symbol.
    case readout
  }

  @Option(
    help: "Whose machine is drawn and written: lstar (weighted L*), alergia or kmeans; all are measured.")
  var learner = Learner.lstar
  @Option(help: "The largest difference of two probabilities that counts as none.")
  var tolerance = 0.05
  @Option(
    help: "Symbols less probable than this are not followed by weighted L*: what comes after is no word.")
  var negligible = 0.01
  @Option(
    help: ArgumentHelp(
      "What is said before the first symbol: auto, recorded (how recorded words begin) or readout.",
      discussion:
        "A network that was trained on what follows each symbol was never asked what comes first. auto is the readout of the "
        + "state before, unless recorded words begin otherwise (a likelihood-ratio test at 0.001)."))
  var first = First.auto
  @Option(help: "Fresh words, drawn from the network and from the task, that machines are measured on.")
  var words = 500
  @Option(
    help: "Words drawn from the network that ALERGIA learns from, and the spectral learner chooses from.")
  var sample = 1000
  @Option(help: "The length at which drawn words are cut.")
  var longest = 48
  @Option(help: "The states of the spectral automaton. Default: at the widest gap of the singular values.")
  var rank: Int?
  @Option(help: "The rows and columns of the spectral learner's matrix.")
  var block = 100
  @Option(
    help: "Numbers of clusters that recorded states are put into, comma-separated; none for no clustering.")
  var clusters = "2,3,4,5,6,7,8,10,12,15,20,30"
  @Option(help: "Recorded trials that are read.")
  var trials = 256
  @Option(help: "The most prefixes in the table of weighted L*.")
  var prefixes = 1000
  @Option(help: "The most steps that the network may run while weighted L* learns.")
  var steps = 5_000_000
  @Option(help: "The most seconds that weighted L* may take, a capture.")
  var seconds = 60.0
  @Option(help: "The arithmetic of the network.")
  var precision = "f32"

  /// The defaults.
  public init() {}

  /// Rejects what cannot be.
  public func validate() throws {
    if !(tolerance > 0 && tolerance < 1) || !(negligible >= 0 && negligible < 1) {
      throw ValidationError("--tolerance must lie between 0 and 1, --negligible too or be 0")
    }
    if words < 2 || sample < 1 || longest < 1 || block < 1 || trials < 1 || prefixes < 1 {
      throw ValidationError(
        "--words must be at least 2, --sample, --longest, --block, --trials and --prefixes at least 1")
    }
    if let rank, rank < 1 { throw ValidationError("--rank must be at least 1") }
    if steps < 1 || !(seconds > 0) { throw ValidationError("--steps and --seconds must be above 0") }
    if Precision(rawValue: precision) == nil { throw ValidationError("--precision is f32 or f64") }
    if clusterCounts == nil {
      throw ValidationError("--clusters takes whole numbers from 1 on, comma-separated, or none")
    }
  }

  /// The numbers of clusters, ascending; nil where the text has something else.
  var clusterCounts: [Int]? {
    if clusters == "none" { return [] }
    let numbers = clusters.split(separator: ",").map { Int($0) }
    guard !numbers.isEmpty, numbers.allSatisfy({ $0.map { $0 >= 1 } ?? false }) else { return nil }
    return Set(numbers.compactMap { $0 }).sorted()
  }
}
