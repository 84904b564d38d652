public import ProbeLinearAlgebra

/// The partition of an agglomerative clustering of a sample of the states.
///
/// A state belongs to the cluster with the nearest centroid; under single linkage, whose clusters may be long and bent, to
/// that of the nearest sampled state.
public struct Agglomerative: StatePartition {
  /// Where the tree is cut.
  public enum Cut: Sendable, Equatable {
    /// When so many clusters are left.
    case clusters(Int)
    /// Above joins of at most this height.
    case height(Double)
  }

  /// The name in reports.
  public let name: String
  /// The tree.
  public let tree: Dendrogram
  /// The rows of the states that were clustered.
  public let sample: [Int]
  /// The number of clusters.
  public let cellCount: Int
  private let representatives: Centroids
  /// `[representative]`: its cluster.
  private let clusters: [Int32]

  /// Clusters a sample of states.
  ///
  /// - Parameters:
  ///   - states: `[state, unit]`, finite.
  ///   - linkage: how far apart two clusters are.
  ///   - cut: where the tree is cut.
  ///   - sampleSize: the most states that are clustered; they take 8 sampleSize² bytes.
  ///   - seed: of the sample.
  ///   - threads: on how many threads cells are looked up.
  /// - Throws: ``AutomataError/noRecordedStates``, ``AutomataError/clusterCount(_:states:)``.
  public init(
    _ states: Matrix<Double>, linkage: Dendrogram.Linkage, cut: Cut, sampleSize: Int = 2000, seed: UInt64 = 0,
    threads: Int = 1
  ) throws(AutomataError) {
    guard states.rows > 0 else { throw .noRecordedStates }
    var random = RandomGenerator(seed: seed)
    sample =
      states.rows <= sampleSize
      ? Array(0..<states.rows) : random.sample(sampleSize, of: states.rows).sorted()
    let points = Matrix(
      rows: sample.count, columns: states.columns, elements: sample.flatMap { Array(states.row($0)) })
    tree = Dendrogram(points, linkage: linkage)
    let labels: [Int32]
    switch cut {
    case .clusters(let wanted):
      guard (1...sample.count).contains(wanted) else {
        throw .clusterCount(wanted, states: sample.count)
      }
      labels = tree.labels(clusters: wanted)
    case .height(let height): labels = tree.labels(height: height)
    }
    cellCount = Int(labels.max() ?? 0) + 1
    name = "agglomerative, \(linkage.rawValue) linkage, \(cellCount) clusters"
    if linkage == .single {
      representatives = Centroids(points, threads: threads)
      clusters = labels
    } else {
      let regions = StateRegions(points, groups: labels, count: cellCount)
      representatives = Centroids(rowsAsMatrix(regions.centroids.compactMap { $0 }), threads: threads)
      clusters = (0..<Int32(cellCount)).map { $0 }
    }
  }

  /// The cluster of each state.
  public func cells(of states: Matrix<Double>) -> [Int32] {
    representatives.cells(of: states).map { clusters[Int($0)] }
  }
}
