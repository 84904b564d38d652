import ProbeLinearAlgebra

extension DensePattern {
  /// The weight on the token just before a query; nil at the first.
  public func previousToken(query: Int) -> Double? {
    query > 0 ? weights[query, query - 1] : nil
  }

  /// The previous-token score: the mean over all queries but the first.
  ///
  /// Olsson et al. 2022, arXiv 2209.11895.
  ///
  /// - Returns: nil for fewer than two tokens.
  public var previousToken: Double? { mean(previousToken(query:)) }

  /// The mean weight a fixed number of tokens back, over the queries that can look so far.
  ///
  /// With `lag` = period - 1 on a sequence repeated once this is the induction score of TransformerLens'
  /// demonstrations (a diagonal of the pattern). A head that attends at a fixed distance scores as well
  /// there, so compare lags or vary the period.
  ///
  /// - Returns: nil where no query can look so far.
  public func meanWeight(lag: Int) -> Double? {
    precondition(lag >= 0, "a causal head looks back")
    return mean { $0 >= lag ? weights[$0, $0 - lag] : nil }
  }

  /// The weight on the first token; nil at the first query, which can attend to nothing else.
  public func firstToken(query: Int) -> Double? {
    query > 0 ? weights[query, 0] : nil
  }

  /// The first-token sink: the mean over all queries but the first.
  ///
  /// - Returns: nil for fewer than two tokens.
  public var firstToken: Double? { mean(firstToken(query:)) }

  /// The weight summed over the earlier occurrences of a query's token; nil where there is none.
  public func duplicateToken(query: Int) -> Double? {
    let earlier = (0..<query).filter { tokens[$0] == tokens[query] }
    return earlier.isEmpty ? nil : earlier.reduce(0) { $0 + weights[query, $1] }
  }

  /// The duplicate-token score: the mean over the queries whose token occurred before.
  ///
  /// - Returns: nil where no token is repeated.
  /// - Complexity: O(positions²).
  public var duplicateToken: Double? { mean(duplicateToken(query:)) }

  /// The weight summed over the tokens that follow the earlier occurrences of a query's token; nil where none
  /// occurs.
  ///
  /// Where the token stands twice in a row, the token that follows is the query itself, and counts.
  public func induction(query: Int) -> Double? {
    let earlier = (0..<query).filter { tokens[$0] == tokens[query] }
    return earlier.isEmpty ? nil : earlier.reduce(0) { $0 + weights[query, $1 + 1] }
  }

  /// The induction score, prefix matching: the mean over the queries whose token occurred before.
  ///
  /// Olsson et al. 2022 (arXiv 2209.11895, with the erratum of 2022-09-20).
  ///
  /// - Returns: nil where no token is repeated.
  /// - Complexity: O(positions²).
  public var induction: Double? { mean(induction(query:)) }
}
