import ArgumentParser
import ComplexModule
import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeAnalyses

@Suite struct SuccessorReportTests {
  static let months = SuccessorTask.all.first { $0.name == "months" }?.words ?? []

  /// The twelve months as tokens 0 to 11.
  static func encode(_ text: String) -> [Int] { months.firstIndex(of: text).map { [$0] } ?? [] }

  static func report(_ options: [String] = []) throws -> SuccessorReport {
    let options = try HeadWeightOptions.parse(options)
    return try #require(
      try SuccessorReport(
        HeadCircuits(HandBuiltModel.cycle(12), options: options), convention: options.convention, threads: 2,
        encode: encode))
  }

  @Test("a cycle of twelve scores 1 and the identity 0; layer 0 has no score")
  func exactScores() throws {
    for options in [[], ["--mlp0-input", "normalized"], ["--successor-candidates", "all-tasks"]] {
      let column = try Self.report(options).column
      #expect(column.values == [nil, nil, 1, 0])
      #expect(column.null == [nil, nil, 1.0 / 12, 1.0 / 12])
      #expect(column.estimates[2]?.low == nil)
    }
  }

  @Test("the matrix of the best head is bright on its superdiagonal alone")
  func superdiagonal() throws {
    let report = try Self.report()
    let best = try #require(report.best)
    let figure = try #require(try report.matrixFigure(of: best))
    guard case .heatmap(let plot) = figure.content else {
      Issue.record("not a heatmap")
      return
    }
    #expect(plot.rows == Self.months)
    for row in 0..<12 {
      for column in 0..<12 {
        // A logit of 1 for the successor, 0 for others, less the row's mean 1/12.
        let expected = (column == (row + 1) % 12 ? 1.0 : 0) - 1.0 / 12
        #expect(abs(plot.values[row * 12 + column] - expected) <= 12 * 0x1p-53)
      }
    }
  }

  @Test("OV circuits of the identity copy, of a cycle do not")
  func copying() throws {
    let model = HandBuiltModel.cycle(12)
    let report = try CircuitReport(HeadCircuits(model, options: .parse([])), threads: 2)
    let copying = try #require(report.columns.first { $0.name == "ov_copying" })
    let full = try #require(report.columns.first { $0.name == "ov_copying_full" })
    for column in [copying, full] {
      #expect(column.values[0] == nil)
      #expect(abs(column.values[2] ?? .nan) < 1e-12)
      #expect(abs((column.values[3] ?? .nan) - 1) < 1e-12)
    }
    #expect(report.columns.first { $0.name == "qk_matching" }?.values == [nil, nil, nil, nil])
  }

  @Test("blocks of the vocabulary multiplied side by side give W_U W_E")
  func vocabularyProduct() throws {
    let model = try AttentionFixtures.model("llama-mha")
    let circuits = HeadCircuits(model, options: try .parse([]))
    let report = try CircuitReport(circuits, threads: 2)
    let all = Array(0..<model.vocabulary)
    let head = try circuits.layer(1)[0]
    let unembedding = try #require(circuits.unembedding(of: all))
    // The vocabulary-sized circuit itself has the same trace.
    let full = model.embedding(of: all) * head.value * (head.output * unembedding.transposed)
    let trace = (0..<full.rows).reduce(0) { $0 + full[$1, $1] }
    let values = try #require(report.eigenvalues[.fullOutputValue])[model.heads]
    let sum = values.reduce(0) { $0 + $1.real }
    let scale = values.reduce(0) { $0 + $1.length }
    #expect(abs(sum - trace) <= 1e3 * 0x1p-52 * scale)
  }

  @Test("a bias that favours one month beats all others, where it is counted")
  func bias() throws {
    let model = HandBuiltModel.cycle(12, bias: (0..<12).map { $0 == 0 ? 10 : 0 })
    func scores(_ options: [String]) throws -> [Double?] {
      let options = try HeadWeightOptions.parse(options)
      return try #require(
        try SuccessorReport(
          HeadCircuits(model, options: options), convention: options.convention, threads: 1,
          encode: Self.encode)
      ).column.values
    }
    #expect(try scores([]) == [nil, nil, 1, 0])
    // Only December's successor is the favoured month.
    #expect(try scores(["--include-bias"]) == [nil, nil, 1.0 / 12, 1.0 / 12])
  }

  @Test("words that are no single token leave nothing to score")
  func noPairs() throws {
    let options = try HeadWeightOptions.parse([])
    let report = try SuccessorReport(
      HeadCircuits(HandBuiltModel.cycle(12), options: options), convention: options.convention, threads: 1,
      encode: { _ in [1, 2] })
    #expect(report?.problem.pairs.isEmpty == nil)
  }
}
