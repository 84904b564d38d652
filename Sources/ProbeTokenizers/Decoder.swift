/// How tokens become text again: each decoder rewrites the row of tokens, which is joined at the end.
enum Decoder: Sendable {
  case byteLevel
  case byteFallback
  case metaspace(replacement: UInt32, prepends: Bool)
  case wordPiece(prefix: [UInt8], cleansUp: Bool)
  case fuse
  case strip(UInt32, start: Int, stop: Int)
  case replace(SplitPattern, [UInt8])
  case sequence([Decoder])

  static let replacementCharacter: [UInt8] = [0xEF, 0xBF, 0xBD]

  func apply(_ tokens: [[UInt8]]) -> [[UInt8]] {
    switch self {
    case .byteLevel:
      let bytes = tokens.flatMap { ByteAlphabet.bytes($0) ?? $0 }
      return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
    case .byteFallback: return Self.byteFallback(tokens)
    case .metaspace(let replacement, let prepends):
      var output: [[UInt8]] = []
      output.reserveCapacity(tokens.count)
      for (index, token) in tokens.enumerated() {
        var bytes: [UInt8] = []
        for scalar in UTF8Text.scalars(token) {
          if scalar != replacement {
            UTF8Text.append(scalar, to: &bytes)
          } else if index > 0 || !prepends {
            bytes.append(0x20)
          }
        }
        output.append(bytes)
      }
      return output
    case .wordPiece(let prefix, let cleansUp):
      return tokens.enumerated().map { index, token in
        var token = token
        if index > 0 {
          token = token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [0x20] + token
        }
        return cleansUp ? Self.cleanUp(token) : token
      }
    case .fuse: return [Array(tokens.joined())]
    case .strip(let scalar, let start, let stop):
      return tokens.map { Self.strip($0, scalar, start, stop) }
    case .replace(let pattern, let content): return tokens.map { Self.replace($0, pattern, content) }
    case .sequence(let parts): return parts.reduce(tokens) { $1.apply($0) }
    }
  }

  /// The byte that a token like `<0x0A>` names.
  static func fallbackByte(_ token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">") else { return nil }
    let digits = String(decoding: token[3..<5], as: UTF8.self)
    return digits.hasPrefix("-") ? nil : UInt8(digits, radix: 16)
  }

  /// Joins runs of byte tokens; a run that is not UTF-8 becomes a replacement character for each byte.
  private static func byteFallback(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var output: [[UInt8]] = []
    var run: [UInt8] = []
    func flush() {
      if run.isEmpty { return }
      if UTF8Text.isValid(run) {
        output.append(run)
      } else {
        for _ in run { output.append(replacementCharacter) }
      }
      run.removeAll()
    }
    for token in tokens {
      if let byte = fallbackByte(token) {
        run.append(byte)
      } else {
        flush()
        output.append(token)
      }
    }
    flush()
    return output
  }

  /// BERT's removal of spaces before punctuation, within one token.
  private static func cleanUp(_ token: [UInt8]) -> [UInt8] {
    guard token.contains(0x20) else { return token }
    let rules = [
      (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
      (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]
    return rules.reduce(token) { replace($0, .literal(Array($1.0.utf8)), Array($1.1.utf8)) }
  }

  private static func replace(_ token: [UInt8], _ pattern: SplitPattern, _ content: [UInt8]) -> [UInt8] {
    var stretches: [SplitBehavior.Stretch] = []
    pattern.stretches(token.span, inverted: false, ScalarClass.table, into: &stretches)
    guard stretches.contains(where: \.isMatch) else { return token }
    return stretches.reduce(into: []) { output, stretch in
      output += stretch.isMatch ? content[...] : token[stretch.start..<stretch.end]
    }
  }

  private static func strip(_ token: [UInt8], _ scalar: UInt32, _ start: Int, _ stop: Int) -> [UInt8] {
    let scalars = UTF8Text.scalars(token)
    let leading = scalars.prefix(start).prefix { $0 == scalar }.count
    let trailing = scalars.suffix(stop).reversed().prefix { $0 == scalar }.count
    guard leading + trailing > 0 else { return token }
    var output: [UInt8] = []
    if leading + trailing < scalars.count {
      for value in scalars[leading..<scalars.count - trailing] { UTF8Text.append(value, to: &output) }
    }
    return output
  }
}
