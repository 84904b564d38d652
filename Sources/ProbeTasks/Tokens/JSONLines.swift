internal import FoundationEssentials

/// A file of one JSON object a line.
struct JSONLines {
  /// One line that is not blank.
  struct Line {
    /// Counts from 1, blank lines included.
    let number: Int
    fileprivate let text: Data
  }

  let path: String
  let lines: [Line]

  /// Reads the file.
  ///
  /// - Throws: ``TaskError/unreadable(task:path:fault:)``, or ``TaskError/file(path:line:fault:expected:)`` where
  ///   no line holds anything.
  init(path: String, task: String, expected: String) throws(TaskError) {
    self.path = path
    let newline = UInt8(ascii: "\n")
    let parts = try TaskFile.read(path, task: task).split(
      separator: newline, omittingEmptySubsequences: false)
    lines = parts.enumerated().compactMap { index, text in
      text.allSatisfy { [0x20, 0x09, 0x0D].contains($0) } ? nil : Line(number: index + 1, text: text)
    }
    guard !lines.isEmpty else {
      throw .file(path: path, line: nil, fault: "it holds no line of JSON", expected: expected)
    }
  }

  /// Reads one line's object.
  func decode<Value: Decodable>(
    _ type: Value.Type, from line: Line, expected: String
  ) throws(TaskError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: line.text)
    } catch {
      throw fault(line, Self.explanation(of: error, in: line.text), expected)
    }
  }

  /// The error of a line.
  func fault(_ line: Line, _ fault: String, _ expected: String) -> TaskError {
    .file(path: path, line: line.number, fault: fault, expected: expected)
  }

  /// Refuses ids that the vocabulary does not have.
  func check(_ ids: [Int], _ key: String, of line: Line, vocabulary: TokenVocabulary) throws(TaskError) {
    for (position, id) in ids.enumerated() where id < 0 || id >= vocabulary.size {
      throw fault(
        line, "\(key)[\(position)] is \(id)", "token ids of the vocabulary, from 0 to \(vocabulary.size - 1)")
    }
  }

  private static func explanation(of error: any Error, in text: Data) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      let place = Self.place(context.codingPath)
      return "it has no \"\(key.stringValue)\"" + (place.isEmpty ? "" : " in \(place)")
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      return "\(place(context.codingPath, orElse: "the line")) is of another kind"
    case DecodingError.dataCorrupted where !isJSON(text): return "it is not JSON"
    case DecodingError.dataCorrupted: return "it has a number that is not whole, or beyond 64 bits"
    default: return "it cannot be read"
    }
  }

  /// Whether the text is JSON of any kind; a decoder does not say whether it is the text or a number that is wrong.
  private static func isJSON(_ text: Data) -> Bool {
    struct Anything: Decodable {
      init(from decoder: any Decoder) {}
    }
    return (try? JSONDecoder().decode(Anything.self, from: text)) != nil
  }

  private static func place(_ path: [any CodingKey], orElse other: String = "") -> String {
    let text = path.reduce("") { text, key in
      key.intValue.map { "\(text)[\($0)]" } ?? (text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)")
    }
    return text.isEmpty ? other : text
  }
}

/// A file that a task is made from.
enum TaskFile {
  /// All its bytes.
  static func read(_ path: String, task: String) throws(TaskError) -> Data {
    do {
      return try Data(contentsOf: URL(filePath: path))
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      throw .unreadable(task: task, path: path, fault: "there is no such file")
    } catch {
      throw .unreadable(task: task, path: path, fault: "it is not a file that can be read")
    }
  }

  /// All its text.
  static func text(_ path: String, task: String) throws(TaskError) -> String {
    guard let text = String(validating: try read(path, task: task), as: UTF8.self) else {
      throw .file(path: path, line: nil, fault: "it is not UTF-8", expected: "text in UTF-8")
    }
    guard text.utf8.contains(where: { $0 > 0x20 }) else {
      throw .file(path: path, line: nil, fault: "it holds no text", expected: "text in UTF-8")
    }
    return text
  }
}
