/// How a question is put at the end of a prompt.
struct QuestionTemplate {
  private let text: String

  /// Reads `template`: none, book, or a text with `{question}` in it, in which `\n` is a new line.
  init(_ parameters: TaskParameters) throws(TaskError) {
    switch parameters.text("template") {
    case "none": text = "{question}"
    case "book": text = "Use what the book above says. Question: {question}\nAnswer:"
    case let own where own.firstRange(of: "{question}") != nil: text = own.replacing("\\n", with: "\n")
    default: throw parameters.fault("template", "none, book, or a text with {question} in it")
    }
  }

  /// The end of the prompt.
  func text(_ question: String) -> String { text.replacing("{question}", with: question) }
}
