import Testing

@testable import ProbeFindings

@Suite("rows of values")
struct SpreadTests {
  @Test("quantiles are those of numpy's default method")
  func quantiles() {
    // numpy.quantile([1, 2, 4, 8], [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]), all exact but 0.05 and 0.95
    let expected: [(Double, Double)] = [
      (0, 1), (0.05, 1.15), (0.25, 1.75), (0.5, 3), (0.75, 5), (0.95, 7.4), (1, 8),
    ]
    for (share, value) in expected {
      // A product and two sums of values below 8.
      #expect(abs(SpreadPlot.quantile(share, of: [1, 2, 4, 8]) - value) <= 3 * 8 * 0x1p-53, "\(share)")
    }
    #expect(SpreadPlot.quantile(0.3, of: [7]) == 7)
    #expect(SpreadPlot.quantile(0.37, of: [0.1, 0.1, 0.1]) == 0.1)
  }

  @Test("what an axis cannot show is left out and counted")
  func omitted() {
    let row = SpreadPlot.Row(title: "", colour: nil, values: [2, .nan, -1, 0, .infinity, 1])
    let linear = SpreadPlot(axis: Axis("x"), rows: [row])
    #expect(linear.shown(row) == [-1, 0, 1, 2])
    #expect(linear.omitted == 2)
    let logarithmic = SpreadPlot(axis: Axis("x", isLogarithmic: true), rows: [row, row])
    #expect(logarithmic.shown(row) == [1, 2])
    #expect(logarithmic.omitted == 8)
  }
}
