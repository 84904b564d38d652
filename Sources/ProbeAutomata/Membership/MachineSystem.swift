/// A machine that is itself the system to learn: for tests, and for languages that are known.
public struct MachineSystem: SystemUnderLearning {
  /// The machine.
  public let machine: MooreMachine
  private var states: [Int32] = []

  /// A system that answers as the machine does.
  public init(_ machine: MooreMachine) { self.machine = machine }

  /// The machine's symbols.
  public var alphabet: Alphabet { machine.alphabet }
  /// The machine's outputs.
  public var outputNames: [String] { machine.outputNames }

  /// Answers by a table lookup a node.
  public mutating func answer(_ nodes: [PrefixNode]) -> [Answer] {
    let width = Int32(machine.alphabet.count)
    return nodes.map { node in
      let state =
        node.parent < 0
        ? Int32(machine.transitions.start)
        : machine.transitions.next[Int(states[Int(node.parent)] * width + node.symbol)]
      let place = Int(node.id)
      if place >= states.count {
        states.append(contentsOf: repeatElement(0, count: place + 1 - states.count))
      }
      states[place] = state
      return Answer(output: machine.outputs[Int(state)])
    }
  }
}
