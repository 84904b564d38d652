/// WordPiece: the longest token that fits, again and again (Schuster & Nakajima 2012; as in BERT, arXiv:1810.04805).
struct WordPieceModel: Sendable {
  let vocabulary: ByteVocabulary
  /// The tokens that continue a word, without their prefix.
  private let continuations: ByteVocabulary
  private let unknown: Int32
  private let maximumScalars: Int

  init(vocabulary: ByteVocabulary, prefix: [UInt8], unknown: Int, maximumScalars: Int) {
    self.vocabulary = vocabulary
    self.unknown = Int32(unknown)
    self.maximumScalars = maximumScalars
    var continuations = ByteVocabulary(expected: vocabulary.count)
    for identifier in 0..<vocabulary.bound {
      guard let token = vocabulary.token(identifier), token.starts(with: prefix) else { continue }
      continuations.insert(Array(token.dropFirst(prefix.count)), identifier)
    }
    self.continuations = continuations
  }

  /// Encodes one piece.
  ///
  /// - Complexity: O(length of the piece x length of the longest token).
  func encode(_ piece: Piece, in list: borrowing PieceList, _ sink: inout TokenSink) {
    let text = list.bytes.span
    var count = 0
    for position in piece.start..<piece.end where text[position] & 0xC0 != 0x80 { count += 1 }
    var parts: [(identifier: Int, end: Int)] = []
    var position = piece.start
    while position < piece.end, count <= maximumScalars {
      let tokens = position == piece.start ? vocabulary : continuations
      guard let part = tokens.longestPrefix(text, from: position, to: piece.end) else { break }
      parts.append(part)
      position = part.end
    }
    guard position == piece.end else {
      sink.append(unknown, piece.start, piece.end, in: list)
      return
    }
    position = piece.start
    for part in parts {
      sink.append(Int32(part.identifier), position, part.end, in: list)
      position = part.end
    }
  }
}
