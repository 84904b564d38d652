internal import ProbeLinearAlgebra

/// Counting on through a list with other words between: "first apple second chair third".
///
/// The successor behaviour of arXiv 2312.09230 on prompts: the words between differ, so that nothing in the prompt
/// was followed by the answer before.
public struct ListCounting: TokenTask {
  /// What the task is.
  public static let descriptor = TaskDescriptor(
    name: "lists",
    summary: "Continue a list of days, months, numbers, ... with other words between its items.",
    inputs:
      "consecutive items of a list, each but the last followed by words that have nothing to do with it",
    targets: "the next item, asked at the step before each item from the second on",
    labels:
      "list: the list's number, from 0, in the order of the parameter's description; start: the first item's "
      + "place in it, from 0; length: the prompt's",
    source: "Gould et al., arXiv 2312.09230",
    tokenParameters: [
      TaskParameter(
        "lists", "all", "which, separated by commas: " + SuccessorList.all.map(\.name).joined(separator: ", ")
      ),
      TaskParameter(
        "items", "5", "how many items a prompt has, from 2; fewer where a list has no more in one token"),
      TaskParameter("between", "1", "how many other words stand between two items, from 0"),
      TaskParameter(
        "words", "auto",
        "which: own (thirty nouns), any (any ids but special ones and items), auto (own where enough are one token)"
      ),
      BeginningChoice.parameter,
    ],
    trials: "64",
    score: ScoreDescriptor(
      name: "accuracy", meaning: "share of the steps asked whose largest logit is the target",
      direction: .higherIsBetter, threshold: 0.5))

  /// Which words stand between the items.
  enum Words: String, CaseIterable { case auto, own, any }

  /// Consecutive items of a list that are one token each.
  struct Run {
    let list: Int
    let start: Int
    let tokens: [Int]
    /// Whether the run is a whole cyclic list.
    let isCyclic: Bool

    /// How many places a prompt of `count` items can begin at.
    func starts(_ count: Int) -> Int { isCyclic ? tokens.count : tokens.count - min(count, tokens.count) + 1 }
  }

  /// The parameters given.
  public let parameters: TaskParameters
  /// The extent of the time axis.
  public let steps: Int
  private let plan: TokenPlan
  private let beginning: [Int]
  private let lists: [[Run]]
  private let words: [Int]
  private let items: Int
  private let between: Int

  /// Builds the task.
  public init(_ parameters: TaskParameters, vocabulary: TokenVocabulary) throws(TaskError) {
    self.parameters = parameters
    plan = try TokenPlan(parameters, natural: 64)
    items = try parameters.integer("items", in: 2...200)
    between = try parameters.integer("between", in: 0...20)
    beginning = try TokenPlan.beginning(parameters, vocabulary: vocabulary)
    let encoder = try ContinuationEncoder(
      vocabulary, task: parameters.task, instead: "a tokenizer, or the task tokens with ids")
    func single(_ word: String) -> Int? {
      let tokens = encoder.continuation(word)
      return tokens.count == 1 && !vocabulary.isSpecial(tokens[0]) ? tokens[0] : nil
    }
    let chosen = try Self.chosen(parameters)
    let lists = chosen.map { list in
      Self.runs(
        SuccessorList.all[list].items.map(single), list: list, isCyclic: SuccessorList.all[list].isCyclic)
    }.filter { !$0.isEmpty }
    guard !lists.isEmpty else {
      throw .vocabulary(
        task: parameters.task,
        fault:
          "no two consecutive items of \(chosen.map { SuccessorList.all[$0].name }.joined(separator: ", ")) are "
          + "single tokens, a space before each",
        expected: "a list whose items are")
    }
    self.lists = lists
    let longest = min(items, lists.joined().map(\.tokens.count).max() ?? 0)
    words = try Self.words(
      parameters, least: between * (longest - 1), besides: Set(lists.joined().flatMap(\.tokens)),
      own: ProseGenerator.things.compactMap(single), vocabulary: vocabulary)
    steps = try TokenPlan.steps(
      parameters, longest: beginning.count + longest + between * (longest - 1), vocabulary: vocabulary)
  }

  /// How many trials there are.
  public var trials: Int { plan.trials }

  /// The trial of the given index.
  public func trial(_ index: Int) -> TokenTrial {
    var random = plan.generator(of: index)
    // Every list as often as any other, every start within it too.
    let runs = lists[index % lists.count]
    var start = random.integer(below: runs.reduce(0) { $0 + $1.starts(items) })
    var chosen = 0
    while start >= runs[chosen].starts(items) {
      start -= runs[chosen].starts(items)
      chosen += 1
    }
    let run = runs[chosen]
    let count = min(items, run.tokens.count)
    let others = random.sample(between * (count - 1), of: words.count).map { words[$0] }
    var tokens = beginning
    var targets = beginning.map { _ in -1 }
    for item in 0..<count {
      if item > 0 {
        tokens += others[between * (item - 1)..<between * item]
        targets += Array(repeating: -1, count: between)
        targets[tokens.count - 1] = run.tokens[(start + item) % run.tokens.count]
      }
      tokens.append(run.tokens[(start + item) % run.tokens.count])
      targets.append(-1)
    }
    return TokenTrial(
      tokens: tokens, targets: targets,
      labels: ["list": run.list, "start": run.start + start, "length": tokens.count], leading: beginning.count
    )
  }

  /// The runs of at least two items that are one token each; a whole cyclic list stays a cycle.
  static func runs(_ tokens: [Int?], list: Int, isCyclic: Bool) -> [Run] {
    let isWhole = tokens.allSatisfy { $0 != nil }
    var runs: [Run] = []
    var current: [Int] = []
    for (index, token) in (tokens + [nil]).enumerated() {
      if let token {
        current.append(token)
      } else {
        if current.count >= 2 {
          runs.append(
            Run(list: list, start: index - current.count, tokens: current, isCyclic: isCyclic && isWhole))
        }
        current = []
      }
    }
    return runs
  }

  /// The words to put between items: at least so many, distinct, none an item.
  private static func words(
    _ parameters: TaskParameters, least: Int, besides items: Set<Int>, own: [Int], vocabulary: TokenVocabulary
  ) throws(TaskError) -> [Int] {
    let choice = try parameters.choice("words", as: Words.self)
    var seen = items
    let own = own.filter { seen.insert($0).inserted }
    let isOwn = choice == .own || (choice == .auto && own.count >= least)
    let words =
      isOwn ? own : (0..<vocabulary.size).filter { !vocabulary.isSpecial($0) && !items.contains($0) }
    guard words.count >= least else {
      throw .vocabulary(
        task: parameters.task,
        fault: "\(least) distinct words are to stand between the items, and "
          + (isOwn
            ? "\(words.count) of our own are single tokens" : "the vocabulary has \(words.count) others"),
        expected: "fewer (between=, items=)" + (isOwn ? " or words=any" : ""))
    }
    return words
  }

  private static func chosen(_ parameters: TaskParameters) throws(TaskError) -> [Int] {
    guard parameters.text("lists") != "all" else { return Array(SuccessorList.all.indices) }
    var chosen: [Int] = []
    for name in parameters.text("lists").split(separator: ",") {
      guard let index = SuccessorList.all.firstIndex(where: { $0.name == name.filter { $0 != " " } }) else {
        throw parameters.fault(
          "lists", "all, or some of " + SuccessorList.all.map(\.name).joined(separator: ", "))
      }
      if !chosen.contains(index) { chosen.append(index) }
    }
    return chosen
  }
}
