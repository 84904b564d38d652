import ArgumentParser
import ComplexModule
import Foundation
import ProbeCapture
import ProbeFindings
import ProbeLinearAlgebra
import Testing

@testable import ProbeAnalyses

/// Findings about recorded states whose chain is known.
@Suite("Markov states of three wells")
struct MarkovStatesAnalysisTests {
  static let quick = ["--clusters", "6", "--replicates", "60"]

  static func findings(
    _ capture: CaptureReader, _ arguments: [String] = quick, threads: Int = 2
  ) throws -> Findings {
    let options = try MarkovStatesOptions.parse(arguments)
    let context = AnalysisContext(threads: threads, seed: 1, command: "a test", programVersion: "0")
    return try MarkovStatesAnalysis.run(NamedCapture.named([capture]), options: options, context: context)
  }

  static func table(_ findings: Findings, _ name: String) throws -> Table {
    try #require(findings.tables.first { $0.name == name }, "no table \(name)")
  }

  static func reals(_ table: Table, _ name: String) -> [Double] {
    guard case .real(let values)? = table[column: name]?.values else { return [] }
    return values.map { $0 ?? .nan }
  }

  static func integers(_ table: Table, _ name: String) -> [Int] {
    guard case .integer(let values)? = table[column: name]?.values else { return [] }
    return values.map { $0 ?? -1 }
  }

  static func number(_ findings: Findings, _ key: String) throws -> Double {
    switch try #require(findings.numbers.first { $0.key == key }, "no number \(key)").value {
    case .real(let value): return value
    case .integer(let value): return Double(value)
    default: return .nan
    }
  }

  @Test("three sets with the chain's probabilities, stays and timescale, that turn one way round")
  func wells() throws {
    let folder = try TemporaryFolder()
    let findings = try Self.findings(WellCapture.capture(in: folder))
    let sets = try Self.table(findings, "metastable_sets")
    #expect(Self.integers(sets, "set") == [0, 1, 2])
    // A circulant's stationary distribution is even. Time in a well is correlated over the relaxation time of 13 steps: of 12,000
    // steps some 12,000 / 26 count, so that a share has the standard error sqrt(2/9 / 460) = 0.022; four of them.
    #expect(Self.reals(sets, "probability").allSatisfy { abs($0 - 1 / 3.0) < 0.09 })
    // Stays are geometric with the mean 1 / 0.05 = 20. About 200 departures from each: the standard error is 20 / sqrt(200).
    let (dwell, errors) = (Self.reals(sets, "dwell"), Self.reals(sets, "dwell_error"))
    #expect(zip(dwell, errors).allSatisfy { abs($0 - 20) < 4 * $1 && $1 < 2 })
    // |lambda| of the pair, by the circulant's formula; the interval holds the truth but once in twenty times.
    let modulus = Complex<Double>(0.925, 0.03 * 0.75.squareRoot()).length
    let truth = -1 / log(modulus)
    let (low, high) = try (
      Self.number(findings, "slowest_timescale_low"), Self.number(findings, "slowest_timescale_high")
    )
    #expect(low < truth && truth < high && high - low < truth)
    // Forwards 0.04, backwards 0.01: the net current of three pairs of a third each.
    #expect(abs(try Self.number(findings, "irreversibility") - 0.03) < 0.012)
    #expect(
      findings.headline.contains("3 metastable sets") && findings.headline.contains("is not reversible"))
    // The wells are Markov and well parted: nothing to warn of.
    #expect(findings.warnings == [])
    #expect(try Self.number(findings, "set_agreement") > 0.9 && Self.number(findings, "crispness") > 0.9)
  }

  @Test("every recorded step's well is its set, and each row of probabilities adds up to 1")
  func assignment() throws {
    let folder = try TemporaryFolder()
    let findings = try Self.findings(WellCapture.capture(in: folder))
    let states = try Self.table(findings, "markov_states")
    // Each well's steps, whatever numbers its set and clusters have.
    let paths = WellCapture.paths(trials: 60, steps: 200).flatMap { $0 }
    let wanted = (0..<3).map { well in paths.count { $0 == well } }.sorted()
    var found = [0, 0, 0]
    for (set, visits) in zip(Self.integers(states, "set"), Self.integers(states, "visits")) {
      found[set] += visits
    }
    #expect(found.sorted() == wanted)
    let transitions = try Self.table(findings, "markov_transitions")
    var sums: [Int: Double] = [:]
    for (from, share) in zip(Self.integers(transitions, "from"), Self.reals(transitions, "probability")) {
      sums[from, default: 0] += share
    }
    #expect(sums.count == 6 && sums.values.allSatisfy { abs($0 - 1) < 6 * Double.ulpOfOne })
    let coarse = try Self.table(findings, "set_transitions")
    // At most 0.05 x 0.95 / 4,000 is the variance of a share of 4,000 independent departures: 0.0035, four of which are 0.014.
    var shares = [[Double]](repeating: [], count: 3)
    for (from, share) in zip(Self.integers(coarse, "from"), Self.reals(coarse, "probability")) {
      shares[from].append(share)
    }
    #expect(
      shares.allSatisfy { row in zip(row.sorted(), [0.01, 0.04, 0.95]).allSatisfy { abs($0 - $1) < 0.014 } })
  }

  @Test("the same whatever the number of threads")
  func threads() throws {
    let folder = try TemporaryFolder()
    let capture = try WellCapture.capture(in: folder, trials: 30, steps: 60)
    var one = try Self.findings(capture, threads: 1)
    var three = try Self.findings(capture, threads: 3)
    one.wallSeconds = 0
    three.wallSeconds = 0
    // Tables hold NaN, which is not itself.
    #expect(one.tables.map(\.csv) == three.tables.map(\.csv))
    #expect(one.headline == three.headline && one.numbers == three.numbers && one.warnings == three.warnings)
    #expect(one.summary == three.summary)
  }

  @Test(
    "units that are always positive are one state; sets, lags, sites and a beginning left out are as asked for"
  )
  func options() throws {
    let folder = try TemporaryFolder()
    let capture = try WellCapture.capture(in: folder)
    // All inputs are positive: one region, one state, one set.
    let signs = try Self.findings(capture, ["--partition", "signs", "--replicates", "10"])
    #expect(try Self.number(signs, "states") == 1)
    #expect(signs.headline.contains("no set can be told from another"))
    let two = try Self.findings(capture, Self.quick + ["--sets", "1", "--lag", "3", "--lags", "3,6"])
    #expect(try Self.number(two, "sets") == 1)
    #expect(Set(Self.integers(try Self.table(two, "timescales"), "lag")) == [3, 6])
    let late = try Self.findings(capture, Self.quick + ["--discard", "150", "--sites", "layers.0.hidden"])
    #expect(Self.integers(try Self.table(late, "markov_states"), "visits").reduce(0, +) == 60 * 50)
  }

  @Test(
    "a trial that ends early counts to its end; few counts and a part that is never come back to are said")
  func lengths() throws {
    let folder = try TemporaryFolder()
    let lengths = (0..<30).map { $0 % 2 == 0 ? 40 : 7 }
    let findings = try Self.findings(
      WellCapture.capture(
        in: folder, trials: 30, steps: 40, lengths: lengths,
        edit: { inputs in
          // The first step of every trial lies far away, and nothing leads there.
          for trial in 0..<30 { inputs.replaceSubrange(trial * 80..<trial * 80 + 2, with: [60, 60]) }
        }))
    let states = try Self.table(findings, "markov_states")
    let visits = Self.integers(states, "visits")
    #expect(visits.reduce(0, +) == lengths.reduce(0, +))
    let outside = Self.integers(states, "set").enumerated().filter { $0.element < 0 }.map {
      visits[$0.offset]
    }
    #expect(outside == [30])
    // 30 of the 675 transitions lead away from there: 4.4 %.
    #expect(abs(try Self.number(findings, "kept_share") - 645.0 / 675) < 1e-12)
    let many = try Self.findings(
      WellCapture.capture(in: try TemporaryFolder(), trials: 6, steps: 40), ["--clusters", "40"])
    #expect(many.warnings.contains { $0.contains("fewer than 20 counted transitions") })
  }

  @Test("a memory that the states do not hold is found, and the lag called too short")
  func memory() throws {
    // Two wells, each held for exactly eight steps: a clock, of which the wells show one bit.
    let folder = try TemporaryFolder()
    let capture = try WellCapture.capture(
      in: folder, trials: 40, steps: 80,
      edit: { inputs in
        for trial in 0..<40 {
          for step in 0..<80 {
            let well = (step + 3 * trial) / 8 % 2
            inputs[(trial * 80 + step) * 2] = WellCapture.centres[well][0]
            inputs[(trial * 80 + step) * 2 + 1] = WellCapture.centres[well][1]
          }
        }
      })
    let findings = try Self.findings(capture, ["--clusters", "2", "--replicates", "60"])
    // Within eight steps a stay is certain to end: the chain, which forgets, stays with 7/8 each step.
    #expect(findings.warnings.contains { $0.contains("The lag is too short") })
    #expect(findings.warnings.contains { $0.contains("the state before last says") })
    let dwell = Self.reals(try Self.table(findings, "metastable_sets"), "dwell")
    // Departures are every eight steps; ends of trials add at most 8 steps to some 10 departures a trial.
    #expect(dwell.allSatisfy { $0 >= 8 && $0 < 9 })
  }
}
