/// The differences among all pairs of networks, in the order of a tree that joins the most alike.
public struct PairMatrixPlot: Sendable, Equatable {
  /// One row and column.
  public struct Member: Sendable, Equatable {
    /// The network's name.
    public var name: String
    /// Its place among `groups`.
    public var group: Int

    /// A network.
    public init(name: String, group: Int) {
      self.name = name
      self.group = group
    }
  }

  /// A joining of two branches of the tree; positions count rows from 0, half-way between a branch's ends.
  public struct Link: Sendable, Equatable {
    /// Where the branch that comes first in the order stands, and at which height it was joined itself.
    public var first: SIMD2<Double>
    /// The other branch.
    public var second: SIMD2<Double>
    /// The mean difference between the two.
    public var height: Double

    /// A joining.
    public init(first: SIMD2<Double>, second: SIMD2<Double>, height: Double) {
      self.first = first
      self.second = second
      self.height = height
    }
  }

  /// The rows from top to bottom and columns from left to right.
  public let members: [Member]
  /// The groups' names; the place of a name sets its colour.
  public let groups: [String]
  /// Each pair once, row-major: first with second, first with third, ..., second with third, ...; NaN of two that cannot be
  /// compared.
  public let values: [Double]
  /// What a value measures.
  public let amount: Axis
  /// The tree; one for each block of networks that can be compared.
  public let links: [Link]
  /// The name of the figure that shows a pair's two networks side by side, where the page has one.
  public let panel: String?

  /// A matrix.
  ///
  /// - Precondition: `values` holds every pair once; a member's group is one of `groups`.
  public init(
    members: [Member], groups: [String], values: [Double], amount: Axis, links: [Link] = [],
    panel: String? = nil
  ) {
    precondition(
      values.count == members.count * (members.count - 1) / 2,
      "\(values.count) values for the pairs of \(members.count) networks")
    precondition(
      members.allSatisfy { groups.indices.contains($0.group) }, "a group that is not one of \(groups.count)")
    self.members = members
    self.groups = groups
    self.values = values
    self.amount = amount
    self.links = links
    self.panel = panel
  }
}
