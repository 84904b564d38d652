/// Byte-pair encoding over bytes (GPT-2) or characters (SentencePiece).
///
/// Source: Sennrich et al. 2016, arXiv:1508.07909. A scalar without a token is passed over where the file names no unknown
/// token, or one that its vocabulary lacks.
struct BytePairModel: Sendable {
  /// What a tokenizer.json says about the model, besides its tables.
  struct Options: Sendable {
    var unknown: [UInt8]?
    var fusesUnknown = false
    var fallsBackToBytes = false
    var ignoresMerges = false
    var prefix: [UInt8] = []
    var suffix: [UInt8] = []
  }

  let vocabulary: ByteVocabulary
  let options: Options
  private let merges: MergeTable
  private let unknown: Int32?
  /// The ids of `<0x00>` to `<0xFF>`, -1 where missing; empty without byte fallback.
  private let fallback: [Int32]
  /// The ids of single ASCII characters.
  private let ascii: [Int32]
  /// Pairs of scalars that stand side by side in some merged token; nil where cutting between others could change
  /// the result.
  private let joints: PairSet?
  /// For byte-level models: the ids of single bytes, and the vocabulary by the bytes that tokens spell.
  private(set) var byteSymbols: [Int32]?
  private var byteVocabulary = ByteVocabulary()

  /// Prepares the tables; `merges` are pairs of ids with what they become, by rank.
  init(
    vocabulary: ByteVocabulary, merges: [(left: Int, right: Int, merged: Int)], options: Options
  ) {
    self.vocabulary = vocabulary
    self.options = options
    var table = MergeTable(expected: merges.count)
    for (rank, merge) in merges.enumerated() {
      table.insert(merge.left, merge.right, rank: rank, into: merge.merged)
    }
    self.merges = table
    unknown = options.unknown.flatMap(vocabulary.identifier).map(Int32.init)
    let digits = Array("0123456789ABCDEF".utf8)
    fallback =
      options.fallsBackToBytes
      ? (0..<256).map { byte in
        let name = Array("<0x".utf8) + [digits[byte >> 4], digits[byte & 15], UInt8(ascii: ">")]
        return Int32(vocabulary.identifier(name) ?? -1)
      } : []
    ascii = (0..<128).map { Int32(vocabulary.identifier([UInt8($0)]) ?? -1) }
    let isComplete = fallback.isEmpty ? unknown != nil : !fallback.contains(-1)
    if options.prefix.isEmpty, options.suffix.isEmpty, isComplete {
      joints = Self.joints(vocabulary, merges.map(\.merged))
    } else {
      joints = nil
    }
    let symbols = ByteAlphabet.scalars.map { scalar in
      var token: [UInt8] = []
      UTF8Text.append(scalar, to: &token)
      return Int32(vocabulary.identifier(token) ?? -1)
    }
    if options.prefix.isEmpty, options.suffix.isEmpty, !symbols.contains(-1) {
      byteSymbols = symbols
      if options.ignoresMerges {
        byteVocabulary = ByteVocabulary(expected: vocabulary.count)
        for identifier in 0..<vocabulary.bound {
          guard let bytes = vocabulary.token(identifier).flatMap(ByteAlphabet.bytes) else { continue }
          byteVocabulary.insert(bytes, identifier)
        }
      }
    }
  }

  private static func joints(_ vocabulary: ByteVocabulary, _ merged: [Int]) -> PairSet {
    var pairs = PairSet()
    for identifier in merged {
      let scalars = UTF8Text.scalars(vocabulary.token(identifier) ?? [])
      for (first, second) in zip(scalars, scalars.dropFirst()) { pairs.insert(first, second) }
    }
    return pairs
  }

  /// What is kept from piece to piece of one text.
  struct Scratch {
    var queue = MergeQueue()
    var cache = WordCache()
  }

  /// Encodes one piece, which is `spelled` where the letters of the byte-level alphabet are meant by its bytes.
  func encode(
    _ piece: Piece, spelled: Bool, in list: borrowing PieceList, _ scratch: inout Scratch,
    _ sink: inout TokenSink
  ) {
    let text = list.bytes.span
    let range = piece.start..<piece.end
    if options.ignoresMerges {
      let vocabulary = spelled ? byteVocabulary : vocabulary
      if range.count <= vocabulary.longest, let whole = vocabulary.identifier(text, range) {
        sink.append(Int32(whole), range.lowerBound, range.upperBound, in: list)
        return
      }
    }
    guard !spelled, let joints else {
      word(text, range, range.lowerBound, spelled, list, &scratch, &sink)
      return
    }
    // No merge crosses a pair that no token holds, so the piece falls into words that are merged (and kept) by themselves.
    var start = piece.start
    var position = piece.start
    var last: UInt32 = 0
    var wasKnown = false
    while position < piece.end {
      let (value, length) = UTF8Text.scalar(text, at: position)
      let isKnown = symbol(text, position, length) >= 0
      if position > start, isKnown, wasKnown, !joints.contains(last, value) {
        word(text, start..<position, start, false, list, &scratch, &sink)
        start = position
      }
      last = value
      wasKnown = isKnown
      position += length
    }
    word(text, start..<piece.end, start, false, list, &scratch, &sink)
  }

  @inline(__always)
  private func symbol(_ text: Span<UInt8>, _ position: Int, _ length: Int) -> Int32 {
    if length == 1 { return ascii[Int(text[position])] }
    return Int32(vocabulary.identifier(text, position..<position + length) ?? -1)
  }

  private func word(
    _ text: Span<UInt8>, _ range: Range<Int>, _ start: Int, _ spelled: Bool, _ list: borrowing PieceList,
    _ scratch: inout Scratch, _ sink: inout TokenSink
  ) {
    var position = start
    let isShort = range.count <= WordCache.longestWord
    let hash = isShort ? WordCache.hash(text, range) : 0
    if isShort, let run = scratch.cache.find(text, range, hash: hash) {
      for index in run {
        let end = position + Int(scratch.cache.lengths[index])
        sink.append(scratch.cache.identifiers[index], position, end, in: list)
        position = end
      }
      return
    }
    scratch.queue.removeAll()
    if spelled, let byteSymbols {
      for index in range { scratch.queue.append(byteSymbols[Int(text[index])], length: 1) }
    } else {
      symbols(text, range, &scratch.queue)
    }
    scratch.queue.merge(merges)
    if isShort { scratch.cache.insert(text, range, hash: hash, scratch.queue) }
    for index in 0..<scratch.queue.count {
      let end = position + Int(scratch.queue.lengths[index])
      sink.append(scratch.queue.identifiers[index], position, end, in: list)
      position = end
    }
  }

  /// The symbols of a word before any merge, one for each scalar or unknown byte.
  ///
  /// The reference's ways with unknown scalars are kept: one without a token is passed over if there is no unknown
  /// token, and unknown ones that wait to be fused wait past bytes.
  private func symbols(_ text: Span<UInt8>, _ range: Range<Int>, _ queue: inout MergeQueue) {
    var waiting = 0
    var position = range.lowerBound
    while position < range.upperBound {
      let length = UTF8Text.length(text[position])
      let end = position + length
      var identifier: Int32 = -1
      var isWritten = false
      let prefix = position > range.lowerBound ? options.prefix : []
      let suffix = end == range.upperBound ? options.suffix : []
      var written: [UInt8] = []
      if prefix.isEmpty, suffix.isEmpty {
        identifier = symbol(text, position, length)
      } else {
        written = prefix + text.extracting(position..<end).bytes + suffix
        identifier = Int32(vocabulary.identifier(written) ?? -1)
      }
      if identifier >= 0 {
        if waiting > 0, let unknown { queue.append(unknown, length: waiting) }
        waiting = 0
        queue.append(identifier, length: length)
        isWritten = true
      } else if !fallback.isEmpty {
        if written.isEmpty { written = text.extracting(position..<end).bytes }
        if written.allSatisfy({ fallback[Int($0)] >= 0 }) {
          for byte in written { queue.append(fallback[Int(byte)], length: 1) }
          isWritten = true
        }
      }
      if !isWritten, let unknown {
        if waiting > 0, !options.fusesUnknown {
          queue.append(unknown, length: waiting)
          waiting = 0
        }
        waiting += length
      }
      position = end
    }
    if waiting > 0, let unknown { queue.append(unknown, length: waiting) }
  }
}

extension Span<UInt8> {
  /// A copy as an array.
  var bytes: [UInt8] { indices.map { self[$0] } }
}
