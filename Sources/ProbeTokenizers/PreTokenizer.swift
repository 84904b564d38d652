/// How the text is cut into the pieces that the model sees one at a time: steps that run in order.
struct PreTokenizer: Sendable {
  enum Step: Sendable {
    /// Cuts at a pattern.
    case split(SplitPattern, SplitBehavior, inverted: Bool)
    /// Puts a space before every piece that begins with none.
    case prefixSpace
    /// Writes every byte as its letter of the byte-level alphabet.
    case spellBytes
    /// Writes spaces as `replacement`, puts one before the piece, and cuts before each.
    case metaspace(replacement: UInt32, PrependScheme, split: Bool)
  }

  /// Which pieces get a replacement character at their beginning.
  enum PrependScheme: String, Sendable {
    case first, never, always
  }

  var steps: [Step]

  /// Cuts the pieces.
  func apply(_ list: inout PieceList) {
    for step in steps {
      switch step {
      case .split(let pattern, let behavior, let inverted):
        Self.split(&list, pattern, behavior, inverted: inverted)
      case .prefixSpace: Self.prefixSpace(&list)
      case .spellBytes:
        list.rewrite { list, piece, output in
          for position in piece.start..<piece.end {
            let source = list.source(position)
            let scalar = ByteAlphabet.scalars[Int(list.bytes[position])]
            output.append(scalar: scalar, start: source.start, end: source.end)
          }
          return true
        }
      case .metaspace(let replacement, let scheme, let split):
        Self.metaspace(&list, replacement, scheme)
        if split {
          var bytes: [UInt8] = []
          UTF8Text.append(replacement, to: &bytes)
          Self.split(&list, .literal(bytes), .mergedWithNext, inverted: false)
        }
      }
    }
  }

  private static func split(
    _ list: inout PieceList, _ pattern: SplitPattern, _ behavior: SplitBehavior, inverted: Bool
  ) {
    let classes = ScalarClass.table
    var stretches: [SplitBehavior.Stretch] = []
    list.split { list, piece, parts in
      let text = list.bytes.span.extracting(piece.start..<piece.end)
      pattern.stretches(text, inverted: inverted, classes, into: &stretches)
      behavior.apply(&stretches)
      for stretch in stretches where stretch.end > stretch.start {
        parts.append(list.piece(piece.start + stretch.start, piece.start + stretch.end))
      }
    }
  }

  private static func prefixSpace(_ list: inout PieceList) {
    list.rewrite { list, piece, output in
      guard list.bytes[piece.start] != 0x20 else { return false }
      let source = list.source(piece.start)
      output.append(byte: 0x20, start: source.start, end: source.end)
      copy(list, piece, &output)
      return true
    }
  }

  private static func metaspace(_ list: inout PieceList, _ replacement: UInt32, _ scheme: PrependScheme) {
    var spelling: [UInt8] = []
    UTF8Text.append(replacement, to: &spelling)
    list.rewrite { list, piece, output in
      let text = list.bytes.span
      let first = UTF8Text.scalar(text, at: piece.start).value
      let isMarked = first == replacement || first == 0x20
      if !isMarked, scheme == .always || scheme == .first && piece.origin == 0 {
        let source = list.source(piece.start)
        output.append(spelling, start: source.start, end: source.end)
      }
      for position in piece.start..<piece.end {
        let source = list.source(position)
        if list.bytes[position] == 0x20 {
          output.append(spelling, start: source.start, end: source.end)
        } else {
          output.append(byte: list.bytes[position], start: source.start, end: source.end)
        }
      }
      return true
    }
  }

  private static func copy(_ list: borrowing PieceList, _ piece: Piece, _ output: inout Rewriting) {
    for position in piece.start..<piece.end {
      let source = list.source(position)
      output.append(byte: list.bytes[position], start: source.start, end: source.end)
    }
  }
}
