/// Runs a model over a tree of prefixes: each prefix is one that was run before and one more symbol.
///
/// A prefix is named by a number; what the model must remember of it (a hidden state, keys and values) is kept under that
/// number, so that no prefix is ever run twice and prefixes of many words are run in one batch.
public protocol PrefixRunner {
  /// The number of values that the model says after each prefix.
  var outputSize: Int { get }
  /// The number of scalars of the state on which alone the future depends; nil for a model whose state is its whole past.
  var stateSize: Int? { get }

  /// Runs prefixes that are all equally long.
  ///
  /// - Parameters:
  ///   - prefixes: which; the parents were run in earlier calls. The parent -1 stands for what comes before any symbol.
  ///   - outputs: `[prefixes, outputSize]`: what the model says after each.
  /// - Throws: ``ModelError`` where a prefix is longer than the model can read.
  mutating func run(_ prefixes: [Prefix], into outputs: UnsafeMutablePointer<Float>) throws(ModelError)

  /// Whether ``expand(_:count:into:outputs:)`` may be called; then `stateSize` is not nil.
  var canExpand: Bool { get }

  /// Runs every symbol after each of many states, and remembers nothing.
  ///
  /// - Parameters:
  ///   - states: `[count, stateSize]`.
  ///   - count: the number of states.
  ///   - children: `[count, symbol, stateSize]`: the state after each symbol; nil where nobody wants it.
  ///   - outputs: `[count, symbol, outputSize]`: what the model says there.
  func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    outputs: UnsafeMutablePointer<Float>)

  /// Copies the state after a prefix.
  ///
  /// - Precondition: `stateSize` is not nil, and `state` has room for as many.
  func copyState(of prefix: Int32, into state: UnsafeMutablePointer<Float>)
}

/// A prefix, by its number: an earlier one and one more symbol.
public struct Prefix: Sendable, Equatable {
  /// Its number.
  public var id: Int32
  /// The prefix without its last symbol; -1 for the empty one.
  public var parent: Int32
  /// The last symbol; ignored for the empty one.
  public var symbol: Int32

  /// A prefix.
  public init(id: Int32, parent: Int32, symbol: Int32) {
    self.id = id
    self.parent = parent
    self.symbol = symbol
  }
}
