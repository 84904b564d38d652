import ArgumentParser
import Foundation
import ProbeCapture
import ProbeDegeneracy
import ProbeFindings
import ProbeLinearAlgebra
import Testing

@testable import ProbeAnalyses

/// Ensembles whose networks differ in more than their seed: what can be compared is, the rest is left out in words.
@Suite("Degeneracy of unequal networks")
struct UnequalNetworksTests {
  private static let behaviour: Set = ["loss_difference", "output_disagreement"]
  private static let dynamics: Set = [
    "dsa_angular", "dsa_angular_bound", "dsa_w2", "dsa_w2_squared",
  ]
  private static let spectra: Set = ["weights_singular_values", "weights_eigenvalues"]

  private func findings(_ captures: [CaptureReader], _ options: DegeneracyOptions? = nil) throws -> Findings {
    try DegeneracyAnalysis.run(
      NamedCapture.named(captures), options: options ?? SmallEnsemble.options, context: SmallCapture.context)
  }

  private func table(_ findings: Findings, _ name: String) throws -> Table {
    try #require(findings.tables.first { $0.name == name })
  }

  /// The columns that have a value in the row of two networks.
  private func present(_ findings: Findings, _ a: String, _ b: String) throws -> Set<String> {
    let pairs = try table(findings, "pairs")
    let row = try #require(
      (0..<pairs.rowCount).first {
        pairs[column: "a"]?.values[$0] == .string(a) && pairs[column: "b"]?.values[$0] == .string(b)
      })
    return Set(pairs.columns.dropFirst(2).filter { $0.values[row] != nil }.map(\.name))
  }

  private func equals(_ count: Int, in ensemble: SmallEnsemble, from seed: UInt64 = 1) throws
    -> [CaptureReader]
  {
    try (0..<count).map { try ensemble.capture("n\($0 + 1)", SmallEnsemble.weights(seed: seed + UInt64($0))) }
  }

  @Test("a narrower network is compared by all but its weights' alignment, which says so with both widths")
  func width() throws {
    let ensemble = try SmallEnsemble()
    let found = try findings(
      equals(3, in: ensemble) + [ensemble.capture("narrow", SmallEnsemble.weights(seed: 4, units: 4))])
    let (equal, unequal) = (try present(found, "n1", "n2"), try present(found, "n1", "narrow"))
    #expect(
      equal.subtracting(unequal) == [
        "weights_signed_permutations", "weights_signed_permutations_bound", "pif", "pif_per_n2",
      ])
    #expect(unequal.isSuperset(of: Self.behaviour.union(Self.dynamics).union(Self.spectra)))
    #expect(unequal.contains("cka_biased") && unequal.contains("procrustes_angular"))
    #expect(
      found.warnings.contains {
        $0.hasPrefix("weights (weights_signed_permutations): 3 of 6 pairs lack values: ")
          && $0.contains("recurrent 6 x 6") && $0.contains("recurrent 4 x 4")
      }, "\(found.warnings)")
    let means = try table(found, "degeneracy")
    let metrics = (0..<means.rowCount).compactMap { means[column: "metric"]?.values[$0]?.text }
    #expect(!metrics.contains("weights_signed_permutations") && metrics.contains("weights_singular_values"))
  }

  @Test(
    "networks run on other numbers of trials or steps share dynamics and weights, not answers and states",
    arguments: [(8, 12, "8 trials of 12 steps"), (10, 20, "10 trials of 20 steps")])
  func trials(trials: Int, steps: Int, extent: String) throws {
    let ensemble = try SmallEnsemble()
    let found = try findings(
      equals(3, in: ensemble)
        + [ensemble.capture("other", SmallEnsemble.weights(seed: 4), trials: trials, steps: steps)])
    let (equal, unequal) = (try present(found, "n1", "n2"), try present(found, "n1", "other"))
    let representation = Set(
      MetricColumn.representation(PairComparison.representationMetrics).map(\.name))
    #expect(equal.isSuperset(of: representation))
    #expect(equal.subtracting(unequal) == representation.union(["output_disagreement"]))
    let reason = "they saw different inputs, 10 trials of 12 steps and \(extent)"
    let sorted = "they saw different inputs, \(extent) and 10 trials of 12 steps"
    #expect(
      found.warnings.contains {
        $0.hasPrefix("behaviour (output_disagreement): 3 of 6 pairs lack values: ")
          && ($0.hasSuffix(reason) || $0.hasSuffix(sorted))
      }, "\(found.warnings)")
    #expect(found.warnings.contains { $0.hasPrefix("representation (") && $0.contains("cka_debiased") })
  }

  @Test("cells with other numbers of gates have no weights in common, not even spectra")
  func gates() throws {
    let ensemble = try SmallEnsemble()
    let found = try findings(
      equals(2, in: ensemble)
        + [
          ensemble.capture("gru1", SmallEnsemble.weights(seed: 3, gates: 3), cell: "gru"),
          ensemble.capture("gru2", SmallEnsemble.weights(seed: 4, gates: 3), cell: "gru"),
        ])
    let weights = Set(MetricColumn.weights([.signedPermutations]).map(\.name))
    for (a, b, shares) in [("n1", "n2", true), ("gru1", "gru2", true), ("n1", "gru1", false)] {
      #expect(try present(found, a, b).intersection(weights) == (shares ? weights : []), "\(a), \(b)")
    }
    #expect(try present(found, "n1", "gru1").isSuperset(of: Self.dynamics.union(Self.behaviour)))
    #expect(
      found.warnings.contains(
        "weights (weights_singular_values, weights_eigenvalues): 4 of 6 pairs lack values: the cells have 1 and 3 "
          + "recurrent matrices"), "\(found.warnings)")
  }

  @Test("three networks of which one diverged are two, and the refusal names the third with its reason")
  func divergedOfThree() throws {
    let ensemble = try SmallEnsemble()
    let captures =
      try equals(2, in: ensemble)
      + [ensemble.capture("diverged", SmallEnsemble.weights(seed: 4, scale: 1e30), cell: "elman-relu")]
    #expect {
      try findings(captures)
    } throws: {
      "\($0)"
        == "cannot run degeneracy on 3 captures: 2 networks are left, fewer than three: diverged: its states are "
        + "not finite"
    }
  }

  @Test("one capture, and a capture that is named twice, are refused in words")
  func tooFew() throws {
    let ensemble = try SmallEnsemble()
    let captures = try equals(3, in: ensemble)
    #expect {
      try findings([captures[0]])
    } throws: {
      "\($0)".hasPrefix("cannot run degeneracy on 1 capture: one network is fewer than three")
    }
    #expect {
      try findings(captures + [captures[1]])
    } throws: {
      "\($0)".hasSuffix("n2.h5: it is named twice, and a network differs from itself by nothing")
    }
  }

  @Test("groups are set apart by folder, by cell, by width, or not at all")
  func grouping() throws {
    let ensemble = try SmallEnsemble()
    let captures =
      try (1...4).map {
        try ensemble.capture("\($0 < 3 ? "one" : "two")/n\($0)", SmallEnsemble.weights(seed: $0))
      } + [
        ensemble.capture("two/relu", SmallEnsemble.weights(seed: 5, scale: 0.2), cell: "elman-relu"),
        ensemble.capture("two/wide", SmallEnsemble.weights(seed: 6, units: 8)),
      ]
    let named = NamedCapture.named(captures)
    for (text, groups) in [
      ("folder", ["one", "one", "two", "two", "two", "two"]),
      ("cell", ["elman", "elman", "elman", "elman", "elman-relu", "elman"]),
      ("units", ["6 units", "6 units", "6 units", "6 units", "6 units", "8 units"]),
      ("none", ["all", "all", "all", "all", "all", "all"]), ("task", Array(repeating: "no task", count: 6)),
    ] {
      let options = try DegeneracyOptions.parse(["--groups", text])
      #expect(options.groups(of: named) == groups, "\(text)")
    }
    #expect(throws: (any Error).self) { try DegeneracyOptions.parse(["--groups", "width"]) }
  }

  @Test(
    "a group of two beside one of three has means without intervals; a group of one has none; both are said")
  func smallGroups() throws {
    let ensemble = try SmallEnsemble()
    let captures =
      try (1...6).map {
        try ensemble.capture(
          "\($0 < 4 ? "three" : $0 < 6 ? "two" : "one")/n\($0)", SmallEnsemble.weights(seed: $0))
      }
    var options = try SmallEnsemble.options
    options.groups = .folder
    let found = try findings(captures, options)
    #expect(found.warnings.contains("two has two networks, fewer than three: its means have no interval"))
    #expect(found.warnings.contains("one has one network: nothing is compared within it"))
    let means = try table(found, "degeneracy")
    let groups = (0..<means.rowCount).compactMap { means[column: "group"]?.values[$0]?.text }
    #expect(Set(groups) == ["three", "two"])
    for (row, group) in groups.enumerated() {
      #expect((means[column: "low"]?.values[row] != nil) == (group == "three"))
      #expect(means[column: "pairs"]?.values[row] == .integer(group == "three" ? 3 : 1))
    }
    #expect(
      found.headline.hasPrefix("6 networks in 3 groups; from one another differ in behaviour three most ("))
  }

  @Test("within groups alone, the groups' means are those of all pairs, in parts too")
  func withinGroups() throws {
    let ensemble = try SmallEnsemble()
    let captures =
      try (1...6).map {
        try ensemble.capture("\($0 < 4 ? "a" : "b")/n\($0)", SmallEnsemble.weights(seed: $0))
      }
    var options = try SmallEnsemble.options
    options.groups = .folder
    let all = try findings(captures, options)
    options.withinGroups = true
    let within = try findings(captures, options)
    #expect(try table(all, "pairs").rowCount == 15)
    #expect(try table(within, "pairs").rowCount == 6)
    #expect(try table(all, "degeneracy") == table(within, "degeneracy"))
    // What lies between groups is known of all pairs alone.
    #expect(try table(all, "groups")[column: "separation"]?.values[0] != nil)
    #expect(try table(within, "groups")[column: "separation"]?.values[0] == nil)
    for part in 1...2 {
      options.shard = "\(part)/2"
      let found = try findings(captures, options)
      #expect(found.headline.contains("3 of 6 pairs"), "\(found.headline)")
      try write(found, to: ensemble.folder.path + "/within\(part)")
    }
    let merged = try DegeneracyMerge.findings(
      parts: [1, 2].map { ensemble.folder.path + "/within\($0)" }, command: "a test", programVersion: "0")
    #expect(try table(merged, "pairs") == table(within, "pairs"))
    #expect(try table(merged, "degeneracy") == table(within, "degeneracy"))
  }

  /// The files of a part that a merge reads.
  private func write(_ findings: Findings, to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var texts = Dictionary(uniqueKeysWithValues: findings.tables.map { ("\($0.name).csv", $0.csv) })
    for attachment in findings.attachments { texts["\(attachment.name).csv"] = attachment.text }
    texts["summary.json"] = findings.summary.prettyText
    for (name, text) in texts { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
  }

  @Test("parts of a run with small groups, a diverged network and another width join to the run's tables")
  func mergeUnequal() throws {
    let ensemble = try SmallEnsemble()
    let captures =
      try equals(3, in: ensemble)
      + [
        ensemble.capture("narrow", SmallEnsemble.weights(seed: 4, units: 4)),
        ensemble.capture("diverged", SmallEnsemble.weights(seed: 5, scale: 1e30), cell: "elman-relu"),
      ]
    var options = try SmallEnsemble.options
    options.groups = .cell
    let whole = try findings(captures, options)
    // Four pairs or fewer in eight parts: some parts are empty.
    let folders = try (1...8).map { part -> String in
      options.shard = "\(part)/8"
      let folder = ensemble.folder.path + "/part\(part)"
      try write(findings(captures, options), to: folder)
      return folder
    }
    let merged = try DegeneracyMerge.findings(parts: folders, command: "a test", programVersion: "0")
    for name in ["pairs", "degeneracy", "networks", "metrics"] {
      #expect(try table(merged, name).csv == table(whole, name).csv, "\(name)")
    }
    #expect(merged.warnings.contains { $0.contains("1 of 5 networks are left out: diverged") })
  }
}
