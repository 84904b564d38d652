/// All prefixes of a sample, in the order of length and then of symbols, with counts at each: where passive learners begin.
struct PrefixCounts {
  /// The number of symbols, and of counts at each prefix.
  let width: Int
  let countWidth: Int
  /// `[prefix, symbol]`: the prefix with the symbol; -1 where the sample has none.
  private(set) var children: [Int32]
  /// `[prefix, count]`.
  private(set) var counts: [Int32]

  /// The number of prefixes, at least 1: the empty word.
  var count: Int { counts.count / countWidth }

  /// The prefixes of words.
  ///
  /// - Parameters:
  ///   - words: the words.
  ///   - width: the number of symbols.
  ///   - countWidth: the number of counts at each prefix.
  ///   - symbolCounts: where counts of symbols begin, at each prefix one a symbol, which go up as words pass; nil for none.
  ///   - endCount: for each word which count at its end goes up by one; nil for words that are left out.
  init(
    _ words: [Word], width: Int, countWidth: Int, symbolCounts: Int? = nil, endCount: (Int) -> Int?
  ) {
    self.width = width
    self.countWidth = countWidth
    var children = [Int32](repeating: -1, count: width)
    var counts = [Int32](repeating: 0, count: countWidth)
    var total: Int32 = 1
    for (index, word) in words.enumerated() {
      guard let end = endCount(index) else { continue }
      var node = 0
      for symbol in word {
        if let symbolCounts { counts[node * countWidth + symbolCounts + symbol] += 1 }
        var child = children[node * width + symbol]
        if child < 0 {
          child = total
          total += 1
          children[node * width + symbol] = child
          for _ in 0..<width { children.append(-1) }
          for _ in 0..<countWidth { counts.append(0) }
        }
        node = Int(child)
      }
      counts[node * countWidth + end] += 1
    }
    self.children = []
    self.counts = []
    self.children.reserveCapacity(children.count)
    self.counts.reserveCapacity(counts.count)
    // Breadth first, symbols in order, is the order of length and then of symbols.
    var order: [Int] = [0]
    order.reserveCapacity(Int(total))
    var head = 0
    while head < order.count {
      let node = order[head]
      head += 1
      for symbol in 0..<width {
        let child = children[node * width + symbol]
        self.children.append(child < 0 ? -1 : Int32(order.count))
        if child >= 0 { order.append(Int(child)) }
      }
      self.counts.append(contentsOf: counts[node * countWidth..<(node + 1) * countWidth])
    }
  }
}
