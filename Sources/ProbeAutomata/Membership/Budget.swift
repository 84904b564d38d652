/// What a search may spend on the system that it asks.
public struct Budget: Sendable {
  /// The most prefixes that may be run; nil for no limit.
  public var steps: Int?
  /// When to stop; nil for no limit.
  public var deadline: ContinuousClock.Instant?
  /// Asked before every batch: whether someone wants the search to end, as an interrupt does.
  public var isCancelled: @Sendable () -> Bool

  /// A budget.
  public init(
    steps: Int? = nil, deadline: ContinuousClock.Instant? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.steps = steps
    self.deadline = deadline
    self.isCancelled = isCancelled
  }

  /// Whether there is time: for searches that may look at much that was answered before.
  ///
  /// - Throws: ``BudgetSpent`` where there is none, or someone wants the end.
  public func checkTime() throws(BudgetSpent) {
    if isCancelled() { throw .interrupted }
    if let deadline, ContinuousClock.now >= deadline { throw .seconds }
  }

  /// How many more prefixes may be run, at least 1.
  ///
  /// - Throws: ``BudgetSpent`` where none may.
  public func allowance(spent: Int) throws(BudgetSpent) -> Int {
    try checkTime()
    guard let steps else { return .max }
    if spent >= steps { throw .steps(steps) }
    return steps - spent
  }
}

/// That a search ended because its budget was spent, not because it found an answer.
public enum BudgetSpent: Error, Equatable {
  /// As many prefixes as were allowed have been run.
  case steps(Int)
  /// The time is over.
  case seconds
  /// Someone asked for the end.
  case interrupted
}
