/// A token beside the model's vocabulary, found in the text before the model sees it.
struct AddedToken: Sendable {
  var content: [UInt8]
  /// Only found where no word character stands beside it.
  var isSingleWord = false
  /// Takes the white space to its left (right) with it.
  var stripsLeft = false
  var stripsRight = false
  /// Found in the normalised text, by its own normalised form.
  var isNormalized = true
  /// Left out of decoded text on request.
  var isSpecial = false
}
