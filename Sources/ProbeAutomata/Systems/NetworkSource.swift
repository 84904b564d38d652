internal import Glibc
public import ProbeModels

/// A model that says of every prefix what comes next: the softmax of its outputs.
///
/// A model has one output a symbol, or one more, the last, for the end of the word; without it words never end.
public struct NetworkSource: NextSymbolSource {
  /// The symbols.
  public let alphabet: Alphabet
  /// Whether the model says how probable the end is.
  public let hasEnd: Bool
  /// What is said before the first symbol: `alphabet.count + 1` probabilities; nil for the softmax there too.
  public let first: [Double]?
  private var runner: any PrefixRunner

  /// A model over an alphabet.
  ///
  /// - Parameters:
  ///   - runner: the model; its outputs are logits, in the order of the symbols, the end last.
  ///   - alphabet: the symbols.
  ///   - first: the distribution before the first symbol, the end last, where the model was never asked for one.
  /// - Precondition: the runner has `alphabet.count` or `alphabet.count + 1` outputs.
  public init(_ runner: any PrefixRunner, alphabet: Alphabet, first: [Double]? = nil) {
    precondition(
      runner.outputSize == alphabet.count || runner.outputSize == alphabet.count + 1,
      "\(runner.outputSize) outputs for \(alphabet.count) symbols and the end")
    precondition(
      first.map { $0.count == alphabet.count + 1 } ?? true, "a first distribution of other symbols")
    self.runner = runner
    self.alphabet = alphabet
    self.first = first
    hasEnd = runner.outputSize > alphabet.count
  }

  /// Runs prefixes one step each.
  ///
  /// - Throws: `ModelError` where a word is longer than the model can read;
  ///   ``AutomataError/outputNotFinite(output:value:)``.
  public mutating func distributions(after nodes: [PrefixNode]) throws -> [Double] {
    let width = runner.outputSize
    var values = [Float](repeating: 0, count: nodes.count * width)
    try runner.run(
      nodes.map { Prefix(id: $0.id, parent: $0.parent, symbol: $0.symbol) }, into: &values)
    var result: [Double] = []
    result.reserveCapacity(nodes.count * (alphabet.count + 1))
    for (row, node) in nodes.enumerated() {
      if let first, node.parent < 0 {
        result += first
        continue
      }
      let logits = values[row * width..<(row + 1) * width].map { Double($0) }
      if let output = logits.firstIndex(where: { !$0.isFinite }) {
        throw AutomataError.outputNotFinite(output: output, value: logits[output])
      }
      let largest = logits.max() ?? 0
      let shares = logits.map { exp($0 - largest) }
      let sum = shares.reduce(0, +)
      result += shares.map { $0 / sum }
      if !hasEnd { result.append(0) }
    }
    return result
  }
}
