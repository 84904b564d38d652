/// Things placed in planes so that near ones are alike; one scale on both axes, and a panel for each set that can be compared.
public struct EmbeddingPlot: Sendable, Equatable {
  /// Things that were placed together.
  public struct Panel: Sendable, Equatable {
    /// Its heading; empty where there is but one panel.
    public var title: String
    /// The points, by group; a group's place among all panels' names sets its colour.
    public var groups: [PointGroup]

    /// A panel.
    public init(title: String, groups: [PointGroup]) {
      self.title = title
      self.groups = groups
    }
  }

  /// The panels, in reading order.
  public let panels: [Panel]
  /// The names of all groups, in the order of their colours.
  public let groups: [String]

  /// Panels of points.
  public init(panels: [Panel], groups: [String]) {
    self.panels = panels
    self.groups = groups
  }
}
