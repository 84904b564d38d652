public import ProbeLinearAlgebra
public import ProbeModels

/// Which attractor each of many states iterates into.
public struct BasinFinder: Sendable {
  /// The most iterations.
  public var stepLimit = 2000
  /// A state that comes this near to an attractor, in the 2-norm, belongs to it.
  public var captureDistance = 1e-3

  /// The defaults.
  public init() {}

  /// Iterates states until each is at an attractor.
  ///
  /// - Parameters:
  ///   - map: F.
  ///   - states: `[count, dimension]`.
  ///   - attractors: the stable fixed points' states.
  ///   - threads: the most that run at once.
  /// - Returns: for each state the attractor's position, or nil if it reached none in `stepLimit` steps.
  /// - Throws: nothing of its own.
  /// - Complexity: O(count steps n²), in blocks of 64 states.
  public func assign(
    _ map: some DynamicalMap, states: Matrix<Double>, attractors: [[Double]], threads: Int
  ) throws -> [Int?] {
    let size = 64
    let blocks = try concurrentMap(count: (states.rows + size - 1) / size, threads: threads) { block in
      let rows = block * size..<min(states.rows, (block + 1) * size)
      let part = Array(states.elements[rows.lowerBound * states.columns..<rows.upperBound * states.columns])
      return assign(map, block: part, attractors: attractors)
    }
    return Array(blocks.joined())
  }

  private func assign(_ map: some DynamicalMap, block: [Double], attractors: [[Double]]) -> [Int?] {
    let n = map.dimension
    var states = block
    var active = Array(0..<(block.count / max(1, n)))
    var result = [Int?](repeating: nil, count: active.count)
    var step = 0
    while !active.isEmpty && step <= stepLimit {
      var kept = 0
      for position in active.indices {
        let state = states[position * n..<(position + 1) * n]
        let index = attractors.firstIndex { attractor in
          var sum = 0.0
          for (value, target) in zip(state, attractor) {
            sum += (value - target) * (value - target)
            if sum > captureDistance * captureDistance { return false }
          }
          return sum <= captureDistance * captureDistance
        }
        if let index {
          result[active[position]] = index
        } else if state.allSatisfy(\.isFinite) {
          active[kept] = active[position]
          if kept != position {
            for offset in 0..<n { states[kept * n + offset] = states[position * n + offset] }
          }
          kept += 1
        }
      }
      active.removeLast(active.count - kept)
      states.removeLast(states.count - kept * n)
      states.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        map.apply(base, count: kept, into: base)
      }
      step += 1
    }
    return result
  }
}
