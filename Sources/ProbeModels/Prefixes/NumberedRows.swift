/// Rows of scalars under numbers from 0 on, in pages that never move; rows that were not written are zero.
final class NumberedRows<Scalar: BinaryFloatingPoint> {
  let width: Int
  private let rowsOfPage: Int
  private var pages: [UnsafeMutablePointer<Scalar>] = []

  /// Rows of `width` scalars; a page is about a mebibyte.
  init(width: Int) {
    self.width = max(1, width)
    rowsOfPage = max(1, (1 << 20) / (self.width * MemoryLayout<Scalar>.stride))
  }

  deinit { for page in pages { page.deallocate() } }

  /// Makes room for a row.
  func reserve(_ row: Int) {
    while pages.count <= row / rowsOfPage {
      let page = UnsafeMutablePointer<Scalar>.allocate(capacity: rowsOfPage * width)
      page.initialize(repeating: 0, count: rowsOfPage * width)
      pages.append(page)
    }
  }

  /// The row of a number for which there is room.
  func row(_ number: Int) -> UnsafeMutablePointer<Scalar> {
    pages[number / rowsOfPage] + number % rowsOfPage * width
  }
}
