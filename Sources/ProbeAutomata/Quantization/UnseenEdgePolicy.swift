/// What to do where a symbol was never read in a cell.
public enum UnseenEdgePolicy: Sendable {
  /// The edge leads to a further state that nothing leaves and that has the given output: 0 is `reject` in an acceptor.
  case sink(output: Int)
  /// The edge leads back to its own state.
  case stay
  /// The edge is left open: it leads to a further state whose output says that it is not known.
  case open
  /// Whoever knows the system is asked for the cells where symbols lead from cells; -1 says that it is not known.
  case query(@Sendable (_ pairs: [CellSymbol]) throws -> [Int32])

  /// Asks a network where symbols lead from the centroids of cells.
  ///
  /// - Parameters:
  ///   - centroids: the mean state of each cell, `nil` where there is none, as ``StateRegions`` gives them.
  ///   - partition: finds the cells of the states that come back.
  ///   - step: the states after one symbol each: states `[pair, unit]` and symbols in, states out.
  /// - Returns: a policy that asks.
  public static func network(
    centroids: [[Double]?], partition: any StatePartition,
    step: @escaping @Sendable (_ states: [[Double]], _ symbols: [Int]) throws -> [[Double]]
  ) -> UnseenEdgePolicy {
    .query { pairs in
      var result = [Int32](repeating: -1, count: pairs.count)
      let known = pairs.indices.filter { centroids[pairs[$0].cell] != nil }
      if known.isEmpty { return result }
      let next = try step(known.compactMap { centroids[pairs[$0].cell] }, known.map { pairs[$0].symbol })
      for (place, cell) in zip(known, partition.cells(of: rowsAsMatrix(next))) { result[place] = cell }
      return result
    }
  }
}

/// A cell of a partition and a symbol that is read there.
public struct CellSymbol: Sendable, Hashable {
  /// The cell.
  public var cell: Int
  /// The symbol.
  public var symbol: Int

  /// A cell and a symbol.
  public init(cell: Int, symbol: Int) {
    self.cell = cell
    self.symbol = symbol
  }
}
