public import ProbeLinearAlgebra

/// The partition by which units are positive: the linear regions of a network whose rectified units these are.
///
/// For an almost-linear recurrent network z' = A z + W phi(z) + h with phi rectifying the last P units, the signs of those
/// units are the symbols of its dynamics (Brenner et al., "Almost-linear RNNs yield highly interpretable symbolic codes in
/// dynamical systems reconstruction", NeurIPS 2024, section 3). A unit at 0 counts as off, as its rectification has slope 0.
public struct SignCode: StatePartition {
  /// The units whose signs are read.
  public let units: Range<Int>
  private let book: CodeBook

  /// A partition into the visited regions.
  ///
  /// - Parameters:
  ///   - states: `[state, unit]`, at least one; before rectification.
  ///   - units: the rectified units; nil for all.
  /// - Throws: ``AutomataError/noRecordedStates``.
  public init(_ states: Matrix<Double>, units: Range<Int>? = nil) throws(AutomataError) {
    let units = units ?? 0..<states.columns
    precondition(
      units.lowerBound >= 0 && units.upperBound <= states.columns, "units \(units) of \(states.columns)")
    guard states.rows > 0 else { throw .noRecordedStates }
    self.units = units
    book = CodeBook((0..<states.rows).lazy.map { Self.code(states.row($0), units) })
  }

  /// `signs of 2 units`.
  public var name: String { "signs of \(units.count) units" }
  /// The number of visited regions.
  public var cellCount: Int { book.codes.count }
  /// The region of each state; -1 for one that was not visited.
  public func cells(of states: Matrix<Double>) -> [Int32] {
    precondition(units.upperBound <= states.columns, "states of \(states.columns) units")
    return (0..<states.rows).map { book[Self.code(states.row($0), units)] }
  }

  /// `[unit]`: which of the units are positive in a region.
  public func signs(of cell: Int) -> [Bool] {
    let words = book.codes[cell]
    return (0..<units.count).map { words[$0 / 16] >> UInt16($0 % 16) & 1 == 1 }
  }

  private static func code(_ state: ArraySlice<Double>, _ units: Range<Int>) -> [UInt16] {
    var words = [UInt16](repeating: 0, count: (units.count + 15) / 16)
    for (bit, unit) in units.enumerated() where state[state.startIndex + unit] > 0 {
      words[bit / 16] |= 1 << UInt16(bit % 16)
    }
    return words
  }
}
