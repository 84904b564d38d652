internal import ProbeLinearAlgebra

/// Needle prompts made on the spot: a beginning, hay with needles, a question.
struct GeneratedNeedles {
  /// A needle's tokens, and which of them are scored.
  typealias Needle = (tokens: [Int], scored: Range<Int>)

  /// Needles and questions: known beforehand, or drawn for each trial.
  private enum Content {
    case facts([Needle], questions: [[Int]])
    case random(key: Int, value: Int, candidates: [Int])
  }

  let grid: NeedleGrid
  private let content: Content
  private let hay: HaySource
  private let leading: [Int]
  private let closing: [Int]
  private let needlesPerPrompt: Int
  private let buffer: Int
  private let newTokens: Int

  init(_ parameters: TaskParameters, isText: Bool, vocabulary: TokenVocabulary) throws(TaskError) {
    leading =
      try TokenPlan.beginning(parameters, vocabulary: vocabulary)
      + Self.frame("opening", parameters, vocabulary)
    closing = try Self.frame("closing", parameters, vocabulary)
    let cases: Int
    let questionLength: Int
    let needleLength: Int
    let descriptor = NeedleTask.descriptor
    if isText {
      try parameters.refuse(["key", "value"], of: descriptor, because: "on text; give kind=random")
      let encoder = try ContinuationEncoder(
        vocabulary, task: parameters.task, instead: "kind=random, file=cases.jsonl, or a tokenizer")
      hay = try Self.hay(parameters, encoder: encoder)
      let facts =
        try parameters.path("needles").map { path throws(TaskError) in
          try NeedleFact.load(path, task: parameters.task)
        } ?? NeedleFact.own
      let together = try parameters.integer(
        "needles-per-prompt", in: 1...facts.count, because: "there are \(facts.count) needles")
      let template = try QuestionTemplate(parameters)
      var needles: [Needle] = []
      var questions: [[Int]] = []
      for (index, fact) in facts.enumerated() {
        let found = try encoder.tokens(of: fact.sentence, part: fact.answer, at: fact.offset)
        needles.append((found.tokens, found.part))
        let asked = (0..<together).map { facts[(index + $0) % facts.count].question }
        questions.append(try encoder.tokens(of: template.text(asked.joined(separator: " "))))
      }
      content = .facts(needles, questions: questions)
      needlesPerPrompt = together
      cases = facts.count
      questionLength = questions.map(\.count).max() ?? 0
      let lengths = needles.map(\.tokens.count)
      needleLength =
        lengths.indices.map { first in
          (0..<together).reduce(0) { $0 + lengths[(first + $1) % lengths.count] }
        }.max() ?? 0
      let answer = lengths.indices.map { first in
        (0..<together).reduce(0) { $0 + needles[(first + $1) % needles.count].scored.count }
      }.max()
      newTokens = try parameters.integer("generate", in: 0...1_000_000, auto: ()) ?? max(50, answer ?? 0)
    } else {
      try parameters.refuse(
        ["haystack", "needles", "needles-per-prompt", "template"], of: descriptor, because: "with kind=random"
      )
      let key = try parameters.integer("key", in: 1...1000)
      let value = try parameters.integer("value", in: 1...1000)
      let candidates = (0..<vocabulary.size).filter { !vocabulary.isSpecial($0) }
      guard candidates.count > key + value else {
        throw .vocabulary(
          task: parameters.task,
          fault: "key and value are \(key + value) distinct tokens, of \(candidates.count) ids",
          expected: "a shorter key or value, so that ids are left for the hay")
      }
      content = .random(key: key, value: value, candidates: candidates)
      hay = .random(candidates)
      needlesPerPrompt = 1
      cases = 1
      (questionLength, needleLength) = (key, key + value)
      newTokens = try parameters.integer("generate", in: 0...1_000_000, auto: ()) ?? value
    }
    let frame = leading.count + questionLength + closing.count + newTokens
    buffer =
      try parameters.integer(
        "buffer", in: frame...max(frame, 1_000_000),
        because: "question, frame and generated tokens take \(frame)",
        auto: ()) ?? frame
    grid = NeedleGrid(
      lengths: try Self.lengths(parameters, least: buffer + needleLength + 1, vocabulary: vocabulary),
      depths: try parameters.integers("depths", in: 0...100), cases: cases, seed: try parameters.seed("seed"))
  }

  /// The trial of the given index; `random` is its own.
  func trial(_ index: Int, using random: inout RandomGenerator) -> TokenTrial {
    let cell = grid.cell(index)
    let needles: [Needle]
    let question: [Int]
    switch content {
    case .facts(let facts, let questions):
      needles = (0..<needlesPerPrompt).map { facts[(cell.fact + $0) % facts.count] }
      question = questions[cell.fact]
    case .random(let key, let value, let candidates):
      let drawn = random.sample(key + value, of: candidates.count).map { candidates[$0] }
      needles = [(drawn, key..<key + value)]
      question = Array(drawn.prefix(key))
    }
    let hayLength = cell.length - buffer - needles.reduce(0) { $0 + $1.tokens.count }
    let haystack = hay.haystack(
      length: hayLength, excluding: Set(needles.flatMap(\.tokens)), using: &random)
    // Several needles are spread evenly from the depth to the end.
    let interval = Double(100 - cell.depth) / Double(needles.count)
    let placed = haystack.inserting(
      needles.enumerated().map { ($1.tokens, $1.scored, Double(cell.depth) + Double($0) * interval) })
    return NeedlePrompt.trial(
      tokens: leading + placed.tokens + question + closing,
      needles: placed.scored.map { $0.lowerBound + leading.count..<$0.upperBound + leading.count },
      maximumNewTokens: newTokens,
      labels: [
        "case": cell.fact, "length": cell.length, "depth": cell.depth,
        "question": leading.count + placed.tokens.count,
      ],
      leading: leading.count)
  }

  private static func hay(_ parameters: TaskParameters, encoder: ContinuationEncoder) throws(TaskError)
    -> HaySource
  {
    guard let path = parameters.path("haystack") else {
      for word in ProseGenerator.words { _ = try encoder.tokens(of: word) }
      return .prose(encoder)
    }
    let text = try TaskFile.text(path, task: parameters.task)
    let sentences = HaySource.sentences(of: text).map(encoder.continuation).filter { !$0.isEmpty }
    guard !sentences.isEmpty else {
      throw .file(path: path, line: nil, fault: "the tokenizer makes no tokens of it", expected: "text")
    }
    return .sentences(sentences)
  }

  /// The ids of `opening` or `closing`.
  private static func frame(
    _ key: String, _ parameters: TaskParameters, _ vocabulary: TokenVocabulary
  ) throws(TaskError) -> [Int] {
    parameters.path(key) == nil
      ? [] : try parameters.integers(key, in: 0...vocabulary.size - 1, distinct: false)
  }

  /// The lengths asked for, each at least `least`.
  private static func lengths(
    _ parameters: TaskParameters, least: Int, vocabulary: TokenVocabulary
  ) throws(TaskError) -> [Int] {
    guard parameters.text("lengths") != "auto" else {
      let most = min(vocabulary.maximumLength ?? 4096, 4096)
      let lengths = (1...4).map { most * $0 / 4 }.filter { $0 >= least }
      guard !lengths.isEmpty else {
        throw .vocabulary(
          task: parameters.task,
          fault:
            "needle, question and generated tokens take \(least - 1), and the model has \(most) positions",
          expected: "fewer generated tokens (generate=) or a shorter needle")
      }
      return lengths
    }
    let lengths = try parameters.integers("lengths", in: 1...100_000_000)
    if let short = lengths.first(where: { $0 < least }) {
      throw parameters.fault(
        "lengths",
        "lengths from \(least) on, as needle, question and generated tokens take \(least - 1); \(short) leaves no hay"
      )
    }
    if let limit = vocabulary.maximumLength, let long = lengths.first(where: { $0 > limit }) {
      throw parameters.fault("lengths", "lengths up to the model's \(limit) positions, not \(long)")
    }
    return lengths
  }
}
