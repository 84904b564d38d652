import Foundation
import Testing

@testable import ProbeTokenizers

@Suite("Tokenizers that cannot be read")
struct TokenizerErrorTests {
  /// The error of reading a text as tokenizer.json; "read" if there is none.
  private func fault(_ json: String) -> String { fault([UInt8](json.utf8)) }

  private func fault(_ json: [UInt8]) -> String {
    do throws(TokenizerError) {
      _ = try Tokenizer(json: json, path: "tokenizer.json")
      return "read"
    } catch {
      return error.description
    }
  }

  /// A small word-level tokenizer with some members replaced.
  private func file(
    model: String = #"{"type":"WordLevel","vocab":{"?":0,"a":1},"unk_token":"?"}"#,
    normalizer: String = "null",
    preTokenizer: String = "null", postProcessor: String = "null", decoder: String = "null",
    added: String = "[]"
  ) -> String {
    #"{"version":"1.0","added_tokens":"# + added + #","normalizer":"# + normalizer + #","pre_tokenizer":"#
      + preTokenizer + #","post_processor":"# + postProcessor + #","decoder":"# + decoder + #","model":"#
      + model + "}"
  }

  @Test("the small tokenizer that the other tests spoil can be read")
  func sound() { #expect(fault(file()) == "read") }

  @Test("a model of another kind is named")
  func unigram() {
    #expect(
      fault(file(model: #"{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["a",-1.5]]}"#))
        == "model in tokenizer.json is not supported: a model of type Unigram; supported are BPE, WordPiece, WordLevel"
    )
  }

  @Test("a component of an unknown kind is named with its place")
  func unknownComponents() {
    #expect(
      fault(file(normalizer: #"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Precompiled"}]}"#))
        .hasPrefix(
          "normalizer.normalizers[1] in tokenizer.json is not supported: a normalizer of type Precompiled; supported "
        ))
    #expect(
      fault(file(preTokenizer: #"{"type":"UnicodeScripts"}"#))
        .hasPrefix(
          "pre_tokenizer in tokenizer.json is not supported: a pre-tokenizer of type UnicodeScripts;"))
    #expect(
      fault(file(postProcessor: #"{"type":"Sequence","processors":[{"type":"Padding"}]}"#))
        .hasPrefix(
          "post_processor.processors[0] in tokenizer.json is not supported: a post-processor of type Padding;"
        ))
    #expect(
      fault(file(decoder: #"{"type":"CTC"}"#))
        .hasPrefix("decoder in tokenizer.json is not supported: a decoder of type CTC;"))
    #expect(
      fault(file(preTokenizer: #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"last"}"#))
        .hasPrefix("pre_tokenizer in tokenizer.json is not supported: the prepend scheme last;"))
  }

  @Test(
    "a regular expression that is not read is quoted with the reason",
    arguments: [
      (#"\p{Han}+"#, "the property 'Han' is not read, only general categories are"),
      (#"(a|b*)*"#, "it repeats without end what can be empty"),
      (#"[a-z&&[^b]]"#, "sets within sets are not read"),
      (#"(?<name>a)"#, "only the groups (?: (?i: (?= (?! (?<= (?<! (?> are read"),
      (#"a{2000}"#, "the interval {2000} is not read"),
      (#"(ab"#, "'(' without ')'"), (#"ab)"#, "')' without '('"), (#"[ab"#, "'[' without ']'"),
      (#"\bword"#, #"\b is not read"#), (#"(?<=ab)c"#, "it looks behind by more than one character"),
      (#"+a"#, "'+' stands where a character should"), (#"a\"#, "it ends with a backslash"),
      (#"((a{100}){100}){100}"#, "it repeats too much"),
    ])
  func expressions(_ pattern: String, _ reason: String) throws {
    let escaped = pattern.replacingOccurrences(of: #"\"#, with: #"\\"#)
    let step =
      #"{"type":"Split","pattern":{"Regex":""# + escaped + #""},"behavior":"Isolated","invert":false}"#
    #expect(
      fault(file(preTokenizer: step)).hasPrefix(
        "pre_tokenizer in tokenizer.json is not supported: the regular expression \(pattern): \(reason); supported "
      ))
  }

  @Test("text that is not JSON is refused at its byte")
  func malformed() {
    #expect(fault("") == "tokenizer.json is damaged at byte 0: a JSON value should be here")
    #expect(fault(#"{"a": 1,}"#) == "tokenizer.json is damaged at byte 8: a string should be here")
    #expect(fault(#"{"a": tru}"#) == "tokenizer.json is damaged at byte 6: 'true' should be here")
    #expect(fault(#"{"a": "b"#) == "tokenizer.json is damaged at byte 8: the file ends within a string")
    #expect(fault(#"{"a": 01}"#) == "tokenizer.json is damaged at byte 6: a number with a leading zero")
    #expect(
      fault(#"{"a": "\ud800"}"#) == "tokenizer.json is damaged at byte 13: half a surrogate pair in a string")
    #expect(
      fault(#"{"a": "\q"}"#) == "tokenizer.json is damaged at byte 8: an escape that JSON does not have")
    #expect(fault(#"{} {}"#) == "tokenizer.json is damaged at byte 3: text after the end of the JSON value")
    #expect(fault([0x22, 0x61, 0xFF, 0x22]) == "tokenizer.json is damaged at byte 2: the text is not UTF-8")
    #expect(fault([0x22, 0x61, 0xE4, 0xB8]) == "tokenizer.json is damaged at byte 2: the text is not UTF-8")
    #expect(fault(String(repeating: "[", count: 100)).hasSuffix("values nested deeper than 64"))
    #expect(fault("[]") == "tokenizer in tokenizer.json: the file is an array but should be an object")
  }

  @Test("every shortening of a tokenizer.json is refused and none crashes")
  func truncated() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("wordlevel.json")))
    let bytes = [UInt8](whole)
    for count in stride(from: 0, to: bytes.count - 1, by: 61) {
      #expect(fault(Array(bytes[..<count])).contains("is damaged at byte"), "\(count)")
    }
  }

  @Test("contradictions within the file are named")
  func contradictions() {
    #expect(fault("{}") == "tokenizer in tokenizer.json: it has no object 'model'")
    #expect(fault(file(model: #"{"vocab":{}}"#)) == "model in tokenizer.json: it has no string 'type'")
    #expect(
      fault(file(model: #"{"type":"WordLevel","vocab":{"a":1},"unk_token":"?"}"#))
        == "model (WordLevel) in tokenizer.json: its 'unk_token' '?' is not in its vocabulary")
    #expect(
      fault(file(model: #"{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]}"#))
        == "model (BPE) in tokenizer.json: its 'merges' use 'ab', which is not in its vocabulary")
    #expect(
      fault(file(model: #"{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b c"]}"#))
        .hasSuffix(#"a merge should be two tokens, "a b" or ["a", "b"]"#))
    #expect(
      fault(file(model: #"{"type":"BPE","vocab":{"a":-1},"merges":[]}"#))
        .hasSuffix("a whole number from 0 to 2147483647 should be here"))
    #expect(
      fault(file(model: #"{"type":"BPE","vocab":{"a":2000000000},"merges":[]}"#))
        == "model (BPE) in tokenizer.json: its id 2000000000 is too high for 1 tokens")
    #expect(
      fault(file(model: #"{"type":"BPE","dropout":0.1,"vocab":{"a":0},"merges":[]}"#))
        == "model in tokenizer.json is not supported: BPE with a dropout of 0.1; supported are BPE without dropout"
    )
    #expect(
      fault(file(normalizer: #"{"type":"Strip","strip_left":1}"#))
        == "normalizer (Strip) in tokenizer.json: its 'strip_left' is a number but should be true or false")
    #expect(
      fault(file(added: #"[{"id":2}]"#))
        == "added_tokens[0] (AddedToken) in tokenizer.json: its 'content' is missing but should be a string")
    #expect(
      fault(
        file(
          postProcessor:
            #"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}}],"special_tokens":{}}"#
        ))
        == "post_processor (TemplateProcessing) in tokenizer.json: its 'special_tokens' lack '<s>'")
  }

  @Test("a missing file and a folder without a tokenizer.json are told apart")
  func missing() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "rnnprobe-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(
      throws: TokenizerError.unreadable(path: folder.path, reason: "the folder holds no tokenizer.json")
    ) {
      try Tokenizer.load(path: folder.path)
    }
    #expect(throws: TokenizerError.unreadable(path: "/nowhere/t.json", reason: "there is no such file")) {
      try Tokenizer.load(path: "/nowhere/t.json")
    }
    let source = URL(fileURLWithPath: Fixture.path("gpt2.json"))
    try FileManager.default.copyItem(at: source, to: folder.appendingPathComponent("tokenizer.json"))
    #expect(try Tokenizer.load(path: folder.path).vocabularySize == Fixture.tokenizer("gpt2").vocabularySize)
  }
}
