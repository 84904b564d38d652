/// Trajectories and marked points in three dimensions, usually the first three principal components.
public struct TrajectoryPlot: Sendable, Equatable {
  /// What the colour of a trajectory means.
  public enum Coloring: Sendable, Equatable {
    /// The trajectory's label.
    case label
    /// The time along the trajectory.
    case time
  }

  /// One line through state space.
  public struct Trajectory: Sendable, Equatable {
    /// The states, in order of time; equal axes for all.
    public var points: [SIMD3<Double>]
    /// The trial's or segment's label, if it has one.
    ///
    /// To colour a trial whose label changes, give its segments,
    /// each beginning with the last point of the one before.
    public var label: String?
    /// What the line is, shown on hovering: "trial 3".
    public var name: String
    /// The time of the first point, in steps.
    public var firstTime: Int

    /// A trajectory.
    public init(points: [SIMD3<Double>], label: String? = nil, name: String = "", firstTime: Int = 0) {
      self.points = points
      self.label = label
      self.name = name
      self.firstTime = firstTime
    }
  }

  /// A marked point, such as a fixed point.
  public struct Marker: Sendable, Equatable {
    /// Where it is.
    public var position: SIMD3<Double>
    /// What it is: its colour and symbol.
    public var kind: PointKind
    /// Whether a trajectory ever comes near; a point that none visits is drawn hollow.
    public var isVisited: Bool
    /// What hovering shows, a line each.
    public var hover: [String]
    /// Half-lengths of short segments drawn through the point, such as a saddle's unstable directions.
    public var directions: [SIMD3<Double>]

    /// A marked point.
    public init(
      position: SIMD3<Double>, kind: PointKind, isVisited: Bool = true, hover: [String] = [],
      directions: [SIMD3<Double>] = []
    ) {
      self.position = position
      self.kind = kind
      self.isVisited = isVisited
      self.hover = hover
      self.directions = directions
    }
  }

  /// The first axis.
  public var x: Axis
  /// The second axis.
  public var y: Axis
  /// The third axis.
  public var z: Axis
  /// The lines.
  public var trajectories: [Trajectory]
  /// The marked points.
  public var markers: [Marker]
  /// What the lines' colours mean at first; the page lets the reader choose where lines have labels.
  public var coloring: Coloring
  /// What the labels are, the legend's heading: "memory state".
  public var labelTitle: String

  /// Trajectories and marked points.
  public init(
    x: Axis, y: Axis, z: Axis, trajectories: [Trajectory], markers: [Marker] = [],
    coloring: Coloring = .time, labelTitle: String = "label"
  ) {
    self.x = x
    self.y = y
    self.z = z
    self.trajectories = trajectories
    self.markers = markers
    self.coloring = coloring
    self.labelTitle = labelTitle
  }
}
