/// A partition of a network's states that is refined where two states must be told apart.
///
/// A binary tree: an inner node asks for one coordinate against a threshold, or whether the state lies within a ball; leaves
/// are the cells. Cells are numbered in the order in which they arise, so results depend on nothing but the states.
struct StateAbstraction {
  private enum Node {
    case leaf(cell: Int32)
    case threshold(dimension: Int, value: Float, below: Int32, above: Int32)
    case ball(center: [Float], squaredRadius: Float, inside: Int32, outside: Int32)
  }

  private var nodes: [Node] = [.leaf(cell: 0)]
  private(set) var cellCount = 1
  private let initialDepth: Int

  /// One cell.
  ///
  /// - Parameter initialDepth: into how many dimensions the first refinement cuts at once.
  init(initialDepth: Int) { self.initialDepth = initialDepth }

  /// The cell of a state.
  func cell(of state: [Float]) -> Int32 {
    guard case .leaf(let cell) = nodes[leaf(of: state)] else { return 0 }
    return cell
  }

  /// Parts one state from all others of its cell.
  ///
  /// The first time, space is cut in halves between the mean of the others and the state along the dimensions in which they are
  /// farthest apart, all at once (Weiss, Goldberg and Yahav 2018, section 6.3: one cut would be followed by many). Later a
  /// ball around the state, half as wide as the nearest other is away, becomes a cell: it parts the two whatever their shape.
  ///
  /// - Returns: whether all others are still in one cell, which the state has left.
  mutating func part(_ state: [Float], from others: [[Float]]) -> Bool {
    precondition(!others.isEmpty, "there is nothing to part a state from")
    if cellCount == 1 {
      cut(state, others)
    } else {
      // A ball of no width would hold the state alone and say nothing of its neighbours; equal states cannot be parted.
      let nearest = others.map { squaredDistance(state, $0) }.min() ?? 0
      let place = leaf(of: state)
      guard case .leaf(let cell) = nodes[place] else { return false }
      nodes[place] = .ball(
        center: state, squaredRadius: nearest / 4, inside: Int32(nodes.count), outside: Int32(nodes.count + 1)
      )
      nodes.append(.leaf(cell: Int32(cellCount)))
      nodes.append(.leaf(cell: cell))
      cellCount += 1
    }
    let cells = Set(others.map { cell(of: $0) })
    return cells.count == 1 && !cells.contains(cell(of: state))
  }

  private mutating func cut(_ state: [Float], _ others: [[Float]]) {
    let count = Float(others.count)
    let means = state.indices.map { dimension in others.reduce(0) { $0 + $1[dimension] } / count }
    let dimensions = state.indices.sorted {
      (-abs(means[$0] - state[$0]), $0) < (-abs(means[$1] - state[$1]), $1)
    }.prefix(initialDepth)
    cellCount = 0
    nodes = []
    func grow(_ depth: Int) -> Int32 {
      let place = nodes.count
      guard depth < dimensions.count else {
        nodes.append(.leaf(cell: Int32(cellCount)))
        cellCount += 1
        return Int32(place)
      }
      nodes.append(.leaf(cell: -1))
      let dimension = dimensions[depth]
      let (below, above) = (grow(depth + 1), grow(depth + 1))
      nodes[place] = .threshold(
        dimension: dimension, value: (means[dimension] + state[dimension]) / 2, below: below, above: above)
      return Int32(place)
    }
    _ = grow(0)
  }

  private func leaf(of state: [Float]) -> Int {
    var place = 0
    while true {
      switch nodes[place] {
      case .leaf: return place
      case .threshold(let dimension, let value, let below, let above):
        place = Int(state[dimension] <= value ? below : above)
      case .ball(let center, let squaredRadius, let inside, let outside):
        place = Int(squaredDistance(state, center) <= squaredRadius ? inside : outside)
      }
    }
  }
}

/// The squared Euclidean distance.
private func squaredDistance(_ a: [Float], _ b: [Float]) -> Float {
  var sum: Float = 0
  for index in a.indices {
    let difference = a[index] - b[index]
    sum += difference * difference
  }
  return sum
}
