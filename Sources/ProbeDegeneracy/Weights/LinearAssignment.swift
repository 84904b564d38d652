public import ProbeLinearAlgebra

/// The cheapest pairing of rows with columns.
public struct LinearAssignment: Sendable, Equatable {
  /// The column of each row; no column twice.
  public let columns: [Int]
  /// The sum of the chosen costs.
  public let cost: Double

  /// Solves min over p of sum over i of cost[i, p(i)] by shortest augmenting paths (Jonker & Volgenant 1987,
  /// doi:10.1007/BF02278710, without the initial reductions).
  ///
  /// Of equally cheap pairings one is chosen that depends on the costs alone.
  ///
  /// - Parameter costs: `[rows, columns]`, finite, at least as many columns as rows.
  /// - Complexity: O(rows² columns) time, O(columns) memory.
  public init(costs: Matrix<Double>) {
    let (rows, width) = (costs.rows, costs.columns)
    precondition(rows <= width, "\(rows) rows do not fit into \(width) columns")
    precondition(costs.elements.allSatisfy(\.isFinite), "costs must be finite")
    // Index 0 of the column arrays is the root of the current search; columns are counted from 1.
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: width + 1)
    var rowOfColumn = [Int](repeating: 0, count: width + 1)
    var previous = [Int](repeating: 0, count: width + 1)
    var reach = [Double](repeating: 0, count: width + 1)
    var isSettled = [Bool](repeating: false, count: width + 1)
    costs.elements.withUnsafeBufferPointer { cost in
      for row in 0..<rows {
        rowOfColumn[0] = row + 1
        for column in 0...width {
          reach[column] = .infinity
          isSettled[column] = false
        }
        var current = 0
        repeat {
          isSettled[current] = true
          let from = rowOfColumn[current]
          let base = (from - 1) * width - 1
          let potential = rowPotential[from]
          var (step, next) = (Double.infinity, 0)
          for column in 1...width where !isSettled[column] {
            let length = cost[base + column] - potential - columnPotential[column]
            if length < reach[column] {
              reach[column] = length
              previous[column] = current
            }
            if reach[column] < step { (step, next) = (reach[column], column) }
          }
          for column in 0...width {
            if isSettled[column] {
              rowPotential[rowOfColumn[column]] += step
              columnPotential[column] -= step
            } else {
              reach[column] -= step
            }
          }
          current = next
        } while rowOfColumn[current] != 0
        while current != 0 {
          rowOfColumn[current] = rowOfColumn[previous[current]]
          current = previous[current]
        }
      }
    }
    var columns = [Int](repeating: 0, count: rows)
    for column in stride(from: 1, through: width, by: 1) where rowOfColumn[column] > 0 {
      columns[rowOfColumn[column] - 1] = column - 1
    }
    self.columns = columns
    cost = columns.enumerated().reduce(0) { $0 + costs[$1.offset, $1.element] }
  }
}
