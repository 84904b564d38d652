import Glibc

/// How many random words a claim needs, with the confidence split over the rounds of a learning loop.
public struct SampleSize: Sendable, Equatable {
  /// The error that is claimed to be exceeded by no hypothesis that passed.
  public let epsilon: Double
  /// The probability that some hypothesis that passed exceeds it, over all rounds.
  public let delta: Double

  /// A claim.
  ///
  /// - Precondition: both lie in (0, 1).
  public init(epsilon: Double, delta: Double) {
    precondition(epsilon > 0 && epsilon < 1, "an error of \(epsilon)")
    precondition(delta > 0 && delta < 1, "a risk of \(delta)")
    self.epsilon = epsilon
    self.delta = delta
  }

  /// The number of words of round `round`, counted from 1: ceil((ln(1/delta) + round ln 2) / epsilon).
  ///
  /// A hypothesis whose error exceeds epsilon passes that many independent words with probability at most delta / 2^round, and
  /// these sum to at most delta over the rounds. Angluin, "Learning regular sets from queries and counterexamples", Information
  /// and Computation 75 (1987) 87, section 4.
  public func words(round: Int) -> Int {
    Int(((Double(round) * log(2) - log(delta)) / epsilon).rounded(.up))
  }

  /// `error <= 0.5 % with 99 % confidence`.
  var claim: String {
    "error <= \(NumberText.percent(epsilon)) with \(NumberText.percent(1 - delta)) confidence"
  }
}
