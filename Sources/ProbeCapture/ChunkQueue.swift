internal import Foundation

/// Writes chunks on a thread of its own, in the order in which they came, while their makers go on.
///
/// A bounded number of bytes waits; whoever brings more waits for room. The first error ends the writing and is thrown
/// to the next caller.
final class ChunkQueue: @unchecked Sendable {
  // `@unchecked Sendable`: the stored variables are read and written under `condition`'s lock alone.
  private let queue = DispatchQueue(label: "rnnprobe.chunks")
  private let condition = NSCondition()
  private let limit: Int
  private var waiting = 0
  private var failure: (any Error)?

  /// A queue in which at most about `limit` bytes wait.
  init(limit: Int = 64 << 20) { self.limit = limit }

  /// Takes a chunk; `write` runs on the queue's thread.
  ///
  /// - Throws: the error of an earlier chunk.
  func add(_ bytes: [UInt8], _ write: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void) throws {
    try condition.withLock {
      while waiting > limit && failure == nil { condition.wait() }
      if let failure { throw failure }
      waiting += bytes.count
    }
    queue.async { [self] in
      let mayWrite = condition.withLock { failure == nil }
      var error: (any Error)?
      if mayWrite {
        do { try bytes.withUnsafeBytes { try write($0) } } catch let thrown { error = thrown }
      }
      condition.withLock {
        waiting -= bytes.count
        if let error, failure == nil { failure = error }
        condition.broadcast()
      }
    }
  }

  /// Returns when everything is written.
  ///
  /// - Throws: the error of an earlier chunk.
  func drain() throws {
    queue.sync {}
    try condition.withLock { if let failure { throw failure } }
  }
}
