/// The keys and values of one layer and trial, `[head, position, dimension]`: a head's lie together.
final class KeyValueCache<Scalar: AttentionScalar> {
  let keys: UnsafeMutablePointer<Scalar>
  let values: UnsafeMutablePointer<Scalar>
  let heads: Int
  let capacity: Int
  let headSize: Int

  init(heads: Int, capacity: Int, headSize: Int) {
    self.heads = heads
    self.capacity = capacity
    self.headSize = headSize
    keys = .allocate(capacity: max(1, heads * capacity * headSize))
    values = .allocate(capacity: max(1, heads * capacity * headSize))
  }

  deinit {
    keys.deallocate()
    values.deallocate()
  }

  /// Puts `[rows, heads, headSize]` at the positions from `start` on.
  func store(
    keys newKeys: UnsafePointer<Scalar>, values newValues: UnsafePointer<Scalar>, rows: Int, start: Int
  ) {
    precondition(start + rows <= capacity, "the cache holds \(capacity) positions")
    for row in 0..<rows {
      for head in 0..<heads {
        let source = (row * heads + head) * headSize
        let target = (head * capacity + start + row) * headSize
        (keys + target).update(from: newKeys + source, count: headSize)
        (values + target).update(from: newValues + source, count: headSize)
      }
    }
  }
}
