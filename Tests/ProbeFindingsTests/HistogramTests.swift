import Testing

@testable import ProbeFindings

@Suite("histogram bins")
struct HistogramTests {
  private func bins(_ values: [Double], log: Bool = false) -> HistogramPlot.Bins {
    HistogramPlot(axis: Axis("x", isLogarithmic: log), groups: [.init(name: "", values: values)]).bins
  }

  @Test("every shown value is counted once, the largest in the last bin")
  func linear() {
    let bins = bins((0...100).map(Double.init))
    #expect(bins.counts[0].reduce(0, +) == 101)
    #expect(bins.edges.count == bins.counts[0].count + 1)
    #expect(bins.edges.first == 0 && bins.edges.last == 100)
    #expect(bins.omitted == 0)
  }

  @Test("a logarithmic axis leaves out zero, negative and non-finite values and says how many")
  func logarithmic() {
    let bins = bins([0, -1, .nan, .infinity, 1e-30, 1e-10, 1], log: true)
    #expect(bins.omitted == 4)
    #expect(bins.counts[0].reduce(0, +) == 3)
    // 3 values: 5 bins over 30 decades; 1e-10 stands at 20/30 of the way, the fourth bin.
    #expect(bins.counts[0] == [1, 0, 0, 1, 1])
  }

  @Test("no values give no bins; equal values give one bin around them")
  func degenerate() {
    #expect(bins([]).edges.isEmpty)
    #expect(bins([.nan]).omitted == 1)
    let one = bins([3, 3, 3])
    #expect(one.counts == [[3]])
    #expect(one.edges[0] < 3 && one.edges[1] > 3)
    #expect(bins([1e-16, 1e-16], log: true).counts == [[2]])
    #expect(bins([-.greatestFiniteMagnitude, .greatestFiniteMagnitude]).counts[0].reduce(0, +) == 2)
  }

  @Test("groups share their edges")
  func groups() {
    let bins = HistogramPlot(
      axis: Axis("x"), groups: [.init(name: "a", values: [0, 1]), .init(name: "b", values: [10])]
    ).bins
    #expect(bins.counts.map { $0.reduce(0, +) } == [2, 1])
    #expect(bins.edges.last == 10)
  }
}
