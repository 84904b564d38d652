/// Numbers codes in the order in which they were first seen.
///
/// Cells of grids are far too many to be numbered by their place; only those that were visited get a number.
struct CodeBook: Sendable {
  private var numbers: [[UInt16]: Int32] = [:]
  /// `[cell]`: the code of each number.
  private(set) var codes: [[UInt16]] = []

  init() {}

  /// Numbers the codes of rows.
  init(_ rows: some Sequence<[UInt16]>) {
    for code in rows where numbers[code] == nil {
      numbers[code] = Int32(codes.count)
      codes.append(code)
    }
  }

  /// The number of a code; -1 for one that was not seen.
  subscript(_ code: [UInt16]) -> Int32 { numbers[code] ?? -1 }
}
