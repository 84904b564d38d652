public import ArgumentParser
import ProbeAutomata
import ProbeModels
import ProbeTasks

/// The options of `analyze automaton`.
public struct AutomatonOptions: ParsableArguments, Sendable {
  /// The learners.
  public enum Learner: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Angluin's table with Rivest and Schapire's counterexamples.
    case lstar
    /// Kearns and Vazirani's discrimination tree.
    case kv
    /// States of the recorded words merged where nothing contradicts it.
    case rpni
    /// The same, the best supported merges first.
    case edsm
  }

  /// How recorded states are put into cells.
  public enum Partition: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Nearest of k means.
    case kMeans = "k-means"
    /// Ward's tree, cut at k clusters.
    case agglomerative
    /// Intervals of each unit.
    case grid
    /// Intervals of each of three principal components.
    case pcaGrid = "pca-grid"
    /// The signs of all units.
    case signs
  }

  /// What the empty word's output is.
  public enum EmptyWord: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Free for recurrent models, which say nothing before their first symbol; the readout for attention models.
    case auto
    /// Whatever makes the machine smallest.
    case free
    /// What the readout says of the state before the first symbol.
    case readout
  }

  @Option(
    help: ArgumentHelp(
      "Who learns: kv (a discrimination tree, fewest words), lstar (a table), rpni or edsm.",
      discussion:
        "The last two learn from the recorded words and the network's answers to them, and are not corrected."
    ))
  var learner = Learner.kv
  @Option(
    help: ArgumentHelp(
      "How outputs decide: argmax, signs, or threshold=NUMBER for one output.",
      discussion:
        "Default: argmax of several outputs, the sign of one, signs where the task's targets are -1 and 1."))
  var decision: String?
  @Option(help: "The empty word's output: auto, free (the network says nothing before a symbol) or readout.")
  var emptyWord = EmptyWord.auto
  @Option(
    help: "The symbols of an attention model, token texts or ids, comma-separated. Default: those that occur."
  )
  var symbols: String?
  @Option(
    help: ArgumentHelp(
      "The output tokens of an attention model, texts or ids, comma-separated.",
      discussion: "Default: reject,accept, or the two tokens that are neither symbols nor the beginning."))
  var outputs: String?
  @Option(help: "The true language, as a task such as tomita:n=3, where the capture does not name it.")
  var compare: String?
  @Option(help: "All words to this length are checked. Default: as many as 131,072 words allow.")
  var length: Int?
  @Option(help: "Extra states that the Wp-method allows the network's language.")
  var extraStates = 1
  @Option(help: "The error rate that random words rule out.")
  var epsilon = 0.005
  @Option(help: "The chance that random words miss a larger error rate.")
  var delta = 0.01
  @Option(
    help: "Words of your own with labels, one a line: the label, then the symbols, separated by spaces.")
  var words: String?
  @Option(help: "The most steps that the network may run.")
  var steps = 5_000_000
  @Option(help: "The most seconds that a search may take, a capture.")
  var seconds = 60.0
  @Option(help: "A hypothesis with more states ends the search.")
  var stateLimit = 200
  @Option(help: "The arithmetic of the network.")
  var precision = "f32"
  @Option(help: "Recorded trials that are read for words, regions and clusters.")
  var trials = 256
  @Option(
    help: "Numbers of clusters that recorded states are put into, comma-separated; none for no clustering.")
  var clusters = "2,3,4,5,6,8,10,15,20,30"
  @Option(
    help: ArgumentHelp(
      "How recorded states are put into cells: k-means, agglomerative, grid, pca-grid or signs. Repeatable.",
      discussion: "Grids take 2 to 5 and 2 to 10 intervals; signs need no number."))
  var partition = [Partition.kMeans]
  @Option(help: "Temperatures of soft counting for a state-regularised network, comma-separated.")
  var temperatures = "0.03,0.1,0.3,1"
  @Option(help: "Steps for which a symbol is repeated to find where it leads.")
  var repeatSteps = 2000

  /// The defaults.
  public init() {}

  /// Rejects what cannot be.
  public func validate() throws {
    if let length, length < 0 { throw ValidationError("--length must be at least 0") }
    if extraStates < 0 { throw ValidationError("--extra-states must be at least 0") }
    if !(epsilon > 0 && epsilon < 1) || !(delta > 0 && delta < 1) {
      throw ValidationError("--epsilon and --delta must lie between 0 and 1, both excluded")
    }
    if steps < 1 || !(seconds > 0) { throw ValidationError("--steps and --seconds must be above 0") }
    if stateLimit < 1 || trials < 1 || repeatSteps < 1 {
      throw ValidationError("--state-limit, --trials and --repeat-steps must be at least 1")
    }
    if Precision(rawValue: precision) == nil { throw ValidationError("--precision is f32 or f64") }
    if clusterCounts == nil {
      throw ValidationError("--clusters takes whole numbers from 1 on, comma-separated, or none")
    }
    if temperatureNumbers == nil {
      throw ValidationError("--temperatures takes positive numbers, comma-separated")
    }
    if let compare {
      do { _ = try TaskRegistry.task(compare) } catch { throw ValidationError("--compare: \(error)") }
    }
  }

  /// The numbers of clusters, ascending; nil where the text has something else.
  var clusterCounts: [Int]? {
    if clusters == "none" { return [] }
    let numbers = clusters.split(separator: ",").map { Int($0) }
    guard !numbers.isEmpty, numbers.allSatisfy({ $0.map { $0 >= 1 } ?? false }) else { return nil }
    return Set(numbers.compactMap { $0 }).sorted()
  }

  /// The temperatures; nil where the text has something else.
  var temperatureNumbers: [Double]? {
    let numbers = temperatures.split(separator: ",").map { Double($0) }
    guard numbers.allSatisfy({ $0.map { $0 > 0 && $0.isFinite } ?? false }) else { return nil }
    return numbers.compactMap { $0 }
  }

  /// The temperatures.
  var temperatureList: [Double] { temperatureNumbers ?? [] }

  /// The language to compare with.
  var language: (any SequenceTask)? { compare.flatMap { try? TaskRegistry.task($0) } }

  /// What the outputs of a recurrent model decide.
  ///
  /// - Throws: ``AnalysisError/option(name:fault:)`` where the rule does not fit the number of outputs.
  func decision(outputs: Int, automaton: TaskAutomaton?) throws -> Decision {
    func fault(_ text: String) -> AnalysisError { .option(name: "--decision", fault: text) }
    let targets = automaton?.outputs.joined()
    switch decision {
    case nil:
      if let targets, !targets.isEmpty, targets.allSatisfy({ abs($0) == 1 }), outputs <= 16 {
        return .signs(outputs)
      }
      if outputs == 1 {
        // Targets 0 and 1 are told apart half-way; logits at zero.
        return .threshold(targets?.allSatisfy { $0 == 0 || $0 == 1 } == true ? 0.5 : 0)
      }
      return .largest(Self.classNames(outputs))
    case "argmax"?:
      if outputs < 2 { throw fault("argmax needs several outputs; the model has \(outputs)") }
      return .largest(Self.classNames(outputs))
    case "signs"?:
      if outputs > 16 { throw fault("signs of at most 16 outputs are outputs; the model has \(outputs)") }
      return .signs(outputs)
    case let text?:
      guard text.hasPrefix("threshold="), let threshold = Double(text.dropFirst(10)), threshold.isFinite
      else {
        throw fault("'\(text)' is none of argmax, signs and threshold=NUMBER")
      }
      if outputs != 1 { throw fault("a threshold decides on one output; the model has \(outputs)") }
      return .threshold(threshold)
    }
  }

  private static func classNames(_ count: Int) -> [String] {
    count == 2 ? MooreMachine.acceptorOutputs : (0..<count).map { "class \($0)" }
  }

  /// The tokens that `--outputs` names; else those called reject and accept, or the only two that never occur.
  func outputTokens(texts: [Int: String], vocabulary: Int, occurring: Set<Int>) throws -> [Int] {
    if let outputs { return try tokens(outputs, option: "--outputs", texts: texts) }
    let named = MooreMachine.acceptorOutputs.compactMap { name in texts.first { $0.value == name }?.key }
    if named.count == 2 { return named }
    let rest = vocabulary <= 4096 ? (0..<vocabulary).filter { !occurring.contains($0) } : []
    guard rest.count == 2 else {
      throw AnalysisError.option(
        name: "--outputs",
        fault: "which tokens' logits say reject and accept is not known; give their texts or ids, such as "
          + "--outputs 3,4")
    }
    return rest
  }

  /// The tokens that `--symbols` names, or those that occur.
  func symbolTokens(texts: [Int: String], occurring: [Int]) throws -> [Int] {
    guard let symbols else { return occurring }
    return try tokens(symbols, option: "--symbols", texts: texts)
  }

  private func tokens(_ list: String, option: String, texts: [Int: String]) throws -> [Int] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map { name in
      if let id = texts.first(where: { $0.value == name })?.key { return id }
      if let id = Int(name), id >= 0 { return id }
      throw AnalysisError.option(
        name: option,
        fault:
          "the capture knows no token '\(name)'; it has \(texts.values.sorted().prefix(20).joined(separator: " "))"
      )
    }
  }
}
