/// An automaton, and beside it the states of one network as points in a plane, each in the colour of its automaton state.
///
/// Looking at a state of the machine shows the points that it covers, and the other way round. A graph that ``canDraw(_:)`` refuses
/// would be a knot: show its ``GraphPlot/adjacency(of:)`` instead.
public struct AutomatonPlot: Sendable, Equatable {
  /// The most states of which a drawing can be read.
  public static let drawableStates = 60

  /// The most arrows of which a drawing can be read; edges between the same states count once.
  public static let drawableArrows = 200

  /// Whether a drawing of a graph can be read: it has few enough states and arrows, and one state at least.
  ///
  /// - Complexity: O(edges).
  public static func canDraw(_ graph: GraphPlot) -> Bool {
    !graph.nodes.isEmpty && graph.nodes.count <= drawableStates
      && Set(graph.edges.map { SIMD2($0.from, $0.to) }).count <= drawableArrows
  }

  /// A state of the network.
  public struct Point: Sendable, Equatable {
    /// Where it lies, usually on the first two principal components of the network's states.
    public var position: SIMD2<Double>
    /// The index of its automaton state among the graph's nodes; none where the automaton has no state for it.
    public var state: Int?
    /// What hovering shows, lines parted by `\n`: the word read so far, the network's output.
    public var hover: String

    /// A state of the network.
    public init(_ position: SIMD2<Double>, state: Int?, hover: String = "") {
      self.position = position
      self.state = state
      self.hover = hover
    }
  }

  /// The automaton: one node a state, one edge a transition with its symbol as label.
  public let graph: GraphPlot
  /// The horizontal axis of the points.
  public let x: Axis
  /// The vertical axis of the points.
  public let y: Axis
  /// The network's states, up to about 5,000 for a page that stays quick; none leaves the machine alone.
  public let points: [Point]

  /// An automaton and the network's states.
  ///
  /// - Precondition: every point's state is an index of the graph's nodes.
  public init(graph: GraphPlot, x: Axis = Axis("PC 1"), y: Axis = Axis("PC 2"), points: [Point]) {
    for point in points {
      if let state = point.state {
        precondition(
          graph.nodes.indices.contains(state), "a point of state \(state) of \(graph.nodes.count) states")
      }
    }
    self.graph = graph
    self.x = x
    self.y = y
    self.points = points
  }
}
