/// Turns text into the tokens that it has in the middle of a text: after another sentence and a space.
///
/// A tokenizer may give a text other tokens at the beginning than later (a marker of the beginning, no space before
/// the first word). Each piece is therefore encoded behind a short sentence whose own tokens are then taken off.
/// Pieces so made can be joined freely, and each stands exactly where it was put.
struct ContinuationEncoder {
  static let anchor = "It rained."
  private let encode: @Sendable (String) -> [Int]
  private let anchorTokens: [Int]
  private let vocabulary: TokenVocabulary
  private let task: String

  /// - Throws: ``TaskError/vocabulary(task:fault:expected:)`` without a tokenizer; `instead` says what else would do.
  init(_ vocabulary: TokenVocabulary, task: String, instead: String) throws(TaskError) {
    guard let encode = vocabulary.encode else {
      throw .vocabulary(
        task: task, fault: "it has no tokenizer, and the task is made of text", expected: instead)
    }
    self.encode = encode
    self.vocabulary = vocabulary
    self.task = task
    anchorTokens = encode(Self.anchor)
  }

  /// The tokens of a text, whatever happens at the seam.
  func continuation(_ text: String) -> [Int] {
    let whole = encode(Self.anchor + " " + text)
    var shared = 0
    while shared < min(whole.count, anchorTokens.count), whole[shared] == anchorTokens[shared] { shared += 1 }
    return Array(whole[shared...])
  }

  /// The tokens of a text, none special, the seam clean.
  func tokens(of text: String) throws(TaskError) -> [Int] {
    let whole = encode(Self.anchor + " " + text)
    guard whole.starts(with: anchorTokens) else { throw seam(Self.anchor, text) }
    let tokens = Array(whole[anchorTokens.count...])
    for id in tokens {
      guard (0..<vocabulary.size).contains(id) else {
        throw .vocabulary(
          task: task, fault: "the tokenizer turns \"\(text)\" into the id \(id)",
          expected: "ids below the vocabulary's size, \(vocabulary.size)")
      }
      guard !vocabulary.isSpecial(id) else {
        throw .vocabulary(
          task: task,
          fault:
            "the tokenizer has no token for a part of \"\(text)\" and gives the special id \(id) instead",
          expected: "text that the vocabulary can write")
      }
    }
    return tokens
  }

  /// The tokens of `text`, and which of them hold `part`, whose bytes are within it at `offset`.
  ///
  /// The space before a part belongs to it, as tokenizers that keep spaces put it at the front of a word. Where a
  /// token reaches over an end of the part (a word and its full stop, say), the whole token is taken: these are
  /// the tokens that overlap the part.
  func tokens(
    of text: String, part: String, at offset: Int
  ) throws(TaskError) -> (tokens: [Int], part: Range<Int>) {
    let bytes = Array(text.utf8)
    let tokens = try tokens(of: text)
    var begin = offset
    while begin > 0, bytes[begin - 1] == UInt8(ascii: " ") { begin -= 1 }
    let start = try boundary(in: bytes, tokens: tokens, at: begin, by: -1)
    let end = try boundary(in: bytes, tokens: tokens, at: offset + part.utf8.count, by: 1)
    return (tokens, start..<end)
  }

  /// How many tokens stand before the boundary between tokens that is nearest to a byte, in one direction.
  private func boundary(
    in bytes: [UInt8], tokens: [Int], at offset: Int, by step: Int
  ) throws(TaskError) -> Int {
    var cut = offset
    while cut > 0, cut < bytes.count {
      // A continuation byte of UTF-8 begins no character.
      if bytes[cut] & 0xC0 != 0x80 {
        let head = try self.tokens(of: String(decoding: bytes[..<cut], as: UTF8.self))
        if tokens.starts(with: head) { return head.count }
      }
      cut += step
    }
    return cut == 0 ? 0 : tokens.count
  }

  private func seam(_ before: String, _ after: String) -> TaskError {
    .vocabulary(
      task: task, fault: "the tokenizer joins \"\(before)\" and \"\(after)\" into one token",
      expected: "text whose parts have tokens of their own")
  }
}
