/// A map from tokens, as bytes, to ids and back, in four arrays.
///
/// Keys are bytes because Swift's `String` equality is canonical equivalence, under which distinct tokens coincide.
/// Lookup takes O(length of the key) and allocates nothing.
struct ByteVocabulary: Sendable {
  private var arena: [UInt8] = []
  private var ends: [Int32] = []
  private var identifiers: [Int32] = []
  /// Open addressing with linear probing: an entry, or -1.
  private var slots: [Int32] = [-1, -1, -1, -1]
  private var entryOfIdentifier: [Int32] = []
  /// The number of bytes of the longest key.
  private(set) var longest = 0

  /// The number of keys.
  var count: Int { identifiers.count }
  /// One more than the highest id, 0 when empty.
  var bound: Int { entryOfIdentifier.count }

  init() {}

  init(expected: Int) {
    var capacity = 4
    while capacity < 2 * expected { capacity *= 2 }
    slots = [Int32](repeating: -1, count: capacity)
    ends.reserveCapacity(expected)
    identifiers.reserveCapacity(expected)
  }

  // FNV-1a: quick for keys of a few bytes, and it can be continued byte by byte.
  static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }

  @inline(__always)
  private func slot(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15 >> 20) & (slots.count - 1)
  }

  @inline(__always)
  private func bounds(_ entry: Int) -> Range<Int> {
    (entry == 0 ? 0 : Int(ends[entry - 1]))..<Int(ends[entry])
  }

  /// Adds a key, or replaces its id.
  mutating func insert(_ key: [UInt8], _ identifier: Int) {
    let existing = entry(key.span, 0..<key.count)
    let entry = existing ?? identifiers.count
    if existing == nil {
      arena.append(contentsOf: key)
      ends.append(Int32(arena.count))
      identifiers.append(Int32(identifier))
      longest = max(longest, key.count)
      if 2 * identifiers.count > slots.count { grow() } else { place(entry) }
    } else {
      identifiers[entry] = Int32(identifier)
    }
    while entryOfIdentifier.count <= identifier { entryOfIdentifier.append(-1) }
    entryOfIdentifier[identifier] = Int32(entry)
  }

  private mutating func place(_ entry: Int) {
    var hash = Self.seed
    for index in bounds(entry) { hash = Self.mix(hash, arena[index]) }
    var slot = slot(hash)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(entry)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: 2 * slots.count)
    for entry in identifiers.indices { place(entry) }
  }

  @inline(__always)
  private func entry(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var hash = Self.seed
    for index in range { hash = Self.mix(hash, text[index]) }
    return entry(text, range, hash: hash)
  }

  @inline(__always)
  private func entry(_ text: Span<UInt8>, _ range: Range<Int>, hash: UInt64) -> Int? {
    var slot = slot(hash)
    while true {
      let entry = Int(slots[slot])
      if entry < 0 { return nil }
      let bounds = bounds(entry)
      if bounds.count == range.count {
        var same = true
        var offset = 0
        while offset < bounds.count {
          if arena[bounds.lowerBound + offset] != text[range.lowerBound + offset] {
            same = false
            break
          }
          offset += 1
        }
        if same { return entry }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
  }

  /// The id of the token with exactly these bytes.
  func identifier(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    entry(text, range).map { Int(identifiers[$0]) }
  }

  /// The id of the token with exactly these bytes.
  func identifier(_ key: [UInt8]) -> Int? { identifier(key.span, 0..<key.count) }

  /// The longest token that the text has at `start`, and where it ends.
  ///
  /// - Complexity: O(length of the longest key), whatever the text.
  func longestPrefix(_ text: Span<UInt8>, from start: Int, to limit: Int) -> (identifier: Int, end: Int)? {
    let limit = min(limit, start + longest)
    var hash = Self.seed
    var found: (Int, Int)?
    var position = start
    while position < limit {
      hash = Self.mix(hash, text[position])
      position += 1
      if let entry = entry(text, start..<position, hash: hash) { found = (Int(identifiers[entry]), position) }
    }
    return found
  }

  /// The token of an id.
  func token(_ identifier: Int) -> [UInt8]? {
    guard identifier >= 0, identifier < entryOfIdentifier.count else { return nil }
    let entry = Int(entryOfIdentifier[identifier])
    return entry < 0 ? nil : Array(arena[bounds(entry)])
  }
}
