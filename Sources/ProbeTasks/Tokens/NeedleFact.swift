/// A needle: a sentence with an odd fact, the question that it answers, and the part that is scored.
struct NeedleFact: Sendable, Equatable {
  /// The sentence that is hidden.
  let sentence: String
  /// What is asked at the end of the prompt.
  let question: String
  /// The part of the sentence that answers the question.
  let answer: String
  /// Where the answer begins, in bytes of the sentence.
  let offset: Int

  /// - Returns: nil where the answer is empty or its bytes are not in the sentence.
  init?(sentence: String, question: String, answer: String) {
    let bytes = Array(sentence.utf8)
    let wanted = Array(answer.utf8)
    guard !wanted.isEmpty, wanted.count <= bytes.count,
      let offset = (0...bytes.count - wanted.count).first(where: { bytes[$0...].starts(with: wanted) })
    else { return nil }
    self.sentence = sentence
    self.question = question
    self.answer = answer
    self.offset = offset
  }

  /// Our own needles.
  static let own = [
    NeedleFact(
      sentence: "The clockmaker of Ostrava keeps her spare key inside a hollow wooden duck.",
      question: "Where does the clockmaker of Ostrava keep her spare key?",
      answer: "inside a hollow wooden duck"),
    NeedleFact(
      sentence:
        "Every ferry that leaves the island of Tiree must carry seven orange umbrellas and a trombone.",
      question: "What must every ferry that leaves the island of Tiree carry?",
      answer: "seven orange umbrellas and a trombone"),
    NeedleFact(
      sentence: "Professor Lindqvist proved that penguins prefer jazz to the sound of running water.",
      question: "What did Professor Lindqvist prove?",
      answer: "penguins prefer jazz to the sound of running water"),
    NeedleFact(
      sentence:
        "The secret ingredient of Marguerite's prize-winning soup is a spoonful of cold black coffee.",
      question: "What is the secret ingredient of Marguerite's prize-winning soup?",
      answer: "a spoonful of cold black coffee"),
    NeedleFact(
      sentence: "In the town of Quillby all bicycles are taxed by the number of their bells.",
      question: "How are bicycles taxed in the town of Quillby?", answer: "by the number of their bells"),
    NeedleFact(
      sentence:
        "The longest tunnel of the Karst railway was dug by two brothers to hide their cheese from wolves.",
      question: "Why did two brothers dig the longest tunnel of the Karst railway?",
      answer: "to hide their cheese from wolves"),
    NeedleFact(
      sentence: "Captain Adeyemi always steers by the smell of burning cinnamon when the fog is thick.",
      question: "By what does Captain Adeyemi steer when the fog is thick?",
      answer: "the smell of burning cinnamon"),
    NeedleFact(
      sentence: "The museum in Halmstad pays its night porter with forty jars of plum jam.",
      question: "With what does the museum in Halmstad pay its night porter?",
      answer: "forty jars of plum jam"),
  ].compactMap { $0 }

  private static let expected =
    "a line each {\"needle\":\"sentence\",\"question\":\"...\",\"answer\":\"a part of the sentence\"}"

  /// The user's own needles, one JSON object a line; `real_needle` is accepted for `answer`.
  static func load(_ path: String, task: String) throws(TaskError) -> [NeedleFact] {
    struct Line: Decodable {
      var needle: String
      var question: String
      var answer: String?
      var real_needle: String?
    }
    let file = try JSONLines(path: path, task: task, expected: expected)
    var facts: [NeedleFact] = []
    for line in file.lines {
      let value = try file.decode(Line.self, from: line, expected: expected)
      guard let answer = value.answer ?? value.real_needle else {
        throw file.fault(line, "it has no \"answer\"", expected)
      }
      guard let fact = NeedleFact(sentence: value.needle, question: value.question, answer: answer) else {
        throw file.fault(
          line, "the answer \"\(answer)\" is not in the needle \"\(value.needle)\"",
          "an answer that is a part of its needle, letter by letter")
      }
      facts.append(fact)
    }
    return facts
  }
}
