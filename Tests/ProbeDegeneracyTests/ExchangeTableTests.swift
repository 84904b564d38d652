import ProbeLinearAlgebra
import Testing

@testable import ProbeDegeneracy

@Suite("A table of exchanges")
struct ExchangeTableTests {
  /// A block pair with signed rows or without, at a random signed matching.
  private func problem(
    _ units: Int, rowsAreSigned: Bool, _ generator: inout RandomGenerator
  ) -> (AlignmentProblem, UnitMatching) {
    func network(_ generator: inout RandomGenerator) throws -> RecurrentWeights {
      try RecurrentWeights(
        name: "n", units: units,
        blocks: [
          RecurrentWeights.Block(.recurrent, .normal(units, units, &generator), rowsAreSigned: rowsAreSigned)
        ])
    }
    guard let a = try? network(&generator), let b = try? network(&generator) else {
      preconditionFailure("normal numbers are weights")
    }
    let matching = UnitMatching(
      order: generator.sample(units, of: units),
      signs: (0..<units).map { _ in generator.bernoulli(0.5) ? -1 : 1 })
    return (AlignmentProblem(a, b, isSigned: true), matching)
  }

  @Test(
    "knows what each exchange and each sign gains, before and after many were made", arguments: [true, false])
  func gains(rowsAreSigned: Bool) {
    for units in [1, 2, 7] {
      var generator = RandomGenerator(seed: 5, stream: UInt64(units))
      var (problem, matching) = problem(units, rowsAreSigned: rowsAreSigned, &generator)
      var table = ExchangeTable(problem.quadratics[0], at: matching, isSigned: true)
      for _ in 0..<40 {
        let value = problem.value(matching)
        for k in 0..<units {
          var flipped = matching
          flipped.signs[k].negate()
          // The objective loses twice its odd part. Sums of 49 products of size 10, forty times brought up to date.
          #expect(abs(problem.value(flipped) - value + 2 * table.signedPart(k).odd) <= 1e-11)
          for l in k + 1..<max(units, k + 1) {
            var exchanged = matching
            exchanged.order.swapAt(k, l)
            exchanged.signs.swapAt(k, l)
            let (gain, scale) = table.exchangeGain(k, l)
            #expect(abs(problem.value(exchanged) - value - gain) <= 1e-11)
            #expect(abs(gain) <= scale)
          }
        }
        let k = generator.integer(below: units)
        let l = generator.integer(below: units)
        if k != l {
          matching.order.swapAt(k, l)
          matching.signs.swapAt(k, l)
          table.exchange(k, l)
        }
        matching.signs[k].negate()
        table.changeSign(k)
      }
    }
  }
}
