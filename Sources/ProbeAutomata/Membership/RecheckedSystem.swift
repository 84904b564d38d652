import ProbeLinearAlgebra

/// A system some of whose words are asked twice, the second time afresh from the state after the empty word.
///
/// A network with dropout left on, or one whose answer depends on what was asked before, answers them differently; no automaton
/// is such a system, and what a learner makes of one is an accident.
public struct RecheckedSystem<System: SystemUnderLearning>: SystemUnderLearning {
  /// What is asked.
  public private(set) var system: System
  /// How many steps the second answers may take, as a share of those of the first.
  public let share: Double
  /// The steps that second answers took.
  public private(set) var rechecks = 0

  private var generator: RandomGenerator
  private var asked = 0
  /// `[node]`: each node as the caller knows it, its answer, and the number that the system knows it by.
  private var nodes: [PrefixNode] = []
  private var outputs: [Int32] = []
  private var numbers: [Int32] = []
  private var count: Int32 = 0

  /// A system of which a share is asked twice.
  ///
  /// - Precondition: the share lies in [0, 1].
  public init(_ system: System, share: Double = 0.02, seed: UInt64 = 0) {
    precondition(share >= 0 && share <= 1, "a share of \(share)")
    self.system = system
    self.share = share
    generator = RandomGenerator(seed: seed)
  }

  /// The system's symbols.
  public var alphabet: Alphabet { system.alphabet }
  /// The system's outputs.
  public var outputNames: [String] { system.outputNames }
  /// The size of the system's state.
  public var stateSize: Int? { system.stateSize }
  /// Whether the system goes on from states.
  public var canExpand: Bool { system.canExpand }

  /// Copies the state after a prefix that was answered.
  public func copyState(of node: Int32, into result: UnsafeMutablePointer<Float>) {
    system.copyState(of: numbers[Int(node)], into: result)
  }

  /// Goes on from states as the system does; nothing of it is asked twice.
  public mutating func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    answers: UnsafeMutablePointer<Answer>
  ) throws {
    try system.expand(states, count: count, into: children, answers: answers)
  }

  /// Answers as the system does, and asks words among them, drawn at random, once more while the share allows it.
  ///
  /// - Throws: ``AutomataError/nondeterministic(word:first:second:)`` with the shortest prefix of a word asked twice that was
  ///   answered differently, and what the system throws.
  public mutating func answer(_ asked: [PrefixNode]) throws -> [Answer] {
    let answers = try system.answer(
      asked.map { node in
        count += 1
        return PrefixNode(
          id: count - 1, parent: node.parent < 0 ? -1 : numbers[Int(node.parent)], symbol: node.symbol)
      })
    for (place, node) in asked.enumerated() {
      let missing = Int(node.id) + 1 - nodes.count
      if missing > 0 {
        nodes.append(contentsOf: repeatElement(PrefixNode(id: -1, parent: -1, symbol: -1), count: missing))
        outputs.append(contentsOf: repeatElement(-1, count: missing))
        numbers.append(contentsOf: repeatElement(-1, count: missing))
      }
      nodes[Int(node.id)] = node
      outputs[Int(node.id)] = answers[place].output
      numbers[Int(node.id)] = count - Int32(asked.count - place)
    }
    self.asked += asked.count
    try recheck(among: asked)
    return answers
  }

  /// Asks words drawn from a batch once more, all of them a symbol at a time.
  private mutating func recheck(among batch: [PrefixNode]) throws {
    var paths: [[Int32]] = []
    var allowed = Int(share * Double(asked)) - rechecks
    while !batch.isEmpty {
      let path = path(to: batch[generator.integer(below: batch.count)].id)
      if path.isEmpty || path.count > allowed { break }
      allowed -= path.count
      paths.append(path)
    }
    var parents = [Int32](repeating: numbers[0], count: paths.count)
    for depth in 0..<(paths.map(\.count).max() ?? 0) {
      let open = paths.indices.filter { depth < paths[$0].count }
      let again = open.map { index in
        count += 1
        defer { parents[index] = count - 1 }
        return PrefixNode(
          id: count - 1, parent: parents[index], symbol: nodes[Int(paths[index][depth])].symbol)
      }
      for (index, answer) in zip(open, try system.answer(again)) {
        let node = Int(paths[index][depth])
        if answer.output != outputs[node] {
          throw AutomataError.nondeterministic(
            word: alphabet.text(
              of: paths[index].prefix(depth + 1).map { Int(nodes[Int($0)].symbol) }),
            first: outputNames[Int(outputs[node])], second: outputNames[Int(answer.output)])
        }
      }
      rechecks += open.count
    }
  }

  /// The nodes from the first symbol to a node.
  private func path(to node: Int32) -> [Int32] {
    var path: [Int32] = []
    var node = node
    while nodes[Int(node)].parent >= 0 {
      path.append(node)
      node = nodes[Int(node)].parent
    }
    return path.reversed()
  }
}
