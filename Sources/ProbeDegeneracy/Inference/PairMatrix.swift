public import ProbeLinearAlgebra

/// A symmetric matrix of distances between networks, with zeros on its diagonal.
public struct PairMatrix: Sendable, Equatable {
  /// The number of networks.
  public let count: Int
  /// The distances of pairs i < j, row by row.
  public private(set) var values: [Double]

  /// Wraps the distances of all pairs i < j, row by row, as ``NetworkPair/all(_:)`` lists them.
  ///
  /// - Throws: ``DegeneracyError`` if their number does not fit or one of them is not finite.
  public init(count: Int, values: [Double]) throws(DegeneracyError) {
    guard values.count == count * (count - 1) / 2 else {
      throw .shapeMismatch(
        object: "the list of pairs of \(count) networks", expected: "\(count * (count - 1) / 2) long",
        found: "\(values.count)")
    }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      let pair = NetworkPair.all(count)[place]
      throw .notFinite(object: "the matrix of pairs", row: pair.first, column: pair.second)
    }
    (self.count, self.values) = (count, values)
  }

  /// Takes the upper triangle of a square matrix.
  ///
  /// - Throws: ``DegeneracyError/notFinite(object:row:column:)``.
  public init(_ matrix: Matrix<Double>) throws(DegeneracyError) {
    precondition(matrix.rows == matrix.columns, "distances form a square")
    try self.init(
      count: matrix.rows, values: NetworkPair.all(matrix.rows).map { matrix[$0.first, $0.second] })
  }

  /// The distance of two networks, in either order.
  public subscript(_ i: Int, _ j: Int) -> Double {
    guard i != j else { return 0 }
    let (low, high) = (min(i, j), max(i, j))
    return values[low * (2 * count - low - 1) / 2 + high - low - 1]
  }

  /// The mean over pairs; NaN of fewer than two networks.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// Each network's mean distance to the others; NaN of a network alone.
  public var meanOfEach: [Double] {
    var sums = [Double](repeating: 0, count: count)
    var place = 0
    for i in 0..<count {
      for j in i + 1..<max(count, i + 1) {
        sums[i] += values[place]
        sums[j] += values[place]
        place += 1
      }
    }
    return sums.map { $0 / Double(count - 1) }
  }

  /// The distances among some of the networks.
  public func restricted(to networks: [Int]) -> PairMatrix {
    PairMatrix(
      unchecked: networks.count,
      NetworkPair.all(networks.count).map { self[networks[$0.first], networks[$0.second]] })
  }

  private init(unchecked count: Int, _ values: [Double]) { (self.count, self.values) = (count, values) }

  /// Refuses too few networks, in words.
  func require(networks needed: Int) throws(DegeneracyError) {
    guard count >= needed else { throw .tooFew(object: "networks", needed: needed, found: count) }
  }
}
