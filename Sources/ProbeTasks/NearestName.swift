/// The known name that is fewest edits away from a mistyped one, or nil where none is near.
///
/// Near means at most a third of the longer name's letters, and always at least two, inserted, deleted,
/// exchanged or swapped with their neighbour; or that the name given begins the known one. Ties go to the name
/// listed first.
public func nearestName(to name: String, among known: [String]) -> String? {
  let typed = Array(name.lowercased())
  var best: (name: String, distance: Int)?
  for candidate in known {
    let letters = Array(candidate.lowercased())
    let isPrefix = typed.count >= 3 && letters.starts(with: typed)
    let distance = isPrefix ? 1 : editDistance(typed, letters)
    guard distance <= max(2, max(typed.count, letters.count) / 3), distance < letters.count else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// The optimal string alignment distance (Damerau 1964, doi:10.1145/363958.363994).
///
/// - Complexity: O(n m) time and memory.
func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var table = [[Int]](repeating: Array(0...second.count), count: first.count + 1)
  for row in 0...first.count { table[row][0] = row }
  for row in 0..<first.count {
    for column in 0..<second.count {
      let exchange = table[row][column] + (first[row] == second[column] ? 0 : 1)
      var least = min(exchange, table[row][column + 1] + 1, table[row + 1][column] + 1)
      if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
        least = min(least, table[row - 1][column - 1] + 1)
      }
      table[row + 1][column + 1] = least
    }
  }
  return table[first.count][second.count]
}
