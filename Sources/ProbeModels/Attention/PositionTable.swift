internal import Glibc

/// The learnt positions of the patches of an image, `[rows, columns, width]`, and their resampling to other image sizes.
public struct PositionTable: Sendable, Equatable {
  /// How positions between the learnt ones are found.
  public enum Resampling: Sendable, Equatable {
    /// There is no way: the model takes images of one size.
    case none
    /// Cubic convolution with a = -0.75 (Keys, doi:10.1109/TASSP.1981.1163711), as torch's `bicubic`: DINOv2 as
    /// transformers 5 runs it (versions 4 resized by a factor that was a little off).
    case bicubic
    /// The same with a = -0.5 and a kernel that widens when the table shrinks, as torch's antialiased `bicubic`:
    /// DINOv2 with registers.
    case smoothBicubic
  }

  /// Patches from top to bottom.
  public let rows: Int
  /// Patches from left to right.
  public let columns: Int
  /// `[rows, columns, width]`.
  public let values: [Float]
  /// How positions between the learnt ones are found.
  public let resampling: Resampling

  /// A table.
  public init(rows: Int, columns: Int, values: [Float], resampling: Resampling = .none) {
    precondition(rows > 0 && columns > 0 && values.count % (rows * columns) == 0, "one row a patch")
    self.rows = rows
    self.columns = columns
    self.values = values
    self.resampling = resampling
  }

  /// Elements of a position.
  public var width: Int { values.count / (rows * columns) }

  /// The table for `rows` by `columns` patches; positions are centres of patches, and the border is repeated outwards.
  ///
  /// - Precondition: the extents are positive.
  /// - Complexity: O(rows * columns * width), times the stretch where the table shrinks.
  public func resampled(rows newRows: Int, columns newColumns: Int) -> PositionTable {
    precondition(newRows > 0 && newColumns > 0, "an image has patches")
    if newRows == rows && newColumns == columns { return self }
    let vertical = taps(from: rows, to: newRows)
    let horizontal = taps(from: columns, to: newColumns)
    var result = [Float](repeating: 0, count: newRows * newColumns * width)
    for (row, rowTaps) in vertical.enumerated() {
      for (column, columnTaps) in horizontal.enumerated() {
        let target = (row * newColumns + column) * width
        for (sourceRow, rowWeight) in rowTaps {
          for (sourceColumn, columnWeight) in columnTaps {
            let source = (sourceRow * columns + sourceColumn) * width
            let weight = rowWeight * columnWeight
            for unit in 0..<width { result[target + unit] += weight * values[source + unit] }
          }
        }
      }
    }
    return PositionTable(rows: newRows, columns: newColumns, values: result, resampling: resampling)
  }

  /// For each new place along an axis the old places that it is mixed from, with their weights, which sum to 1.
  private func taps(from old: Int, to new: Int) -> [[(index: Int, weight: Float)]] {
    let step = Double(old) / Double(new)
    return (0..<new).map { place in
      let centre = (Double(place) + 0.5) * step
      guard resampling == .smoothBicubic else {
        let first = Int(floor(centre - 0.5)) - 1
        return (first..<first + 4).map { index in
          let weight = Self.cubic(Double(index) + 0.5 - centre, sharpness: -0.75)
          return (min(max(index, 0), old - 1), Float(weight))
        }
      }
      let stretch = max(step, 1)
      let range = max(Int(centre - 2 * stretch + 0.5), 0)..<min(Int(centre + 2 * stretch + 0.5), old)
      let weights = range.map { Self.cubic((Double($0) + 0.5 - centre) / stretch, sharpness: -0.5) }
      let sum = weights.reduce(0, +)
      return zip(range, weights).map { ($0, Float($1 / sum)) }
    }
  }

  /// The kernel of cubic convolution, Keys' equation 15 where `sharpness` is -1/2.
  private static func cubic(_ distance: Double, sharpness a: Double) -> Double {
    let x = abs(distance)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
    return 0
  }
}
