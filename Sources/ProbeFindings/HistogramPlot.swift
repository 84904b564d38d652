/// Counts of values, one or several groups of them, in common bins.
public struct HistogramPlot: Sendable, Equatable {
  /// The values of one group.
  public struct Group: Sendable, Equatable {
    /// The legend's entry.
    public var name: String
    /// What the values belong to, where it is one of the known kinds.
    public var kind: PointKind?
    /// The values, in no order.
    public var values: [Double]

    /// A group of values.
    public init(name: String, kind: PointKind? = nil, values: [Double]) {
      self.name = name
      self.kind = kind
      self.values = values
    }
  }

  /// Common bins and the counts in them.
  public struct Bins: Sendable, Equatable {
    /// The edges, one more than bins, ascending; in values, also where the axis is logarithmic.
    public let edges: [Double]
    /// The counts, `[group][bin]`; the last bin includes its upper edge.
    public let counts: [[Int]]
    /// How many values could not be shown: NaN, infinite, or at or below zero on a logarithmic axis.
    public let omitted: Int
  }

  /// What is counted.
  public var axis: Axis
  /// The groups; bars stand on one another.
  public var groups: [Group]

  /// A histogram.
  public init(axis: Axis, groups: [Group]) {
    self.axis = axis
    self.groups = groups
  }

  /// The values counted into common bins of equal width (of equal ratio on a logarithmic axis).
  ///
  /// There are between 5 and 60 bins, about twice the cube root of the number of values (Rice's rule); values that
  /// are all equal get one bin around them.
  ///
  /// - Complexity: O(number of values).
  public var bins: Bins {
    let isShown = { (value: Double) in value.isFinite && (!axis.isLogarithmic || value > 0) }
    let place = { (value: Double) in axis.isLogarithmic ? logarithm(value) : value }
    let shown = groups.map { group in group.values.filter(isShown).map(place) }
    let total = shown.reduce(0) { $0 + $1.count }
    let omitted = groups.reduce(0) { $0 + $1.values.count } - total
    guard
      let low = shown.compactMap({ $0.min() }).min(), let high = shown.compactMap({ $0.max() }).max()
    else {
      return Bins(edges: [], counts: groups.map { _ in [] }, omitted: omitted)
    }
    // A span below rounding cannot be divided: one bin around the value, so that the bar has a width.
    guard high - low > 1e-12 * max(abs(low), abs(high)), (high - low).isFinite else {
      let half = axis.isLogarithmic ? 0.5 : max(abs(low) * 0.05, 0.5)
      let edges = [low - half, high + half]
      return Bins(
        edges: axis.isLogarithmic ? edges.map(powerOfTen) : edges, counts: shown.map { [$0.count] },
        omitted: omitted)
    }
    let count = min(60, max(5, Int((2 * cubeRoot(Double(total))).rounded(.up))))
    let width = (high - low) / Double(count)
    let counts = shown.map { values in
      var counts = [Int](repeating: 0, count: count)
      for value in values { counts[min(count - 1, Int((value - low) / width))] += 1 }
      return counts
    }
    let edges = (0...count).map { $0 == count ? high : low + Double($0) * width }
    return Bins(edges: axis.isLogarithmic ? edges.map(powerOfTen) : edges, counts: counts, omitted: omitted)
  }
}
