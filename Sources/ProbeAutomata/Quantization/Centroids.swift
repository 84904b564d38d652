internal import Foundation
public import ProbeLinearAlgebra

/// The partition by the most similar of given points: the centroids of a clustering or of a state-regularised network.
public struct Centroids: StatePartition {
  /// What similarity is.
  public enum Similarity: String, Sendable, CaseIterable {
    /// The negative squared Euclidean distance: the nearest centroid wins.
    case distance
    /// The inner product, as in state-regularised networks (Wang and Niepert, arXiv 1901.08817, equation 3).
    case innerProduct
  }

  /// The name in reports.
  public var name: String
  /// `[cell, unit]`: the centroids.
  public let points: Matrix<Double>
  /// What similarity is.
  public let similarity: Similarity
  /// On how many threads cells are looked up; no result depends on it.
  public var threads: Int

  /// Subtracted from states and points before they are multiplied, so that a cloud far from the origin keeps its digits.
  private let origin: [Double]
  /// `[cell, unit]`: the points less the origin.
  private let shifted: Matrix<Double>
  /// `[cell]`: what is added to the inner products: minus half the squared norm of a shifted point, or 0.
  private let offsets: [Double]

  /// A partition by given points.
  ///
  /// - Parameters:
  ///   - points: `[cell, unit]`, at least one, finite.
  ///   - similarity: what makes a centroid win.
  ///   - name: the name in reports.
  ///   - threads: on how many threads cells are looked up.
  public init(
    _ points: Matrix<Double>, similarity: Similarity = .distance, name: String? = nil, threads: Int = 1
  ) {
    precondition(points.rows > 0, "a partition needs a centroid")
    self.name = name ?? "\(points.rows) centroids"
    self.points = points
    self.similarity = similarity
    self.threads = threads
    let units = points.columns
    var origin = [Double](repeating: 0, count: units)
    var shifted = points
    var offsets = [Double](repeating: 0, count: points.rows)
    if similarity == .distance {
      for row in 0..<points.rows { for unit in 0..<units { origin[unit] += points[row, unit] } }
      for unit in 0..<units { origin[unit] /= Double(points.rows) }
      for row in 0..<points.rows {
        var squares = 0.0
        for unit in 0..<units {
          shifted[row, unit] -= origin[unit]
          squares += shifted[row, unit] * shifted[row, unit]
        }
        offsets[row] = -squares / 2
      }
    }
    self.origin = origin
    self.shifted = shifted
    self.offsets = offsets
  }

  /// One cell a centroid.
  public var cellCount: Int { points.rows }

  /// The most similar centroid of each state; the first among equals.
  ///
  /// - Complexity: O(states cells units).
  public func cells(of states: Matrix<Double>) -> [Int32] {
    blocks(of: states) { scores, _, rows in
      (0..<rows).map { Int32(argmax(scores[$0 * cellCount..<($0 + 1) * cellCount])) }
    }.flatMap { $0 }
  }

  /// The most similar centroid of each state, and the squared Euclidean distance to it.
  ///
  /// The distance is computed from the differences, not from norms, so that it is 0 where a state is its centroid.
  public func nearest(to states: Matrix<Double>) -> (cells: [Int32], squaredDistances: [Double]) {
    let parts = blocks(of: states) { scores, first, rows in
      let cells = (0..<rows).map { Int32(argmax(scores[$0 * cellCount..<($0 + 1) * cellCount])) }
      let distances = cells.enumerated().map { row, cell in
        squaredDistance(states.row(first + row), points.row(Int(cell)))
      }
      return (cells, distances)
    }
    return (parts.flatMap(\.0), parts.flatMap(\.1))
  }

  /// The probability of each centroid: softmax of the similarities over a temperature.
  ///
  /// - Parameters:
  ///   - states: `[state, unit]`.
  ///   - temperature: positive; towards 0 the most similar centroid has it all.
  /// - Returns: `[state, cell]`, rows that add up to 1.
  /// - Source: Wang and Niepert, arXiv 1901.08817, equation 4.
  public func memberships(of states: Matrix<Double>, temperature: Double) -> Matrix<Double> {
    precondition(temperature > 0, "a temperature of \(temperature)")
    let scale = (similarity == .distance ? 2 : 1) / temperature
    let parts = blocks(of: states) { scores, _, _ in
      var shares = scores
      for start in stride(from: 0, to: shares.count, by: cellCount) {
        let row = start..<start + cellCount
        let largest = shares[start + argmax(shares[row])]
        var total = 0.0
        for place in row {
          shares[place] = exp((shares[place] - largest) * scale)
          total += shares[place]
        }
        for place in row { shares[place] /= total }
      }
      return shares
    }
    return Matrix(rows: states.rows, columns: cellCount, elements: parts.flatMap { $0 })
  }

  /// Calls `body` with the similarities of blocks of states, up to what all cells have in common: scores, first row, rows.
  ///
  /// Blocks have a fixed size, as a product's last bits vary with its number of rows.
  private func blocks<Result: Sendable>(
    of states: Matrix<Double>, _ body: @Sendable ([Double], Int, Int) -> Result
  ) -> [Result] {
    precondition(states.columns == points.columns, "states of \(states.columns) units, not \(points.columns)")
    let blockRows = 512
    let count = (states.rows + blockRows - 1) / blockRows
    // `concurrentMap` throws only what its body throws, which is nothing.
    let results = try? concurrentMap(count: count, threads: threads) { block in
      let first = block * blockRows
      let rows = min(blockRows, states.rows - first)
      let units = states.columns
      var block = Array(states.elements[first * units..<(first + rows) * units])
      if similarity == .distance {
        for row in 0..<rows { for unit in 0..<units { block[row * units + unit] -= origin[unit] } }
      }
      var scores = [Double](repeating: 0, count: rows * cellCount)
      for row in 0..<rows { for cell in 0..<cellCount { scores[row * cellCount + cell] = offsets[cell] } }
      Double.multiply(
        rows: rows, columns: cellCount, inner: units, alpha: 1, block, stride: max(1, units),
        transposed: false, shifted.elements, stride: max(1, units), transposed: true, beta: 1, into: &scores,
        stride: cellCount)
      return body(scores, first, rows)
    }
    return results ?? []
  }
}

/// The place of the first largest element, counted from the start of the slice.
func argmax(_ values: ArraySlice<Double>) -> Int {
  var best = values.startIndex
  for place in values.indices where values[place] > values[best] { best = place }
  return best - values.startIndex
}

/// The squared Euclidean distance of two vectors of one size.
func squaredDistance(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
  var sum = 0.0
  var other = b.startIndex
  for value in a {
    let difference = value - b[other]
    sum += difference * difference
    other += 1
  }
  return sum
}
