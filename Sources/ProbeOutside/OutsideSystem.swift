public import ProbeAutomata

/// The labels that an outside program gives to words, as a system from which automata are learnt.
///
/// The program is asked whole words, many at a time, and keeps nothing between questions; of each prefix only its parent and
/// last symbol are kept here, to spell its word.
public struct OutsideSystem: SystemUnderLearning {
  /// The program.
  public let program: OutsideProgram
  /// The program's symbols.
  public let alphabet: Alphabet
  /// The program's outputs.
  public let outputNames: [String]
  private var parents: [Int32] = []
  private var symbols: [Int32] = []
  private var lengths: [Int32] = []

  /// The most symbols of one message.
  private static let messageLimit = 1 << 20

  /// The words of a program.
  ///
  /// - Throws: ``OutsideError`` where the program offers none, or two symbols have one name.
  public init(_ program: OutsideProgram) throws(OutsideError) {
    guard let offer = program.offer.words else {
      throw .offer(command: program.command, fault: "it offers a map alone, and labels of words are needed")
    }
    do {
      alphabet = try Alphabet(offer.alphabet)
    } catch {
      throw .offer(command: program.command, fault: "\(error)")
    }
    outputNames = offer.outputs
    self.program = program
  }

  /// Asks the program for the nodes' words.
  ///
  /// - Throws: ``OutsideError``.
  /// - Complexity: as many symbols go over the pipe as the words are long together.
  public mutating func answer(_ nodes: [PrefixNode]) throws(OutsideError) -> [Answer] {
    for node in nodes { keep(node) }
    var answers: [Answer] = []
    var first = 0
    while first < nodes.count {
      var end = first
      var size = 0
      repeat {
        size += Int(lengths[Int(nodes[end].id)])
        end += 1
      } while end < nodes.count && size < Self.messageLimit
      answers += try ask(nodes[first..<end], size: size)
      first = end
    }
    return answers
  }

  private mutating func keep(_ node: PrefixNode) {
    let place = Int(node.id)
    if place >= parents.count {
      let missing = place + 1 - parents.count
      parents += repeatElement(-1, count: missing)
      symbols += repeatElement(-1, count: missing)
      lengths += repeatElement(0, count: missing)
    }
    parents[place] = node.parent
    symbols[place] = node.symbol
    lengths[place] = node.parent < 0 ? 0 : lengths[Int(node.parent)] + 1
  }

  private func ask(_ nodes: ArraySlice<PrefixNode>, size: Int) throws(OutsideError) -> [Answer] {
    var spelled: [Int32] = []
    spelled.reserveCapacity(size)
    for node in nodes {
      let start = spelled.count
      spelled += repeatElement(0, count: Int(lengths[Int(node.id)]))
      var id = Int(node.id)
      for place in (start..<spelled.count).reversed() {
        spelled[place] = symbols[id]
        id = Int(parents[id])
      }
    }
    var message = Message(type: "words")
    message.add("symbols", .integer(spelled), shape: [spelled.count])
    message.add("lengths", .integer(nodes.map { lengths[Int($0.id)] }), shape: [nodes.count])
    let request = "\(nodes.count) words"
    let bodies = try program.ask(
      message, request, expecting: [.init(name: "outputs", dtype: "<i4", shape: [nodes.count])],
      optional: .init(name: "margins", dtype: "<f8", shape: [nodes.count]))
    guard case .integer(let outputs)? = bodies.first else { return [] }
    var margins = [Double](repeating: .infinity, count: nodes.count)
    if bodies.count > 1, case .real(let values) = bodies[1] { margins = values }
    return try zip(nodes, zip(outputs, margins)).map { node, answer throws(OutsideError) in
      guard answer.0 >= 0, answer.0 < outputNames.count else {
        throw .answer(
          command: program.command, request: request,
          fault:
            "the word \(alphabet.text(of: word(of: node.id))) has the output \(answer.0); its outputs are 0 to "
            + "\(outputNames.count - 1)")
      }
      guard answer.1 >= 0 else {
        throw .answer(
          command: program.command, request: request,
          fault:
            "the word \(alphabet.text(of: word(of: node.id))) has the margin \(answer.1); margins are at least 0"
        )
      }
      return Answer(output: answer.0, margin: Float(answer.1))
    }
  }

  private func word(of node: Int32) -> Word {
    var word: Word = []
    var id = Int(node)
    while parents[id] >= 0 {
      word.append(Int(symbols[id]))
      id = Int(parents[id])
    }
    return word.reversed()
  }
}
