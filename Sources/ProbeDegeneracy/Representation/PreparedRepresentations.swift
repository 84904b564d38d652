internal import ProbeLinearAlgebra

/// Networks with all that metrics need of each, ready to be compared pair by pair.
public struct PreparedRepresentations: Sendable {
  typealias Comparer = @Sendable (RepresentationPair, NetworkPair) -> PairOutcome

  let networks: [RepresentationFactors]
  /// One a metric.
  let comparers: [Comparer]

  /// Compares pairs.
  ///
  /// - Parameters:
  ///   - pairs: which networks are compared; all were named when these were prepared.
  ///   - threads: at most so many at once; the values do not depend on it.
  /// - Returns: one row a pair, one outcome a metric.
  /// - Throws: nothing that concerns a single pair; such errors are outcomes.
  /// - Complexity: O(m d²) a pair.
  public func outcomes(pairs: [NetworkPair], threads: Int) throws -> [[PairOutcome]] {
    let tiles = tiles(of: pairs)
    let results = try concurrentMap(count: tiles.count, threads: threads) { index in
      let tile = tiles[index]
      let rows = Array(Set(tile.map { pairs[$0].first })).sorted()
      let columns = Array(Set(tile.map { pairs[$0].second })).sorted()
      let (left, right) = (rows.map { networks[$0] }, columns.map { networks[$0] })
      // Networks of a tile's side have equally many samples, so one look tells of all.
      if let a = left.first, let b = right.first {
        do throws(DegeneracyError) {
          try RepresentationPair.requireSameSamples(a, b)
        } catch {
          return tile.map { _ in comparers.map { _ in PairOutcome.unavailable(error) } }
        }
      }
      let products = crossProducts(left, right)
      return tile.map { place in
        let pair = pairs[place]
        guard let row = rows.firstIndex(of: pair.first), let column = columns.firstIndex(of: pair.second)
        else { preconditionFailure("a tile holds the networks of its pairs") }
        let both = RepresentationPair(left[row], right[column], product: products[row][column])
        return comparers.map { $0(both, pair) }
      }
    }
    var outcomes = [[PairOutcome]](repeating: [], count: pairs.count)
    for (tile, values) in zip(tiles, results) {
      for (place, value) in zip(tile, values) { outcomes[place] = value }
    }
    return outcomes
  }

  /// Places of pairs whose products are taken together: neighbours in the list of networks, about 512 columns a side.
  private func tiles(of pairs: [NetworkPair]) -> [[Int]] {
    struct Key: Hashable {
      var row: Int
      var column: Int
    }
    var group = [Int](repeating: 0, count: networks.count)
    var (current, columns) = (0, 0)
    for (index, network) in networks.enumerated() {
      let isAlike = index > 0 && networks[index - 1].samples == network.samples
      if !isAlike || columns + network.width > 512 { (current, columns) = (current + 1, 0) }
      columns += network.width
      group[index] = current
    }
    var places: [Key: Int] = [:]
    var tiles: [[Int]] = []
    for (index, pair) in pairs.enumerated() {
      let key = Key(row: group[pair.first], column: group[pair.second])
      if let place = places[key] {
        tiles[place].append(index)
      } else {
        places[key] = tiles.count
        tiles.append([index])
      }
    }
    return tiles
  }
}
