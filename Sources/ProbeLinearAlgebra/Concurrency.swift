internal import Dispatch

/// Runs `body` for each index on at most `threads` threads and collects the results in the order of the indices.
///
/// The work is dealt out one index at a time, so that unequal items balance; results depend on the index alone.
///
/// - Throws: the error of the lowest index that failed.
public func concurrentMap<Result: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (Int) throws -> Result
) throws -> [Result] {
  guard threads > 1 && count > 1 else { return try (0..<count).map(body) }
  let slots = ResultSlots<Result>(count: count)
  DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
    while let index = slots.claim() {
      slots.store(Swift.Result { try body(index) }, at: index)
    }
  }
  return try slots.results()
}

/// Runs `body` once for each index on at most `threads` threads, and returns when all have run.
///
/// The work is dealt out one index at a time. What an index does must not depend on the thread or on other indices.
public func concurrentFor(count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
  guard threads > 1 && count > 1 else {
    for index in 0..<count { body(index) }
    return
  }
  let queue = IndexQueue(count: count)
  DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
    while let index = queue.claim() { body(index) }
  }
}

/// Hands out indices.
///
/// `@unchecked Sendable`: the stored variable is touched only while `lock` is held.
private final class IndexQueue: @unchecked Sendable {
  private let lock = DispatchSemaphore(value: 1)
  private let count: Int
  private var next = 0

  init(count: Int) { self.count = count }

  func claim() -> Int? {
    lock.wait()
    defer { lock.signal() }
    guard next < count else { return nil }
    next += 1
    return next - 1
  }
}

/// Hands out indices and collects one result for each.
///
/// `@unchecked Sendable`: both stored variables are touched only while `lock` is held.
private final class ResultSlots<Value: Sendable>: @unchecked Sendable {
  private let lock = DispatchSemaphore(value: 1)
  private var next = 0
  private var slots: [Result<Value, any Error>?]

  init(count: Int) {
    slots = Array(repeating: nil, count: count)
  }

  func claim() -> Int? {
    lock.wait()
    defer { lock.signal() }
    guard next < slots.count else { return nil }
    next += 1
    return next - 1
  }

  func store(_ result: Result<Value, any Error>, at index: Int) {
    lock.wait()
    slots[index] = result
    lock.signal()
  }

  func results() throws -> [Value] {
    lock.wait()
    defer { lock.signal() }
    return try slots.compactMap { try $0?.get() }
  }
}
