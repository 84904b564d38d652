/// A tokenizer read from a Hugging Face `tokenizer.json`.
///
/// Ids, offsets and decoded text are those of Hugging Face `tokenizers`. Truncation and padding that the file may ask
/// for are not applied. A tokenizer is a value without shared state: any number of threads may use it.
public struct Tokenizer: Sendable, CustomStringConvertible {
  enum Model: Sendable {
    case bytePair(BytePairModel)
    case wordPiece(WordPieceModel)
    case wordLevel(WordLevelModel)

    var vocabulary: ByteVocabulary {
      switch self {
      case .bytePair(let model): model.vocabulary
      case .wordPiece(let model): model.vocabulary
      case .wordLevel(let model): model.vocabulary
      }
    }
  }

  let model: Model
  let added: AddedVocabulary
  let normalizer: Normalizer?
  let preTokenizer: PreTokenizer
  let postProcessor: [PostProcessor]
  let decoder: Decoder?
  /// Whether the last step writes bytes as letters, which is not carried out but looked up by the model.
  let spellsBytes: Bool
  /// White space at the ends of each token, where offsets are trimmed.
  let spaces: [(leading: Int, trailing: Int)]
  /// The components by name, in the order in which they work on a text.
  public let description: String

  /// One more than the highest id, added tokens included: the rows that an embedding must at least have.
  public var vocabularySize: Int { max(model.vocabulary.bound, added.bound) }

  /// The ids of added tokens marked special, which decoding can leave out.
  public let specialTokenIDs: Set<Int>

  /// The id of the token with exactly this content, as the file has it (`Ġday`, `▁day`, `##day`).
  public func id(of token: String) -> Int? {
    let bytes = Array(token.utf8)
    return added.identifier(bytes) ?? model.vocabulary.identifier(bytes)
  }

  /// A token as the file has it, or nil if there is none with this id.
  func content(of id: Int) -> [UInt8]? { added.decodingForm(id) ?? model.vocabulary.token(id) }

  /// The ids of a text's tokens and what they stand for.
  ///
  /// - Parameters:
  ///   - text: any text; it is read scalar by scalar.
  ///   - addSpecialTokens: whether to put the special tokens of the file's template around it.
  /// - Returns: as many ids as offsets; none for a text without a token.
  /// - Complexity: O(n log n) time in the worst case (one endless word), nearly O(n) for text with words that come again.
  public func encode(_ text: String, addSpecialTokens: Bool = false) -> Encoding {
    var list = PieceList(Array(text.utf8))
    added.extract(&list)
    normalize(&list)
    added.extractNormalized(&list)
    preTokenizer.apply(&list)
    var sink = TokenSink(capacity: list.original.count / 3)
    tokenize(list, &sink)
    return finish(list, sink, addSpecialTokens: addSpecialTokens)
  }

  private func normalize(_ list: inout PieceList) {
    guard let normalizer else { return }
    if normalizer.keepsASCII, list.bytes.allSatisfy({ $0 < 0x80 }) { return }
    list.rewrite { list, piece, output in
      var text = ScalarText(list, piece)
      normalizer.apply(&text)
      text.write(to: &output)
      return true
    }
  }

  private func tokenize(_ list: borrowing PieceList, _ sink: inout TokenSink) {
    var scratch = BytePairModel.Scratch()
    for piece in list.pieces {
      if piece.token >= 0 {
        sink.append(added: piece, in: list)
        continue
      }
      switch model {
      case .bytePair(let model): model.encode(piece, spelled: spellsBytes, in: list, &scratch, &sink)
      case .wordPiece(let model): model.encode(piece, in: list, &sink)
      case .wordLevel(let model): model.encode(piece, in: list, &sink)
      }
    }
  }

  /// Turns byte positions into scalars and lets the post-processor have its say.
  private func finish(_ list: borrowing PieceList, _ sink: TokenSink, addSpecialTokens: Bool) -> Encoding {
    let positions = ScalarPositions(list.original)
    var offsets: [Range<Int>] = []
    offsets.reserveCapacity(sink.identifiers.count)
    for index in sink.identifiers.indices {
      let start = positions.scalars[sink.starts[index]]
      let end = positions.scalars[sink.ends[index]]
      offsets.append(Int(start)..<Int(max(start, end)))
    }
    for case .trim(let addsPrefixSpace) in postProcessor {
      var next = 0
      for index in offsets.indices {
        var spaces = (leading: 0, trailing: 0)
        if next < sink.added.count, sink.added[next].place == index {
          spaces = PostProcessor.spaces(Array(list.bytes[sink.added[next].start..<sink.added[next].end]))
          next += 1
        } else {
          spaces = self.spaces[sink.identifiers[index]]
        }
        guard spaces.leading + spaces.trailing > 0 else { continue }
        let isFirst = index == 0 || offsets[index].lowerBound == 0
        offsets[index] = PostProcessor.trimmed(
          offsets[index], spaces, isFirst: isFirst, addsPrefixSpace: addsPrefixSpace)
      }
    }
    let byteOffsets = offsets.map { positions.bytes[$0.lowerBound]..<positions.bytes[$0.upperBound] }
    var encoding = Encoding(
      ids: sink.identifiers, offsets: offsets, byteOffsets: byteOffsets,
      isTemplate: [Bool](repeating: false, count: offsets.count))
    for case .template(let parts) in postProcessor {
      encoding.surround(parts, addSpecialTokens: addSpecialTokens)
    }
    return encoding
  }
}

extension Encoding {
  /// Puts the special tokens of a template around the text's.
  fileprivate mutating func surround(_ parts: [PostProcessor.TemplatePart], addSpecialTokens: Bool) {
    var whole = Encoding(ids: [], offsets: [], byteOffsets: [], isTemplate: [])
    for part in parts {
      switch part {
      case .text:
        whole.ids += ids
        whole.offsets += offsets
        whole.byteOffsets += byteOffsets
        whole.isTemplate += isTemplate
      case .special(let special) where addSpecialTokens:
        for id in special {
          whole.ids.append(id)
          whole.offsets.append(0..<0)
          whole.byteOffsets.append(0..<0)
          whole.isTemplate.append(true)
        }
      case .special: break
      }
    }
    self = whole
  }
}

/// The place of every byte among the scalars of a text, and back.
private struct ScalarPositions {
  /// For each byte the index of its scalar; for the end the number of scalars.
  private(set) var scalars: [Int32] = []
  /// The first byte of each scalar, and the number of bytes.
  private(set) var bytes: [Int] = []

  init(_ text: [UInt8]) {
    scalars.reserveCapacity(text.count + 1)
    bytes.reserveCapacity(text.count + 1)
    for (position, byte) in text.enumerated() {
      if byte & 0xC0 != 0x80 { bytes.append(position) }
      scalars.append(Int32(truncatingIfNeeded: bytes.count - 1))
    }
    scalars.append(Int32(truncatingIfNeeded: bytes.count))
    bytes.append(text.count)
  }
}
