import ProbeLinearAlgebra
import Testing

@Suite struct ConcurrencyTests {
  private struct Failure: Error, Equatable { let index: Int }

  @Test("results stand in the order of the indices whatever the number of threads", arguments: [1, 2, 3, 16])
  func order(threads: Int) throws {
    let results = try concurrentMap(count: 200, threads: threads) { index in
      // Uneven work, so that later items finish first.
      (0..<(index % 7) * 1000).reduce(index * index) { $0 ^ ($1 & 0) }
    }
    #expect(results == (0..<200).map { $0 * $0 })
  }

  @Test("the error of the lowest index that failed is thrown", arguments: [1, 2, 8])
  func errors(threads: Int) {
    #expect(throws: Failure(index: 5)) {
      _ = try concurrentMap(count: 100, threads: threads) { index in
        if index >= 5 && index % 5 == 0 { throw Failure(index: index) }
        return index
      }
    }
  }

  @Test("nothing to do gives nothing, and a single item one")
  func small() throws {
    #expect(try concurrentMap(count: 0, threads: 4) { $0 }.isEmpty)
    #expect(try concurrentMap(count: 1, threads: 4) { $0 + 1 } == [1])
  }

  @Test("optional results are kept, nil too")
  func optionals() throws {
    let results: [Int?] = try concurrentMap(count: 4, threads: 2) { $0 % 2 == 0 ? $0 : nil }
    #expect(results == [0, nil, 2, nil])
  }

  @Test("products are the same on every thread")
  func products() throws {
    BLASLibrary.useOneThread()
    #expect(!BLASLibrary.core.isEmpty)
    let (a, b) = (randomMatrix(40, 40, seed: 1), randomMatrix(40, 40, seed: 2))
    let once = a * b
    for product in try concurrentMap(count: 16, threads: 4, { _ in a * b }) { #expect(product == once) }
  }
}
