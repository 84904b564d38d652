import Foundation

extension Tokenizer {
  /// Reads a `tokenizer.json`.
  ///
  /// - Parameter path: the file, or a folder that holds one under that name.
  /// - Returns: a tokenizer ready for use; a vocabulary of 100,000 tokens takes some tenths of a second.
  /// - Throws: ``TokenizerError``, which names the file and the component at fault.
  public static func load(path: String) throws(TokenizerError) -> Tokenizer {
    var file = path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      file = (path as NSString).appendingPathComponent("tokenizer.json")
      guard FileManager.default.fileExists(atPath: file) else {
        throw .unreadable(path: path, reason: "the folder holds no tokenizer.json")
      }
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      let exists = FileManager.default.fileExists(atPath: file)
      throw .unreadable(path: file, reason: exists ? "it cannot be opened" : "there is no such file")
    }
    return try Tokenizer(json: [UInt8](data), path: file)
  }

  /// Reads the text of a `tokenizer.json`; `path` is for messages.
  init(json: [UInt8], path: String) throws(TokenizerError) {
    if let offset = Self.firstInvalidByte(json) {
      throw .damaged(path: path, offset: offset, fault: "the text is not UTF-8")
    }
    var reader = JSONReader(json)
    let root: JSONValue
    do throws(JSONFault) {
      root = try reader.value(leaving: ["vocab", "merges"])
      try reader.end()
    } catch {
      throw .damaged(path: path, offset: error.offset, fault: error.fault)
    }
    guard case .object(let members) = root else {
      throw .invalid(
        path: path, component: "tokenizer", fault: "the file is \(root.kind) but should be an object")
    }
    func component(_ name: String) throws(TokenizerError) -> Component? {
      guard let value = members[name] else { return nil }
      if case .null = value { return nil }
      return try Component(file: path, place: name, value)
    }
    let model = try Self.modelComponent(members, path)
    let normalizer = try component("normalizer")
    let preTokenizer = try component("pre_tokenizer")
    let postProcessor = try component("post_processor")
    let decoder = try component("decoder")
    self.model = try model.model(json)
    self.normalizer = try normalizer?.normalizer()
    var steps = try preTokenizer?.preTokenizer() ?? []
    self.postProcessor = try postProcessor?.postProcessor().steps ?? []
    self.decoder = try decoder?.decoder()
    let tokens = try Self.addedTokens(members["added_tokens"] ?? .array([]), path)
    added = AddedVocabulary(tokens, model: self.model.vocabulary, normalizer: self.normalizer)
    specialTokenIDs = added.specialIdentifiers
    // Where bytes are spelled out last, the model can as well take the bytes themselves.
    var spells = false
    if case .spellBytes? = steps.last, case .bytePair(let model) = self.model, model.byteSymbols != nil {
      spells = true
      steps.removeLast()
    }
    spellsBytes = spells
    self.preTokenizer = PreTokenizer(steps: steps)
    let trims = self.postProcessor.contains { if case .trim = $0 { true } else { false } }
    let vocabulary = self.model.vocabulary
    spaces =
      trims
      ? (0..<max(vocabulary.bound, added.bound)).map { PostProcessor.spaces(vocabulary.token($0) ?? []) } : []
    let parts = [normalizer, preTokenizer, model, postProcessor, decoder].compactMap { $0?.summary }
    description =
      parts.joined(separator: ", ") + "; \(vocabulary.count) tokens, \(tokens.count) added"
  }

  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
    var position = 0
    while position < bytes.count {
      if bytes[position] < 0x80 {
        position += 1
        continue
      }
      let end = min(position + UTF8Text.length(bytes[position]), bytes.count)
      guard UTF8Text.isValid(bytes[position..<end]) else { return position }
      position = end
    }
    return nil
  }

  /// The model's record; files of old versions do not name its type.
  private static func modelComponent(_ members: JSONObject, _ path: String) throws(TokenizerError)
    -> Component
  {
    guard case .object(let model)? = members["model"] else {
      throw .invalid(path: path, component: "tokenizer", fault: "it has no object 'model'")
    }
    if model["type"] != nil { return try Component(file: path, place: "model", .object(model)) }
    if model["merges"] != nil { return Component(file: path, place: "model", members: model, type: "BPE") }
    if model["continuing_subword_prefix"] != nil {
      return Component(file: path, place: "model", members: model, type: "WordPiece")
    }
    throw .invalid(path: path, component: "model", fault: "it has no string 'type'")
  }

  private static func addedTokens(_ value: JSONValue, _ path: String) throws(TokenizerError) -> [AddedToken] {
    guard case .array(let entries) = value else {
      throw .invalid(
        path: path, component: "added_tokens", fault: "it is \(value.kind) but should be an array")
    }
    var tokens: [AddedToken] = []
    for (index, entry) in entries.enumerated() {
      guard case .object(let members) = entry else {
        throw .invalid(path: path, component: "added_tokens[\(index)]", fault: "it should be an object")
      }
      let record = Component(
        file: path, place: "added_tokens[\(index)]", members: members, type: "AddedToken")
      let isSpecial = try record.flag("special", absent: false)
      tokens.append(
        AddedToken(
          content: try record.bytes("content"), isSingleWord: try record.flag("single_word", absent: false),
          stripsLeft: try record.flag("lstrip", absent: false),
          stripsRight: try record.flag("rstrip", absent: false),
          isNormalized: try record.flag("normalized", absent: !isSpecial), isSpecial: isSpecial))
    }
    return tokens
  }
}

extension Component {
  /// Its type, and those of its parts.
  fileprivate var summary: String {
    for name in ["normalizers", "pretokenizers", "processors", "decoders"] {
      if let parts = try? parts(name) { return "\(type)(\(parts.map(\.summary).joined(separator: ", ")))" }
    }
    return type
  }
}
