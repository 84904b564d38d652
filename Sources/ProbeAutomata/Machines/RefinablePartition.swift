/// A partition of `0..<count` whose blocks can be split in the time that the smaller part takes.
///
/// Valmari and Lehtinen, "Efficient minimization of DFAs with partial transition functions", STACS 2008, section 3: the
/// elements of a block lie side by side, the marked ones first.
struct RefinablePartition {
  /// The block of each element.
  private(set) var blockOf: [Int32]
  private var elements: [Int32]
  private var locations: [Int32]
  private var first: [Int32] = []
  private var end: [Int32] = []
  private var marked: [Int32] = []
  private var touched: [Int32] = []

  /// The partition of equal labels.
  ///
  /// Blocks are numbered by the ascending labels.
  init(labels: [Int32]) {
    let count = labels.count
    elements = (0..<Int32(count)).sorted { (labels[Int($0)], $0) < (labels[Int($1)], $1) }
    locations = [Int32](repeating: 0, count: count)
    blockOf = [Int32](repeating: 0, count: count)
    for (location, element) in elements.enumerated() {
      locations[Int(element)] = Int32(location)
      if location == 0 || labels[Int(elements[location - 1])] != labels[Int(element)] {
        if location > 0 { end.append(Int32(location)) }
        first.append(Int32(location))
        marked.append(Int32(location))
      }
      blockOf[Int(element)] = Int32(first.count - 1)
    }
    if count > 0 { end.append(Int32(count)) }
  }

  /// The number of blocks.
  var blockCount: Int { first.count }

  /// The number of elements of a block.
  func size(of block: Int) -> Int { Int(end[block] - first[block]) }

  /// The elements of a block, in no particular order.
  func members(of block: Int) -> ArraySlice<Int32> { elements[Int(first[block])..<Int(end[block])] }

  /// Marks an element for the next ``splitMarked(_:)``; marking twice does nothing more.
  mutating func mark(_ element: Int32) {
    let block = Int(blockOf[Int(element)])
    let location = locations[Int(element)]
    let boundary = marked[block]
    if location < boundary { return }
    if boundary == first[block] { touched.append(Int32(block)) }
    let other = elements[Int(boundary)]
    elements[Int(location)] = other
    locations[Int(other)] = location
    elements[Int(boundary)] = element
    locations[Int(element)] = boundary
    marked[block] = boundary + 1
  }

  /// Parts the marked elements of every block from its other elements, and takes all marks away.
  ///
  /// - Parameter body: called with each new block: the smaller part of the one that was split.
  mutating func splitMarked(_ body: (Int) -> Void) {
    for block in touched.lazy.map({ Int($0) }) {
      let (start, boundary, stop) = (first[block], marked[block], end[block])
      marked[block] = start
      if boundary == stop { continue }
      let created = first.count
      if boundary - start <= stop - boundary {
        first.append(start)
        end.append(boundary)
        first[block] = boundary
        marked[block] = boundary
      } else {
        first.append(boundary)
        end.append(stop)
        end[block] = boundary
      }
      marked.append(first[created])
      for location in first[created]..<end[created] { blockOf[Int(elements[Int(location)])] = Int32(created) }
      body(created)
    }
    touched.removeAll(keepingCapacity: true)
  }
}
