/// A figure by its meaning; a renderer chooses how it looks.
public struct Figure: Sendable, Equatable {
  /// The stem of the picture's file name and the anchor on the page.
  public let name: String
  /// The heading.
  public let title: String
  /// What to see in the figure and how sure it is.
  public let caption: String
  /// What is drawn.
  public let content: Content

  /// The kinds of figure.
  public enum Content: Sendable, Equatable {
    /// Trajectories and marked points in three dimensions.
    case trajectories(TrajectoryPlot)
    /// Points in the complex plane, with the unit circle.
    case complexPlane(ComplexPlanePlot)
    /// Counts of values.
    case histogram(HistogramPlot)
    /// Lines with bands of uncertainty.
    case lines(LinePlot)
    /// A matrix of amounts.
    case heatmap(HeatmapPlot)
    /// Points in the plane.
    case scatter(ScatterPlot)
    /// Nodes and labelled, directed edges.
    case graph(GraphPlot)
    /// An automaton beside the states of the network that it stands for.
    case automaton(AutomatonPlot)
    /// Scores of attention heads, and what they attend to.
    case headMap(HeadMapPlot)
    /// Likeliest tokens by position and depth.
    case tokenTable(TokenTablePlot)
    /// Differences among all pairs of networks.
    case pairMatrix(PairMatrixPlot)
    /// Any two networks side by side.
    case networkPair(NetworkPairPlot)
    /// Rows of values on one axis.
    case spread(SpreadPlot)
    /// Points placed by their likeness.
    case embedding(EmbeddingPlot)
  }

  /// A figure.
  ///
  /// - Precondition: `name` is made of letters, digits, `_` and `-`.
  public init(name: String, title: String, caption: String, content: Content) {
    precondition(isFileStem(name), "'\(name)' cannot be a figure's name: letters, digits, _ and - only")
    self.name = name
    self.title = title
    self.caption = caption
    self.content = content
  }
}

/// What a point stands for in the study of a dynamical system; it has the same colour and symbol in every figure.
public enum PointKind: String, Sendable, Equatable, CaseIterable {
  /// Attracts every nearby state.
  case stable
  /// Attracts along some directions and repels along others.
  case saddle
  /// Repels in every direction.
  case unstable
  /// The error bounds do not decide.
  case undecided
}
