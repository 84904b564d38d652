internal import RealModule

/// Student's t distribution.
enum StudentDistribution {
  /// P(T <= t) with `freedom` degrees of freedom.
  ///
  /// By the incomplete beta function I_x(n/2, 1/2) at x = n / (n + t²) (Abramowitz & Stegun 26.7.1).
  static func probability(_ t: Double, freedom: Double) -> Double {
    let tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// The t that is not exceeded with a probability in (0, 1), by bisection.
  static func quantile(_ probability: Double, freedom: Double) -> Double {
    precondition(probability > 0 && probability < 1 && freedom > 0, "a probability in (0, 1)")
    if probability < 0.5 { return -quantile(1 - probability, freedom: freedom) }
    var (low, high) = (0.0, 1.0)
    while self.probability(high, freedom: freedom) < probability && high < 1e300 { high *= 2 }
    for _ in 0..<200 where high - low > Double.ulpOfOne * high {
      let middle = (low + high) / 2
      if self.probability(middle, freedom: freedom) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// I_x(a, b), by Lentz's continued fraction (Press et al., Numerical Recipes, section 6.4: the formula 6.4.5).
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast on the left of the mean alone.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front =
      .exp(
        .logGamma(a + b) - .logGamma(a) - .logGamma(b) + a * .log(x) + b * .log(onePlus: -x)) / a
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var fraction = d
    for step in 1...500 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var factor = 1.0
      for term in [even, odd] {
        d = 1 + term * d
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = 1 + term / c
        if abs(c) < tiny { c = tiny }
        factor = c * d
        fraction *= factor
      }
      if abs(factor - 1) < Double.ulpOfOne { break }
    }
    return front * fraction
  }
}
