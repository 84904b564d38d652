/// The model, from its record; vocabulary and merges are read straight from the file's bytes.
extension Component {
  func model(_ text: [UInt8]) throws(TokenizerError) -> Tokenizer.Model {
    switch type {
    case "BPE": return .bytePair(try bytePairModel(text))
    case "WordPiece":
      let vocabulary = try vocabulary(text)
      return .wordPiece(
        WordPieceModel(
          vocabulary: vocabulary, prefix: try bytes("continuing_subword_prefix"),
          unknown: try unknown(vocabulary), maximumScalars: try count("max_input_chars_per_word", absent: 100)
        ))
    case "WordLevel":
      let vocabulary = try vocabulary(text)
      return .wordLevel(WordLevelModel(vocabulary: vocabulary, unknown: Int32(try unknown(vocabulary))))
    default: throw unsupported("a model of type \(type)", supported: "BPE, WordPiece, WordLevel")
    }
  }

  private func unknown(_ vocabulary: ByteVocabulary) throws(TokenizerError) -> Int {
    let token = try bytes("unk_token")
    guard let identifier = vocabulary.identifier(token) else {
      throw invalid("its 'unk_token' '\(String(decoding: token, as: UTF8.self))' is not in its vocabulary")
    }
    return identifier
  }

  private func damaged(_ fault: JSONFault) -> TokenizerError {
    .damaged(path: file, offset: fault.offset, fault: fault.fault)
  }

  private func vocabulary(_ text: [UInt8]) throws(TokenizerError) -> ByteVocabulary {
    guard case .unread(let range)? = members["vocab"] else { throw invalid("it has no 'vocab'") }
    var vocabulary = ByteVocabulary(expected: range.count / 16)
    var reader = JSONReader(text, at: range.lowerBound)
    guard reader.next() == UInt8(ascii: "{") else {
      throw invalid("its 'vocab' should be an object of tokens and their ids")
    }
    // Ids index arrays: a wild one would take memory without end.
    let limit = range.count + 1 << 20
    var wild: Int?
    do throws(JSONFault) {
      try reader.object { reader, key throws(JSONFault) in
        let identifier = try reader.identifier()
        if identifier < limit { vocabulary.insert(key, identifier) } else { wild = identifier }
      }
    } catch {
      throw damaged(error)
    }
    if let wild { throw invalid("its id \(wild) is too high for \(vocabulary.count + 1) tokens") }
    return vocabulary
  }

  private func bytePairModel(_ text: [UInt8]) throws(TokenizerError) -> BytePairModel {
    if case .number(let dropout)? = members["dropout"], dropout != 0 {
      throw unsupported("BPE with a dropout of \(dropout)", supported: "BPE without dropout")
    }
    let options = BytePairModel.Options(
      unknown: try optionalBytes("unk_token"), fusesUnknown: try flag("fuse_unk", absent: false),
      fallsBackToBytes: try flag("byte_fallback", absent: false),
      ignoresMerges: try flag("ignore_merges", absent: false),
      prefix: try optionalBytes("continuing_subword_prefix") ?? [],
      suffix: try optionalBytes("end_of_word_suffix") ?? [])
    let vocabulary = try vocabulary(text)
    guard case .unread(let range)? = members["merges"] else { throw invalid("it has no 'merges'") }
    var reader = JSONReader(text, at: range.lowerBound)
    guard reader.next() == UInt8(ascii: "[") else { throw invalid("its 'merges' should be an array") }
    var merges: [(left: Int, right: Int, merged: Int)] = []
    var unknown: [UInt8]?
    do throws(JSONFault) {
      try reader.array { reader throws(JSONFault) in
        let (left, right) = try Self.merge(&reader)
        let merged = left + right.dropFirst(right.starts(with: options.prefix) ? options.prefix.count : 0)
        func identifier(_ token: [UInt8]) -> Int {
          guard let found = vocabulary.identifier(token) else {
            unknown = unknown ?? token
            return 0
          }
          return found
        }
        merges.append((identifier(left), identifier(right), identifier(merged)))
      }
    } catch {
      throw damaged(error)
    }
    if let unknown {
      throw invalid(
        "its 'merges' use '\(String(decoding: unknown, as: UTF8.self))', which is not in its vocabulary")
    }
    return BytePairModel(vocabulary: vocabulary, merges: merges, options: options)
  }

  /// One merge, `"a b"` or `["a", "b"]`.
  private static func merge(_ reader: inout JSONReader) throws(JSONFault) -> ([UInt8], [UInt8]) {
    var sides: [[UInt8]] = []
    let isPair = reader.next() == UInt8(ascii: "[")
    let start = reader.position
    if isPair {
      try reader.array { reader throws(JSONFault) in sides.append(try reader.string()) }
    } else {
      sides = try reader.string().split(separator: 0x20, omittingEmptySubsequences: false).map(Array.init)
    }
    guard sides.count == 2 else {
      throw JSONFault(offset: start, fault: "a merge should be two tokens, \"a b\" or [\"a\", \"b\"]")
    }
    return (sides[0], sides[1])
  }
}
