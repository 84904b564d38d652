import ProbeLinearAlgebra
import Testing

@testable import ProbeHeads

@Suite struct PromptBootstrapTests {
  @Test("quantiles agree with numpy's")
  func quantiles() throws {
    let fixture = try HeadFixture.read()
    let sorted = fixture.quantile_values.sorted()
    for row in fixture.quantiles {
      #expect(abs(quantile(sorted, row[0]) - row[1]) <= 8 * 8 * unitRoundoff)
    }
    #expect(quantile([3], 0.5) == 3)
  }

  /// Two prompts of 0 and 1: means are 0, 1/2, 1 with probabilities 1/4, 1/2, 1/4.
  @Test("two prompts give the three means their probabilities")
  func twoPrompts() throws {
    let wide = try #require(PromptBootstrap(level: 0.9).estimate([0, 1]))
    #expect(wide == Estimate(mean: 0.5, low: 0, high: 1, prompts: 2))
    let narrow = try #require(PromptBootstrap(level: 0.3).estimate([0, 1]))
    #expect(narrow == Estimate(mean: 0.5, low: 0.5, high: 0.5, prompts: 2))
  }

  @Test("no valid prompt gives nothing, one gives a mean without an interval, equal ones a point")
  func special() {
    let bootstrap = PromptBootstrap(resamples: 50)
    #expect(bootstrap.estimate([]) == nil)
    #expect(bootstrap.estimate([nil, nil]) == nil)
    #expect(bootstrap.estimate([nil, 0.3, nil]) == Estimate(mean: 0.3, low: nil, high: nil, prompts: 1))
    // 0.1 summed seven times is not 0.7; the interval is a point nevertheless.
    #expect(
      bootstrap.estimate(Array(repeating: 0.1, count: 7) + [nil])
        == Estimate(mean: 0.1, low: 0.1, high: 0.1, prompts: 7))
    #expect(bootstrap.estimates([]).isEmpty)
    let spoilt = bootstrap.estimates([[.nan, 1], [0, 2]])
    #expect(spoilt[0]?.low == nil)
    #expect(spoilt[1]?.mean == 1.5)
  }

  @Test("prompts that do not define a value are left out of its mean and of its draws")
  func missing() throws {
    var random = RandomGenerator(seed: 4)
    let values = (0..<40).map { _ in random.normal() }
    let padded = values.map { Optional($0) } + [Double?](repeating: nil, count: 40)
    let bootstrap = PromptBootstrap(resamples: 4000)
    let whole = try #require(bootstrap.estimate(values))
    let part = try #require(bootstrap.estimate(padded))
    #expect(part.prompts == 40)
    #expect(abs(part.mean - whole.mean) <= 40 * unitRoundoff * 3)
    // The number of valid prompts now varies between draws; widths differ by that and by resampling noise,
    // both of some per cent.
    let (width, widthOfPart) = (try interval(whole), try interval(part))
    #expect(abs(widthOfPart / width - 1) < 0.15)
  }

  private func interval(_ estimate: Estimate) throws -> Double {
    try #require(estimate.high) - #require(estimate.low)
  }

  @Test("draws follow from the seed alone, and are shared by all heads")
  func seeded() {
    var random = RandomGenerator(seed: 9)
    let values = (0..<25).map { _ in [random.normal(), random.normal()] as [Double?] }
    let doubled = values.map { [$0[0], $0[1], $0[0]] }
    let bootstrap = PromptBootstrap(resamples: 100, seed: 3)
    let first = bootstrap.estimates(doubled)
    #expect(first == bootstrap.estimates(doubled))
    #expect(first[0] == first[2])
    #expect(Array(first.prefix(2)) == bootstrap.estimates(values))
    #expect(first != PromptBootstrap(resamples: 100, seed: 4).estimates(doubled))
    let counts = bootstrap.resampleCounts(25)
    for draw in 0..<100 { #expect(counts.row(draw).reduce(0, +) == 25) }
  }

  // With n = 30 normal values the percentile interval is about mean +- 1.645 s sqrt(29/30)/sqrt(30), which
  // covers as Student's t with 29 degrees of freedom lies within 1.617: 0.883. Of 600 intervals that is 530
  // +- 8.
  @Test("intervals at 0.9 cover the mean of normal values nearly as often, at 0.5 half the time")
  func coverage() throws {
    var random = RandomGenerator(seed: 12)
    let values = (0..<30).map { _ in (0..<600).map { _ in Optional(5 + random.normal()) } }
    for (level, expected) in [(0.9, 0.883), (0.5, 0.487)] {
      let estimates = PromptBootstrap(resamples: 500, level: level, seed: 1).estimates(values)
      let covering = try estimates.count { estimate in
        let estimate = try #require(estimate)
        return try #require(estimate.low) <= 5 && #require(estimate.high) >= 5
      }
      let deviation = (expected * (1 - expected) * 600).squareRoot()
      #expect(abs(Double(covering) - 600 * expected) <= 4 * deviation, "\(covering) at \(level)")
    }
  }
}
