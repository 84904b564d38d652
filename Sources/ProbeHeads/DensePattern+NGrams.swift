import ProbeLinearAlgebra

extension DensePattern {
  /// Weights on the keys whose preceding tokens match those that end at a query, by the length of the match.
  ///
  /// Key j matches order n where x[i-m+1] = x[j-m] for m = 1...n (Akyürek et al. 2024, arXiv 2401.12973). A
  /// key counts at the longest order that it matches, so the orders share out what ``induction(query:)``
  /// sums.
  ///
  /// - Parameters:
  ///   - query: i.
  ///   - longest: the highest order told apart.
  /// - Returns: `longest + 1` sums, nil where no key matches at that length: orders 1...longest, each
  ///   exactly, and last whatever matches longer.
  /// - Complexity: O(positions longest).
  public func nGrams(query: Int, longest: Int = 4) -> [Double?] {
    var sums = [Double?](repeating: nil, count: longest + 1)
    for key in 1..<max(1, query + 1) {
      var length = 0
      while length <= longest && length < key && tokens[query - length] == tokens[key - 1 - length] {
        length += 1
      }
      if length > 0 { sums[length - 1] = (sums[length - 1] ?? 0) + weights[query, key] }
    }
    return sums
  }

  /// The n-gram scores of orders 1...longest, each the mean over the queries that have a key of exactly that
  /// order.
  ///
  /// - Returns: `longest` scores; nil where no query has such a key.
  /// - Complexity: O(positions² longest).
  public func nGrams(longest: Int = 4) -> [Double?] {
    let rows = (0..<count).map { nGrams(query: $0, longest: longest) }
    return (0..<longest).map { order in meanOfDefined(rows.map { $0[order] }) }
  }
}
