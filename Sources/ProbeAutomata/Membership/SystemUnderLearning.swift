/// What an automaton is learnt from: a system that reads words a symbol at a time and gives each prefix an output.
///
/// A system is continued, never restarted: the caller numbers the prefixes (the nodes of a ``PrefixTrie``) and asks for
/// children of nodes that were answered before, many at once. What the system must remember of a node (a hidden state, a
/// cache of keys and values) it keeps under the node's number.
///
/// What it answers must not depend on the company in which a prefix is run: the size of a batch, the way in, the number of
/// threads.
public protocol SystemUnderLearning {
  /// The symbols it reads.
  var alphabet: Alphabet { get }
  /// The names of its outputs.
  var outputNames: [String] { get }

  /// Answers nodes, whose parents were all answered in earlier calls.
  ///
  /// Nodes are numbered in the order in which they were thought of, the empty word 0; the empty word comes with the parent -1
  /// and the symbol -1. All nodes of a call are equally long. Each number is asked once; two may stand for one word.
  ///
  /// - Returns: for each node its output, and how clear the decision was where the system can say.
  /// - Throws: whatever running the system throws.
  mutating func answer(_ nodes: [PrefixNode]) throws -> [Answer]

  /// The number of scalars of the state on which alone the future depends; nil where there is no such vector to look at.
  var stateSize: Int? { get }

  /// Copies the state after a prefix that was answered.
  ///
  /// - Precondition: `stateSize` is not nil, and `result` has room for as many.
  func copyState(of node: Int32, into result: UnsafeMutablePointer<Float>)

  /// Whether ``expand(_:count:into:answers:)`` may be called; then `stateSize` is not nil.
  var canExpand: Bool { get }

  /// Runs every symbol after each of many states and remembers nothing: the way through millions of words.
  ///
  /// The caller holds the states, so it alone decides what memory that takes. What does not depend on the symbol need be
  /// computed only once a state.
  ///
  /// - Parameters:
  ///   - states: `[count, stateSize]`, as ``copyState(of:into:)`` or an earlier call gave them.
  ///   - count: the number of states.
  ///   - children: `[count, symbol, stateSize]`: the state after each symbol; nil where nobody goes on from there.
  ///   - answers: `[count, symbol]`, the same answers as ``answer(_:)`` would give.
  /// - Throws: whatever running the system throws.
  mutating func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    answers: UnsafeMutablePointer<Answer>
  ) throws
}

extension SystemUnderLearning {
  /// Most systems show nothing but their outputs.
  public var stateSize: Int? { nil }
  /// Not to be called where there is no state.
  public func copyState(of node: Int32, into result: UnsafeMutablePointer<Float>) {
    preconditionFailure("the system has no state to look at")
  }
  /// Most systems are asked node by node.
  public var canExpand: Bool { false }
  /// Not to be called where `canExpand` is false.
  public mutating func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    answers: UnsafeMutablePointer<Answer>
  ) throws {
    preconditionFailure("the system does not go on from states")
  }
}

/// A prefix that is to be answered: a known prefix and one more symbol.
public struct PrefixNode: Sendable, Equatable {
  /// Its number.
  public var id: Int32
  /// The number of the prefix without its last symbol; -1 for the empty word.
  public var parent: Int32
  /// The last symbol; -1 for the empty word.
  public var symbol: Int32

  /// A prefix.
  public init(id: Int32, parent: Int32, symbol: Int32) {
    self.id = id
    self.parent = parent
    self.symbol = symbol
  }
}

/// What a system says of a word.
public struct Answer: Sendable, Equatable {
  /// The index of the output's name.
  public var output: Int32
  /// How far the runner-up is behind, in the units of what is compared (logits, probability); infinity for a system that does
  /// not weigh.
  public var margin: Float

  /// An answer.
  public init(output: Int32, margin: Float = .infinity) {
    self.output = output
    self.margin = margin
  }
}
