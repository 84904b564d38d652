/// A set of pairs of scalars.
struct PairSet: Sendable {
  private var keys: [UInt64] = [.max, .max, .max, .max]
  private var count = 0

  @inline(__always)
  private static func place(_ key: UInt64, _ capacity: Int) -> Int {
    Int(truncatingIfNeeded: key &* 0x9E37_79B9_7F4A_7C15 >> 32) & (capacity - 1)
  }

  mutating func insert(_ first: UInt32, _ second: UInt32) {
    guard !contains(first, second) else { return }
    if 2 * count >= keys.count {
      let old = keys
      keys = [UInt64](repeating: .max, count: 2 * old.count)
      for key in old where key != .max { add(key) }
    }
    add(UInt64(first) << 32 | UInt64(second))
    count += 1
  }

  private mutating func add(_ key: UInt64) {
    var place = Self.place(key, keys.count)
    while keys[place] != .max { place = (place + 1) & (keys.count - 1) }
    keys[place] = key
  }

  @inline(__always)
  func contains(_ first: UInt32, _ second: UInt32) -> Bool {
    let key = UInt64(first) << 32 | UInt64(second)
    var place = Self.place(key, keys.count)
    while keys[place] != .max {
      if keys[place] == key { return true }
      place = (place + 1) & (keys.count - 1)
    }
    return false
  }
}
