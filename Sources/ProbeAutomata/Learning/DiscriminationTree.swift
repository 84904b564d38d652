/// A tree that tells states apart: inner nodes ask a suffix, edges are outputs, leaves are states.
///
/// A word is sifted: from the root, the output of the word with the node's suffix says which edge to follow. Kearns and
/// Vazirani, "An Introduction to Computational Learning Theory" (1994), section 8.4.
struct DiscriminationTree {
  /// `[node]`: the suffix it asks; nil in a leaf.
  private(set) var suffixes: [Word?] = [[]]
  /// `[node]`: the state of a leaf; -1 in an inner node.
  private(set) var states: [Int32] = [-1]
  private(set) var parents: [Int32] = [-1]
  /// `[node]`: the output on the edge that leads to it.
  private(set) var labels: [Int32] = [-1]
  private var depths: [Int32] = [0]
  private var firstChild: [Int32] = [-1]
  private var nextSibling: [Int32] = [-1]

  /// The node where every word begins; it asks the empty suffix.
  static let root: Int32 = 0

  /// Whether a node is a state.
  func isLeaf(_ node: Int32) -> Bool { states[Int(node)] >= 0 }

  /// Where an output leads from an inner node; -1 where no state has had it.
  ///
  /// - Complexity: O(the number of different outputs seen here).
  func child(of node: Int32, output: Int32) -> Int32 {
    var child = firstChild[Int(node)]
    while child >= 0 && labels[Int(child)] != output { child = nextSibling[Int(child)] }
    return child
  }

  /// Whether the children of a node are the given nodes and no others.
  func hasChildren(_ node: Int32, _ children: [Int32]) -> Bool {
    var count = 0
    var child = firstChild[Int(node)]
    while child >= 0 {
      if !children.contains(child) { return false }
      count += 1
      child = nextSibling[Int(child)]
    }
    return count == children.count
  }

  /// A new leaf below an inner node.
  mutating func addLeaf(of state: Int32, below node: Int32, output: Int32) -> Int32 {
    let leaf = Int32(states.count)
    suffixes.append(nil)
    states.append(state)
    parents.append(node)
    labels.append(output)
    depths.append(depths[Int(node)] + 1)
    firstChild.append(-1)
    nextSibling.append(firstChild[Int(node)])
    firstChild[Int(node)] = leaf
    return leaf
  }

  /// Makes a leaf an inner node; its state moves to a new leaf below it.
  ///
  /// - Returns: the new leaf of the state.
  mutating func split(_ leaf: Int32, by suffix: Word, output: Int32) -> Int32 {
    let state = states[Int(leaf)]
    states[Int(leaf)] = -1
    suffixes[Int(leaf)] = suffix
    return addLeaf(of: state, below: leaf, output: output)
  }

  /// Gives an inner node whose children are two leaves another suffix, and the leaves the outputs on it.
  mutating func replaceSuffix(
    of node: Int32, by suffix: Word, _ one: (leaf: Int32, output: Int32),
    _ other: (leaf: Int32, output: Int32)
  ) {
    suffixes[Int(node)] = suffix
    labels[Int(one.leaf)] = one.output
    labels[Int(other.leaf)] = other.output
  }

  /// The lowest node above two different nodes, neither above the other, and the outputs that lead from it to each.
  ///
  /// - Returns: nil where the nodes are one or one is above the other.
  func separator(_ one: Int32, _ other: Int32) -> (node: Int32, output: Int32, otherOutput: Int32)? {
    var one = one
    var other = other
    var output: Int32 = -1
    var otherOutput: Int32 = -1
    while one != other {
      if depths[Int(one)] >= depths[Int(other)] {
        output = labels[Int(one)]
        one = parents[Int(one)]
        if one == other && otherOutput < 0 { return nil }
      } else {
        otherOutput = labels[Int(other)]
        other = parents[Int(other)]
        if one == other && output < 0 { return nil }
      }
    }
    return output < 0 || otherOutput < 0 ? nil : (one, output, otherOutput)
  }
}
