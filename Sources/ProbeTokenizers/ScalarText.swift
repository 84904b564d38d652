/// A piece of text as scalars with the ranges of the original that they stand for.
struct ScalarText {
  /// One scalar of a rewritten text: 0 replaces a scalar, 1 is inserted, -n replaces one and removes n after it.
  struct Change {
    var scalar: UInt32
    var change: Int

    init(_ scalar: UInt32, _ change: Int) {
      self.scalar = scalar
      self.change = change
    }
  }

  private(set) var scalars: [UInt32] = []
  private(set) var starts: [Int32] = []
  private(set) var ends: [Int32] = []
  /// The byte of the original where the piece begins.
  let origin: Int

  /// The scalars of a piece.
  init(_ list: borrowing PieceList, _ piece: Piece) {
    origin = piece.origin
    scalars.reserveCapacity(piece.end - piece.start)
    starts.reserveCapacity(piece.end - piece.start)
    ends.reserveCapacity(piece.end - piece.start)
    let text = list.bytes.span
    var position = piece.start
    while position < piece.end {
      let (value, length) = UTF8Text.scalar(text, at: position)
      let source = list.source(position)
      scalars.append(value)
      starts.append(Int32(truncatingIfNeeded: source.start))
      ends.append(Int32(truncatingIfNeeded: source.end))
      position += length
    }
  }

  /// A text that stands for itself, for normalising tokens.
  init(_ bytes: [UInt8]) {
    self.init(PieceList(bytes), Piece(start: 0, end: bytes.count, origin: 0))
  }

  /// The text as UTF-8.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for scalar in scalars { UTF8Text.append(scalar, to: &bytes) }
    return bytes
  }

  /// Appends the text to what is being rewritten.
  func write(to output: inout Rewriting) {
    for index in scalars.indices {
      output.append(scalar: scalars[index], start: Int(starts[index]), end: Int(ends[index]))
    }
  }

  /// Replaces the scalars; an inserted one stands for what the one before it in the old text stood for.
  ///
  /// `removed` says how many scalars are removed at the very beginning.
  mutating func transform(_ changes: [Change], removed: Int = 0) {
    var newScalars: [UInt32] = []
    var newStarts: [Int32] = []
    var newEnds: [Int32] = []
    newScalars.reserveCapacity(changes.count)
    newStarts.reserveCapacity(changes.count)
    newEnds.reserveCapacity(changes.count)
    var position = removed
    for change in changes {
      newScalars.append(change.scalar)
      let source = change.change > 0 ? position - 1 : min(position, scalars.count - 1)
      newStarts.append(source < 0 ? Int32(truncatingIfNeeded: origin) : starts[source])
      newEnds.append(source < 0 ? Int32(truncatingIfNeeded: origin) : ends[source])
      if change.change <= 0 { position = min(position + 1 - change.change, scalars.count) }
    }
    scalars = newScalars
    starts = newStarts
    ends = newEnds
  }

  /// Keeps the scalars that `keep` accepts.
  mutating func filter(_ keep: (UInt32) -> Bool) {
    var changes: [Change] = []
    changes.reserveCapacity(scalars.count)
    var removedFirst = 0
    for scalar in scalars {
      if keep(scalar) {
        changes.append(Change(scalar, 0))
      } else if changes.isEmpty {
        removedFirst += 1
      } else {
        changes[changes.count - 1].change -= 1
      }
    }
    guard changes.count < scalars.count else { return }
    transform(changes, removed: removedFirst)
  }

  /// Puts scalars before the text; they stand for what its first scalar stands for.
  mutating func prepend(_ text: [UInt32]) {
    guard let start = starts.first, let end = ends.first else { return }
    scalars.insert(contentsOf: text, at: 0)
    starts.insert(contentsOf: [Int32](repeating: start, count: text.count), at: 0)
    ends.insert(contentsOf: [Int32](repeating: end, count: text.count), at: 0)
  }

  /// Replaces every match of a pattern; the replacement stands for the last scalar of the match.
  mutating func replace(_ pattern: SplitPattern, with content: [UInt32]) {
    let bytes = bytes
    let text = bytes.span
    var stretches: [SplitBehavior.Stretch] = []
    pattern.stretches(text, inverted: false, ScalarClass.table, into: &stretches)
    guard stretches.contains(where: \.isMatch) else { return }
    var changed = ScalarText(empty: origin)
    var index = 0
    for stretch in stretches {
      var position = stretch.start
      let first = index
      while position < stretch.end {
        position += UTF8Text.length(text[position])
        index += 1
      }
      if stretch.isMatch {
        let start = index > 0 ? starts[index - 1] : Int32(truncatingIfNeeded: origin)
        let end = index > 0 ? ends[index - 1] : Int32(truncatingIfNeeded: origin)
        for scalar in content {
          changed.scalars.append(scalar)
          changed.starts.append(start)
          changed.ends.append(end)
        }
      } else {
        changed.scalars += scalars[first..<index]
        changed.starts += starts[first..<index]
        changed.ends += ends[first..<index]
      }
    }
    self = changed
  }

  private init(empty origin: Int) { self.origin = origin }
}
