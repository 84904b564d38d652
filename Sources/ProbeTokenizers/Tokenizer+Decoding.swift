extension Tokenizer {
  /// The text of a row of tokens.
  ///
  /// Bytes that are not UTF-8 become U+FFFD; ids without a token are passed over.
  ///
  /// - Parameters:
  ///   - ids: token ids.
  ///   - skipSpecialTokens: whether to leave out the special tokens.
  /// - Returns: what the file's decoder makes of the tokens; without a decoder, the tokens with spaces between them.
  public func decode(_ ids: [Int], skipSpecialTokens: Bool = false) -> String {
    var tokens: [[UInt8]] = []
    tokens.reserveCapacity(ids.count)
    for id in ids {
      guard let token = content(of: id), !skipSpecialTokens || !added.isSpecial(token) else { continue }
      tokens.append(token)
    }
    let bytes = decoder.map { Array($0.apply(tokens).joined()) } ?? Array(tokens.joined(separator: [0x20]))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A token as a reader should see it: with its spaces as spaces and its bytes as characters, nothing else changed.
  ///
  /// Bytes that are no character by themselves appear as U+FFFD, or as `<0xE2>` where the token is so named. A token
  /// that continues a word keeps its mark (`##ing`).
  ///
  /// - Returns: nil if no token has this id.
  public func text(of id: Int) -> String? {
    guard let token = added.tokens[id]?.content ?? content(of: id) else { return nil }
    let shown = added.tokens[id] == nil ? decoder?.show(token) : nil
    return String(decoding: shown ?? token, as: UTF8.self)
  }
}

extension Decoder {
  /// A token by itself, without what decoders do at the beginning or end of a row.
  fileprivate func show(_ token: [UInt8]) -> [UInt8] {
    switch self {
    case .byteLevel: ByteAlphabet.bytes(token) ?? token
    case .metaspace(let replacement, _):
      Decoder.metaspace(replacement: replacement, prepends: false).apply([token]).first ?? token
    case .replace: apply([token]).first ?? token
    case .sequence(let parts): parts.reduce(token) { $1.show($0) }
    case .byteFallback, .wordPiece, .fuse, .strip: token
    }
  }
}
