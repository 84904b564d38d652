/// The components that are not the model, from their records.
extension Component {
  func normalizer() throws(TokenizerError) -> Normalizer {
    switch type {
    case "NFC", "NFD", "NFKC", "NFKD":
      guard let form = UnicodeNormalizer.Form(rawValue: type) else { fallthrough }
      return .unicode(form)
    case "Lowercase": return .lowercase
    case "Prepend": return .prepend(UTF8Text.scalars(try bytes("prepend")))
    case "Replace": return .replace(try pattern(), UTF8Text.scalars(try bytes("content")))
    case "Strip": return .strip(left: try flag("strip_left"), right: try flag("strip_right"))
    case "StripAccents": return .stripAccents
    case "Nmt": return .nmt
    case "ByteLevel": return .byteLevel
    case "BertNormalizer":
      let lowercases = try flag("lowercase", absent: true)
      return .bert(
        BertNormalizer(
          cleansText: try flag("clean_text", absent: true),
          spacesChinese: try flag("handle_chinese_chars", absent: true),
          stripsAccents: try flag("strip_accents", absent: lowercases), lowercases: lowercases))
    case "Sequence":
      var parts: [Normalizer] = []
      for part in try self.parts("normalizers") { parts.append(try part.normalizer()) }
      return .sequence(parts)
    default:
      throw unsupported(
        "a normalizer of type \(type)",
        supported: "NFC, NFD, NFKC, NFKD, Lowercase, Prepend, Replace, Strip, StripAccents, Nmt, ByteLevel, "
          + "BertNormalizer, Sequence")
    }
  }

  func preTokenizer() throws(TokenizerError) -> [PreTokenizer.Step] {
    switch type {
    case "ByteLevel":
      var steps: [PreTokenizer.Step] = []
      if try flag("add_prefix_space", absent: true) { steps.append(.prefixSpace) }
      if try flag("use_regex", absent: true) {
        steps.append(.split(.contractions, .isolated, inverted: false))
      }
      return steps + [.spellBytes]
    case "Split": return [.split(try pattern(), try behavior(), inverted: try flag("invert"))]
    case "Metaspace":
      return [
        .metaspace(
          replacement: try scalar("replacement"), try prependScheme(), split: try flag("split", absent: true))
      ]
    case "BertPreTokenizer":
      return [
        .split(.scalar(.space), .removed, inverted: false),
        .split(.scalar(.punctuation), .isolated, inverted: false),
      ]
    case "Digits":
      let isIndividual = try flag("individual_digits", absent: false)
      return [.split(.scalar(.numeric), isIndividual ? .isolated : .contiguous, inverted: false)]
    case "Whitespace": return [.split(.words, .removed, inverted: true)]
    case "WhitespaceSplit": return [.split(.scalar(.space), .removed, inverted: false)]
    case "Punctuation":
      return [.split(.scalar(.punctuation), try behavior(absent: "Isolated"), inverted: false)]
    case "Sequence":
      var steps: [PreTokenizer.Step] = []
      for part in try parts("pretokenizers") { steps += try part.preTokenizer() }
      return steps
    default:
      throw unsupported(
        "a pre-tokenizer of type \(type)",
        supported:
          "ByteLevel, Split, Metaspace, BertPreTokenizer, Digits, Whitespace, WhitespaceSplit, Punctuation, "
          + "Sequence")
    }
  }

  private func prependScheme() throws(TokenizerError) -> PreTokenizer.PrependScheme {
    let text = try name("prepend_scheme", absent: "always")
    guard let scheme = PreTokenizer.PrependScheme(rawValue: text) else {
      throw unsupported("the prepend scheme \(text)", supported: "first, always, never")
    }
    if try !flag("add_prefix_space", absent: true) {  // how older files say never
      guard scheme == .never || members["prepend_scheme"] == nil else {
        throw invalid("its 'add_prefix_space' contradicts its 'prepend_scheme'")
      }
      return .never
    }
    return scheme
  }

  func postProcessor() throws(TokenizerError) -> PostProcessor {
    switch type {
    case "ByteLevel":
      guard try flag("trim_offsets", absent: true) else { return .sequence([]) }
      return .trim(addsPrefixSpace: try flag("add_prefix_space", absent: true))
    case "BertProcessing":
      return .template([.special([try token("cls")]), .text, .special([try token("sep")])])
    case "RobertaProcessing":
      let template = PostProcessor.template([
        .special([try token("cls")]), .text, .special([try token("sep")]),
      ])
      guard try flag("trim_offsets", absent: true) else { return template }
      return .sequence([.trim(addsPrefixSpace: try flag("add_prefix_space", absent: true)), template])
    case "TemplateProcessing": return .template(try template())
    case "Sequence":
      var steps: [PostProcessor] = []
      for part in try parts("processors") { steps.append(try part.postProcessor()) }
      return .sequence(steps)
    default:
      throw unsupported(
        "a post-processor of type \(type)",
        supported: "ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing, Sequence")
    }
  }

  /// A member `["<s>", 1]`: the id in it.
  private func token(_ name: String) throws(TokenizerError) -> Int {
    guard case .array(let pair)? = members[name], pair.count == 2, case .string = pair[0],
      case .number(let value) = pair[1], let id = Int(exactly: value), id >= 0
    else { throw invalid("its '\(name)' should be a token and its id") }
    return id
  }

  private func template() throws(TokenizerError) -> [PostProcessor.TemplatePart] {
    guard case .array(let pieces)? = members["single"] else {
      throw invalid("its 'single' should be an array")
    }
    guard case .object(let special)? = members["special_tokens"] else {
      throw invalid("its 'special_tokens' should be an object")
    }
    var parts: [PostProcessor.TemplatePart] = []
    for piece in pieces {
      guard case .object(let piece) = piece else { throw invalid("a part of its 'single' is no object") }
      if case .object(let sequence)? = piece["Sequence"] {
        guard case .string(let id)? = sequence["id"], id == Array("A".utf8) else {
          throw invalid("its 'single' asks for a second text")
        }
        parts.append(.text)
      } else if case .object(let token)? = piece["SpecialToken"], case .string(let name)? = token["id"] {
        guard case .object(let entry)? = special[name], case .array(let values)? = entry["ids"] else {
          throw invalid("its 'special_tokens' lack '\(String(decoding: name, as: UTF8.self))'")
        }
        var ids: [Int] = []
        for value in values {
          guard case .number(let number) = value, let id = Int(exactly: number), id >= 0 else {
            throw invalid("the ids of '\(String(decoding: name, as: UTF8.self))' should be whole numbers")
          }
          ids.append(id)
        }
        parts.append(.special(ids))
      } else {
        throw invalid("a part of its 'single' is neither Sequence nor SpecialToken")
      }
    }
    return parts
  }

  func decoder() throws(TokenizerError) -> Decoder {
    switch type {
    case "ByteLevel": return .byteLevel
    case "ByteFallback": return .byteFallback
    case "Metaspace":
      return .metaspace(replacement: try scalar("replacement"), prepends: try prependScheme() != .never)
    case "WordPiece":
      return .wordPiece(prefix: try bytes("prefix"), cleansUp: try flag("cleanup", absent: true))
    case "Fuse": return .fuse
    case "Strip": return .strip(try scalar("content"), start: try count("start"), stop: try count("stop"))
    case "Replace": return .replace(try pattern(), try bytes("content"))
    case "Sequence":
      var parts: [Decoder] = []
      for part in try self.parts("decoders") { parts.append(try part.decoder()) }
      return .sequence(parts)
    default:
      throw unsupported(
        "a decoder of type \(type)",
        supported: "ByteLevel, ByteFallback, Metaspace, WordPiece, Fuse, Strip, Replace, Sequence")
    }
  }
}
