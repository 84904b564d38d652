import Glibc

/// A hidden Markov model with finitely many states and outputs, and what follows from it in closed form.
///
/// The three families are those of Torre et al., "RNNs emulating hidden Markov models", arXiv 2510.25674. Each has
/// a symmetric transition matrix, so its stationary distribution is uniform.
public struct HiddenMarkovModel: Sendable, Equatable {
  /// Which states follow which.
  public enum Chain: String, Sendable, CaseIterable {
    /// States in a row; one steps to a neighbour with probability q = 0.05^(1 / (M - 1)).
    case linear
    /// Every state leads to every other alike.
    case full
    /// Four states in a ring.
    case cyclic
  }

  /// `[from][to]`.
  public let transitions: [[Double]]
  /// `[state][output]`.
  public let emissions: [[Double]]

  /// The number of hidden states.
  public var states: Int { transitions.count }
  /// The number of outputs.
  public var outputs: Int { emissions[0].count }

  /// The chain of M states, 2 to 5 (q would reach 1/2 with six): state i emits the three outputs with
  /// probabilities 0.99 (1 - a), 0.01 and 0.99 a, where a = i / (M - 1).
  public static func linear(states: Int) -> HiddenMarkovModel {
    precondition((2...5).contains(states), "a linear chain has 2 to 5 states")
    let step = pow(0.05, 1 / Double(states - 1))
    var transitions = [[Double]](repeating: Array(repeating: 0, count: states), count: states)
    for state in 0..<states {
      for neighbour in [state - 1, state + 1] where (0..<states).contains(neighbour) {
        transitions[state][neighbour] = step
      }
      transitions[state][state] = state == 0 || state == states - 1 ? 1 - step : 1 - 2 * step
    }
    let emissions = (0..<states).map { state in
      let share = Double(state) / Double(states - 1)
      return [0.99 * (1 - share), 0.01, 0.99 * share]
    }
    return HiddenMarkovModel(transitions: transitions, emissions: emissions)
  }

  /// Three states, each staying with probability 0.95 and emitting its own output with probability 0.98.
  public static let full = HiddenMarkovModel(
    transitions: [[0.95, 0.025, 0.025], [0.025, 0.95, 0.025], [0.025, 0.025, 0.95]],
    emissions: [[0.98, 0.01, 0.01], [0.01, 0.98, 0.01], [0.01, 0.01, 0.98]])

  /// Four states in a ring, each staying with probability 0.95.
  public static let cyclic = HiddenMarkovModel(
    transitions: [
      [0.95, 0.025, 0, 0.025], [0.025, 0.95, 0.025, 0], [0, 0.025, 0.95, 0.025], [0.025, 0, 0.025, 0.95],
    ],
    emissions: [[0.9, 0.1, 0], [0.1, 0.9, 0], [0, 0.1, 0.9], [0, 0.9, 0.1]])

  /// How often each state occurs in the long run: uniform, as the transition matrix is symmetric.
  public var stationary: [Double] { Array(repeating: 1 / Double(states), count: states) }

  /// `[output now][output next]`: the joint probability of two consecutive outputs in the long run.
  ///
  /// P(a, b) = sum over i, j of stationary(i) emission(i, a) transition(i, j) emission(j, b).
  public var outputPairs: [[Double]] {
    var pairs = [[Double]](repeating: Array(repeating: 0, count: outputs), count: outputs)
    for (from, weight) in stationary.enumerated() {
      for to in 0..<states {
        for now in 0..<outputs {
          for next in 0..<outputs {
            pairs[now][next] +=
              weight * emissions[from][now] * transitions[from][to] * emissions[to][next]
          }
        }
      }
    }
    return pairs
  }
}
