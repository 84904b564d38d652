/// A named place in a model where a value can be observed or edited.
public struct Site: Sendable, Hashable {
  /// What kind of value the site holds; decides what is captured by default.
  public enum Role: String, Sendable {
    /// Part of the state that the next step starts from.
    case state
    /// A gate or another intermediate value of a step.
    case gate
    /// What the model says.
    case readout
    /// A value within an attention model.
    case activation
    /// A number that stands for a whole row of attention.
    case summary
  }

  /// The name, such as `layers.0.gates.reset`.
  public let name: String
  /// The names of the axes after `trial` and `time`, such as `["unit"]`.
  public let axes: [String]
  /// The extents of those axes.
  public let shape: [Int]
  /// What kind of value it is.
  public let role: Role
  /// The unit of the values; "1" for dimensionless ones.
  public let units: String
  /// Whether the values are whole numbers, such as places of tokens.
  public let isInteger: Bool

  /// Scalars a time step.
  public var elementCount: Int { shape.reduce(1, *) }

  /// Names a place.
  public init(
    name: String, axes: [String] = ["unit"], shape: [Int], role: Role, units: String = "1",
    isInteger: Bool = false
  ) {
    precondition(axes.count == shape.count, "one extent an axis")
    self.name = name
    self.axes = axes
    self.shape = shape
    self.role = role
    self.units = units
    self.isInteger = isInteger
  }
}
