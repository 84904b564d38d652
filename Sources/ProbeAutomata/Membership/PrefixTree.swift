/// The tree beneath a ``PrefixTrie``: prefixes, their outputs where known, and nothing of the system.
///
/// It is no generic type, so that what learners do with it millions of times compiles to plain loops over arrays.
struct PrefixTree {
  let width: Int
  private(set) var nodes: [PrefixNode] = []
  private(set) var depths: [Int32] = []
  /// The output of each node; -1 where the system has not said.
  private(set) var outputs: [Int32] = []
  /// `[node, symbol]`: the node of the word with the symbol; -1 where nobody has thought of it.
  private var children: [Int32] = []
  /// Nodes below this number have been answered; of the others, those with an output.
  private var firstWaiting = 0

  /// A tree that holds the empty word.
  init(width: Int) {
    self.width = width
    _ = append(PrefixNode(id: 0, parent: -1, symbol: -1), depth: 0)
  }

  /// The node of a node's word with one more symbol.
  mutating func child(of node: Int32, symbol: Int) -> Int32 {
    let place = Int(node) * width + symbol
    let known = children[place]
    if known >= 0 { return known }
    let id = append(
      PrefixNode(id: Int32(nodes.count), parent: node, symbol: Int32(symbol)), depth: depths[Int(node)] + 1)
    children[place] = id
    return id
  }

  /// The node of a node's word followed by another word.
  mutating func node(for word: some Sequence<Int>, from node: Int32 = 0) -> Int32 {
    var node = node
    for symbol in word { node = child(of: node, symbol: symbol) }
    return node
  }

  /// The word of a node.
  func word(of node: Int32) -> Word {
    var word: Word = []
    var node = nodes[Int(node)]
    while node.parent >= 0 {
      word.append(Int(node.symbol))
      node = nodes[Int(node.parent)]
    }
    return word.reversed()
  }

  /// Notes what the system said of a node.
  mutating func answer(_ node: Int32, _ output: Int32) { outputs[Int(node)] = output }

  /// That every node has its output.
  mutating func nothingWaits() { firstWaiting = nodes.count }

  /// The nodes without an output, shallow ones first, within a depth in the order of their numbers.
  func waiting() -> [PrefixNode] {
    let waiting = nodes[firstWaiting...].filter { outputs[Int($0.id)] < 0 }
    var isSorted = true
    var deepest = 0
    for (index, node) in waiting.enumerated() {
      let depth = Int(depths[Int(node.id)])
      if index > 0, depth < deepest { isSorted = false }
      deepest = max(deepest, depth)
    }
    if isSorted { return waiting }
    // Counting sort by depth keeps the order of numbers within a level.
    var places = [Int](repeating: 0, count: deepest + 2)
    for node in waiting { places[Int(depths[Int(node.id)]) + 1] += 1 }
    for depth in 1..<places.count { places[depth] += places[depth - 1] }
    var sorted = waiting
    for node in waiting {
      let depth = Int(depths[Int(node.id)])
      sorted[places[depth]] = node
      places[depth] += 1
    }
    return sorted
  }

  private mutating func append(_ node: PrefixNode, depth: Int32) -> Int32 {
    nodes.append(node)
    depths.append(depth)
    outputs.append(-1)
    for _ in 0..<width { children.append(-1) }
    return node.id
  }
}
