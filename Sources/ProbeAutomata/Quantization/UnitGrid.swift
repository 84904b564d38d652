public import ProbeLinearAlgebra

/// The partition by equal intervals of every unit: q intervals a unit make up to q^units cells, of which the visited count.
///
/// Omlin and Giles, "Extraction of rules from discrete-time recurrent neural networks", Neural Networks 9 (1996) 41, cut the
/// range of each unit so; here a range is that of the recorded states unless it is given.
public struct UnitGrid: StatePartition {
  /// The number of intervals a unit.
  public let intervals: Int
  /// `[unit]`: where each unit's first interval begins and its last ends; values outside fall into the outermost ones.
  public let ranges: [ClosedRange<Double>]
  private let book: CodeBook

  /// A grid over the visited cells.
  ///
  /// - Parameters:
  ///   - states: `[state, unit]`, finite, at least one.
  ///   - intervals: the number of intervals a unit, 1 to 65,536.
  ///   - ranges: `[unit]`; nil takes each unit's least and largest value.
  /// - Throws: ``AutomataError/noRecordedStates``.
  public init(_ states: Matrix<Double>, intervals: Int, ranges: [ClosedRange<Double>]? = nil)
    throws(AutomataError)
  {
    precondition((1...65_536).contains(intervals), "\(intervals) intervals")
    precondition(ranges.map { $0.count == states.columns } ?? true, "not one range a unit")
    guard states.rows > 0 else { throw .noRecordedStates }
    let ranges = ranges ?? Self.ranges(of: states)
    self.intervals = intervals
    self.ranges = ranges
    book = CodeBook((0..<states.rows).lazy.map { Self.code(states.row($0), ranges, intervals) })
  }

  /// `grid, 3 intervals a unit`.
  public var name: String { "grid, \(intervals) intervals a unit" }
  /// The number of visited cells.
  public var cellCount: Int { book.codes.count }
  /// The cell of each state; -1 for a cell that was not visited.
  public func cells(of states: Matrix<Double>) -> [Int32] {
    precondition(states.columns == ranges.count, "states of \(states.columns) units, not \(ranges.count)")
    return (0..<states.rows).map { book[Self.code(states.row($0), ranges, intervals)] }
  }

  /// `[unit]`: the intervals that a cell is made of.
  public func intervals(of cell: Int) -> [Int] { book.codes[cell].map { Int($0) } }

  static func ranges(of states: Matrix<Double>) -> [ClosedRange<Double>] {
    (0..<states.columns).map { unit in
      var (least, most) = (states[0, unit], states[0, unit])
      for row in 1..<max(1, states.rows) {
        least = min(least, states[row, unit])
        most = max(most, states[row, unit])
      }
      return least...most
    }
  }

  /// The interval of each unit: the upper end of the range belongs to the last one, and a range without extent has one.
  static func code(_ state: ArraySlice<Double>, _ ranges: [ClosedRange<Double>], _ intervals: Int) -> [UInt16]
  {
    zip(state, ranges).map { value, range in
      // Halves, as the width of a range may be beyond the largest number.
      let width = range.upperBound / 2 - range.lowerBound / 2
      guard width > 0, value > range.lowerBound else { return 0 }
      let place = (value / 2 - range.lowerBound / 2) / width * Double(intervals)
      return UInt16(min(Double(intervals - 1), place))
    }
  }
}
