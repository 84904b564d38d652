/// Sequences of outputs, interned: equal sequences are one node, however many rows of a table they are.
///
/// Rows of an observation table all have the same columns in the same order, and columns only ever come last; a row is then
/// a node that walks one level down with each column, and two rows are equal exactly when their nodes are.
struct RowTrie {
  private var firstChild: [Int32] = [-1]
  private var nextSibling: [Int32] = [-1]
  private var label: [Int32] = [-1]

  /// The row without columns.
  static let root: Int32 = 0

  /// The number of nodes.
  var count: Int { label.count }

  /// The row with one more output.
  ///
  /// - Complexity: O(the number of different outputs seen here).
  mutating func child(of row: Int32, output: Int32) -> Int32 {
    var child = firstChild[Int(row)]
    while child >= 0 {
      if label[Int(child)] == output { return child }
      child = nextSibling[Int(child)]
    }
    child = Int32(label.count)
    label.append(output)
    firstChild.append(-1)
    nextSibling.append(firstChild[Int(row)])
    firstChild[Int(row)] = child
    return child
  }
}
