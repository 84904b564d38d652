/// What words became, so that a word that comes again is not merged again.
///
/// One cache serves one text. Words and results lie in growing arrays: a new word costs no allocation of its own.
struct WordCache {
  /// Words of more bytes than this are not kept.
  static let longestWord = 64
  /// No more than this number of words is kept.
  static let capacity = 1 << 18

  private struct Entry {
    var hash: UInt64
    var text: Int32
    var length: Int32
    var run: Int32
    var count: Int32
  }

  private var entries: [Entry] = []
  private var slots = [Int32](repeating: -1, count: 1 << 8)
  private var texts: [UInt8] = []
  private(set) var identifiers: [Int32] = []
  private(set) var lengths: [Int32] = []

  static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var hash = ByteVocabulary.seed
    for index in range { hash = ByteVocabulary.mix(hash, text[index]) }
    return hash ^ hash >> 29
  }

  /// Where in ``identifiers`` and ``lengths`` the tokens of a word are.
  @inline(__always)
  func find(_ text: Span<UInt8>, _ range: Range<Int>, hash: UInt64) -> Range<Int>? {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, Int(entry.length) == range.count, equal(text, range, Int(entry.text)) {
        return Int(entry.run)..<Int(entry.run + entry.count)
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  @inline(__always)
  private func equal(_ text: Span<UInt8>, _ range: Range<Int>, _ start: Int) -> Bool {
    for offset in 0..<range.count where texts[start + offset] != text[range.lowerBound + offset] {
      return false
    }
    return true
  }

  /// Keeps the tokens of a word that is not in the cache.
  mutating func insert(_ text: Span<UInt8>, _ range: Range<Int>, hash: UInt64, _ queue: borrowing MergeQueue)
  {
    guard entries.count < Self.capacity else { return }
    entries.append(
      Entry(
        hash: hash, text: Int32(texts.count), length: Int32(range.count), run: Int32(identifiers.count),
        count: Int32(queue.count)))
    for index in range { texts.append(text[index]) }
    identifiers += queue.identifiers
    lengths += queue.lengths
    if 2 * entries.count > slots.count {
      slots = [Int32](repeating: -1, count: 2 * slots.count)
      for index in entries.indices { place(index) }
    } else {
      place(entries.count - 1)
    }
  }

  private mutating func place(_ entry: Int) {
    var slot = Int(truncatingIfNeeded: entries[entry].hash) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(entry)
  }
}
