import ArgumentParser
import Foundation
import ProbeCapture
import ProbeDynamics
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeAnalyses

/// Findings about a network whose fixed points are known: h' = tanh(2 h) on two units has {-a, 0, a} squared.
@Suite struct FixedPointsAnalysisTests {
  private func findings(_ arguments: [String] = []) throws -> Findings {
    let folder = try TemporaryFolder()
    let capture = NamedCapture.named([try SmallCapture.capture(in: folder)])
    let options = try FixedPointsOptions.parse(["--starts", "64", "--fresh-starts", "32"] + arguments)
    return try FixedPointsAnalysis.run(capture, options: options, context: SmallCapture.context)
  }

  private func column(_ table: Table?, _ name: String) -> [Value?] {
    guard let values = table?.columns.first(where: { $0.name == name })?.values else { return [] }
    return (0..<values.count).map { values[$0] }
  }

  private func reals(_ table: Table?, _ name: String) -> [Double] {
    column(table, name).map { if case .real(let value)? = $0 { value } else { .nan } }
  }

  private func integers(_ table: Table?, _ name: String) -> [Int] {
    column(table, name).map { if case .integer(let value)? = $0 { value } else { .min } }
  }

  @Test("nine points: four stable, four saddles with one unstable direction, one with two")
  func ninePoints() throws {
    let findings = try findings()
    let points = findings.tables.first { $0.name == "fixed_points" }
    let unstable = integers(points, "n_unstable")
    #expect((0...2).map { count in unstable.count { $0 == count } } == [4, 4, 1])
    // det(I - J) is a product over the units: negative for each unit at zero, where 1 - 2 < 0.
    let index = integers(points, "index")
    #expect(zip(unstable, index).allSatisfy { $1 == ($0 == 1 ? -1 : 1) } && index.reduce(0, +) == 1)
    #expect(column(points, "certified").allSatisfy { $0 == .string("certified") })
    #expect(
      findings.headline.hasPrefix(
        "9 fixed points at input zero, each certified: 4 attract every captured state and 5 are saddles; 32 more starts "
          + "found no other, so fewer than "))
    #expect(findings.warnings.isEmpty)
  }

  @Test("states are where tanh(2 a) = a, and eigenvalues are 2 (1 - h^2)")
  func statesAndEigenvalues() throws {
    let findings = try findings()
    let points = findings.tables.first { $0.name == "fixed_points" }
    let states = findings.tables.first { $0.name == "fixed_point_states" }
    let eigenvalues = findings.tables.first { $0.name == "eigenvalues" }
    let (x, y) = (reals(states, "unit_0"), reals(states, "unit_1"))
    let a = SmallCapture.a
    try #require(x.count == 9 && y.count == 9)
    let known = [-a, 0, a]
    var seen = Set<[Int]>()
    for point in 0..<9 {
      let near = [x[point], y[point]].map { value in known.firstIndex { abs($0 - value) < 1e-12 } ?? -1 }
      #expect(!near.contains(-1), "(\(x[point]), \(y[point]))")
      seen.insert(near)
      let id = integers(states, "id")[point]
      #expect(integers(points, "id")[point] == id)
      let rows = integers(eigenvalues, "id").indices.filter { integers(eigenvalues, "id")[$0] == id }
      let found = rows.map { reals(eigenvalues, "re")[$0] }
      // The slope's derivative is at most 4 there, so 1e-12 in the state is 4e-12 in the eigenvalue.
      let wanted = near.map { 2 * (1 - known[max(0, $0)] * known[max(0, $0)]) }.sorted(by: >)
      #expect(found.count == 2 && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-11 })
      #expect(abs(reals(points, "spectral_radius")[point] - wanted[0]) < 1e-11)
    }
    #expect(seen.count == 9)
  }

  @Test("basin shares are the shares of quadrants in which recorded states lie")
  func basins() throws {
    let folder = try TemporaryFolder()
    let reader = try SmallCapture.capture(in: folder)
    let options = try FixedPointsOptions.parse(["--starts", "64", "--fresh-starts", "0", "--states", "500"])
    let findings = try FixedPointsAnalysis.run(
      NamedCapture.named([reader]), options: options, context: SmallCapture.context)
    let sample = try reader.sampleStates(count: 500, seed: SmallCapture.context.seed)
    let points = findings.tables.first { $0.name == "fixed_points" }
    let states = findings.tables.first { $0.name == "fixed_point_states" }
    let shares = column(points, "basin_share")
    let (x, y) = (reals(states, "unit_0"), reals(states, "unit_1"))
    let total = sample.states.shape[0]
    #expect(total > 50)
    for point in 0..<9 {
      guard case .real(let share)? = shares[point] else { continue }
      let inside = (0..<total).count { row in
        sample.states.elements[2 * row] * x[point] > 0 && sample.states.elements[2 * row + 1] * y[point] > 0
      }
      #expect(abs(share - Double(inside) / Double(total)) < 1e-12)
    }
    #expect(shares.count { $0 != nil } == 4)
  }

  @Test("a constant input of a file moves the points, and outliers can be dropped")
  func otherOptions() throws {
    #expect(throws: AnalysisError.self) { try findings(["--input", "token:1"]) }
    let dropped = try findings(["--outlier-distance-scale", "0.5"])
    let points = dropped.tables.first { $0.name == "fixed_points" }
    #expect(integers(points, "id").count < 9)
    #expect(dropped.warnings.contains { $0.contains("outliers (--outlier-distance-scale)") })
  }

  @Test("a capture without weights says that it needs --model")
  func withoutWeights() throws {
    let folder = try TemporaryFolder()
    let capture = NamedCapture.named([try SmallCapture.capture(in: folder, weights: false)])
    let error = #expect(throws: AnalysisError.self) {
      try FixedPointsAnalysis.run(capture, options: try .parse([]), context: SmallCapture.context)
    }
    #expect(error.map { "\($0)".contains("carries no weights") && "\($0)".contains("--model") } == true)
  }

  @Test("results do not depend on the number of threads")
  func threads() throws {
    let folder = try TemporaryFolder()
    let capture = NamedCapture.named([try SmallCapture.capture(in: folder)])
    let options = try FixedPointsOptions.parse(["--starts", "32", "--fresh-starts", "8"])
    var tables: [[String]] = []
    for threads in [1, 3] {
      var context = SmallCapture.context
      context.threads = threads
      tables.append(
        try FixedPointsAnalysis.run(capture, options: options, context: context).tables.map(\.csv))
    }
    #expect(tables[0] == tables[1] && tables[0].count >= 4)
  }

  @Test("spectra of the weights are exact, and the largest exponent at rest is ln 2 (1 - a^2)")
  func spectra() throws {
    let folder = try TemporaryFolder()
    let capture = NamedCapture.named([try SmallCapture.capture(in: folder)])
    let options = try SpectraOptions.parse([
      "--states", "8", "--lyapunov-steps", "200", "--lyapunov-discard", "100",
    ])
    let findings = try SpectraAnalysis.run(capture, options: options, context: SmallCapture.context)
    let weights = findings.tables.first { $0.name == "spectra" }
    let rows = column(weights, "matrix").indices.filter {
      column(weights, "matrix")[$0] == .string("weight_hh_l0")
    }
    #expect(rows.map { reals(weights, "modulus")[$0] } == [2, 2])
    let lyapunov = findings.tables.first { $0.name == "lyapunov" }
    let a = SmallCapture.a
    let exponents = reals(lyapunov, "exponent")
    // After 100 steps the state is at (±a, ±a) to the last bit; ln is taken of 0.166 with an error of 2^-50.
    #expect(exponents.count == 2 && exponents.allSatisfy { abs($0 - log(2 * (1 - a * a))) < 1e-12 })
    #expect(findings.headline.contains("contracting"))
  }
}
