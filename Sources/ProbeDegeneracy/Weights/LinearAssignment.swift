public import ProbeLinearAlgebra

/// The cheapest pairing of rows with columns.
public struct LinearAssignment: Sendable, Equatable {
  /// The column of each row; no column twice.
  public let columns: [Int]
  /// The sum of the chosen costs.
  public let cost: Double

  /// Solves min over p of sum over i of cost[i, p(i)] by shortest augmenting paths (Jonker & Volgenant 1987,
  /// doi:10.1007/BF02278710): rows, and of square problems columns, are reduced first, and rows that find a free column of
  /// reduced cost 0 take it.
  ///
  /// Of equally cheap pairings one is chosen that depends on the costs alone.
  ///
  /// - Parameter costs: `[rows, columns]`, finite, at least as many columns as rows.
  /// - Complexity: O(rows² columns) time, O(columns) memory.
  public init(costs: Matrix<Double>) {
    let (rows, width) = (costs.rows, costs.columns)
    precondition(rows <= width, "\(rows) rows do not fit into \(width) columns")
    precondition(costs.elements.allSatisfy(\.isFinite), "costs must be finite")
    // Index 0 of the column arrays is the root of the current search; columns are counted from 1, rows too.
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: width + 1)
    var rowOfColumn = [Int](repeating: 0, count: width + 1)
    let waiting = Self.reduce(costs, &rowPotential, &columnPotential, &rowOfColumn)
    var previous = [Int](repeating: 0, count: width + 1)
    var reach = [Double](repeating: 0, count: width + 1)
    // The columns that a search has not settled, in no order, and those that it has.
    var open = [Int](repeating: 0, count: width)
    var settled = [Int](repeating: 0, count: width + 1)
    costs.elements.withUnsafeBufferPointer { cost in
      for row in waiting {
        rowOfColumn[0] = row
        for column in 0..<width {
          open[column] = column + 1
          reach[column + 1] = .infinity
        }
        var (current, openCount, settledCount) = (0, width, 0)
        // What every settled potential is to be moved by: its reach is taken off when the search has ended.
        var distance = 0.0
        settled.withUnsafeMutableBufferPointer { settled in
          open.withUnsafeMutableBufferPointer { open in
            reach.withUnsafeMutableBufferPointer { reach in
              columnPotential.withUnsafeBufferPointer { columnPotential in
                repeat {
                  settled[settledCount] = current
                  settledCount += 1
                  let from = rowOfColumn[current]
                  let base = (from - 1) * width - 1
                  let offset = distance - rowPotential[from]
                  var (step, next) = (Double.infinity, 0)
                  for place in 0..<openCount {
                    let column = open[place]
                    let length = cost[base + column] + offset - columnPotential[column]
                    if length < reach[column] {
                      reach[column] = length
                      previous[column] = current
                    }
                    // Of equally near columns the first: the order of the list is that of the search.
                    if reach[column] < step || (reach[column] == step && column < open[next]) {
                      (step, next) = (reach[column], place)
                    }
                  }
                  distance = step
                  current = open[next]
                  openCount -= 1
                  open[next] = open[openCount]
                } while rowOfColumn[current] != 0
              }
            }
          }
        }
        for place in 0..<settledCount {
          let column = settled[place]
          let slack = distance - (column == 0 ? 0 : reach[column])
          rowPotential[rowOfColumn[column]] += slack
          if column > 0 { columnPotential[column] -= slack }
        }
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

  /// Brings every row's and every column's least reduced cost to 0 and pairs what that decides.
  ///
  /// Columns of wide problems are left alone: one that stays free must not have a potential.
  ///
  /// - Returns: the rows that are still without a column, counted from 1.
  private static func reduce(
    _ costs: Matrix<Double>, _ rowPotential: inout [Double], _ columnPotential: inout [Double],
    _ rowOfColumn: inout [Int]
  ) -> [Int] {
    let (rows, width) = (costs.rows, costs.columns)
    var waiting: [Int] = []
    costs.elements.withUnsafeBufferPointer { cost in
      for row in 0..<rows {
        var least = Double.infinity
        for column in 0..<width { least = min(least, cost[row * width + column]) }
        rowPotential[row + 1] = least
      }
      if rows == width {
        for column in 0..<width { columnPotential[column + 1] = .infinity }
        for row in 0..<rows {
          let least = rowPotential[row + 1]
          for column in 0..<width {
            columnPotential[column + 1] = min(columnPotential[column + 1], cost[row * width + column] - least)
          }
        }
      }
      for row in 0..<rows {
        let least = rowPotential[row + 1]
        let free = (0..<width).first { column in
          rowOfColumn[column + 1] == 0
            && cost[row * width + column] - least - columnPotential[column + 1] <= 0
        }
        if let free { rowOfColumn[free + 1] = row + 1 } else { waiting.append(row + 1) }
      }
    }
    return waiting
  }
}
