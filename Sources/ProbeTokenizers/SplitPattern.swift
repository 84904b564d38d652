/// What a text is cut at.
enum SplitPattern: Sendable {
  /// These bytes.
  case literal([UInt8])
  /// Any one scalar of these classes.
  case scalar(ScalarClass)
  /// `\w+|[^\w\s]+`.
  case words
  /// GPT-2's pattern.
  case contractions
  /// The pattern of Llama 3 (numbers of up to three digits) and of Qwen 2 (of one).
  case lines(digits: Int)
  /// Another regular expression.
  case expression(RegularExpression)

  /// Reads a regular expression, preferring the hand-written matchers.
  init(expression: String) throws(RegularExpression.Refusal) {
    switch expression {
    case ContractionPattern.text: self = .contractions
    case LinePattern.text(digits: #"\p{N}{1,3}"#): self = .lines(digits: 3)
    case LinePattern.text(digits: #"\p{N}"#): self = .lines(digits: 1)
    default: self = .expression(try RegularExpression(expression))
    }
  }

  /// The first match at or after `position` in the text; empty matches only of general expressions.
  @inline(__always)
  func next(_ text: Span<UInt8>, from position: Int, _ classes: [UInt8]) -> Range<Int>? {
    switch self {
    case .literal(let wanted): Self.find(wanted, text, from: position)
    case .scalar(let wanted): Self.find(wanted, text, from: position, classes)
    case .words: Self.word(text, from: position, classes)
    case .contractions: ContractionPattern.next(text, from: position, classes)
    case .lines(let digits): LinePattern.next(text, from: position, digits: digits, classes)
    case .expression(let expression): expression.next(text, from: position)
    }
  }

  /// Cuts a text into matches and what is between them, in order.
  ///
  /// An empty match right after a match is passed over, as the reference's engine does.
  func stretches(
    _ text: Span<UInt8>, inverted: Bool, _ classes: [UInt8], into stretches: inout [SplitBehavior.Stretch]
  ) {
    stretches.removeAll(keepingCapacity: true)
    var position = 0
    var previous = 0
    var last = -1
    while position <= text.count, let match = next(text, from: position, classes) {
      if match.isEmpty, match.upperBound == last {
        position += position < text.count ? UTF8Text.length(text[position]) : 1
        continue
      }
      position = match.upperBound
      last = position
      if match.lowerBound > previous {
        stretches.append(.init(start: previous, end: match.lowerBound, isMatch: inverted))
      }
      stretches.append(.init(start: match.lowerBound, end: match.upperBound, isMatch: !inverted))
      previous = match.upperBound
    }
    if previous < text.count { stretches.append(.init(start: previous, end: text.count, isMatch: inverted)) }
  }

  private static func find(_ wanted: [UInt8], _ text: Span<UInt8>, from position: Int) -> Range<Int>? {
    guard let first = wanted.first else { return nil }
    var start = position
    search: while start + wanted.count <= text.count {
      if text[start] == first {
        var offset = 1
        while offset < wanted.count {
          if text[start + offset] != wanted[offset] {
            start += 1
            continue search
          }
          offset += 1
        }
        return start..<start + wanted.count
      }
      start += 1
    }
    return nil
  }

  private static func find(
    _ wanted: ScalarClass, _ text: Span<UInt8>, from position: Int, _ classes: [UInt8]
  ) -> Range<Int>? {
    var start = position
    while start < text.count {
      let (value, length) = UTF8Text.scalar(text, at: start)
      if !ScalarClass.of(value, classes).isDisjoint(with: wanted) { return start..<start + length }
      start += length
    }
    return nil
  }

  private static func word(_ text: Span<UInt8>, from position: Int, _ classes: [UInt8]) -> Range<Int>? {
    var start = position
    while start < text.count {
      let (value, length) = UTF8Text.scalar(text, at: start)
      let kind = ScalarClass.of(value, classes).intersection([.word, .space])
      if kind.contains(.word) || kind.isEmpty {
        var end = start + length
        while end < text.count {
          let (value, length) = UTF8Text.scalar(text, at: end)
          let next = ScalarClass.of(value, classes).intersection([.word, .space])
          guard kind.contains(.word) ? next.contains(.word) : next.isEmpty else { break }
          end += length
        }
        return start..<end
      }
      start += length
    }
    return nil
  }
}
