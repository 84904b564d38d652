import ProbeLinearAlgebra
public import ProbeModels

/// How inputs move a network between its attractors: attractor x input -> attractor.
///
/// Each attractor of the resting map receives one input for a number of steps, and then the resting input until it
/// settles.
public struct AttractorGraph: Sendable, Equatable {
  /// One transition.
  public struct Edge: Sendable, Equatable {
    /// The attractor it begins in.
    public let source: Int
    /// The input's position.
    public let input: Int
    /// The attractor it ends in, or nil where it settles in none.
    public let target: Int?
  }

  /// The edges, by source, then input.
  public let edges: [Edge]

  /// Finds all transitions.
  ///
  /// - Parameters:
  ///   - resting: the map at the resting input.
  ///   - driven: the map at each input.
  ///   - attractors: the stable fixed points of `resting`.
  ///   - pulseLength: steps for which the input lasts.
  ///   - finder: how attractors are recognised.
  ///   - threads: the most that run at once.
  /// - Throws: nothing of its own.
  public init(
    resting: some DynamicalMap, driven: [some DynamicalMap], attractors: [[Double]], pulseLength: Int,
    finder: BasinFinder, threads: Int
  ) throws {
    var starts: [Double] = []
    var labels: [(Int, Int)] = []
    for (source, state) in attractors.enumerated() {
      for (input, map) in driven.enumerated() {
        var current = state
        for _ in 0..<pulseLength { current = map.apply(current) }
        starts += current
        labels.append((source, input))
      }
    }
    let targets = try finder.assign(
      resting, states: Matrix(rows: labels.count, columns: resting.dimension, elements: starts),
      attractors: attractors, threads: threads)
    edges = zip(labels, targets).map { Edge(source: $0.0, input: $0.1, target: $1) }
  }
}
