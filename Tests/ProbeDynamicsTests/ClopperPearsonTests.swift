import ProbeDynamics
import Testing

@Suite struct ClopperPearsonTests {
  /// `scipy.stats.beta.ppf(confidence, successes + 1, trials - successes)`, SciPy 1.17.
  @Test(
    "upper bounds agree with the beta quantile",
    arguments: [
      (0, 1, 0.95, 0.95), (0, 100, 0.95, 0.029513049607039925), (0, 512, 0.95, 0.005833955600556271),
      (1, 10, 0.95, 0.39416330243650466), (3, 200, 0.95, 0.03830970849856934),
      (10, 20, 0.99, 0.7610403634834936), (19, 20, 0.9, 0.9947458259305311),
      (99, 1000, 0.95, 0.11592451141652606), (4990, 5000, 0.95, 0.9989145306882585),
    ])
  func quantiles(successes: Int, trials: Int, confidence: Double, expected: Double) {
    let bound = clopperPearsonUpper(successes: successes, trials: trials, confidence: confidence)
    // lgamma errs by an ulp of values up to 4e4 here, 7e-12, which the tail carries over to p.
    #expect(abs(bound - expected) <= 1e-10)
  }

  @Test("all successes, and no trial, bound nothing")
  func trivial() {
    #expect(clopperPearsonUpper(successes: 5, trials: 5, confidence: 0.95) == 1)
    #expect(clopperPearsonUpper(successes: 0, trials: 0, confidence: 0.95) == 1)
  }

  @Test("bounds exceed the observed share, grow with successes and confidence, fall with trials")
  func monotone() {
    func bound(_ k: Int, _ n: Int, _ c: Double) -> Double {
      clopperPearsonUpper(successes: k, trials: n, confidence: c)
    }
    for k in 0..<20 {
      #expect(bound(k, 20, 0.95) > Double(k) / 20)
      #expect(bound(k + 1, 20, 0.95) > bound(k, 20, 0.95))
      #expect(bound(k, 20, 0.99) > bound(k, 20, 0.95))
      #expect(bound(k, 21, 0.95) < bound(k, 20, 0.95))
    }
  }
}
