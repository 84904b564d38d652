/// A vocabulary as token tasks see it: how large it is and, where there is a tokenizer, how text becomes ids.
public struct TokenVocabulary: Sendable {
  /// The number of token ids; every id is in `0..<size`.
  public var size: Int
  /// The id of the beginning-of-sequence token, where there is one.
  public var beginning: Int?
  /// The ids that stand for no text: beginning, end, padding, unknown.
  ///
  /// No task draws them; generated text that would need one is an error. A user's own ids may hold them.
  public var special: Set<Int>
  /// The ids of a text, no special token added; nil without a tokenizer.
  public var encode: (@Sendable (String) -> [Int])?
  /// The text of one id; nil without a tokenizer.
  public var text: (@Sendable (Int) -> String?)?
  /// How many positions the model has, generated tokens included; nil where nothing limits them.
  public var maximumLength: Int?

  /// Gathers the parts.
  ///
  /// - Precondition: `size > 0`.
  public init(
    size: Int, beginning: Int? = nil, special: Set<Int> = [], encode: (@Sendable (String) -> [Int])? = nil,
    text: (@Sendable (Int) -> String?)? = nil, maximumLength: Int? = nil
  ) {
    precondition(size > 0, "a vocabulary has at least one token")
    self.size = size
    self.beginning = beginning
    self.special = special
    self.encode = encode
    self.text = text
    self.maximumLength = maximumLength
  }

  /// Whether the id is one that stands for no text.
  func isSpecial(_ id: Int) -> Bool { special.contains(id) || id == beginning }
}
