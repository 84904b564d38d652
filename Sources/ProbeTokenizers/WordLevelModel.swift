/// A token for every word, and one for all unknown words.
struct WordLevelModel: Sendable {
  let vocabulary: ByteVocabulary
  let unknown: Int32

  /// Encodes one piece.
  func encode(_ piece: Piece, in list: borrowing PieceList, _ sink: inout TokenSink) {
    let known = vocabulary.identifier(list.bytes.span, piece.start..<piece.end)
    sink.append(known.map(Int32.init) ?? unknown, piece.start, piece.end, in: list)
  }
}
