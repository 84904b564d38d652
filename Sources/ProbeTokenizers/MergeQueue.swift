/// Applies merges to a row of symbols: always the one of lowest rank, the leftmost of equals.
///
/// Short rows are searched anew after each merge; long ones keep candidates in a heap, which takes
/// O(n log n) time for n symbols whatever they are.
struct MergeQueue {
  /// Up to this number of symbols a search of the row is quicker than a heap.
  static let searchLimit = 24

  private(set) var identifiers: [Int32] = []
  /// The number of bytes of each symbol.
  private(set) var lengths: [Int32] = []
  private var previous: [Int32] = []
  private var next: [Int32] = []
  private var ranks: [UInt32] = []
  private var results: [Int32] = []
  /// Candidates as rank << 32 | position: a binary heap with the smallest at the top.
  private var heap: [UInt64] = []

  /// The number of symbols.
  var count: Int { identifiers.count }

  mutating func removeAll() {
    identifiers.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  mutating func append(_ identifier: Int32, length: Int) {
    identifiers.append(identifier)
    lengths.append(Int32(truncatingIfNeeded: length))
  }

  mutating func merge(_ table: borrowing MergeTable) {
    if count < 2 { return }
    if count <= Self.searchLimit { mergeBySearch(table) } else { mergeByHeap(table) }
  }

  private mutating func mergeBySearch(_ table: borrowing MergeTable) {
    ranks.removeAll(keepingCapacity: true)
    results.removeAll(keepingCapacity: true)
    for index in 0..<count - 1 {
      let merge = table.merge(identifiers[index], identifiers[index + 1])
      ranks.append(merge?.rank ?? .max)
      results.append(merge?.merged ?? -1)
    }
    while true {
      var best = UInt32.max
      var place = -1
      for index in ranks.indices where ranks[index] < best {
        best = ranks[index]
        place = index
      }
      if place < 0 { return }
      identifiers[place] = results[place]
      lengths[place] += lengths[place + 1]
      identifiers.remove(at: place + 1)
      lengths.remove(at: place + 1)
      ranks.remove(at: place)
      results.remove(at: place)
      for index in [place - 1, place] where index >= 0 && index < ranks.count {
        let merge = table.merge(identifiers[index], identifiers[index + 1])
        ranks[index] = merge?.rank ?? .max
        results[index] = merge?.merged ?? -1
      }
    }
  }

  private mutating func mergeByHeap(_ table: borrowing MergeTable) {
    let count = count
    previous.removeAll(keepingCapacity: true)
    next.removeAll(keepingCapacity: true)
    heap.removeAll(keepingCapacity: true)
    for index in 0..<count {
      previous.append(Int32(truncatingIfNeeded: index - 1))
      next.append(Int32(truncatingIfNeeded: index + 1 < count ? index + 1 : -1))
      if index + 1 < count, let merge = table.merge(identifiers[index], identifiers[index + 1]) {
        heap.append(UInt64(merge.rank) << 32 | UInt64(index))
      }
    }
    for place in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(place) }
    while let top = heap.first {
      let bottom = heap.removeLast()
      if !heap.isEmpty {
        heap[0] = bottom
        siftDown(0)
      }
      let place = Int(top & 0xFFFF_FFFF)
      let right = Int(next[place])
      // A candidate is out of date if either symbol has changed since: then its rank is another, or there is none.
      guard lengths[place] > 0, right >= 0,
        let merge = table.merge(identifiers[place], identifiers[right]), UInt64(merge.rank) == top >> 32
      else { continue }
      identifiers[place] = merge.merged
      lengths[place] += lengths[right]
      lengths[right] = 0
      next[place] = next[right]
      let after = Int(next[right])
      if after >= 0 {
        previous[after] = Int32(truncatingIfNeeded: place)
        push(table, place, after)
      }
      let before = Int(previous[place])
      if before >= 0 { push(table, before, place) }
    }
    var kept = 0
    for index in 0..<count where lengths[index] > 0 {
      identifiers[kept] = identifiers[index]
      lengths[kept] = lengths[index]
      kept += 1
    }
    identifiers.removeSubrange(kept...)
    lengths.removeSubrange(kept...)
  }

  @inline(__always)
  private mutating func push(_ table: borrowing MergeTable, _ left: Int, _ right: Int) {
    guard let merge = table.merge(identifiers[left], identifiers[right]) else { return }
    heap.append(UInt64(merge.rank) << 32 | UInt64(left))
    var place = heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      if heap[parent] <= heap[place] { break }
      heap.swapAt(parent, place)
      place = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var place = start
    while true {
      var child = 2 * place + 1
      if child >= heap.count { return }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      if heap[place] <= heap[child] { return }
      heap.swapAt(place, child)
      place = child
    }
  }
}
