public import ProbeModels

/// A model with a decision on what it says: the system whose automaton is asked for.
public struct NetworkSystem: SystemUnderLearning {
  /// The symbols.
  public let alphabet: Alphabet
  /// What the model's values decide.
  public let decision: Decision
  private var runner: any PrefixRunner

  /// A model over an alphabet.
  ///
  /// - Precondition: the decision reads as many values as the runner gives.
  public init(_ runner: any PrefixRunner, alphabet: Alphabet, decision: Decision) {
    precondition(
      runner.outputSize == decision.width, "\(runner.outputSize) outputs, a decision on \(decision.width)")
    self.runner = runner
    self.alphabet = alphabet
    self.decision = decision
  }

  /// The decision's outputs.
  public var outputNames: [String] { decision.outputNames }
  /// The runner's.
  public var stateSize: Int? { runner.stateSize }

  /// Runs prefixes one step each.
  ///
  /// - Throws: `ModelError` where a word is longer than the model can read.
  public mutating func answer(_ nodes: [PrefixNode]) throws -> [Answer] {
    let width = decision.width
    var values = [Float](repeating: 0, count: nodes.count * width)
    try runner.run(
      nodes.map { Prefix(id: $0.id, parent: $0.parent, symbol: $0.symbol) }, into: &values)
    return values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return [] }
      return nodes.indices.map { decision.decide(base + $0 * width) }
    }
  }

  /// Copies the model's state after a prefix.
  public func copyState(of node: Int32, into result: UnsafeMutablePointer<Float>) {
    runner.copyState(of: node, into: result)
  }

  /// The runner's.
  public var canExpand: Bool { runner.canExpand }

  /// Runs every symbol after each of many states.
  public mutating func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    answers: UnsafeMutablePointer<Answer>
  ) {
    let (rows, width) = (count * alphabet.count, decision.width)
    let values = UnsafeMutablePointer<Float>.allocate(capacity: max(1, rows * width))
    defer { values.deallocate() }
    runner.expand(states, count: count, into: children, outputs: values)
    for row in 0..<rows { (answers + row).initialize(to: decision.decide(values + row * width)) }
  }
}
