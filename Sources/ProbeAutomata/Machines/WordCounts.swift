public import ProbeLinearAlgebra

/// How many words of each length lead a machine's states to a given output.
///
/// Also what drawing a word of a length uniformly needs (Hickey and Cohen, "Uniform random generation of strings in a
/// context-free language", SIAM J. Comput. 12 (1983) 645, for the regular case).
public struct WordCounts: Sendable {
  /// The machine.
  public let machine: MooreMachine
  /// The output.
  public let output: Int
  /// `[length][state]`: the words that lead from the state to the output.
  private var levels: [[LargeCount]]

  /// Counts words to a length.
  ///
  /// - Complexity: O(length * symbols * states).
  public init(_ machine: MooreMachine, output: Int = 1, to length: Int) {
    self.machine = machine
    self.output = output
    levels = [machine.outputs.map { LargeCount(value: Int($0) == output ? 1 : 0) }]
    for _ in 0..<length {
      let shorter = levels[levels.count - 1]
      levels.append(
        (0..<machine.stateCount).map { state in
          (0..<machine.alphabet.count).reduce(into: LargeCount(value: 0)) {
            $0.add(shorter[machine.transitions[state, $1]])
          }
        })
    }
  }

  /// The number of words of a length that lead from the start to the output.
  ///
  /// Exact below 2^53, beyond that rounded: the relative error is at most length * symbols * 2^-52; infinity beyond the
  /// largest Double.
  public subscript(length: Int) -> Double { levels[length][machine.transitions.start].scaled(by: 0) }

  /// The greatest length counted.
  public var longest: Int { levels.count - 1 }

  /// A word of a length, each of those that lead to the output as likely as any other; nil where there is none.
  public func randomWord(of length: Int, _ generator: inout RandomGenerator) -> Word? {
    var state = machine.transitions.start
    guard levels[length][state].value > 0 else { return nil }
    var word: Word = []
    for left in stride(from: length - 1, through: 0, by: -1) {
      let common = levels[left + 1][state].exponent
      let counts = (0..<machine.alphabet.count).map {
        levels[left][machine.transitions[state, $0]].scaled(by: -common)
      }
      var place = generator.uniform() * counts.reduce(0, +)
      var drawn = counts.lastIndex { $0 > 0 } ?? 0
      for (symbol, count) in counts.enumerated() where count > 0 {
        place -= count
        if place < 0 {
          drawn = symbol
          break
        }
      }
      word.append(drawn)
      state = machine.transitions[state, drawn]
    }
    return word
  }
}

/// A count that does not overflow: `value * 2^exponent`.
private struct LargeCount: Sendable {
  var value: Double
  var exponent = 0

  /// Adds another count; what is lost is below the last bit.
  mutating func add(_ other: LargeCount) {
    if other.value == 0 { return }
    let common = value == 0 ? other.exponent : max(exponent, other.exponent)
    value = scaled(by: -common) + other.scaled(by: -common)
    exponent = common
    // A power of two loses nothing; below 2^500 counts stay as they are.
    if value > 0x1p500 {
      value *= 0x1p-500
      exponent += 500
    }
  }

  /// The count times a power of two, infinity where it is too large.
  func scaled(by power: Int) -> Double {
    value == 0 ? 0 : Double(sign: .plus, exponent: exponent + power, significand: value)
  }
}
