/// One prompt with needles, what the model generated, and where each head looked while it did.
public struct RetrievalRun: Sendable {
  /// The prompt's tokens.
  public let prompt: [Int]
  /// Where the needles lie in the prompt, ascending.
  public let needles: [Range<Int>]
  /// The tokens generated.
  public let generated: [Int]
  /// Number of heads.
  public let heads: Int
  /// `[step, head]`: the key of the largest weight at the query that predicts `generated[step]`.
  ///
  /// That query stands at position `prompt.count - 1 + step`; keys may lie among the generated tokens.
  public let attended: [Int]

  /// Checks a run and wraps it.
  ///
  /// - Throws: ``HeadsError`` where a needle is empty, not within the prompt or overlaps another, or where
  ///   the keys are not `steps * heads` numbers each within reach of its query.
  public init(
    prompt: [Int], needles: [Range<Int>], generated: [Int], heads: Int, attended: [Int]
  ) throws(HeadsError) {
    guard !needles.isEmpty else { throw .empty(object: "the list of needles") }
    let ordered = needles.sorted { $0.lowerBound < $1.lowerBound }
    for (index, needle) in ordered.enumerated() {
      guard !needle.isEmpty else { throw .empty(object: "the needle at \(needle.lowerBound)") }
      guard needle.lowerBound >= 0 && needle.upperBound <= prompt.count else {
        throw .needleOutsidePrompt(span: needle, promptLength: prompt.count)
      }
      if index > 0 && ordered[index - 1].overlaps(needle) {
        throw .needlesOverlap(first: ordered[index - 1], second: needle)
      }
    }
    guard attended.count == generated.count * heads else {
      throw .shapeMismatch(
        object: "the list of attended keys",
        expected: "\(generated.count) steps x \(heads) heads, \(generated.count * heads) numbers",
        found: "\(attended.count) numbers")
    }
    for (index, key) in attended.enumerated() {
      let reach = prompt.count + index / heads
      guard key >= 0 && key < reach else {
        throw .indexOutOfRange(
          object: "the key attended to by head \(index % heads) at step \(index / heads)", index: key,
          count: reach)
      }
    }
    self.prompt = prompt
    self.needles = ordered
    self.generated = generated
    self.heads = heads
    self.attended = attended
  }

  /// Where a needle's tokens stand in a prompt, the first place if there are several.
  ///
  /// - Throws: ``HeadsError/needleNotFound(needle:promptLength:)``, never a silent score of zero.
  public static func locate(_ needle: [Int], in prompt: [Int]) throws(HeadsError) -> Range<Int> {
    guard !needle.isEmpty else { throw .empty(object: "the needle") }
    for start in 0..<max(0, prompt.count - needle.count + 1)
    where prompt[start..<start + needle.count].elementsEqual(needle) {
      return start..<start + needle.count
    }
    throw .needleNotFound(needle: needle, promptLength: prompt.count)
  }

  /// The tokens of all needles, in order.
  public var needleTokens: [Int] { needles.flatMap { prompt[$0] } }

  /// The share of the needles' tokens that were generated, as multisets: unigram recall on token ids.
  public var recall: Double {
    var missing: [Int: Int] = [:]
    for token in needleTokens { missing[token, default: 0] += 1 }
    var found = 0
    for token in generated where missing[token, default: 0] > 0 {
      missing[token, default: 0] -= 1
      found += 1
    }
    return Double(found) / Double(needleTokens.count)
  }

  /// Whether the run counts: more than half of the needles' tokens were generated.
  public var isKept: Bool { recall > 0.5 }
}
