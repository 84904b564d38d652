import ProbeAutomata
import ProbeOutside

/// What is asked for words: a captured network, or an outside program, some of whose words are asked twice.
enum AskedSystem: SystemUnderLearning {
  case network(NetworkSystem)
  case outside(RecheckedSystem<OutsideSystem>)

  var alphabet: Alphabet {
    switch self {
    case .network(let system): system.alphabet
    case .outside(let system): system.alphabet
    }
  }

  var outputNames: [String] {
    switch self {
    case .network(let system): system.outputNames
    case .outside(let system): system.outputNames
    }
  }

  var stateSize: Int? {
    if case .network(let system) = self { system.stateSize } else { nil }
  }

  var canExpand: Bool {
    if case .network(let system) = self { system.canExpand } else { false }
  }

  mutating func answer(_ nodes: [PrefixNode]) throws -> [Answer] {
    switch self {
    case .network(var system):
      defer { self = .network(system) }
      return try system.answer(nodes)
    case .outside(var system):
      defer { self = .outside(system) }
      return try system.answer(nodes)
    }
  }

  func copyState(of node: Int32, into result: UnsafeMutablePointer<Float>) {
    if case .network(let system) = self { system.copyState(of: node, into: result) }
  }

  mutating func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    answers: UnsafeMutablePointer<Answer>
  ) throws {
    guard case .network(var system) = self else { return }
    defer { self = .network(system) }
    system.expand(states, count: count, into: children, answers: answers)
  }
}
