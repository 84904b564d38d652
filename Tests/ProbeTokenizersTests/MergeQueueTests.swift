import Testing

@testable import ProbeTokenizers

@Suite("Merging")
struct MergeQueueTests {
  /// Merges as the definition says: look for the lowest rank, the leftmost of equals, until there is none.
  private func naive(_ symbols: [Int32], _ table: MergeTable) -> [Int32] {
    var symbols = symbols
    while true {
      let candidates = symbols.indices.dropLast().compactMap { index in
        table.merge(symbols[index], symbols[index + 1]).map {
          (rank: $0.rank, place: index, merged: $0.merged)
        }
      }
      guard let best = candidates.min(by: { ($0.rank, $0.place) < ($1.rank, $1.place) }) else {
        return symbols
      }
      symbols.replaceSubrange(best.place...best.place + 1, with: [best.merged])
    }
  }

  @Test("short and long rows are merged as the definition says")
  func definition() {
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<200 {
      // Every merge makes a new symbol, as merges of a vocabulary do.
      var table = MergeTable(expected: 40)
      var pairs: Set<[Int]> = []
      var next = 4
      while next < 40 {
        let pair = [random(next), random(next)]
        guard pairs.insert(pair).inserted else { continue }
        table.insert(pair[0], pair[1], rank: next - 4, into: next)
        next += 1
      }
      for length in [0, 1, 2, 3, MergeQueue.searchLimit, MergeQueue.searchLimit + 1, 100] {
        let symbols = (0..<length).map { _ in Int32(random(4)) }
        var queue = MergeQueue()
        for symbol in symbols { queue.append(symbol, length: 1) }
        queue.merge(table)
        #expect(queue.identifiers == naive(symbols, table))
        #expect(queue.lengths.reduce(0, +) == Int32(length))
      }
    }
  }
}
