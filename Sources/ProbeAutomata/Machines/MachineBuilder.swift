/// Puts a machine together from named states and transitions, as files and people give them.
///
/// States and symbols are numbered in the order in which they are first named, unless the alphabet is given.
public struct MachineBuilder {
  private var symbols: NameTable
  private let isAlphabetFixed: Bool
  private var outputNames: NameTable
  private var states = NameTable()
  private var outputs: [Int32] = []
  private var edges: [Edge: Int] = [:]
  private var start: Int?

  private struct Edge: Hashable {
    var state: Int
    var symbol: Int
  }

  /// A builder.
  ///
  /// - Parameters:
  ///   - alphabet: the symbols; nil to take them from the transitions.
  ///   - outputNames: outputs that are numbered first, whether or not a state has them.
  public init(alphabet: Alphabet? = nil, outputNames: [String] = []) {
    symbols = NameTable(alphabet?.symbols ?? [])
    isAlphabetFixed = alphabet != nil
    self.outputNames = NameTable(outputNames)
  }

  /// Adds a state.
  ///
  /// - Throws: ``AutomataError/repeatedState(_:)``.
  public mutating func addState(_ name: String, output: String) throws(AutomataError) {
    guard states.index(of: name) == nil else { throw .repeatedState(name) }
    _ = states.insert(name)
    outputs.append(Int32(outputNames.insert(output)))
  }

  /// Adds a transition between states that were added before.
  ///
  /// - Throws: ``AutomataError/unknownState(_:)``, ``AutomataError/unknownSymbol(_:)`` where the alphabet was given,
  ///   ``AutomataError/repeatedTransition(state:symbol:)`` where the symbol already leads from the state.
  public mutating func addTransition(
    from source: String, on symbol: String, to target: String
  ) throws(AutomataError) {
    let edge = Edge(state: try index(ofState: source), symbol: try index(ofSymbol: symbol))
    let end = try index(ofState: target)
    guard edges.updateValue(end, forKey: edge) == nil else {
      throw .repeatedTransition(state: source, symbol: symbol)
    }
  }

  /// Says where words begin.
  ///
  /// - Throws: ``AutomataError/unknownState(_:)``, ``AutomataError/repeatedStart(_:_:)``.
  public mutating func setStart(_ name: String) throws(AutomataError) {
    let index = try index(ofState: name)
    if let start { throw .repeatedStart(states.names[start], name) }
    start = index
  }

  /// The machine, completed by a state from which nothing returns where some transition is missing.
  ///
  /// - Parameter sinkOutput: the output of that state; nil to refuse machines with missing transitions.
  /// - Returns: the machine, with the names of its states.
  /// - Throws: ``AutomataError/noStart``, ``AutomataError/missingTransition(state:symbol:)``.
  public func machine(sinkOutput: String? = nil) throws(AutomataError) -> NamedMachine {
    guard let start else { throw .noStart }
    let alphabet = try Alphabet(symbols.names)
    var (names, outputNames, outputs) = (states.names, self.outputNames, self.outputs)
    var sink: Int?
    var next: [Int32] = []
    for state in states.names.indices {
      for symbol in alphabet.symbols.indices {
        if let target = edges[Edge(state: state, symbol: symbol)] {
          next.append(Int32(target))
        } else {
          guard sinkOutput != nil else {
            throw .missingTransition(state: names[state], symbol: alphabet.symbols[symbol])
          }
          sink = states.names.count
          next.append(Int32(states.names.count))
        }
      }
    }
    if let sink, let sinkOutput {
      next += [Int32](repeating: Int32(sink), count: alphabet.count)
      outputs.append(Int32(outputNames.insert(sinkOutput)))
      names.append(states.fresh("sink"))
    }
    let table = Transitions(stateCount: names.count, symbolCount: alphabet.count, start: start, next: next)
    return NamedMachine(
      machine: MooreMachine(
        alphabet: alphabet, outputNames: outputNames.names, transitions: table, outputs: outputs),
      stateNames: names, sink: sink)
  }

  private func index(ofState name: String) throws(AutomataError) -> Int {
    guard let index = states.index(of: name) else { throw .unknownState(name) }
    return index
  }

  private mutating func index(ofSymbol name: String) throws(AutomataError) -> Int {
    if let index = symbols.index(of: name) { return index }
    if isAlphabetFixed { throw .unknownSymbol(name) }
    return symbols.insert(name)
  }
}

/// A machine, the names that its states had, and whether it had to be completed.
public struct NamedMachine: Sendable, Hashable {
  /// The machine.
  public var machine: MooreMachine
  /// `[state]`: its name.
  public var stateNames: [String]
  /// The state that was added to take the missing transitions; nil where none was missing.
  public var sink: Int?

  /// A machine and the names of its states.
  public init(machine: MooreMachine, stateNames: [String], sink: Int? = nil) {
    precondition(
      stateNames.count == machine.stateCount, "\(stateNames.count) names of \(machine.stateCount) states")
    self.machine = machine
    self.stateNames = stateNames
    self.sink = sink
  }
}

/// Names numbered in the order in which they come, compared byte for byte.
struct NameTable {
  private(set) var names: [String] = []
  private var numbers: [[UInt8]: Int] = [:]

  /// The distinct names of a list.
  init(_ names: [String] = []) {
    for name in names { _ = insert(name) }
  }

  /// The number of a name.
  func index(of name: String) -> Int? { numbers[Array(name.utf8)] }

  /// The number of a name, a new one if need be.
  mutating func insert(_ name: String) -> Int {
    let key = Array(name.utf8)
    if let number = numbers[key] { return number }
    numbers[key] = names.count
    names.append(name)
    return names.count - 1
  }

  /// A name that is not in the table.
  func fresh(_ name: String) -> String {
    var name = name
    while index(of: name) != nil { name += "_" }
    return name
  }
}
