import ProbeLinearAlgebra
import RealModule

/// Random sets of heads to prune in place of chosen ones, matched to them by layer and output norm.
///
/// Each chosen head is replaced by one of the unchosen heads of its layer whose output norms are nearest to
/// its own, at random among a few. Where a layer has too few unchosen heads, the nearest layers that have
/// some stand in, and the draws say so: late heads, or heads that write more, hurt more when pruned, whatever
/// they do.
public struct MatchedDraws: Sendable, Equatable {
  /// A head as the draw sees it.
  public struct Head: Sendable, Equatable {
    /// Its layer.
    public let layer: Int
    /// The mean norm of what it adds to the residual stream.
    public let outputNorm: Double

    /// A head.
    public init(layer: Int, outputNorm: Double) {
      self.layer = layer
      self.outputNorm = outputNorm
    }
  }

  /// The sets drawn, each of as many heads as were chosen, ascending.
  public let draws: [[Int]]
  /// How many chosen heads of each layer had to be matched in another layer; empty where all were matched.
  public let unmatched: [Int: Int]
  /// Distinct sets among the draws: few where there is little to draw from.
  public let distinct: Int
  /// The mean of |log(norm drawn / norm of the chosen head)| over all heads drawn; NaN where a norm is zero.
  public let normMismatch: Double

  /// Draws sets.
  ///
  /// - Parameters:
  ///   - heads: all heads.
  ///   - chosen: the heads to replace; none of them is drawn.
  ///   - draws: how many sets.
  ///   - neighbours: among how many of the nearest norms a head is drawn.
  ///   - seed: what the draws follow from, each with a stream of its own.
  /// - Throws: ``HeadsError`` where fewer heads are unchosen than chosen, or an index is not a head's.
  /// - Complexity: O(draws chosen heads log heads).
  public init(
    _ heads: [Head], chosen: [Int], draws: Int, neighbours: Int = 4, seed: UInt64
  ) throws(HeadsError) {
    for head in chosen where !heads.indices.contains(head) {
      throw .indexOutOfRange(object: "a chosen head", index: head, count: heads.count)
    }
    let taken = Set(chosen)
    guard heads.count - taken.count >= taken.count else {
      throw .tooFewHeads(needed: taken.count, available: heads.count - taken.count)
    }
    var sets: [[Int]] = []
    var missing: [Int: Int] = [:]
    var mismatch = 0.0
    for draw in 0..<draws {
      var random = RandomGenerator(seed: seed, stream: UInt64(draw))
      var free = heads.indices.filter { !taken.contains($0) }
      var set: [Int] = []
      var strangers: [Int: Int] = [:]
      // A random order, lest the first always have the nearest norms; heads with no match in their layer come
      // last, lest they take another's.
      let ascending = taken.sorted()
      var room: [Int: Int] = [:]
      for head in free { room[heads[head].layer, default: 0] += 1 }
      var order: [Int] = []
      var late: [Int] = []
      for place in random.sample(ascending.count, of: ascending.count) {
        let layer = heads[ascending[place]].layer
        if room[layer, default: 0] > 0 {
          order.append(ascending[place])
        } else {
          late.append(ascending[place])
        }
        room[layer, default: 0] -= 1
      }
      for head in order + late {
        let wanted = heads[head]
        func norm(_ head: Int) -> Double { abs(heads[head].outputNorm - wanted.outputNorm) }
        let distance = free.map { abs(heads[$0].layer - wanted.layer) }.min() ?? 0
        if distance > 0 { strangers[wanted.layer, default: 0] += 1 }
        let near = free.filter { abs(heads[$0].layer - wanted.layer) == distance }
          .sorted { (norm($0), $0) < (norm($1), $1) }.prefix(max(1, neighbours))
        let drawn = near[random.integer(below: near.count)]
        set.append(drawn)
        free.removeAll { $0 == drawn }
        mismatch += abs(.log(heads[drawn].outputNorm / wanted.outputNorm))
      }
      sets.append(set.sorted())
      missing.merge(strangers) { max($0, $1) }
    }
    self.draws = sets
    unmatched = missing
    distinct = Set(sets).count
    normMismatch = draws > 0 && !taken.isEmpty ? mismatch / Double(draws * taken.count) : 0
  }
}
