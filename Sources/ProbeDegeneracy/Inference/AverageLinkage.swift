/// A tree of networks: the two groups with the smallest mean distance between them are joined, again and again.
///
/// Average linkage (Sokal & Michener 1958) by chains of nearest neighbours (Murtagh 1983, doi:10.1093/comjnl/26.4.354).
public struct AverageLinkage: Sendable, Equatable {
  /// One joining of two groups.
  public struct Merge: Sendable, Equatable {
    /// A network below n, or n + the place of an earlier merge; `left < right`.
    public var left: Int
    /// The other group.
    public var right: Int
    /// The mean distance between them.
    public var height: Double
    /// How many networks the joined group holds.
    public var size: Int
  }

  /// The number of networks.
  public let count: Int
  /// n - 1 merges by increasing height.
  public let merges: [Merge]

  /// Joins networks.
  ///
  /// - Throws: ``DegeneracyError/tooFew(object:needed:found:)`` below three networks.
  /// - Complexity: O(n²) time and memory.
  public init(_ distances: PairMatrix) throws(DegeneracyError) {
    try distances.require(networks: 3)
    let n = distances.count
    var matrix = [Double](repeating: 0, count: n * n)
    for pair in NetworkPair.all(n) {
      matrix[pair.first * n + pair.second] = distances[pair.first, pair.second]
      matrix[pair.second * n + pair.first] = distances[pair.first, pair.second]
    }
    var sizes = [Int](repeating: 1, count: n)
    var isActive = [Bool](repeating: true, count: n)
    var chain: [Int] = []
    // A group is known by one of its networks until the merges have been put in order.
    var joins: [(a: Int, b: Int, height: Double)] = []
    while joins.count < n - 1 {
      if chain.isEmpty, let first = isActive.firstIndex(of: true) { chain.append(first) }
      guard let tip = chain.last else { break }
      let before = chain.count > 1 ? chain[chain.count - 2] : -1
      // Of equally near groups the one before in the chain, else the first.
      var (nearest, distance) = (before, before >= 0 ? matrix[tip * n + before] : Double.infinity)
      for other in 0..<n where isActive[other] && other != tip && matrix[tip * n + other] < distance {
        (nearest, distance) = (other, matrix[tip * n + other])
      }
      guard nearest == before else {
        chain.append(nearest)
        continue
      }
      chain.removeLast(2)
      joins.append((tip, before, distance))
      let (a, b) = (Double(sizes[tip]), Double(sizes[before]))
      for other in 0..<n where isActive[other] && other != tip && other != before {
        let mean = (a * matrix[tip * n + other] + b * matrix[before * n + other]) / (a + b)
        matrix[before * n + other] = mean
        matrix[other * n + before] = mean
      }
      sizes[before] += sizes[tip]
      isActive[tip] = false
    }
    count = n
    merges = AverageLinkage.ordered(joins, count: n)
  }

  /// Names groups by merges, in order of height.
  private static func ordered(_ joins: [(a: Int, b: Int, height: Double)], count: Int) -> [Merge] {
    var parent = Array(0..<count)
    func root(_ item: Int) -> Int {
      var item = item
      while parent[item] != item {
        parent[item] = parent[parent[item]]
        item = parent[item]
      }
      return item
    }
    var names = Array(0..<count)
    var sizes = [Int](repeating: 1, count: count)
    var merges: [Merge] = []
    // Stable among equal heights: a group is joined after its parts.
    let order = joins.indices.sorted { (joins[$0].height, $0) < (joins[$1].height, $1) }
    for index in order {
      let (a, b) = (root(joins[index].a), root(joins[index].b))
      merges.append(
        Merge(
          left: min(names[a], names[b]), right: max(names[a], names[b]), height: joins[index].height,
          size: sizes[a] + sizes[b]))
      parent[a] = b
      sizes[b] += sizes[a]
      names[b] = count + merges.count - 1
    }
    return merges
  }

  /// The networks in the order of the tree's leaves, left before right.
  public var leaves: [Int] {
    guard !merges.isEmpty else { return Array(0..<count) }
    var (order, pending) = ([Int](), [count + merges.count - 1])
    while let node = pending.popLast() {
      if node < count {
        order.append(node)
      } else {
        pending.append(merges[node - count].right)
        pending.append(merges[node - count].left)
      }
    }
    return order
  }

  /// The group of each network when the tree is cut into `groups`; groups are numbered in the order of their
  /// first network.
  ///
  /// - Precondition: `groups` in 1...count.
  public func labels(groups: Int) -> [Int] {
    precondition(groups >= 1 && groups <= count, "a cut makes between one and \(count) groups")
    var label = Array(0..<count)
    var members: [Int: [Int]] = [:]
    for (index, merge) in merges.prefix(count - groups).enumerated() {
      let parts = [merge.left, merge.right].flatMap { $0 < count ? [$0] : members[$0] ?? [] }
      members[count + index] = parts
      for network in parts { label[network] = count + index }
    }
    var numbers: [Int: Int] = [:]
    return label.map { name in
      let number = numbers[name] ?? numbers.count
      numbers[name] = number
      return number
    }
  }
}
