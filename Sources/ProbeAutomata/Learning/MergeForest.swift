/// Prefixes of a sample, merged into the states of a machine; a merge that fails is taken back.
///
/// Classes are trees of parent links without path compression, so that a log of overwritten cells is all that undoing needs.
/// A class is represented by a red state if it has one, otherwise by its first prefix. Merging two classes merges where their
/// symbols lead (determinisation by folding: Oncina and García, "Inferring regular languages in polynomial updated time",
/// Pattern Recognition and Image Analysis (1992) 49; red and blue: Lang, Pearlmutter and Price, ICGI 1998).
struct MergeForest {
  let width: Int
  let countWidth: Int
  /// The states found so far, in order; state 0 is the start.
  private(set) var red: [Int32] = [0]

  private let stride: Int
  /// `[prefix]`: parent, counts, where the symbols lead.
  private var cells: [Int32]
  /// `[prefix]`: its number as a state; -1 for others.
  private var numbers: [Int32]
  private var log: [(place: Int, old: Int32)] = []
  private var waiting: [(Int32, Int32)] = []

  /// A forest in which every prefix is its own class and the empty word is red.
  init(_ prefixes: PrefixCounts) {
    width = prefixes.width
    countWidth = prefixes.countWidth
    stride = 1 + countWidth + width
    numbers = [Int32](repeating: -1, count: prefixes.count)
    numbers[0] = 0
    cells = []
    cells.reserveCapacity(prefixes.count * stride)
    for prefix in 0..<prefixes.count {
      cells.append(Int32(prefix))
      cells.append(contentsOf: prefixes.counts[prefix * countWidth..<(prefix + 1) * countWidth])
      cells.append(contentsOf: prefixes.children[prefix * width..<(prefix + 1) * width])
    }
  }

  /// The number of prefixes.
  var prefixCount: Int { numbers.count }

  /// The representative of a prefix's class.
  func representative(of prefix: Int32) -> Int32 {
    var prefix = prefix
    while true {
      let parent = cells[Int(prefix) * stride]
      if parent == prefix { return prefix }
      prefix = parent
    }
  }

  /// A count of a class, given by its representative.
  func count(_ index: Int, of representative: Int32) -> Int32 {
    cells[Int(representative) * stride + 1 + index]
  }

  /// The class that a symbol leads to; nil where the sample does not say.
  func next(_ representative: Int32, _ symbol: Int) -> Int32? {
    let child = cells[Int(representative) * stride + 1 + countWidth + symbol]
    return child < 0 ? nil : self.representative(of: child)
  }

  /// The number of a class as a state; nil where it is none yet.
  func number(of representative: Int32) -> Int? {
    let number = numbers[Int(representative)]
    return number < 0 ? nil : Int(number)
  }

  /// Makes a class a state.
  mutating func promote(_ representative: Int32) {
    numbers[Int(representative)] = Int32(red.count)
    red.append(representative)
  }

  /// The classes that are one symbol from a state and no states, first prefixes first.
  func blue() -> [Int32] {
    var found: Set<Int32> = []
    for state in red {
      for symbol in 0..<width {
        if let next = next(state, symbol), numbers[Int(next)] < 0 { found.insert(next) }
      }
    }
    return found.sorted()
  }

  /// The first of ``blue()``.
  func firstBlue() -> Int32? {
    var first = Int32.max
    for state in red {
      let row = Int(state) * stride + 1 + countWidth
      for symbol in 0..<width {
        let child = cells[row + symbol]
        if child < 0 { continue }
        let next = representative(of: child)
        if numbers[Int(next)] < 0 && next < first { first = next }
      }
    }
    return first == .max ? nil : first
  }

  /// Merges a blue class into a state, and all that follows from it.
  ///
  /// - Parameters:
  ///   - blue: the class that is merged.
  ///   - state: the state it goes into.
  ///   - accept: asked for every two classes before they become one, with the forest and the representatives;
  ///     false ends the merge.
  /// - Returns: whether every pair was accepted. ``undo()`` takes the merge back either way, ``keep()`` makes it last.
  /// - Complexity: O(symbols * prefixes merged * length of a chain of parents).
  mutating func fold(_ blue: Int32, into state: Int32, accept: (borrowing MergeForest, Int32, Int32) -> Bool)
    -> Bool
  {
    waiting.removeAll(keepingCapacity: true)
    waiting.append((state, blue))
    while let (one, other) = waiting.popLast() {
      var one = representative(of: one)
      var other = representative(of: other)
      if one == other { continue }
      if numbers[Int(one)] < 0 && (numbers[Int(other)] >= 0 || other < one) { swap(&one, &other) }
      if !accept(self, one, other) { return false }
      let to = Int(one) * stride
      let from = Int(other) * stride
      set(from, one)
      for place in 1..<(1 + countWidth) where cells[from + place] != 0 {
        set(to + place, cells[to + place] + cells[from + place])
      }
      for place in (1 + countWidth)..<stride {
        let child = cells[from + place]
        if child < 0 { continue }
        if cells[to + place] < 0 {
          set(to + place, child)
        } else {
          waiting.append((cells[to + place], child))
        }
      }
    }
    return true
  }

  /// Takes back all folds since the last ``keep()``.
  mutating func undo() {
    while let (place, old) = log.popLast() { cells[place] = old }
  }

  /// Makes the folds last.
  mutating func keep() { log.removeAll(keepingCapacity: true) }

  private mutating func set(_ place: Int, _ value: Int32) {
    log.append((place, cells[place]))
    cells[place] = value
  }
}
