internal import ProbeLinearAlgebra

#if canImport(Glibc)
  internal import Glibc
#endif

/// The attention of a run of queries of one layer and trial over the keys so far.
///
/// Weights exist for a few rows of one head at a time, unless someone asks for them: memory grows with the number of
/// keys, never with its square.
struct AttentionKernel<Scalar: AttentionScalar>: @unchecked Sendable {
  // `@unchecked Sendable`: the pointers are to buffers of the caller, which outlive every call; concurrent calls are for
  // different heads or rows, and write to the places of those alone.
  let layer: AttentionLayer
  /// `[rows, heads, headSize]`, turned.
  let queries: UnsafePointer<Scalar>
  let keys: UnsafePointer<Scalar>
  let values: UnsafePointer<Scalar>
  /// Positions of the cache a head.
  let capacity: Int
  /// The first query's position.
  let start: Int
  /// Keys that are there.
  let keyCount: Int
  /// `[rows, heads, headSize]`.
  let output: UnsafeMutablePointer<Scalar>
  /// `[rows, heads]` each.
  let summaries: [(summary: AttentionSummary, target: UnsafeMutablePointer<Scalar>)]
  let tokens: UnsafeBufferPointer<Int>
  let previous: UnsafeBufferPointer<Int>

  /// The keys that a query sees.
  func visible(_ row: Int) -> Range<Int> {
    let position = start + row
    let end = layer.isCausal ? position + 1 : keyCount
    guard let window = layer.window else { return 0..<end }
    return max(0, position - window + 1)..<end
  }

  /// The keys that some query of a run sees.
  func visible(_ rows: Range<Int>) -> Range<Int> {
    visible(rows.lowerBound).lowerBound..<visible(rows.upperBound - 1).upperBound
  }

  /// Scaled and capped scores of one head, not masked; `target` is the place of the first visible key of the first row.
  func score(_ rows: Range<Int>, head: Int, into target: UnsafeMutablePointer<Scalar>, stride: Int) {
    let keyRange = visible(rows)
    let size = layer.headSize
    let first = (layer.keyValueHead(of: head) * capacity + keyRange.lowerBound) * size
    let query = queries + (rows.lowerBound * layer.heads + head) * size
    if rows.count == 1 {
      Scalar.rowsTimes(keys + first, query, into: target, rows: keyRange.count, count: size)
      Scalar.scale(Scalar(layer.scale), target, count: keyRange.count)
    } else {
      Scalar.multiply(
        rows: rows.count, columns: keyRange.count, inner: size, alpha: Scalar(layer.scale),
        query, stride: layer.heads * size, transposed: false,
        keys + first, stride: size, transposed: true, beta: 0, into: target, stride: stride)
    }
    if let cap = layer.softCap {
      for row in 0..<rows.count {
        Scalar.softCap(target + row * stride, cap: Scalar(cap), count: keyRange.count)
      }
    }
  }

  /// Turns scores into weights, 0 on keys that are not visible; then summaries, where `isFinal`.
  func normalize(
    _ rows: Range<Int>, head: Int, _ target: UnsafeMutablePointer<Scalar>, stride: Int, isFinal: Bool
  ) {
    let keyRange = visible(rows)
    for row in rows {
      let own = visible(row)
      let line = target + (row - rows.lowerBound) * stride
      let begin = own.lowerBound - keyRange.lowerBound
      let entropy = Scalar.softmax(line + begin, count: own.count)
      if begin > 0 { line.update(repeating: 0, count: begin) }
      let rest = keyRange.upperBound - own.upperBound
      if rest > 0 { (line + begin + own.count).update(repeating: 0, count: rest) }
      if isFinal { summarize(row, head: head, line + begin, own, entropy: entropy) }
    }
  }

  /// Weights times values.
  func combine(_ rows: Range<Int>, head: Int, _ weights: UnsafePointer<Scalar>, stride: Int) {
    let keyRange = visible(rows)
    let size = layer.headSize
    let first = (layer.keyValueHead(of: head) * capacity + keyRange.lowerBound) * size
    let target = output + (rows.lowerBound * layer.heads + head) * size
    if rows.count == 1 {
      target.update(repeating: 0, count: size)
      Scalar.timesColumns(
        values + first, stride: size, weights, into: target, count: keyRange.count, columns: size)
    } else {
      Scalar.multiply(
        rows: rows.count, columns: size, inner: keyRange.count, alpha: 1,
        weights, stride: stride, transposed: false, values + first, stride: size, transposed: false,
        beta: 0, into: target, stride: layer.heads * size)
    }
  }

  /// Writes the summaries of one row of weights over the keys `range`.
  func summarize(
    _ row: Int, head: Int, _ weights: UnsafePointer<Scalar>, _ range: Range<Int>, entropy: Scalar?
  ) {
    guard !summaries.isEmpty else { return }
    let position = start + row
    let place = row * layer.heads + head
    func weight(_ key: Int) -> Scalar { range.contains(key) ? weights[key - range.lowerBound] : 0 }
    var largest: (index: Int, value: Scalar)?
    var history: HistoryWeights?
    for (summary, target) in summaries {
      switch summary {
      case .argmax, .max:
        let found = largest ?? Scalar.largest(weights, count: range.count)
        largest = found
        let index = found.index < range.count ? Scalar(found.index + range.lowerBound) : .nan
        target[place] = summary == .argmax ? index : found.value
      case .entropy: target[place] = entropy ?? Self.entropy(weights, count: range.count)
      case .k90:
        let work = UnsafeMutablePointer<Scalar>.allocate(capacity: range.count + 1)
        target[place] = Scalar(Scalar.shareCount(weights, count: range.count, share: 0.9, work: work))
        work.deallocate()
      case .previous: target[place] = position > 0 ? weight(position - 1) : 0
      case .first: target[place] = weight(0)
      case .duplicate, .induction, .ngram1, .ngram2, .ngram3, .ngram4:
        let found = history ?? HistoryWeights(position, tokens, previous, weight)
        history = found
        switch summary {
        case .duplicate: target[place] = found.duplicate
        case .induction: target[place] = found.orders.0 + found.orders.1 + found.orders.2 + found.orders.3
        case .ngram1: target[place] = found.orders.0
        case .ngram2: target[place] = found.orders.1
        case .ngram3: target[place] = found.orders.2
        default: target[place] = found.orders.3
        }
      }
    }
  }

  private static func entropy(_ weights: UnsafePointer<Scalar>, count: Int) -> Scalar {
    var sum = 0.0
    for index in 0..<count where weights[index] > 0 {
      let weight = Double(weights[index])
      sum -= weight * log(weight)
    }
    return Scalar(sum)
  }

  /// The weights on and after the earlier occurrences of the query's token.
  struct HistoryWeights {
    var duplicate: Scalar = 0
    /// After places where exactly 1, 2, 3 and at least 4 tokens agree.
    var orders: (Scalar, Scalar, Scalar, Scalar) = (0, 0, 0, 0)

    init(
      _ query: Int, _ tokens: UnsafeBufferPointer<Int>, _ previous: UnsafeBufferPointer<Int>,
      _ weight: (Int) -> Scalar
    ) {
      guard query < previous.count else { return }
      var place = previous[query]
      while place >= 0 {
        duplicate += weight(place)
        let after = weight(place + 1)
        switch TokenHistory.agreement(tokens, query, place) {
        case 1: orders.0 += after
        case 2: orders.1 += after
        case 3: orders.2 += after
        default: orders.3 += after
        }
        place = previous[place]
      }
    }
  }
}
