internal import ProbeLinearAlgebra

/// The share of each sample's nearest neighbours that two networks agree on.
///
/// After Huh, Cheung, Wang and Isola 2024, arXiv:2405.07987, appendix A.
public struct MutualNeighbours: RepresentationMetric {
  /// The most samples that are compared all with all.
  public static let sampleLimit = 20_000

  /// How many neighbours count.
  public var count: Int

  /// The similarity of `count` neighbours.
  ///
  /// - Precondition: `count >= 1`.
  public init(count: Int = 10) {
    precondition(count >= 1, "at least one neighbour")
    self.count = count
  }

  /// What is computed.
  public var convention: MetricConvention {
    MetricConvention(
      name: "mutual_\(count)nn", level: .representation,
      text:
        "mean over samples of the share of the \(count) nearest neighbours (Euclidean, the sample itself left out, of "
        + "equally near ones the earlier sample) common to both networks; independent networks give \(count)/(m - 1)",
      properties: [
        .symmetric, .orthogonalInvariance, .scaleInvariance, .translationInvariance, .permutationInvariance,
        .signInvariance,
      ], isSimilarity: true)
  }

  /// The neighbours of every sample, `count` a sample, in increasing order of index.
  ///
  /// - Throws: ``DegeneracyError`` if there are not more samples than neighbours, or more than `sampleLimit`.
  /// - Complexity: O(m² (d + log count)) time, O(m count) memory.
  public func prepare(_ network: RepresentationFactors) throws(DegeneracyError) -> [Int32] {
    let m = network.samples
    guard m > count else {
      throw .tooFew(object: "samples for \(count) neighbours", needed: count + 1, found: m)
    }
    guard m <= MutualNeighbours.sampleLimit else {
      throw .tooMany(
        object: "samples to look for neighbours among", limit: MutualNeighbours.sampleLimit, found: m)
    }
    let states = network.centred.widened
    let transposed = states.transposed
    var neighbours: [Int32] = []
    neighbours.reserveCapacity(m * count)
    let block = 256
    for start in stride(from: 0, to: m, by: block) {
      let rows = min(block, m - start)
      let part = Matrix(
        rows: rows, columns: states.columns,
        elements: Array(states.elements[start * states.columns..<(start + rows) * states.columns]))
      let products = part * transposed
      for row in 0..<rows {
        // |x_i - x_j|² but for the constant |x_i|².
        let nearest = smallest(
          (0..<m).map { network.squaredLengths[$0] - 2 * products[row, $0] }, except: start + row)
        neighbours.append(contentsOf: nearest.sorted())
      }
    }
    return neighbours
  }

  /// The indices of the `count` smallest values, one index left out.
  private func smallest(_ values: [Double], except own: Int) -> [Int32] {
    var kept: [Int] = []
    kept.reserveCapacity(count + 1)
    for index in values.indices where index != own {
      if kept.count == count, let last = kept.last, values[index] >= values[last] { continue }
      var place = kept.count
      while place > 0 && values[kept[place - 1]] > values[index] { place -= 1 }
      kept.insert(index, at: place)
      if kept.count > count { kept.removeLast() }
    }
    return kept.map { Int32($0) }
  }

  /// The share, 0...1.
  public func compare(
    _ pair: RepresentationPair, _ first: [Int32], _ second: [Int32]
  ) throws(DegeneracyError) -> DirectedValue {
    var common = 0
    for start in stride(from: 0, to: first.count, by: count) {
      var (i, j) = (start, start)
      while i < start + count && j < start + count {
        if first[i] == second[j] {
          (common, i, j) = (common + 1, i + 1, j + 1)
        } else if first[i] < second[j] {
          i += 1
        } else {
          j += 1
        }
      }
    }
    return DirectedValue(Double(common) / Double(first.count))
  }
}
