/// Needle cases on token ids from the user's own file.
struct NeedleCases {
  static let expected =
    "a line each {\"prompt\":[ids],\"needle_start\":s,\"needle_end\":e,\"max_new_tokens\":n}, the end exclusive, "
    + "or \"needles\":[[s,e],...]"

  private struct Line: Decodable {
    var prompt: [Int]
    var needle_start: Int?
    var needle_end: Int?
    var needles: [[Int]]?
    var max_new_tokens: Int?
    var length: Int?
    var depth: Int?
  }

  /// A checked line; ids in 32 bits, since a file may hold hundreds of prompts of a hundred thousand tokens.
  private struct Case {
    var prompt: [Int32]
    var needles: [Range<Int>]
    var newTokens: Int
    var length: Int
    var depth: Int
  }

  private let cases: [Case]
  /// The most needles of a case.
  var mostNeedles: Int { cases.map(\.needles.count).max() ?? 0 }
  private let beginning: [Int]

  /// Reads and checks every case.
  ///
  /// `newTokens` are generated where a line does not say; `beginning` is put before every prompt, and the needles
  /// move with it.
  init(
    path: String, task: String, newTokens: Int, beginning: [Int], vocabulary: TokenVocabulary
  ) throws(TaskError) {
    let file = try JSONLines(path: path, task: task, expected: Self.expected)
    var cases: [Case] = []
    for line in file.lines {
      let value = try file.decode(Line.self, from: line, expected: Self.expected)
      guard !value.prompt.isEmpty else { throw file.fault(line, "prompt is empty", "at least one id") }
      try file.check(value.prompt, "prompt", of: line, vocabulary: vocabulary)
      let needles = try Self.needles(of: value, line: line, file: file)
      let new = value.max_new_tokens ?? newTokens
      guard (0...1_000_000).contains(new) else {
        throw file.fault(line, "max_new_tokens is \(new)", "a number from 0 to 1000000")
      }
      let length = beginning.count + value.prompt.count
      if let limit = vocabulary.maximumLength, length + new > limit {
        throw file.fault(
          line, "a prompt of \(length) tokens and \(new) to be generated",
          "at most the model's \(limit) positions together")
      }
      let depth = (100 * Double(needles[0].lowerBound) / Double(value.prompt.count)).rounded()
      cases.append(
        Case(
          prompt: value.prompt.map { Int32(truncatingIfNeeded: $0) }, needles: needles, newTokens: new,
          length: value.length ?? length, depth: value.depth ?? Int(depth)))
    }
    self.cases = cases
    self.beginning = beginning
  }

  /// How many cases there are.
  var count: Int { cases.count }

  /// The extent of each, generated tokens included.
  var steps: [Int] { cases.map { beginning.count + $0.prompt.count + $0.newTokens } }

  /// The trial of a case.
  func trial(_ index: Int) -> TokenTrial {
    let found = cases[index]
    return NeedlePrompt.trial(
      tokens: beginning + found.prompt.map { Int($0) },
      needles: found.needles.map { $0.lowerBound + beginning.count..<$0.upperBound + beginning.count },
      maximumNewTokens: found.newTokens,
      labels: ["case": index, "length": found.length, "depth": found.depth], leading: beginning.count)
  }

  private static func needles(
    of value: Line, line: JSONLines.Line, file: JSONLines
  ) throws(TaskError) -> [Range<Int>] {
    var spans: [(start: Int, end: Int)] = []
    switch (value.needles, value.needle_start, value.needle_end) {
    case (let needles?, nil, nil):
      for needle in needles {
        guard needle.count == 2 else {
          throw file.fault(
            line, "a needle of \(needle.count) numbers", "a start and an exclusive end for each needle")
        }
        spans.append((needle[0], needle[1]))
      }
      guard !spans.isEmpty else { throw file.fault(line, "needles is empty", "at least one needle") }
    case (nil, let start?, let end?): spans = [(start, end)]
    case (nil, _, _):
      throw file.fault(line, "it does not say where the needle is", expected)
    default:
      throw file.fault(
        line, "it has both needles and needle_start or needle_end", "one way to say where the needle is")
    }
    var result: [Range<Int>] = []
    for (start, end) in spans {
      guard start >= 0, start < end, end <= value.prompt.count else {
        let kind =
          start == end ? "is empty" : start > end ? "is reversed" : "is not in the prompt"
        throw file.fault(
          line, "the needle from \(start) to \(end) (exclusive) \(kind)",
          "0 <= start < end <= \(value.prompt.count), the prompt's length")
      }
      result.append(start..<end)
    }
    return result
  }
}
