/// The tokens of a text as they are found, with the bytes of the original that they stand for.
struct TokenSink {
  private(set) var identifiers: [Int] = []
  private(set) var starts: [Int] = []
  private(set) var ends: [Int] = []
  /// For each added token the piece of text it is, by its place among the tokens.
  private(set) var added: [(place: Int, start: Int, end: Int)] = []

  init(capacity: Int) {
    identifiers.reserveCapacity(capacity)
    starts.reserveCapacity(capacity)
    ends.reserveCapacity(capacity)
  }

  /// Adds a token that stands for present bytes of the list.
  ///
  /// Bytes beyond the end are cut off: a prefix of continuing symbols that is spelled out in byte tokens, as the
  /// reference does it, makes a word longer than its text.
  @inline(__always)
  mutating func append(_ identifier: Int32, _ start: Int, _ end: Int, in list: borrowing PieceList) {
    let end = min(end, list.bytes.count)
    let start = min(start, end - 1)
    identifiers.append(Int(identifier))
    starts.append(list.source(start).start)
    ends.append(list.source(end - 1).end)
  }

  /// Adds an added token.
  mutating func append(added piece: Piece, in list: borrowing PieceList) {
    added.append((identifiers.count, piece.start, piece.end))
    append(piece.token, piece.start, piece.end, in: list)
  }
}
