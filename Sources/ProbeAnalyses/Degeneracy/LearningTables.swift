import ProbeDegeneracy
import ProbeFindings

/// What a report says of how far training moved the networks; nothing where no initial weights were given.
struct LearningTables {
  let results: EnsembleResults
  let permutations: Int
  let seed: UInt64

  private func values(_ measure: LearningMeasure, _ group: String) -> [Double] {
    results.members(of: group).compactMap { results.networks[$0].learning[measure] }
  }

  /// All tables that have rows.
  func all() -> [Table] {
    [summary(), comparisons()].filter { $0.rowCount > 0 }
  }

  /// `learning.csv`.
  func summary() -> Table {
    let rows = results.groups.flatMap { group in
      LearningMeasure.allCases.compactMap { measure in
        let values = values(measure, group)
        return values.isEmpty ? nil : (group: group, measure: measure, values: values)
      }
    }
    let means = rows.map { try? SampleMean($0.values) }
    return Table(
      name: "learning", title: "How far training moved the networks of each group",
      caption:
        "Means over networks with their 95 % interval (Student's t) and the networks' standard deviation. A large movement and a "
        + "low kernel alignment are signs of rich learning (features change), a small movement and an alignment near 1 of lazy "
        + "learning (the network stays near the linear model of its start).",
      columns: [
        .string("group", rows.map(\.group)), .string("measure", rows.map(\.measure.rawValue)),
        .real("mean", rows.map { $0.values.reduce(0, +) / Double($0.values.count) }),
        .real("low", means.map { $0?.low }), .real("high", means.map { $0?.high }),
        .real("standard_deviation", means.map { $0?.standardDeviation }),
        .integer("networks", rows.map(\.values.count)),
        .string("convention", rows.map(\.measure.convention)),
      ], keyColumns: 2)
  }

  /// `learning_groups.csv`.
  func comparisons() -> Table {
    struct Row {
      var measure: LearningMeasure
      var groups: (String, String)
      var means: (Double, Double)
      var test: MeanDifferenceTest
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let rows = NetworkPair.all(results.groups.count).flatMap { pair in
      LearningMeasure.allCases.compactMap { measure -> Row? in
        let groups = (results.groups[pair.first], results.groups[pair.second])
        let (first, second) = (values(measure, groups.0), values(measure, groups.1))
        guard
          let test = try? MeanDifferenceTest(first, second, permutations: permutations, seed: seed)
        else { return nil }
        return Row(measure: measure, groups: groups, means: (mean(first), mean(second)), test: test)
      }
    }
    return Table(
      name: "learning_groups", title: "Learning compared between groups",
      caption:
        "difference: the first group's mean less the second's, with its 95 % interval (Welch); p from \(permutations) permutations "
        + "of network labels; effect_size: Hedges' g; detectable: the smallest difference that a test at 5 % finds with "
        + "probability 80 %. No correction is made for the number of rows.",
      columns: [
        .string("measure", rows.map(\.measure.rawValue)), .string("group_a", rows.map(\.groups.0)),
        .string("group_b", rows.map(\.groups.1)), .real("mean_a", rows.map(\.means.0)),
        .real("mean_b", rows.map(\.means.1)), .real("difference", rows.map(\.test.difference)),
        .real("low", rows.map(\.test.low)), .real("high", rows.map(\.test.high)),
        .real("p", rows.map(\.test.pValue)), .real("effect_size", rows.map(\.test.effectSize)),
        .real("detectable", rows.map(\.test.detectableDifference)),
      ], keyColumns: 3)
  }

  /// Each network's movement and alignment, where both are known.
  func figures() -> [Figure] {
    let groups = results.groups.compactMap { group -> PointGroup? in
      let members = results.members(of: group).filter {
        let own = results.networks[$0].learning
        return own[.relativeWeightMovement] != nil && own[.kernelAlignment] != nil
      }
      func coordinates(_ measure: LearningMeasure) -> [Double] {
        members.compactMap { results.networks[$0].learning[measure] }
      }
      return members.isEmpty
        ? nil
        : PointGroup(
          name: group, x: coordinates(.relativeWeightMovement), y: coordinates(.kernelAlignment),
          hover: members.map { results.networks[$0].name })
    }
    guard !groups.isEmpty else { return [] }
    return [
      Figure(
        name: "learning", title: "From lazy to rich learning",
        caption:
          "Each network by how far its weights moved, over the norm of the initial ones, and by the alignment of its neural "
          + "tangent kernel with the initial one. Networks in the upper left learned lazily; those in the lower right changed "
          + "their features.",
        content: .scatter(
          ScatterPlot(
            x: Axis(LearningMeasure.relativeWeightMovement.rawValue),
            y: Axis(LearningMeasure.kernelAlignment.rawValue), groups: groups)))
    ]
  }
}
