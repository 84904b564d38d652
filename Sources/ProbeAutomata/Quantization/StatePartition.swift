public import ProbeLinearAlgebra

/// A way of cutting a space of states into cells.
public protocol StatePartition: Sendable {
  /// The name in reports, with what was chosen: `k-means, 20 clusters`.
  var name: String { get }
  /// The number of cells; they are numbered from 0.
  var cellCount: Int { get }
  /// The cell of each state.
  ///
  /// - Parameter states: `[state, unit]`, finite.
  /// - Returns: `[state]`, -1 for a state that lies in a cell where no state lay when the partition was made.
  func cells(of states: Matrix<Double>) -> [Int32]
}
