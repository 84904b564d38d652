public import ProbeLinearAlgebra

/// The tree of an agglomerative clustering: which clusters were joined, and how far apart they were.
///
/// Found by chains of nearest neighbours (Murtagh, "A survey of recent advances in hierarchical clustering algorithms", Computer
/// Journal 26 (1983) 354), with the distances of joined clusters from Lance and Williams's formula (1967).
public struct Dendrogram: Sendable {
  /// How far apart two clusters are.
  public enum Linkage: String, Sendable, CaseIterable {
    /// By how much joining them raises the sum of squares: the root of twice that.
    case ward
    /// The distance of their nearest members.
    case single
    /// The distance of their farthest members.
    case complete
    /// The mean distance of their members.
    case average
  }

  /// One join.
  public struct Join: Sendable, Equatable {
    /// A member of the one cluster.
    public var first: Int
    /// A member of the other.
    public var second: Int
    /// How far apart they were.
    public var height: Double
  }

  /// The number of points.
  public let count: Int
  /// The joins, lowest first.
  public let joins: [Join]

  /// Clusters points.
  ///
  /// - Parameters:
  ///   - points: `[point, unit]`, finite.
  ///   - linkage: how far apart two clusters are.
  /// - Complexity: O(points²) time after O(points² units) for distances; 8 points² bytes.
  public init(_ points: Matrix<Double>, linkage: Linkage) {
    let count = points.rows
    self.count = count
    var distances = [Double](repeating: .infinity, count: count * count)
    for i in 0..<count {
      for j in 0..<i {
        let squared = squaredDistance(points.row(i), points.row(j))
        let distance = linkage == .ward ? squared : squared.squareRoot()
        distances[i * count + j] = distance
        distances[j * count + i] = distance
      }
    }
    var sizes = [Double](repeating: 1, count: count)
    var isActive = [Bool](repeating: true, count: count)
    var chain: [Int] = []
    var joins: [Join] = []
    while joins.count + 1 < count {
      if chain.isEmpty { chain = [isActive.firstIndex(of: true) ?? 0] }
      let last = chain[chain.count - 1]
      let previous = chain.count > 1 ? chain[chain.count - 2] : nil
      // Among equals the one before wins, or the chain might run in a circle.
      var nearest = previous ?? -1
      var least = previous.map { distances[last * count + $0] } ?? .infinity
      for other in 0..<count where isActive[other] && other != last {
        if distances[last * count + other] < least || nearest < 0 {
          least = distances[last * count + other]
          nearest = other
        }
      }
      guard nearest == previous else {
        chain.append(nearest)
        continue
      }
      chain.removeLast(2)
      let (kept, gone) = (min(last, nearest), max(last, nearest))
      joins.append(
        Join(first: kept, second: gone, height: linkage == .ward ? least.squareRoot() : least))
      isActive[gone] = false
      for other in 0..<count where isActive[other] && other != kept {
        let (toKept, toGone) = (distances[kept * count + other], distances[gone * count + other])
        let joined: Double
        switch linkage {
        case .single: joined = min(toKept, toGone)
        case .complete: joined = max(toKept, toGone)
        case .average:
          joined = (sizes[kept] * toKept + sizes[gone] * toGone) / (sizes[kept] + sizes[gone])
        case .ward:
          let total = sizes[kept] + sizes[gone] + sizes[other]
          joined =
            ((sizes[kept] + sizes[other]) * toKept + (sizes[gone] + sizes[other]) * toGone
              - sizes[other] * least) / total
        }
        distances[kept * count + other] = joined
        distances[other * count + kept] = joined
      }
      sizes[kept] += sizes[gone]
    }
    // A chain finds joins out of order; equal heights keep theirs, so that a cluster exists before it is joined.
    self.joins = joins.enumerated().sorted { ($0.element.height, $0.offset) < ($1.element.height, $1.offset) }
      .map(\.element)
  }

  /// The clusters when only so many are left, numbered in the order of their first points.
  public func labels(clusters: Int) -> [Int32] {
    labels(joining: max(0, min(joins.count, count - clusters)))
  }

  /// The clusters when only joins up to a height are made.
  public func labels(height: Double) -> [Int32] {
    labels(joining: joins.prefix { $0.height <= height }.count)
  }

  private func labels(joining made: Int) -> [Int32] {
    var parents = Array(0..<count)
    func root(_ point: Int) -> Int {
      var point = point
      while parents[point] != point { point = parents[point] }
      return point
    }
    for join in joins.prefix(made) {
      let (a, b) = (root(join.first), root(join.second))
      parents[max(a, b)] = min(a, b)
    }
    var numbers: [Int: Int32] = [:]
    return (0..<count).map { point in
      let root = root(point)
      if let number = numbers[root] { return number }
      let number = Int32(numbers.count)
      numbers[root] = number
      return number
    }
  }
}
