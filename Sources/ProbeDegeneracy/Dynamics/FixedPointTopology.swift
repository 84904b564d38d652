import ProbeLinearAlgebra

/// A fixed point without its position: what is kept of it under a continuous change of coordinates, and its pace.
public struct FixedPointType: Sendable, Hashable {
  /// The sign of det(I - J), -1 or 1; 0 where it is undecided.
  public var index: Int
  /// Whether all eigenvalues lie inside the unit circle.
  public var isStable: Bool
  /// How many eigenvalues lie outside the unit circle.
  public var unstableDirections: Int
  /// The largest modulus of an eigenvalue.
  public var spectralRadius: Double

  /// A fixed point's type.
  public init(index: Int, isStable: Bool, unstableDirections: Int, spectralRadius: Double) {
    self.index = index
    self.isStable = isStable
    self.unstableDirections = unstableDirections
    self.spectralRadius = spectralRadius
  }

  /// Whether points may be matched: index, stability and number of unstable directions agree.
  public func agrees(with other: Self) -> Bool {
    index == other.index && isStable == other.isStable && unstableDirections == other.unstableDirections
  }
}

/// How differently two networks' fixed points are made up, wherever they lie.
///
/// Points of one type are matched at cost min(1, |ρ - ρ'|) of their spectral radii; a point left over costs 1, and so does one
/// matched against its type. The sum is divided by the larger number of points: OSPA of order 1 with cut-off 1 (Schuhmacher, Vo
/// and Vo 2008, doi:10.1109/TSP.2008.920469), a metric on finite sets of types. 0 is agreement, 1 nothing in common.
public struct FixedPointTopology: Sendable, Hashable {
  /// The distance, between 0 and 1.
  public let distance: Double
  /// Pairs (point of a, point of b) of one type, by the first.
  public let matched: [Pair]
  /// Points of the first network without a partner of their type.
  public let onlyFirst: [Int]
  /// Points of the second network without one.
  public let onlySecond: [Int]

  /// Two points of one type.
  public struct Pair: Sendable, Hashable {
    /// Its number in the first network.
    public let first: Int
    /// Its number in the second.
    public let second: Int
    /// min(1, |ρ - ρ'|).
    public let cost: Double
  }

  /// Matches the points of two networks; two networks without any are at distance 0.
  ///
  /// - Throws: ``DegeneracyError/notFinite(object:row:column:)`` where a spectral radius is not.
  /// - Complexity: O(max(a, b)³).
  public init(_ a: [FixedPointType], _ b: [FixedPointType]) throws(DegeneracyError) {
    for (name, points) in [("the first network's fixed points", a), ("the second network's fixed points", b)]
    {
      if let place = points.firstIndex(where: { !$0.spectralRadius.isFinite }) {
        throw .notFinite(object: name, row: place, column: 0)
      }
    }
    let size = max(a.count, b.count)
    var costs = [Double](repeating: 1, count: size * size)
    for (i, x) in a.enumerated() {
      for (j, y) in b.enumerated() where x.agrees(with: y) {
        costs[i * size + j] = min(1, abs(x.spectralRadius - y.spectralRadius))
      }
    }
    let columns = LinearAssignment(costs: Matrix(rows: size, columns: size, elements: costs)).columns
    var total = 0.0
    var pairs: [Pair] = []
    for (i, j) in columns.enumerated() {
      total += costs[i * size + j]
      if i < a.count && j < b.count && a[i].agrees(with: b[j]) {
        pairs.append(Pair(first: i, second: j, cost: costs[i * size + j]))
      }
    }
    distance = size == 0 ? 0 : total / Double(size)
    matched = pairs
    let firsts = Set(pairs.map(\.first))
    let seconds = Set(pairs.map(\.second))
    onlyFirst = a.indices.filter { !firsts.contains($0) }
    onlySecond = b.indices.filter { !seconds.contains($0) }
  }
}
