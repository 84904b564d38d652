/// The perfect matching of smallest cost, by shortest augmenting paths with potentials (the Hungarian method).
///
/// Kuhn 1955, doi:10.1002/nav.3800020109; a row at a time after Jonker and Volgenant 1987, doi:10.1007/BF02278710.
///
/// - Parameters:
///   - costs: `[size, size]`, row-major, finite.
///   - size: the number of rows.
/// - Returns: the column of each row.
/// - Complexity: O(size³).
func smallestAssignment(costs: [Double], size: Int) -> [Int] {
  precondition(costs.count == size * size, "\(costs.count) costs for \(size) rows")
  guard size > 0 else { return [] }
  // Column `size` is a virtual one that holds the row being placed.
  var rowPotential = [Double](repeating: 0, count: size)
  var columnPotential = [Double](repeating: 0, count: size + 1)
  var rowOfColumn = [Int](repeating: -1, count: size + 1)
  var previous = [Int](repeating: size, count: size)
  var slack = [Double](repeating: 0, count: size)
  var used = [Bool](repeating: false, count: size + 1)
  costs.withUnsafeBufferPointer { costs in
    for row in 0..<size {
      rowOfColumn[size] = row
      for column in 0..<size {
        slack[column] = .infinity
        used[column] = false
      }
      used[size] = false
      var current = size
      repeat {
        used[current] = true
        let from = rowOfColumn[current]
        let potential = rowPotential[from]
        var least = Double.infinity
        var next = size
        for column in 0..<size where !used[column] {
          let reduced = costs[from * size + column] - potential - columnPotential[column]
          if reduced < slack[column] {
            slack[column] = reduced
            previous[column] = current
          }
          if slack[column] < least {
            least = slack[column]
            next = column
          }
        }
        for column in 0...size {
          if used[column] {
            rowPotential[rowOfColumn[column]] += least
            columnPotential[column] -= least
          } else if column < size {
            slack[column] -= least
          }
        }
        current = next
      } while rowOfColumn[current] >= 0
      while current != size {
        let before = previous[current]
        rowOfColumn[current] = rowOfColumn[before]
        current = before
      }
    }
  }
  var result = [Int](repeating: 0, count: size)
  for column in 0..<size { result[rowOfColumn[column]] = column }
  return result
}
