/// What exactly a metric computes: of one name the literature has many variants, and their numbers differ.
public struct MetricConvention: Sendable, Hashable {
  /// Which part of a network it compares.
  public enum Level: String, Sendable, CaseIterable {
    /// What the network does.
    case behaviour
    /// How its state moves.
    case dynamics
    /// Which states it uses.
    case representation
    /// Its parameters.
    case weights
  }

  /// A property that a metric has or has not.
  public enum Property: String, Sendable, CaseIterable {
    /// d(a, b) = d(b, a).
    case symmetric
    /// d(a, a) = 0.
    case zeroOnItself
    /// d(a, c) <= d(a, b) + d(b, c).
    case triangleInequality
    /// Unchanged when a representation is rotated or reflected.
    case orthogonalInvariance
    /// Unchanged when a representation is scaled.
    case scaleInvariance
    /// Unchanged when a representation is shifted.
    case translationInvariance
    /// Unchanged by every invertible linear map.
    case linearInvariance
    /// Unchanged when units are exchanged.
    case permutationInvariance
    /// Unchanged when units of an odd activation change their sign.
    case signInvariance
  }

  /// The column's name in `pairs.csv`.
  public var name: String
  /// Which part of a network it compares.
  public var level: Level
  /// The whole convention in words: centring, scaling, debiasing, squared or not, and the source.
  public var text: String
  /// What holds of it; every property named here is tested.
  public var properties: Set<Property>
  /// Whether larger values mean more alike; otherwise it is a distance.
  public var isSimilarity: Bool

  /// A convention.
  public init(
    name: String, level: Level, text: String, properties: Set<Property>, isSimilarity: Bool = false
  ) {
    self.name = name
    self.level = level
    self.text = text
    self.properties = properties
    self.isSimilarity = isSimilarity
  }
}
