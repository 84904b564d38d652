/// The tokens of a text.
public struct Encoding: Sendable, Equatable {
  /// The ids of the tokens.
  public var ids: [Int]
  /// For each token the part of the text that it stands for, counted in Unicode scalars (as Python counts characters).
  ///
  /// The ranges agree with Hugging Face `tokenizers`: tokens that hold a part of one character have that
  /// character's whole range each, and special tokens of the template have the empty range at 0.
  public var offsets: [Range<Int>]
  /// The same in bytes of the text's UTF-8.
  public var byteOffsets: [Range<Int>]
  /// Whether a token was put there by the template (such as `<s>` at the beginning) and stands for no text.
  public var isTemplate: [Bool]
}
