import ArgumentParser
import Foundation
import ProbeCapture
import ProbeDegeneracy
import ProbeFindings
import ProbeLinearAlgebra
import Testing

@testable import ProbeAnalyses

@Suite("Degeneracy analysis")
struct DegeneracyAnalysisTests {
  private func findings(_ captures: [CaptureReader], options: DegeneracyOptions? = nil) throws -> Findings {
    try DegeneracyAnalysis.run(
      NamedCapture.named(captures), options: options ?? SmallEnsemble.options, context: SmallCapture.context)
  }

  private func table(_ findings: Findings, _ name: String) throws -> Table {
    try #require(findings.tables.first { $0.name == name })
  }

  private func number(_ table: Table, _ column: String, row: Int) throws -> Double {
    guard case .real(let value)? = try #require(table[column: column]).values[row] else {
      Issue.record("no number in \(column), row \(row)")
      return .nan
    }
    return value
  }

  @Test("a network with its units exchanged and signs changed is the same in weights, states and answers")
  func exchangedUnits() throws {
    let ensemble = try SmallEnsemble()
    let weights = SmallEnsemble.weights(seed: 1)
    let twin = SmallEnsemble.exchanged(weights, order: [3, 0, 5, 1, 4, 2], signs: [1, -1, -1, 1, -1, 1])
    let pairs = try table(
      findings([
        ensemble.capture("a", weights), ensemble.capture("b", twin),
        ensemble.capture("c", SmallEnsemble.weights(seed: 2)),
      ]), "pairs")
    #expect(pairs.rowCount == 3)
    #expect(try number(pairs, "weights_signed_permutations", row: 0) == 0)
    // A cosine that rounding takes n eps below 1 is an angle of sqrt(2 n eps); n counts samples and units.
    let roundedAngle =
      (2 * Double(SmallEnsemble.trials * SmallEnsemble.steps + SmallEnsemble.units) * 0x1p-52)
      .squareRoot()
    #expect(try number(pairs, "procrustes_angular", row: 0) < roundedAngle)
    // Sums of six products in another order: 12 eps of values below sqrt(6), through 12 steps.
    #expect(try number(pairs, "output_disagreement", row: 0) < 1e-13)
    #expect(try number(pairs, "weights_signed_permutations", row: 1) > 0.1)
    #expect(try number(pairs, "procrustes_angular", row: 1) > 0.1)
  }

  @Test("output disagreement and loss are those of a naive reference")
  func naiveReference() throws {
    let ensemble = try SmallEnsemble()
    let captures = try (1...3).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) }
    let found = try findings(captures)
    let answers = try captures.map { try $0.values(of: "readout", as: Double.self).elements }
    let count = Double(answers[0].count)
    let pairs = try table(found, "pairs")
    let networks = try table(found, "networks")
    for (row, pair) in [(0, 1), (0, 2), (1, 2)].enumerated() {
      let sum = zip(answers[pair.0], answers[pair.1]).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
      let expected = (sum / count).squareRoot()
      // 120 squares and sums, each with half an ulp.
      #expect(
        abs(try number(pairs, "output_disagreement", row: row) - expected) <= count * 0x1p-52 * expected)
    }
    for row in 0..<3 {
      let expected = answers[row].reduce(0) { $0 + $1 * $1 } / count
      #expect(abs(try number(networks, "loss", row: row) - expected) <= count * 0x1p-52 * expected)
    }
    let means = try table(found, "degeneracy")
    let levels = (0..<means.rowCount).compactMap { means[column: "level"]?.values[$0]?.text }
    #expect(Set(levels) == ["behaviour", "dynamics", "representation", "weights"])
    let disagreement = try #require(
      (0..<means.rowCount).first { means[column: "metric"]?.values[$0] == .string("output_disagreement") })
    let mean = try (0..<3).map { try number(pairs, "output_disagreement", row: $0) }.reduce(0, +) / 3
    #expect(abs(try number(means, "value", row: disagreement) - mean) <= 4 * 0x1p-52 * mean)
    #expect(try number(means, "low", row: disagreement) < mean)
    #expect(try number(means, "high", row: disagreement) > mean)
  }

  @Test("differences of losses and answers are symmetric, zero on itself and obey the triangle inequality")
  func behaviourProperties() throws {
    let ensemble = try SmallEnsemble()
    let options = try SmallEnsemble.options
    let captures = NamedCapture.named(
      try (1...4).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) })
    let prepared = try captures.map {
      try EnsembleNetwork($0, group: "all", options: options, context: SmallCapture.context).prepared
    }
    let comparison = PairComparison(prepared, options: options, threads: 2)
    let all = (0..<4).flatMap { first in (0..<4).map { NetworkPair(first, $0) } }
    let outcomes = try comparison.outcomes(prepared, pairs: all, levels: [.behaviour])
    for (index, column) in MetricColumn.behaviour.enumerated() where column.name != "harder_loss_difference" {
      #expect(column.convention.properties == [.symmetric, .zeroOnItself, .triangleInequality])
      func distance(_ i: Int, _ j: Int) throws -> Double { try outcomes[i * 4 + j][index].get() }
      for i in 0..<4 {
        #expect(try distance(i, i) == 0)
        for j in 0..<4 {
          #expect(try distance(i, j) == distance(j, i))
          #expect(try i == j || distance(i, j) > 0)
          for k in 0..<4 {
            let detour = try distance(i, j) + distance(j, k)
            #expect(try distance(i, k) <= detour * (1 + 200 * 0x1p-52))
          }
        }
      }
    }
  }

  @Test("a diverged network and one with too large a loss are listed with the reason and excluded")
  func exclusion() throws {
    let ensemble = try SmallEnsemble()
    let kept = try (1...3).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) }
    let diverged = try ensemble.capture(
      "diverged", SmallEnsemble.weights(seed: 4, scale: 1e30), cell: "elman-relu")
    let found = try findings(kept + [diverged])
    #expect(try table(found, "pairs").rowCount == 3)
    let networks = try table(found, "networks")
    #expect(networks[column: "compared"]?.values == .boolean([true, true, true, false]))
    #expect(networks[column: "reason"]?.values[3] == .string("its states are not finite"))
    #expect(found.warnings.contains { $0.contains("1 of 4 networks are left out: diverged") })
    var options = try SmallEnsemble.options
    options.maximumLoss = 0
    #expect(throws: AnalysisError.self) { try findings(kept, options: options) }
  }

  @Test("networks that saw other inputs share no answers and states, and keep dynamics and weights")
  func otherInputs() throws {
    let ensemble = try SmallEnsemble()
    let captures =
      try (1...3).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) }
      + [ensemble.capture("other", SmallEnsemble.weights(seed: 4), inputs: 7)]
    let found = try findings(captures)
    let pairs = try table(found, "pairs")
    // Row 2 is n1 and other.
    #expect(pairs[column: "b"]?.values[2] == .string("other"))
    #expect(pairs[column: "output_disagreement"]?.values[2] == nil)
    #expect(pairs[column: "cka_biased"]?.values[2] == nil)
    #expect(pairs[column: "cka_biased"]?.values[1] != nil)
    #expect(pairs[column: "dsa_angular"]?.values[2] != nil)
    #expect(pairs[column: "weights_signed_permutations"]?.values[2] != nil)
    #expect(
      found.warnings.contains {
        $0.hasPrefix("representation (procrustes_angular, ")
          && $0.hasSuffix("): 3 of 6 pairs lack values: they saw different inputs")
      })
  }

  @Test(
    "networks with one fixed point each differ by that point's spectral radius, and by nothing from their copy"
  )
  func fixedPointTopology() throws {
    let ensemble = try SmallEnsemble()
    // Zero recurrent weights times a factor: h' = tanh(f h) unit by unit, whose only fixed point, 0, has spectral radius f.
    func diagonal(_ factor: Double) -> [String: Tensor<Double>] {
      var weights = SmallEnsemble.weights(seed: 1)
      let units = SmallEnsemble.units
      weights["bias_ih_l0"] = Tensor(shape: [units], elements: .init(repeating: 0, count: units))
      weights["weight_hh_l0"] = Tensor(
        shape: [units, units], elements: (0..<units * units).map { $0 % (units + 1) == 0 ? factor : 0 })
      return weights
    }
    var options = try SmallEnsemble.options
    options.fixedPoints = true
    let pairs = try table(
      findings(
        [
          ensemble.capture("half", diagonal(0.5)), ensemble.capture("copy", diagonal(0.5)),
          ensemble.capture("quarter", diagonal(0.25)),
        ], options: options), "pairs")
    #expect(try number(pairs, "fixed_point_topology", row: 0) == 0)
    // The point is found to 1e-12, where the slope of tanh departs from 1 by its square; eigenvalues round by n eps.
    #expect(abs(try number(pairs, "fixed_point_topology", row: 1) - 0.25) <= 6 * 0x1p-52)
  }

  @Test("fewer than three networks and captures without weights are refused in words")
  func refusals() throws {
    let ensemble = try SmallEnsemble()
    let first = try ensemble.capture("n1", SmallEnsemble.weights(seed: 1))
    let second = try ensemble.capture("n2", SmallEnsemble.weights(seed: 2))
    let bare = try ensemble.capture("bare", SmallEnsemble.weights(seed: 3), storesWeights: false)
    #expect {
      try findings([first, second])
    } throws: {
      "\($0)"
        == "cannot run degeneracy on 2 captures: 2 networks are fewer than three, and degeneracy is a spread "
        + "among networks: capture at least three"
    }
    #expect(
      DegeneracyAnalysis.obstacle(NamedCapture.named([first]))?.hasPrefix("one network is fewer") == true)
    #expect(DegeneracyAnalysis.obstacle(NamedCapture.named([first, second, bare])) == nil)
    #expect(DegeneracyAnalysis.obstacle(first, modelPath: nil) == nil)
    #expect(DegeneracyAnalysis.obstacle(bare, modelPath: nil)?.contains("carries no weights") == true)
    #expect(throws: AnalysisError.self) { try findings([first, second, bare]) }
    for text in ["0/2", "3/2", "1", "a/b", "1/2/3"] {
      #expect(throws: (any Error).self) { try DegeneracyOptions.parse(["--shard", text]) }
    }
  }

  @Test("two runs and other thread counts give the same pairs")
  func repeatability() throws {
    let ensemble = try SmallEnsemble()
    let captures = NamedCapture.named(
      try (1...3).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) })
    let tables = try [1, 3].map { threads in
      var context = SmallCapture.context
      context.threads = threads
      return try DegeneracyAnalysis.run(captures, options: SmallEnsemble.options, context: context).tables
    }
    #expect(tables[0] == tables[1])
  }

  @Test("a table written as CSV reads back: quotes, commas, line breaks, missing and empty texts")
  func delimitedTable() throws {
    let texts: [String?] = ["a,b", "say \"no\"", "two\r\nlines", "", nil]
    let numbers: [Double?] = [0.1, -.infinity, 1e-300, nil, 5]
    let written = Table(
      name: "t", title: "t", columns: [.string("text", texts), .real("number", numbers)])
    let read = try DelimitedTable(written.csv, path: "t.csv")
    #expect(try read.texts("text") == texts)
    #expect(try read.numbers("number") == numbers)
    #expect(throws: AnalysisError.self) { try read.texts("other") }
    #expect {
      try DelimitedTable("a,b\r\n1\r\n", path: "t.csv")
    } throws: { "\($0)".contains("row 1 has 1 fields, the header 2") }
    #expect(throws: AnalysisError.self) { try DelimitedTable("a,b\r\n1,", path: "t.csv") }
  }
}
