internal import RealModule

/// The probability that a chi-square variable exceeds a value: the regularised upper incomplete gamma function
/// Q(k / 2, x / 2).
///
/// By the series of P below x = a + 1 and the continued fraction of Q above (DLMF 8.11.4 and 8.9.2, the latter evaluated by
/// Lentz's method), both to the last bits.
func chiSquareSurvival(_ value: Double, degreesOfFreedom: Int) -> Double {
  let a = Double(degreesOfFreedom) / 2
  let x = value / 2
  guard x > 0 else { return value.isNaN ? .nan : 1 }
  guard x < .infinity else { return 0 }
  // x^a e^-x / Gamma(a)
  let front = Double.exp(a * Double.log(x) - x - Double.logGamma(a))
  if x < a + 1 {
    var term = 1 / a
    var sum = term
    var n = a
    while term > sum * Double.ulpOfOne / 4 {
      n += 1
      term *= x / n
      sum += term
    }
    return max(0, 1 - front * sum)
  }
  let tiny = 1e-300
  var b = x + 1 - a
  var c = 1 / tiny
  var d = 1 / b
  var fraction = d
  for i in 1...10_000 {
    let factor = -Double(i) * (Double(i) - a)
    b += 2
    d = factor * d + b
    if abs(d) < tiny { d = tiny }
    c = b + factor / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    fraction *= d * c
    if abs(d * c - 1) <= Double.ulpOfOne { break }
  }
  return front * fraction
}
