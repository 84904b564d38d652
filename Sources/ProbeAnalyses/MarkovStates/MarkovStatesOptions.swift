public import ArgumentParser

/// The options of `analyze markov-states`.
public struct MarkovStatesOptions: ParsableArguments, Sendable {
  /// The ways of cutting the space of states into the chain's states.
  public enum Partition: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// The signs of the rectified units for an AL-RNN, k-means for every other network.
    case auto
    /// The nearest of fitted centroids.
    case kmeans
    /// Which units are positive: the rectified ones of an AL-RNN, all of another network.
    case signs
  }

  /// More states than this make tables of triples that no recording fills.
  static let stateLimit = 200

  @Option(
    help: "How states are told apart: kmeans, signs of the rectified units, or auto: signs for an AL-RNN.")
  var partition = Partition.auto
  @Option(help: "Clusters of k-means, at most 200.")
  var clusters = 50
  @Option(help: "Recorded states that k-means is fitted to; all are then assigned.")
  var fitStates = 8192
  @Option(help: "Sites whose values make up a state, comma-separated. Default: all states of the network.")
  var sites: String?
  @Option(help: "Steps at the beginning of each trial that do not count.")
  var discard = 0
  @Option(help: "Steps of one transition of the chain.")
  var lag = 1
  @Option(help: "Lags of the implied timescales, comma-separated. Default: up to a quarter of the trials.")
  var lags: String?
  @Option(help: "Metastable sets. Default: as many as there are eigenvalues before the largest gap.")
  var sets: Int?
  @Option(help: "The largest number of sets that the gap may choose.")
  var mostSets = 12
  @Option(help: "Multiples of the lag at which predictions are compared with counts (Chapman-Kolmogorov).")
  var multiples = 5
  @Option(help: "Bootstrap samples of trials, and simulated chains of each test.")
  var replicates = 100
  @Option(help: "The share of bootstrap samples that an interval holds.")
  var level = 0.95
  @Option(help: "How far a prediction may lie outside its interval before the lag is called too short.")
  var tolerance = 0.05
  @Option(help: "The p-value below which memory or a direction of time is stated.")
  var significance = 0.02
  @Option(help: "Transitions from a state below which its probabilities are called rough.")
  var fewCounts = 20

  /// The defaults.
  public init() {}

  /// Rejects numbers that cannot be.
  public func validate() throws {
    if !(2...Self.stateLimit).contains(clusters) {
      throw ValidationError("--clusters is a whole number from 2 to \(Self.stateLimit)")
    }
    if lag < 1 || multiples < 1 || replicates < 1 || fitStates < 2 || mostSets < 2 || (sets ?? 1) < 1 {
      throw ValidationError(
        "--lag, --multiples, --replicates and --sets must be at least 1, --fit-states and --most-sets at least 2"
      )
    }
    // Lags are multiplied, memory is taken for states and samples.
    if max(lag, multiples, discard) > 1_000_000_000 || max(replicates, mostSets) > 100_000 {
      throw ValidationError(
        "--lag, --multiples and --discard can be at most 1,000,000,000, --replicates and --most-sets 100,000")
    }
    if discard < 0 || fewCounts < 0 { throw ValidationError("--discard and --few-counts are at least 0") }
    if !(level > 0 && level < 1) || !(significance > 0 && significance < 1) {
      throw ValidationError("--level and --significance lie between 0 and 1")
    }
    if !(tolerance >= 0 && tolerance < 1) { throw ValidationError("--tolerance lies between 0 and 1") }
    if lags != nil, lagNumbers == nil {
      throw ValidationError("--lags takes whole numbers from 1 on, comma-separated")
    }
  }

  /// The lags that were given, ascending; nil where there are none or the text has something else.
  var lagNumbers: [Int]? {
    guard let lags else { return nil }
    let numbers = lags.split(separator: ",").map { Int($0) }
    guard !numbers.isEmpty, numbers.allSatisfy({ $0.map { (1...1_000_000_000).contains($0) } ?? false })
    else { return nil }
    return Set(numbers.compactMap { $0 }).sorted()
  }

  /// The lags of the implied timescales of trials of a length.
  func timescaleLags(steps: Int) -> [Int] {
    if let lagNumbers { return lagNumbers }
    let usual = [1, 2, 5, 10, 20, 50, 100, 200].filter { $0 <= max(1, steps / 4) }
    return Set(usual + [lag]).sorted()
  }
}
