/// The observation table of ``WeightedLStar``.
struct WeightedTable {
  private let width: Int
  private let tolerance: Double
  private let negligible: Double
  /// The rows: nodes, and how probable it is that a word begins so.
  private var prefixes: [(node: Int32, weight: Double)] = []
  private var rowOfNode: [Int32: Int] = [:]
  /// The columns: a suffix and the symbol after it, the end being the last symbol.
  private var columns: [(suffix: Word, symbol: Int)]

  /// A table of the empty word and all single symbols.
  init(width: Int, tolerance: Double, negligible: Double) {
    self.width = width
    self.tolerance = tolerance
    self.negligible = negligible
    columns = (0..<width).map { ([], $0) }
    insert(0, weight: 1)
  }

  var prefixCount: Int { prefixes.count }

  private mutating func insert(_ node: Int32, weight: Double) {
    if rowOfNode[node] != nil { return }
    rowOfNode[node] = prefixes.count
    prefixes.append((node, weight))
  }

  /// The cells of a prefix.
  private func row<Source: NextSymbolSource>(of node: Int32, _ trie: inout DistributionTrie<Source>) throws
    -> [Double]
  {
    // All suffixes go into the tree before the first is run.
    let nodes = columns.map { trie.node(for: $0.suffix, from: node) }
    var row: [Double] = []
    row.reserveCapacity(columns.count)
    for (end, column) in zip(nodes, columns) {
      if try !isFollowed(column.suffix, from: node, &trie) {
        row.append(0)
        continue
      }
      let distribution = try trie.distribution(end)
      row.append(distribution[distribution.startIndex + column.symbol])
    }
    return row
  }

  /// Whether no symbol of a suffix is negligible where it stands.
  private func isFollowed<Source: NextSymbolSource>(
    _ suffix: Word, from node: Int32, _ trie: inout DistributionTrie<Source>
  ) throws -> Bool {
    if negligible <= 0 { return true }
    var node = node
    for symbol in suffix {
      let distribution = try trie.distribution(node)
      if distribution[distribution.startIndex + symbol] < negligible { return false }
      node = trie.node(for: [symbol], from: node)
    }
    return true
  }

  private func areNear(_ one: [Double], _ other: [Double]) -> Bool {
    zip(one, other).allSatisfy { abs($0 - $1) <= tolerance }
  }

  /// Adds every prefix of a word.
  mutating func add<Source: NextSymbolSource>(prefixesOf word: Word, _ trie: inout DistributionTrie<Source>) {
    var node: Int32 = 0
    for symbol in word {
      node = trie.node(for: [symbol], from: node)
      // The weight is looked up when the table is next expanded; the source has run every prefix of the word.
      insert(node, weight: 0)
    }
  }

  /// Adds prefixes that are near no other, heaviest first, until there are none; columns where near rows part.
  mutating func expand<Source: NextSymbolSource>(
    prefixLimit: Int, suffixLimit: Int, _ trie: inout DistributionTrie<Source>
  ) throws {
    restart: while true {
      var rows = try prefixes.map { try row(of: $0.node, &trie) }
      var waiting: [(node: Int32, weight: Double)] = [(0, 1)]
      while let heaviest = waiting.indices.max(by: { waiting[$0].weight < waiting[$1].weight }) {
        let (node, weight) = waiting.remove(at: heaviest)
        var cells = rowOfNode[node].map { rows[$0] }
        if cells == nil {
          let candidate = try row(of: node, &trie)
          if rows.contains(where: { areNear($0, candidate) }) || prefixes.count >= prefixLimit { continue }
          insert(node, weight: weight)
          rows.append(candidate)
          cells = candidate
        }
        guard let cells, let place = rowOfNode[node] else { continue }
        prefixes[place].weight = weight
        let distribution = Array(try trie.distribution(node))
        for symbol in 0..<(width - 1) where distribution[symbol] > 0 && distribution[symbol] >= negligible {
          waiting.append((trie.node(for: [symbol], from: node), weight * distribution[symbol]))
        }
        if columns.count >= suffixLimit { continue }
        for other in prefixes.indices.sorted(by: { prefixes[$0].weight > prefixes[$1].weight })
        where prefixes[other].node != node && areNear(rows[other], cells) {
          if try addColumn(node, prefixes[other].node, &trie) { continue restart }
        }
      }
      return
    }
  }

  /// Adds the column that tells the successors of two prefixes apart, that of the largest probability under both.
  private mutating func addColumn<Source: NextSymbolSource>(
    _ one: Int32, _ other: Int32, _ trie: inout DistributionTrie<Source>
  ) throws -> Bool {
    var best: (suffix: Word, symbol: Int, weight: Double)?
    for symbol in 0..<(width - 1) {
      // What follows an impossible symbol is nothing.
      let share = min(
        try trie.distribution(one)[(Int(one) * width) + symbol],
        try trie.distribution(other)[(Int(other) * width) + symbol])
      if share <= 0 || share < negligible { continue }
      let first = try row(of: trie.node(for: [symbol], from: one), &trie)
      let second = try row(of: trie.node(for: [symbol], from: other), &trie)
      for (index, column) in columns.enumerated() where abs(first[index] - second[index]) > tolerance {
        let weight = share * min(first[index], second[index])
        if weight > best?.weight ?? -1 { best = ([symbol] + column.suffix, column.symbol, weight) }
      }
    }
    guard let best else { return false }
    columns.append((best.suffix, best.symbol))
    return true
  }

  /// The machine of the table.
  func hypothesis<Source: NextSymbolSource>(_ trie: inout DistributionTrie<Source>) throws
    -> WeightedLStar.Result
  {
    let rows = try prefixes.map { try row(of: $0.node, &trie) }
    let order = prefixes.indices.sorted { prefixes[$0].weight > prefixes[$1].weight }
    let groups = try deterministic(group(rows, order), &trie)
    let count = (groups.max() ?? 0) + 1
    var next: [Int32] = []
    var probabilities: [Double] = []
    var ends: [Double] = []
    var forced = 0
    for group in 0..<count {
      let members = order.filter { groups[$0] == group }
      let sums = try members.reduce(into: [Double](repeating: 0, count: width)) { sums, member in
        for (symbol, probability) in try trie.distribution(prefixes[member].node).enumerated() {
          sums[symbol] += probability
        }
      }
      let mean = sums.map { $0 / Double(members.count) }
      probabilities += mean.dropLast()
      ends.append(mean[width - 1])
      for symbol in 0..<(width - 1) {
        let successors = members.map { trie.node(for: [symbol], from: prefixes[$0].node) }
        if let known = successors.lazy.compactMap({ rowOfNode[$0] }).first {
          next.append(Int32(groups[known]))
        } else if mean[symbol] > 0 {
          let cells = try row(of: successors[0], &trie)
          let distances = rows.map { row in zip(row, cells).reduce(0) { max($0, abs($1.0 - $1.1)) } }
          let nearest = order.min { distances[$0] < distances[$1] } ?? 0
          if distances[nearest] > tolerance { forced += 1 }
          next.append(Int32(groups[nearest]))
        } else {
          next.append(Int32(group))
        }
      }
    }
    let table = Transitions(stateCount: count, symbolCount: width - 1, start: groups[0], next: next)
    let (canonical, states) = table.canonical()
    let machine = try ProbabilisticMachine(
      alphabet: trie.source.alphabet, transitions: canonical,
      probabilities: states.flatMap { probabilities[$0 * (width - 1)..<($0 + 1) * (width - 1)] },
      endProbabilities: states.map { ends[$0] })
    return WeightedLStar.Result(
      machine: machine, prefixes: prefixes.count, suffixes: columns.count, forcedTransitions: forced,
      agrees: false, spent: nil)
  }

  /// Groups of rows that are all near each other; each row goes into the first that has room for it.
  private func group(_ rows: [[Double]], _ order: [Int]) -> [Int] {
    var groups = [Int](repeating: -1, count: rows.count)
    var members: [[Int]] = []
    for row in order {
      let place = members.firstIndex { $0.allSatisfy { areNear(rows[$0], rows[row]) } }
      if let place { members[place].append(row) } else { members.append([row]) }
      groups[row] = place ?? members.count - 1
    }
    return groups
  }

  /// Splits groups until the successors that are rows are in one group for each group and symbol.
  private func deterministic<Source: NextSymbolSource>(
    _ initial: [Int], _ trie: inout DistributionTrie<Source>
  ) throws -> [Int] {
    var groups = initial
    var isStable = false
    while !isStable {
      isStable = true
      for symbol in 0..<(width - 1) {
        var targets: [Int: Int] = [:]
        var split: [[Int]: Int] = [:]
        let old = groups
        var count = (groups.max() ?? 0) + 1
        for row in old.indices {
          guard let successor = rowOfNode[trie.node(for: [symbol], from: prefixes[row].node)] else {
            continue
          }
          let target = targets[old[row]] ?? old[successor]
          targets[old[row]] = target
          if target == old[successor] { continue }
          let key = [old[row], old[successor]]
          if split[key] == nil {
            split[key] = count
            count += 1
          }
          groups[row] = split[key] ?? 0
          isStable = false
        }
      }
    }
    return groups
  }
}
