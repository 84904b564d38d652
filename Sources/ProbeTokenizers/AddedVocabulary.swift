/// The added tokens of a tokenizer: their ids, and where they stand in a text.
struct AddedVocabulary: Sendable {
  private(set) var tokens: [Int: AddedToken] = [:]
  private var identifiers = ByteVocabulary()
  /// The normalised form of tokens where it differs.
  private var normalized: [Int: [UInt8]] = [:]
  private var special: Set<[UInt8]> = []
  private var plainFinder = AddedTokenFinder([])
  private var normalizedFinder = AddedTokenFinder([])

  /// The tokens in the order of the file.
  ///
  /// As in the reference, a token that the model's vocabulary holds has its id there, any other gets the next free one,
  /// whatever the file says.
  init(_ added: [AddedToken], model: ByteVocabulary, normalizer: Normalizer?) {
    let size = model.count
    var next = size
    for token in added where !token.content.isEmpty {
      let known = identifiers.identifier(token.content) ?? model.identifier(token.content)
      let identifier = known ?? next
      if known == nil { next += 1 }
      if token.isNormalized, let normalizer {
        var text = ScalarText(token.content)
        normalizer.apply(&text)
        let form = text.bytes
        if form != token.content { normalized[identifier] = form }
      }
      identifiers.insert(token.content, identifier)
      if token.isSpecial { special.insert(token.content) }
      tokens[identifier] = token
    }
    let ordered = tokens.sorted { $0.key < $1.key }
    plainFinder = AddedTokenFinder(
      ordered.filter { !$0.value.isNormalized }.map { ($0.value.content, $0.key) })
    normalizedFinder = AddedTokenFinder(
      ordered.filter(\.value.isNormalized).map { (normalized[$0.key] ?? $0.value.content, $0.key) })
  }

  /// One more than the highest id.
  var bound: Int { identifiers.bound }

  func identifier(_ content: [UInt8]) -> Int? { identifiers.identifier(content) }

  /// What decoding sees of an added token: its normalised form where it has one.
  func decodingForm(_ identifier: Int) -> [UInt8]? {
    tokens[identifier].map { normalized[identifier] ?? $0.content }
  }

  func isSpecial(_ content: [UInt8]) -> Bool { special.contains(content) }

  /// The ids of the special tokens.
  var specialIdentifiers: Set<Int> { Set(tokens.filter(\.value.isSpecial).keys) }

  /// Takes out the tokens that are looked for in the text as it came.
  func extract(_ list: inout PieceList) {
    if !plainFinder.isEmpty { extract(&list, with: plainFinder) }
  }

  /// Takes out the tokens that are looked for in normalised text.
  func extractNormalized(_ list: inout PieceList) {
    if !normalizedFinder.isEmpty { extract(&list, with: normalizedFinder) }
  }

  private func extract(_ list: inout PieceList, with finder: AddedTokenFinder) {
    list.split { list, piece, parts in
      let text = list.bytes.span.extracting(piece.start..<piece.end)
      func append(_ start: Int, _ end: Int, _ token: Int32) {
        if end > start { parts.append(list.piece(piece.start + start, piece.start + end, token: token)) }
      }
      var done = 0
      var position = 0
      while let match = finder.next(text, from: position) {
        position = match.end
        guard let token = tokens[match.token] else { continue }
        var (start, end) = (match.start, match.end)
        if token.isSingleWord, Self.isWord(text, before: start) || Self.isWord(text, at: end) { continue }
        if token.stripsLeft {
          while start > 0 {
            let (value, length) = UTF8Text.scalar(text, before: start)
            guard Self.isSpace(value) else { break }
            start -= length
          }
          start = max(start, done)
        }
        if token.stripsRight {
          while end < text.count {
            let (value, length) = UTF8Text.scalar(text, at: end)
            guard Self.isSpace(value) else { break }
            end += length
          }
        }
        append(done, start, -1)
        append(start, end, Int32(match.token))
        done = end
      }
      append(done, text.count, -1)
    }
  }

  private static func isSpace(_ value: UInt32) -> Bool {
    ScalarClass.of(value, ScalarClass.table).contains(.space)
  }

  private static func isWord(_ text: Span<UInt8>, before position: Int) -> Bool {
    position > 0
      && ScalarClass.of(UTF8Text.scalar(text, before: position).value, ScalarClass.table).contains(.word)
  }

  private static func isWord(_ text: Span<UInt8>, at position: Int) -> Bool {
    position < text.count
      && ScalarClass.of(UTF8Text.scalar(text, at: position).value, ScalarClass.table).contains(.word)
  }
}
