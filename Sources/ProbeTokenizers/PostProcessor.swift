/// What is done with the tokens of a text at the end: special tokens around it, narrower offsets.
enum PostProcessor: Sendable {
  /// Part of a template.
  enum TemplatePart: Sendable {
    case text
    case special([Int])
  }

  /// The text's tokens between special ones.
  case template([TemplatePart])
  /// Leaves white space at a token's ends out of its offsets.
  case trim(addsPrefixSpace: Bool)
  case sequence([PostProcessor])

  /// The steps in order.
  var steps: [PostProcessor] {
    if case .sequence(let parts) = self { return parts.flatMap(\.steps) }
    return [self]
  }

  /// How many white-space characters, in either spelling, a token begins and ends with.
  static func spaces(_ token: [UInt8]) -> (leading: Int, trailing: Int) {
    let space = ByteAlphabet.scalars[0x20]
    let isSpace = UTF8Text.scalars(token).map {
      $0 == space || ScalarClass.of($0, ScalarClass.table).contains(.space)
    }
    return (isSpace.prefix { $0 }.count, isSpace.reversed().prefix { $0 }.count)
  }

  /// The offsets of a token without its white space.
  ///
  /// Offsets are in scalars. The first token, or one that begins the text, keeps the one space that was put before it.
  static func trimmed(
    _ offsets: Range<Int>, _ spaces: (leading: Int, trailing: Int), isFirst: Bool, addsPrefixSpace: Bool
  ) -> Range<Int> {
    var (start, end) = (offsets.lowerBound, offsets.upperBound)
    if spaces.leading > 0, !(isFirst && addsPrefixSpace && spaces.leading == 1) {
      start = min(start + spaces.leading, end)
    }
    if spaces.trailing > 0, end >= spaces.trailing { end = max(end - spaces.trailing, start) }
    return start..<end
  }
}
