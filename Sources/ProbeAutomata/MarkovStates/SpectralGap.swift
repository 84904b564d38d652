public import ComplexModule
internal import ProbeLinearAlgebra
public import RealModule

/// How many metastable sets a Markov state model has by the largest gap in its spectrum, and how sure that is.
///
/// As many sets as there are eigenvalues before the largest fall of the real part (Deuflhard and Weber, Linear Algebra Appl.
/// 398 (2005) 161, section 2.1). Behind the last eigenvalue stands 0, that of a chain that forgets in one step: every state may
/// be a set. A conjugate pair has one real part and is never parted.
public struct SpectralGap: Sendable, Equatable {
  /// The eigenvalues by decreasing real part; the first is 1.
  public let eigenvalues: [Complex<Double>]
  /// The number of sets: at least 2, but 1 for a chain of one state.
  public let count: Int
  /// The fall of the real part behind the last of them.
  public let gap: Double
  /// The share of bootstrap samples of the paths that have as many sets.
  public let agreement: Double

  /// Looks for the gap.
  ///
  /// - Parameters:
  ///   - paths: states 0 to `stateCount - 1`; -1 where the state is not known.
  ///   - stateCount: the number of states.
  ///   - lag: of the model, in steps.
  ///   - most: the largest number of sets that is considered.
  ///   - replicates: bootstrap samples of paths, or of long blocks where paths are few.
  ///   - seed: of the samples.
  ///   - threads: on how many threads samples are drawn; no result depends on it.
  /// - Throws: ``AutomataError/noTransitions(lag:)``; ``LinearAlgebraError`` where the iteration fails.
  /// - Complexity: O(replicates (steps + states³)).
  public init(
    _ paths: [[Int32]], stateCount: Int, lag: Int, most: Int, replicates: Int = 100, seed: UInt64 = 0,
    threads: Int = 1
  ) throws {
    @Sendable func spectrum(_ paths: [[Int32]]) throws -> [Complex<Double>] {
      let values = try MarkovStateModel(PathCounts(paths, stateCount: stateCount, lag: lag)).eigenvalues()
      return values.indices.sorted { (values[$0].real, $1) > (values[$1].real, $0) }.map { values[$0] }
    }
    let values = try spectrum(paths)
    let found = Self.largest(values, most: most)
    let bootstrap = PathBootstrap(paths, reach: lag)
    let counts = try concurrentMap(count: replicates, threads: threads) { replicate in
      do {
        return try Self.largest(spectrum(bootstrap.draw(seed: seed, replicate: replicate)), most: most).count
      } catch AutomataError.noTransitions {
        return 0
      }
    }
    eigenvalues = values
    (count, gap) = found
    agreement = Double(counts.count { $0 == found.count }) / Double(replicates)
  }

  /// The largest fall between eigenvalues, or from the last to 0.
  static func largest(_ values: [Complex<Double>], most: Int) -> (count: Int, gap: Double) {
    guard values.count > 1 else { return (1, 1) }
    var best = (count: 0, gap: -Double.infinity)
    for count in 2...max(2, min(most, values.count)) {
      let next = count < values.count ? values[count].real : 0
      let gap = values[count - 1].real - next
      if gap > best.gap { best = (count, gap) }
    }
    return best
  }
}
