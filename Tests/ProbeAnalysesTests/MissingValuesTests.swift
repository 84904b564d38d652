import ProbeDegeneracy
import Testing

@testable import ProbeAnalyses

@Suite("Missing values")
struct MissingValuesTests {
  private func missing(_ reasons: [String?]) -> MissingValues {
    var missing = MissingValues()
    for reason in reasons {
      let outcome: PairComparison.Outcome = reason.map { .failure(Incomparable($0)) } ?? .success(1)
      missing.count([.success(1), .success(0), outcome], MetricColumn.behaviour)
    }
    return missing
  }

  @Test("are told in one line for each metric, the most frequent reasons first")
  func lines() {
    #expect(missing([]).lines.isEmpty)
    #expect(missing([nil, nil]).lines.isEmpty)
    #expect(
      missing(["a", nil]).lines == ["behaviour (output_disagreement): 1 of 2 pairs lack values: a"])
    #expect(
      missing(["a", "b", "b", nil, "c", "d"]).lines == [
        "behaviour (output_disagreement): 5 of 6 pairs lack values: b (2); a (1); c (1); 1 further reason"
      ])
  }

  @Test("of metrics with other reasons have lines of their own")
  func metrics() {
    var missing = MissingValues()
    let (a, b) = (Incomparable("a"), Incomparable("b"))
    missing.count([.failure(a), .failure(a), .failure(b)], MetricColumn.behaviour)
    #expect(
      missing.lines == [
        "behaviour (loss_difference, harder_loss_difference): 1 of 1 pairs lack values: a",
        "behaviour (output_disagreement): 1 of 1 pairs lack values: b",
      ])
  }
}
