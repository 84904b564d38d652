/// How the numbers that a model says become an output of an automaton.
public struct Decision: Sendable, Equatable {
  /// The rules.
  public enum Rule: Sendable, Equatable {
    /// The largest value's class; ties go to the lower one.
    case largest
    /// One value: above the threshold is accepted.
    case threshold(Double)
    /// One bit a value, above the threshold or not: every pattern is an output.
    case signs(Double)
  }

  /// The rule.
  public let rule: Rule
  /// The names of the outputs.
  public let outputNames: [String]
  /// The number of values that the rule reads.
  public let width: Int

  /// The class of the largest of as many values as there are names.
  public static func largest(_ names: [String]) -> Decision {
    Decision(rule: .largest, outputNames: names, width: names.count)
  }

  /// Accepted where the one value is above the threshold.
  public static func threshold(_ threshold: Double = 0) -> Decision {
    Decision(rule: .threshold(threshold), outputNames: MooreMachine.acceptorOutputs, width: 1)
  }

  /// The pattern of values above the threshold, written `+-+`.
  ///
  /// - Precondition: 1 to 16 values.
  public static func signs(_ values: Int, threshold: Double = 0) -> Decision {
    precondition((1...16).contains(values), "patterns of 1 to 16 signs, not \(values)")
    let names = (0..<1 << values).map { pattern in
      String((0..<values).map { pattern >> $0 & 1 == 1 ? "+" : "-" })
    }
    return Decision(rule: .signs(threshold), outputNames: names, width: values)
  }

  /// The output, and how far the values are from another one: the lead of the largest, or the distance to the threshold.
  ///
  /// A value that is not a number decides for the first output with the margin 0.
  @inlinable
  public func decide(_ values: UnsafePointer<Float>) -> Answer {
    switch rule {
    case .largest:
      var best = 0
      var second = -Float.infinity
      for index in 1..<max(1, width) {
        if values[index] > values[best] {
          second = values[best]
          best = index
        } else if values[index] > second {
          second = values[index]
        }
      }
      let margin = values[best] - second
      return Answer(output: Int32(best), margin: margin >= 0 ? margin : 0)
    case .threshold(let threshold):
      let distance = values[0] - Float(threshold)
      return Answer(output: distance > 0 ? 1 : 0, margin: distance.isNaN ? 0 : abs(distance))
    case .signs(let threshold):
      var pattern: Int32 = 0
      var margin = Float.infinity
      for index in 0..<width {
        let distance = values[index] - Float(threshold)
        if distance > 0 { pattern |= 1 << Int32(index) }
        margin = min(margin, distance.isNaN ? 0 : abs(distance))
      }
      return Answer(output: pattern, margin: margin)
    }
  }

  /// The rule in words.
  public var meaning: String {
    switch rule {
    case .largest: "the class of the largest output"
    case .threshold(let threshold): "accepted where the output is above \(threshold)"
    case .signs(let threshold): "which outputs are above \(threshold)"
    }
  }
}
