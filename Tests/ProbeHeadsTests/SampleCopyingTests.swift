import ProbeHeads
import ProbeLinearAlgebra
import Testing

@Suite struct SampleCopyingTests {
  private let sample = [4, 7, 9]

  @Test("raising the attended token alone is 1, another token alone -1, both alike 0")
  func extremes() throws {
    let diagonal = try pattern(tokens: sample) { $0 == $1 ? 1 : 0 }
    let identity = Matrix<Double>.identity(3)
    #expect(try sampleCopying(contributions: identity, sample: sample, pattern: diagonal) == 1)
    let shifted = Matrix<Double>(rows: 3, columns: 3, elements: [0, 1, 0, 0, 0, 1, 1, 0, 0])
    #expect(try sampleCopying(contributions: shifted, sample: sample, pattern: diagonal) == -1)
    let both = Matrix<Double>(rows: 3, columns: 3, elements: [1, 1, 0, 0, 1, 1, 1, 0, 1])
    #expect(try sampleCopying(contributions: both, sample: sample, pattern: diagonal) == 0)
  }

  @Test("a constant added to a row of logits changes nothing, and a BOS is passed over")
  func invariance() throws {
    let tokens = [0] + sample
    let sink = try pattern(tokens: tokens) { query, key in
      query == 0 ? 1 : key == 0 ? 0.5 : key == query ? 0.5 : 0
    }
    var contributions = Matrix<Double>(rows: 4, columns: 3)
    for row in 0..<4 {
      for column in 0..<3 { contributions[row, column] = (row == column + 1 ? 4 : 1) + 16 * Double(row) }
    }
    #expect(try sampleCopying(contributions: contributions, sample: sample, pattern: sink) == 1)
  }

  @Test("a head that raises nothing has no score")
  func silent() throws {
    let pattern = try uniformPattern(tokens: sample)
    #expect(
      try sampleCopying(contributions: Matrix(rows: 3, columns: 3), sample: sample, pattern: pattern) == nil)
  }

  @Test("wrong shapes and NaN are refused")
  func errors() throws {
    let pattern = try uniformPattern(tokens: sample)
    #expect(throws: HeadsError.self) {
      try sampleCopying(contributions: Matrix(rows: 2, columns: 3), sample: sample, pattern: pattern)
    }
    #expect(
      throws: HeadsError.notFinite(object: "the head's contribution to the logits", row: 1, column: 2)
    ) {
      var contributions = Matrix<Double>(rows: 3, columns: 3)
      contributions[1, 2] = .infinity
      _ = try sampleCopying(contributions: contributions, sample: sample, pattern: pattern)
    }
  }
}
