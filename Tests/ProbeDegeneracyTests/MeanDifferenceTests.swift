import Foundation
import ProbeLinearAlgebra
import Testing

@testable import ProbeDegeneracy

@Suite("An inference over values, one a network")
struct MeanDifferenceTests {
  private static let first = [1.5, 2.0, 4.0, 3.25]
  private static let second = [0.5, 1.25, -1.0, 2.0, 0.25]

  @Test("has scipy's interval of a mean")
  func interval() throws {
    let found = try SampleMean(Self.first)
    #expect(found.mean == 2.6875)
    // numpy.std(ddof=1) and scipy.stats.t.interval(0.95, 3, mean, sd / 2) of scipy 1.16.
    #expect(abs(found.standardDeviation - 1.143368561167687) < 1e-14)
    #expect(abs(found.low - 0.868145473467173) < 1e-11 && abs(found.high - 4.506854526532827) < 1e-11)
    let constant = try SampleMean([3, 3])
    #expect(constant.low == 3 && constant.high == 3 && constant.standardDeviation == 0)
  }

  @Test("has scipy's Welch interval and Hedges' g")
  func welch() throws {
    let found = try MeanDifferenceTest(Self.first, Self.second, permutations: 49)
    // scipy.stats.ttest_ind(equal_var=False).confidence_interval(); g = d / pooled sd * (1 - 3 / (4 * 9 - 9)).
    #expect(abs(found.difference - 2.0875) < 1e-14)
    #expect(abs(found.low - 0.25848972156041183) < 1e-11 && abs(found.high - 3.916510278439588) < 1e-11)
    #expect(abs(found.standardError - 0.7619533559652235) < 1e-14)
    #expect(abs(found.effectSize - 1.6367303605350596) < 1e-13)
    #expect(abs(found.detectableDifference - 2.514986600226528) < 1e-10)
  }

  @Test("draws the permutation test's p: 5 of the 126 labellings are as extreme")
  func permutations() throws {
    let found = try MeanDifferenceTest(Self.first, Self.second, permutations: 20_000)
    let exact = 5.0 / 126
    // Five standard deviations of the draw.
    #expect(abs(found.pValue - exact) < 5 * (exact * (1 - exact) / 20_000).squareRoot())
    #expect(found == (try MeanDifferenceTest(Self.first, Self.second, permutations: 20_000)))
  }

  @Test("is turned by an exchange of the groups and moved by no shift of both")
  func laws() throws {
    let found = try MeanDifferenceTest(Self.first, Self.second, permutations: 9)
    let turned = try MeanDifferenceTest(Self.second, Self.first, permutations: 9)
    #expect(turned.difference == -found.difference && turned.low == -found.high)
    let moved = try MeanDifferenceTest(
      Self.first.map { $0 + 64 }, Self.second.map { $0 + 64 }, permutations: 9)
    // Numbers near 64 round to 2^-47 or finer.
    #expect(abs(moved.difference - found.difference) < 1e-13 && abs(moved.low - found.low) < 1e-12)
    let same = try MeanDifferenceTest([2, 2], [2, 2, 2], permutations: 9)
    #expect(same.difference == 0 && same.effectSize == 0 && same.pValue == 1)
  }

  @Test("refuses what has no variance in words")
  func refusals() throws {
    func fault<Value>(_ body: () throws(DegeneracyError) -> Value) -> String {
      do throws(DegeneracyError) {
        _ = try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      fault { () throws(DegeneracyError) in try SampleMean([1]) }
        == "1 values of a group are too few; at least 2 are needed")
    #expect(
      fault { () throws(DegeneracyError) in try MeanDifferenceTest([1, 2], []) }
        == "0 values of the second group are too few; at least 2 are needed")
    #expect(
      fault { () throws(DegeneracyError) in try MeanDifferenceTest([1, .nan], [1, 2]) }
        .hasPrefix("values of the first group holds an infinity or a NaN at row 1"))
  }
}
