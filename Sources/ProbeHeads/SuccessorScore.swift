public import ProbeLinearAlgebra

/// How often a head gives a word's successor the highest logit, task by task.
///
/// From the weights alone (Gould et al. 2024, arXiv 2312.09230), so there is no interval: nothing was
/// sampled. A tie counts as wrong.
public struct SuccessorScore: Sendable, Equatable {
  /// The score on one task.
  public struct Task: Sendable, Equatable {
    /// What the list is called.
    public let name: String
    /// Valid pairs.
    public let pairs: Int
    /// Pairs whose successor won.
    public let correct: Int
    /// Tokens among which it had to win.
    public let candidates: Int

    /// The share of pairs whose successor won; nil without pairs.
    public var accuracy: Double? { pairs > 0 ? Double(correct) / Double(pairs) : nil }
    /// What a head that picks a candidate at random gets; nil without pairs.
    public var chance: Double? { pairs > 0 ? 1 / Double(candidates) : nil }
  }

  /// By task, those without pairs included.
  public let tasks: [Task]

  /// Correct pairs over pairs of all tasks, as published; nil without pairs.
  public var pooled: Double? {
    let pairs = tasks.reduce(0) { $0 + $1.pairs }
    return pairs > 0 ? Double(tasks.reduce(0) { $0 + $1.correct }) / Double(pairs) : nil
  }

  /// The tasks with more than one candidate: with a single one every head is right.
  private var contested: [Task] { tasks.filter { $0.candidates > 1 } }

  /// The mean of the tasks' accuracies: 199 numbers weigh no more than 7 days.
  ///
  /// Tasks with a single candidate are left out; nil where there is no other.
  public var macroAverage: Double? { meanOfDefined(contested.map(\.accuracy)) }

  /// The macro average of a head that picks at random; nil where no task has two candidates.
  public var macroChance: Double? { meanOfDefined(contested.map(\.chance)) }

  /// Scores a head.
  ///
  /// - Parameters:
  ///   - problem: the pairs.
  ///   - logits: `[input token, output token]`; see ``SuccessorInputs/logits(_:bias:)``.
  ///   - candidates: among which tokens the successor must win.
  /// - Complexity: O(pairs tokens).
  public init(
    _ problem: SuccessorProblem, logits: Matrix<Double>, candidates: SuccessorConvention.Candidates = .targets
  ) {
    precondition(
      logits.rows == problem.tokens.count && logits.columns == problem.tokens.count,
      "logits have a row and a column for each of the problem's tokens")
    let everyTarget = Set(problem.pairs.map(\.target))
    tasks = problem.tasks.enumerated().map { number, task in
      let pairs = problem.pairs.filter { $0.task == number }
      let allowed = candidates == .allTasks ? everyTarget : Set(pairs.map(\.target))
      let correct = pairs.count { pair in
        let won = logits[pair.input, pair.target]
        return allowed.allSatisfy { $0 == pair.target || logits[pair.input, $0] < won }
      }
      return Task(name: task.name, pairs: pairs.count, correct: correct, candidates: allowed.count)
    }
  }
}

/// A task's logits from each word to each word, in the variant that has the most single tokens.
///
/// A successor head is bright on the superdiagonal.
public struct SuccessorMatrix: Sendable, Equatable {
  /// The words that are single tokens, in order.
  public let words: [String]
  /// `[input word, output word]`.
  public let logits: Matrix<Double>
  /// For each word, the column of its successor; nil where the successor is not a single token or there is
  /// none.
  public let successors: [Int?]

  /// The logits of each word's successor.
  public var superdiagonal: [Double?] {
    zip(successors.indices, successors).map { row, column in column.map { logits[row, $0] } }
  }

  /// Picks a task's words out of the logits of all tokens.
  ///
  /// - Parameters:
  ///   - problem: the tasks.
  ///   - logits: `[input token, output token]`.
  ///   - task: the task's place.
  public init(_ problem: SuccessorProblem, logits: Matrix<Double>, task: Int) {
    let variants = problem.rows[task]
    let best = variants.indices.reduce(0) { best, variant in
      variants[variant].count { $0 != nil } > variants[best].count { $0 != nil } ? variant : best
    }
    let list = problem.tasks[task].variants[best]
    let present = variants[best].indices.filter { variants[best][$0] != nil }
    let rows = variants[best].compactMap { $0 }
    words = present.map { list[$0] }
    self.logits = Matrix(
      rows: rows.count, columns: rows.count, elements: rows.flatMap { row in rows.map { logits[row, $0] } })
    let isCyclic = problem.tasks[task].isCyclic
    successors = present.map { place in
      guard isCyclic || place + 1 < list.count else { return nil }
      return present.firstIndex(of: (place + 1) % list.count)
    }
  }
}
