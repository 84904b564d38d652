/// An axis of a figure: what it measures, in what unit, on what scale.
public struct Axis: Sendable, Equatable {
  /// What is measured: "PC 1", "time", "speed q".
  public var label: String
  /// The unit: "steps", "cycles/step"; empty for pure numbers.
  public var unit: String
  /// Whether the scale is logarithmic; values at or below zero are then left out, and the figure says how many.
  public var isLogarithmic: Bool
  /// For a principal component, the share of variance it explains, 0 to 1.
  public var varianceShare: Double?

  /// An axis.
  public init(_ label: String, unit: String = "", isLogarithmic: Bool = false, varianceShare: Double? = nil) {
    self.label = label
    self.unit = unit
    self.isLogarithmic = isLogarithmic
    self.varianceShare = varianceShare
  }
}
