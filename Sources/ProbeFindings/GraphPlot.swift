/// Nodes and labelled, directed edges: an automaton, or which attractor an input leads to.
public struct GraphPlot: Sendable, Equatable {
  /// A node.
  public struct Node: Sendable, Equatable {
    /// The text inside the node.
    public var label: String
    /// What it stands for, its colour; none is drawn neutral.
    public var kind: PointKind?
    /// Whether it is drawn with a double border, as an accepting state is.
    public var isAccepting: Bool
    /// Whether an arrow from nowhere leads to it.
    public var isInitial: Bool
    /// What hovering shows.
    public var hover: String

    /// A node.
    public init(
      label: String, kind: PointKind? = nil, isAccepting: Bool = false, isInitial: Bool = false,
      hover: String = ""
    ) {
      self.label = label
      self.kind = kind
      self.isAccepting = isAccepting
      self.isInitial = isInitial
      self.hover = hover
    }
  }

  /// A directed edge.
  public struct Edge: Sendable, Equatable {
    /// The index of the node it leaves.
    public var from: Int
    /// The index of the node it leads to; may be the same.
    public var to: Int
    /// Its label, such as a symbol; edges between the same nodes are drawn as one with all labels.
    public var label: String
    /// Whether it stands apart, such as a transition that the task does not have.
    public var isHighlighted: Bool
    /// How often it was taken, or its probability; none where that is not known.
    ///
    /// In layers lines are drawn as wide as its root.
    public var weight: Double?

    /// A directed edge.
    public init(from: Int, to: Int, label: String, isHighlighted: Bool = false, weight: Double? = nil) {
      self.from = from
      self.to = to
      self.label = label
      self.isHighlighted = isHighlighted
      self.weight = weight
    }
  }

  /// What edges' labels are.
  public enum Labelling: Sendable, Equatable {
    /// Words, shown as they are.
    case text
    /// Symbols of an alphabet, shown so that no two look alike: see ``SymbolText``.
    case symbols
  }

  /// How nodes are placed.
  public enum Layout: Sendable, Equatable {
    /// Around a circle, in order: for graphs in which every node reaches most others.
    case circular
    /// In layers from left to right, most edges leading to the right: for automata.
    case layered
  }

  /// The nodes.
  public let nodes: [Node]
  /// The edges.
  public let edges: [Edge]
  /// How nodes are placed.
  public let layout: Layout
  /// What edges' labels are.
  public let labelling: Labelling

  /// A graph.
  ///
  /// - Precondition: every edge's ends are indices of `nodes`.
  public init(nodes: [Node], edges: [Edge], layout: Layout = .circular, labelling: Labelling = .text) {
    for edge in edges {
      precondition(
        nodes.indices.contains(edge.from) && nodes.indices.contains(edge.to),
        "edge \(edge.from) -> \(edge.to) of a graph of \(nodes.count) nodes")
    }
    self.nodes = nodes
    self.edges = edges
    self.layout = layout
    self.labelling = labelling
  }
}
