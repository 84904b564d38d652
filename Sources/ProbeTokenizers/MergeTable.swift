/// The merges of a byte-pair encoding: a pair of ids to its rank and the id it becomes.
struct MergeTable: Sendable {
  /// Open addressing with linear probing; an empty place has the key of no pair.
  private var keys: [UInt64]
  private var values: [UInt64]
  private static let empty = UInt64.max

  init(expected: Int) {
    var capacity = 4
    while capacity < 2 * expected { capacity *= 2 }
    keys = [UInt64](repeating: Self.empty, count: capacity)
    values = [UInt64](repeating: 0, count: capacity)
  }

  @inline(__always)
  private func place(_ key: UInt64) -> Int {
    var hash = key &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
    return Int(truncatingIfNeeded: hash &* 0xBF58_476D_1CE4_E5B9 >> 24) & (keys.count - 1)
  }

  /// Adds a merge, or replaces the one of the same pair; there may be no more than expected.
  mutating func insert(_ left: Int, _ right: Int, rank: Int, into merged: Int) {
    let key = UInt64(left) << 32 | UInt64(right)
    var place = place(key)
    while keys[place] != Self.empty, keys[place] != key { place = (place + 1) & (keys.count - 1) }
    keys[place] = key
    values[place] = UInt64(rank) << 32 | UInt64(merged)
  }

  /// The rank and the result of merging two ids.
  @inline(__always)
  func merge(_ left: Int32, _ right: Int32) -> (rank: UInt32, merged: Int32)? {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    var place = place(key)
    while true {
      let found = keys[place]
      if found == key {
        return (UInt32(truncatingIfNeeded: values[place] >> 32), Int32(truncatingIfNeeded: values[place]))
      }
      if found == Self.empty { return nil }
      place = (place + 1) & (keys.count - 1)
    }
  }
}
