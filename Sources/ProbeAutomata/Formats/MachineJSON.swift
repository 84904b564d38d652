internal import FoundationEssentials

/// Machines as JSON, in a versioned form of our own: `{"format": "rnnprobe-automaton", "version": 1, "kind": "moore", ...}`.
///
/// Common keys: `alphabet` (names), `start` (a state), `next` (a row of states for each state, a column a symbol). A `moore`
/// machine has `outputNames` and `outputs`, an index a state; a `mealy` machine a row of indices a state in `edgeOutputs`; a
/// `probabilistic` machine a row a state in `probabilities`, and `endProbabilities`. Numbers survive to the last bit.
public enum MachineJSON {
  /// The value of the key `format`.
  public static let format = "rnnprobe-automaton"
  /// The value of the key `version`.
  public static let version = 1

  /// A machine as a JSON object, its keys in alphabetical order.
  public static func write(_ machine: MooreMachine) throws(AutomataError) -> String {
    var document = Document(kind: "moore", machine.alphabet, machine.transitions)
    document.outputNames = machine.outputNames
    document.outputs = machine.outputs
    return try encode(document)
  }

  /// A machine as a JSON object, its keys in alphabetical order.
  public static func write(_ machine: MealyMachine) throws(AutomataError) -> String {
    var document = Document(kind: "mealy", machine.alphabet, machine.transitions)
    document.outputNames = machine.outputNames
    document.edgeOutputs = rows(machine.outputs, of: machine.stateCount)
    return try encode(document)
  }

  /// A machine as a JSON object, its keys in alphabetical order.
  public static func write(_ machine: ProbabilisticMachine) throws(AutomataError) -> String {
    var document = Document(kind: "probabilistic", machine.alphabet, machine.transitions)
    document.probabilities = rows(machine.probabilities, of: machine.stateCount)
    document.endProbabilities = machine.endProbabilities
    return try encode(document)
  }

  /// The acceptor or Moore machine of a JSON object.
  ///
  /// - Throws: ``AutomataError``: the text is no such object, is of another kind or version, or its parts do not fit.
  public static func mooreMachine(_ text: String) throws(AutomataError) -> MooreMachine {
    let (document, alphabet, table) = try decode(text, kind: "moore")
    let (names, outputs) = (document.outputNames ?? [], document.outputs ?? [])
    try require(
      outputs.count == table.stateCount, "outputs must have a value for each of \(table.stateCount) states")
    try requireIndices(outputs, below: names.count, "outputs", "outputNames")
    return MooreMachine(alphabet: alphabet, outputNames: names, transitions: table, outputs: outputs)
  }

  /// The Mealy machine of a JSON object.
  ///
  /// - Throws: ``AutomataError``, as ``mooreMachine(_:)`` does.
  public static func mealyMachine(_ text: String) throws(AutomataError) -> MealyMachine {
    let (document, alphabet, table) = try decode(text, kind: "mealy")
    let names = document.outputNames ?? []
    let outputs = try flat(document.edgeOutputs, "edgeOutputs", table)
    try requireIndices(outputs, below: names.count, "edgeOutputs", "outputNames")
    return MealyMachine(alphabet: alphabet, outputNames: names, transitions: table, outputs: outputs)
  }

  /// The probabilistic machine of a JSON object.
  ///
  /// - Throws: ``AutomataError``, as ``mooreMachine(_:)`` does, and where probabilities are none.
  public static func probabilisticMachine(_ text: String) throws(AutomataError) -> ProbabilisticMachine {
    let (document, alphabet, table) = try decode(text, kind: "probabilistic")
    let probabilities = try flat(document.probabilities, "probabilities", table)
    let ends = document.endProbabilities ?? []
    try require(
      ends.count == table.stateCount,
      "endProbabilities must have a value for each of \(table.stateCount) states")
    return try ProbabilisticMachine(
      alphabet: alphabet, transitions: table, probabilities: probabilities, endProbabilities: ends)
  }

  private struct Document: Codable {
    var format = MachineJSON.format
    var version = MachineJSON.version
    var kind: String
    var alphabet: [String]
    var start: Int
    var next: [[Int32]]
    var outputNames: [String]?
    var outputs: [Int32]?
    var edgeOutputs: [[Int32]]?
    var probabilities: [[Double]]?
    var endProbabilities: [Double]?

    init(kind: String, _ alphabet: Alphabet, _ table: Transitions) {
      self.kind = kind
      self.alphabet = alphabet.symbols
      start = table.start
      next = rows(table.next, of: table.stateCount)
    }
  }

  private struct Header: Decodable {
    var format: String
    var version: Int
    var kind: String
  }

  private static func encode(_ document: Document) throws(AutomataError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    } catch {
      throw failure("\(error)")
    }
  }

  private static func decode(
    _ text: String, kind: String
  ) throws(AutomataError) -> (Document, Alphabet, Transitions) {
    let header: Header = try decode(text)
    try require(header.format == format, "the format is \(header.format.debugDescription), not \(format)")
    try require(header.version == version, "version \(header.version) is not known; \(version) is")
    try require(header.kind == kind, "the machine is of the kind \(header.kind), not \(kind)")
    let document: Document = try decode(text)
    let alphabet = try Alphabet(document.alphabet)
    let count = document.next.count
    try require(count > 0 && count <= Int(Int32.max), "next has no rows; a machine has a state")
    try require(
      document.next.allSatisfy { $0.count == alphabet.count },
      "each row of next must have one state for each of \(alphabet.count) symbols")
    try require(
      document.next.joined().allSatisfy { $0 >= 0 && Int($0) < count },
      "next leads to no state; states are 0 to \(count - 1)")
    try require((0..<count).contains(document.start), "the start \(document.start) is no state")
    let table = Transitions(
      stateCount: count, symbolCount: alphabet.count, start: document.start,
      next: Array(document.next.joined()))
    return (document, alphabet, table)
  }

  private static func decode<Value: Decodable>(_ text: String) throws(AutomataError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw failure(described(error))
    } catch {
      throw failure("\(error)")
    }
  }

  private static func described(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "the key \(key.stringValue.debugDescription) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "the value of \(context.codingPath.map(\.stringValue).joined(separator: ".").debugDescription) is of a wrong type"
    default: "the text is no JSON object"
    }
  }

  private static func flat<Value>(
    _ rows: [[Value]]?, _ key: String, _ table: Transitions
  ) throws(AutomataError) -> [Value] {
    guard let rows, rows.count == table.stateCount, rows.allSatisfy({ $0.count == table.symbolCount }) else {
      throw failure("\(key) must have \(table.stateCount) rows of \(table.symbolCount) values")
    }
    return Array(rows.joined())
  }

  private static func requireIndices(
    _ indices: [Int32], below count: Int, _ key: String, _ names: String
  ) throws(AutomataError) {
    try require(
      indices.allSatisfy { $0 >= 0 && Int($0) < count }, "\(key) holds an index beyond the \(count) \(names)")
  }

  private static func require(_ condition: Bool, _ reason: String) throws(AutomataError) {
    if !condition { throw failure(reason) }
  }

  private static func failure(_ reason: String) -> AutomataError {
    .unreadableText(format: "automaton JSON", line: 1, reason: reason)
  }
}

/// The rows of a flat table.
private func rows<Value>(_ flat: [Value], of count: Int) -> [[Value]] {
  let width = flat.count / max(count, 1)
  return (0..<count).map { Array(flat[$0 * width..<($0 + 1) * width]) }
}
