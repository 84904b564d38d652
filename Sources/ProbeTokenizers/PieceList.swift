/// A stretch of the text on its way to becoming tokens.
struct Piece {
  /// Its bytes within ``PieceList/bytes``.
  var start: Int
  var end: Int
  /// The byte of the original text where it begins.
  var origin: Int
  /// The id of the added token that it is, or -1.
  var token: Int32 = -1
}

/// The text, cut into pieces and perhaps rewritten, with the way back to the original.
///
/// Alignment follows the reference: every rewritten scalar knows which range of the original it stands for, and an
/// inserted one has the range of the scalar before it.
struct PieceList {
  /// The original text as UTF-8.
  let original: [UInt8]
  /// The present text.
  private(set) var bytes: [UInt8]
  /// For each present byte the range of original bytes that it stands for; empty while the text is the original.
  private(set) var starts: [Int32] = []
  private(set) var ends: [Int32] = []
  var pieces: [Piece]

  /// Whether every piece is still a stretch of the original.
  var isOriginal: Bool { starts.isEmpty }

  init(_ text: [UInt8]) {
    original = text
    bytes = text
    pieces = text.isEmpty ? [] : [Piece(start: 0, end: text.count, origin: 0)]
  }

  /// The original byte range that the scalar around a present byte stands for.
  @inline(__always)
  func source(_ position: Int) -> (start: Int, end: Int) {
    if !starts.isEmpty { return (Int(starts[position]), Int(ends[position])) }
    var start = position
    while bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return (start, start + UTF8Text.length(bytes[start]))
  }

  /// A piece made of present bytes, with the origin that follows from them.
  @inline(__always)
  func piece(_ start: Int, _ end: Int, token: Int32 = -1) -> Piece {
    Piece(start: start, end: end, origin: isOriginal ? start : Int(starts[start]), token: token)
  }

  /// Cuts every piece that is not an added token; empty pieces are dropped.
  ///
  /// - Parameter cut: appends the parts of `piece`, given the present bytes.
  mutating func split(_ cut: (_ list: borrowing PieceList, _ piece: Piece, _ parts: inout [Piece]) -> Void) {
    var parts: [Piece] = []
    parts.reserveCapacity(pieces.count)
    for piece in pieces {
      if piece.token >= 0 {
        parts.append(piece)
      } else {
        cut(self, piece, &parts)
      }
    }
    pieces = parts
  }

  /// Rewrites every piece that is not an added token; those that become empty are dropped.
  ///
  /// - Parameter rewrite: appends the new form of `piece`, or returns false to leave it as it is.
  mutating func rewrite(
    _ rewrite: (_ list: borrowing PieceList, _ piece: Piece, _ output: inout Rewriting) -> Bool
  ) {
    var output = Rewriting(capacity: bytes.count)
    var parts: [Piece] = []
    parts.reserveCapacity(pieces.count)
    var changed = false
    for piece in pieces {
      let start = output.bytes.count
      if piece.token < 0, rewrite(self, piece, &output) {
        changed = true
      } else {
        for position in piece.start..<piece.end {
          let source = source(position)
          output.append(byte: bytes[position], start: source.start, end: source.end)
        }
      }
      guard output.bytes.count > start else { continue }
      parts.append(Piece(start: start, end: output.bytes.count, origin: piece.origin, token: piece.token))
    }
    guard changed else { return }
    bytes = output.bytes
    starts = output.starts
    ends = output.ends
    pieces = parts
  }
}

/// Text as it is being rewritten, with its alignment.
struct Rewriting {
  private(set) var bytes: [UInt8] = []
  private(set) var starts: [Int32] = []
  private(set) var ends: [Int32] = []

  init(capacity: Int) {
    let capacity = capacity + capacity / 4
    bytes.reserveCapacity(capacity)
    starts.reserveCapacity(capacity)
    ends.reserveCapacity(capacity)
  }

  /// Appends one byte that stands for a range of original bytes.
  @inline(__always)
  mutating func append(byte: UInt8, start: Int, end: Int) {
    bytes.append(byte)
    starts.append(Int32(truncatingIfNeeded: start))
    ends.append(Int32(truncatingIfNeeded: end))
  }

  /// Appends bytes that all stand for the same range.
  @inline(__always)
  mutating func append(_ text: [UInt8], start: Int, end: Int) {
    for byte in text { append(byte: byte, start: start, end: end) }
  }

  /// Appends a scalar.
  @inline(__always)
  mutating func append(scalar: UInt32, start: Int, end: Int) {
    UTF8Text.append(scalar, to: &bytes)
    while starts.count < bytes.count {
      starts.append(Int32(truncatingIfNeeded: start))
      ends.append(Int32(truncatingIfNeeded: end))
    }
  }
}
