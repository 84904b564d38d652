/// A backtracking matcher for the regular expressions that tokenizers use.
///
/// The dialect is the reference's (Oniguruma's Ruby syntax): `^` and `$` are at line ends, `.` is no line feed. What the
/// parser does not know it refuses; a match never depends on a guess.
struct RegularExpression: Sendable {
  /// Why a pattern is refused.
  struct Refusal: Error {
    let reason: String
  }

  /// One step of the compiled pattern.
  enum Step: Sendable {
    /// One scalar of a set.
    case scalar(Int)
    /// From `minimum` to `maximum` scalars of a set.
    case run(Int, minimum: Int, maximum: Int, RegularExpressionParser.Greed)
    /// Go on at the first, and if that fails at the second.
    case fork(Int, Int)
    case jump(Int)
    /// The steps up to `end` must (not) match here; nothing is consumed.
    case ahead(end: Int, negative: Bool)
    /// The scalar before must (not) be in a set.
    case behind(Int, negative: Bool)
    /// The steps up to `end` match once, without going back into them.
    case atomic(end: Int)
    case lineStart
    case lineEnd
    case textStart
    case textEnd
    case accept
  }

  /// The pattern as it was written.
  let pattern: String
  private let steps: [Step]
  private let sets: [ScalarSet]

  init(_ pattern: String) throws(Refusal) {
    var parser = RegularExpressionParser(pattern)
    let node = try parser.parse()
    var compiler = RegularExpressionCompiler()
    try compiler.compile(node)
    self.pattern = pattern
    steps = compiler.steps + [.accept]
    sets = compiler.sets
  }

  /// The first match that starts at or after `position`.
  func next(_ text: Span<UInt8>, from position: Int) -> Range<Int>? {
    var start = position
    var stack: [Choice] = []
    while start <= text.count {
      if let end = match(text, at: start, step: 0, &stack) { return start..<end }
      start += start < text.count ? UTF8Text.length(text[start]) : 1
    }
    return nil
  }

  /// Where to go on when an attempt fails.
  private struct Choice {
    var step: Int
    /// Where in the text to go on.
    var position: Int
    /// For a run, the position it can be shortened to (greedy) or the scalars it can still take (lazy).
    var limit: Int
    var kind: Kind
    enum Kind { case jump, shorten, lengthen }
  }

  /// Matches the steps from `first` to an accept at exactly `start`; returns the end.
  private func match(_ text: Span<UInt8>, at start: Int, step first: Int, _ stack: inout [Choice]) -> Int? {
    let base = stack.count
    defer { stack.removeSubrange(base...) }
    var position = start
    var step = first
    while true {
      var failed = false
      switch steps[step] {
      case .accept: return position
      case .jump(let target): step = target
      case .fork(let first, let second):
        stack.append(Choice(step: second, position: position, limit: 0, kind: .jump))
        step = first
      case .scalar(let set):
        if let length = scalar(text, at: position, in: set) {
          position += length
          step += 1
        } else {
          failed = true
        }
      case .run(let set, let minimum, let maximum, let greed):
        failed = !run(text, &position, &step, set, minimum, maximum, greed, &stack)
      case .ahead(let end, let negative):
        if (match(text, at: position, step: step + 1, &stack) != nil) == negative {
          failed = true
        } else {
          step = end
        }
      case .atomic(let end):
        if let matched = match(text, at: position, step: step + 1, &stack) {
          position = matched
          step = end
        } else {
          failed = true
        }
      case .behind(let set, let negative):
        let found = position > 0 && sets[set].contains(UTF8Text.scalar(text, before: position).value)
        if found == negative { failed = true } else { step += 1 }
      case .lineStart:
        if position == 0 || position < text.count && text[position - 1] == 0x0A {
          step += 1
        } else {
          failed = true
        }
      case .lineEnd:
        if position == text.count || text[position] == 0x0A { step += 1 } else { failed = true }
      case .textStart: if position == 0 { step += 1 } else { failed = true }
      case .textEnd: if position == text.count { step += 1 } else { failed = true }
      }
      while failed {
        guard stack.count > base, var choice = stack.popLast() else { return nil }
        step = choice.step
        position = choice.position
        failed = false
        switch choice.kind {
        case .jump: break
        case .shorten:
          if position > choice.limit {
            choice.position = position - UTF8Text.scalar(text, before: position).length
            position = choice.position
            if position > choice.limit { stack.append(choice) }
          }
        case .lengthen:
          guard case .run(let set, _, _, _) = steps[step - 1],
            let length = scalar(text, at: position, in: set)
          else {
            failed = true
            continue
          }
          position += length
          choice.position = position
          choice.limit -= 1
          if choice.limit > 0 { stack.append(choice) }
        }
      }
    }
  }

  @inline(__always)
  private func scalar(_ text: Span<UInt8>, at position: Int, in set: Int) -> Int? {
    guard position < text.count else { return nil }
    let (value, length) = UTF8Text.scalar(text, at: position)
    return sets[set].contains(value) ? length : nil
  }

  /// Takes a run of scalars and notes how it can be changed later.
  private func run(
    _ text: Span<UInt8>, _ position: inout Int, _ step: inout Int, _ set: Int, _ minimum: Int, _ maximum: Int,
    _ greed: RegularExpressionParser.Greed, _ stack: inout [Choice]
  ) -> Bool {
    var count = 0
    while count < minimum {
      guard let length = scalar(text, at: position, in: set) else { return false }
      position += length
      count += 1
    }
    step += 1
    let shortest = position
    if greed == .lazy {
      if maximum > minimum {
        stack.append(Choice(step: step, position: position, limit: maximum - minimum, kind: .lengthen))
      }
      return true
    }
    while count < maximum, let length = scalar(text, at: position, in: set) {
      position += length
      count += 1
    }
    if greed == .greedy, position > shortest {
      stack.append(Choice(step: step, position: position, limit: shortest, kind: .shorten))
    }
    return true
  }
}
