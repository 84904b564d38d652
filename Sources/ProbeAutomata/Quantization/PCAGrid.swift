public import ProbeLinearAlgebra

/// The partition by equal intervals of the leading principal components.
///
/// Du et al., "DeepStellar", ESEC/FSE 2019, section 3.2; here the largest value belongs to the last interval, and a component
/// without extent has one.
public struct PCAGrid: StatePartition {
  /// The components.
  public let components: PrincipalComponents
  /// The grid over the coordinates along them.
  public let grid: UnitGrid

  /// A grid over the visited cells.
  ///
  /// - Parameters:
  ///   - states: `[state, unit]`, finite, at least one.
  ///   - components: how many components are kept; no more than there are units are.
  ///   - intervals: the number of intervals a component.
  /// - Throws: ``AutomataError/noRecordedStates``; ``LinearAlgebraError`` where the components are not found.
  public init(_ states: Matrix<Double>, components: Int, intervals: Int) throws {
    guard states.rows > 0 else { throw AutomataError.noRecordedStates }
    self.components = try PrincipalComponents(of: states, count: components)
    grid = try UnitGrid(self.components.project(states), intervals: intervals)
  }

  /// `grid, 10 intervals of each of 3 principal components`.
  public var name: String {
    "grid, \(grid.intervals) intervals of each of \(grid.ranges.count) principal components"
  }
  /// The number of visited cells.
  public var cellCount: Int { grid.cellCount }
  /// The cell of each state; -1 for a cell that was not visited.
  public func cells(of states: Matrix<Double>) -> [Int32] { grid.cells(of: components.project(states)) }
}
