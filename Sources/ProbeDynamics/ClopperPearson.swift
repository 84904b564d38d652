import Glibc

/// The upper end of the one-sided Clopper-Pearson interval for a proportion.
///
/// The p at which `successes` or fewer out of `trials` have probability 1 - confidence.
///
/// - Returns: 1 where every trial succeeded or there was none.
public func clopperPearsonUpper(successes: Int, trials: Int, confidence: Double) -> Double {
  guard trials > 0 && successes < trials else { return 1 }
  if successes == 0 { return 1 - pow(1 - confidence, 1 / Double(trials)) }
  var low = Double(successes) / Double(trials)
  var high = 1.0
  for _ in 0..<100 {
    let middle = (low + high) / 2
    if binomialTail(successes, trials, middle) > 1 - confidence { low = middle } else { high = middle }
  }
  return high
}

/// The probability of at most `successes` successes.
private func binomialTail(_ successes: Int, _ trials: Int, _ probability: Double) -> Double {
  var sum = 0.0
  for k in 0...successes {
    let choose = lgamma(Double(trials + 1)) - lgamma(Double(k + 1)) - lgamma(Double(trials - k + 1))
    sum += exp(choose + Double(k) * log(probability) + Double(trials - k) * log1p(-probability))
  }
  return sum
}
