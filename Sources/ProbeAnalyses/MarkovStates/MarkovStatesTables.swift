import ComplexModule
import ProbeAutomata
import ProbeFindings
import ProbeLinearAlgebra
import RealModule

/// The tables of Markov state models.
struct MarkovStatesTables {
  let parts: [CaptureMarkovStates]

  func all() -> [Table] {
    [sets(), setTransitions(), timescales(), test(), states(), transitions(), spectrum()]
  }

  /// Rows of all captures, each with its capture.
  private func rows<Row>(_ make: (CaptureMarkovStates) -> [Row]) -> [(part: CaptureMarkovStates, row: Row)] {
    parts.flatMap { part in make(part).map { (part, $0) } }
  }

  private func captures<Row>(_ rows: [(part: CaptureMarkovStates, row: Row)]) -> Column {
    .string("capture", rows.map { $0.part.name }, description: "the capture's name")
  }

  /// `metastable_sets.csv`.
  private func sets() -> Table {
    let rows = rows { Array(0..<$0.setCount) }
    let columns: [Column] = [
      captures(rows),
      .integer("set", rows.map { $0.row }, description: "the set, in the order of its first state"),
      .integer(
        "states", rows.map { entry in entry.part.sets.sets.count { $0 == Int32(entry.row) } },
        description: "the chain's states in it"),
      .real(
        "probability", rows.map { $0.part.sets.probabilities[$0.row] },
        description: "its share of time in the stationary chain"),
      .real(
        "dwell", rows.map { $0.part.setDwell.means[$0.row] }, unit: "steps",
        description:
          "the mean stay: steps in it over departures from it, so that stays cut by a trial's end count"),
      .real(
        "dwell_error", rows.map { $0.part.setDwell.standardErrors[$0.row] }, unit: "steps",
        description: "its standard error if departures have a constant probability"),
      .integer(
        "steps", rows.map { $0.part.setDwell.steps[$0.row] }, unit: "steps",
        description: "recorded steps in it"),
      .integer(
        "exits", rows.map { $0.part.setDwell.exits[$0.row] }, description: "recorded departures from it"),
      .real(
        "stay", rows.map { $0.part.sets.lumped[$0.row, $0.row] },
        description: "the probability to be in it one lag later"),
    ]
    return Table(
      name: "metastable_sets", title: "Metastable sets",
      caption:
        "Sets of states that are left seldom (G-PCCA), with the time spent in them. A set that no state is foremost in has "
        + "the probability 0.", columns: columns, keyColumns: 2)
  }

  /// `set_transitions.csv`.
  private func setTransitions() -> Table {
    let rows = rows { part in
      (0..<part.setCount).flatMap { from in (0..<part.setCount).map { (from: from, to: $0) } }
    }
    let first = rows.map { entry -> (estimate: Double, low: Double, high: Double)? in
      guard let row = entry.part.test.rows.first, entry.row.from < row.estimated.rows,
        entry.row.to < row.estimated.rows
      else { return nil }
      let (from, to) = entry.row
      return (row.estimated[from, to], row.low[from, to], row.high[from, to])
    }
    let columns: [Column] = [
      captures(rows), .integer("from", rows.map { $0.row.from }, description: "the set left"),
      .integer("to", rows.map { $0.row.to }, description: "the set reached one lag later"),
      .real(
        "probability", rows.map { $0.part.sets.lumped[$0.row.from, $0.row.to] },
        description: "its probability in the stationary chain"),
      .real("probability_low", first.map { $0?.low }, description: "the lower end of its interval"),
      .real("probability_high", first.map { $0?.high }, description: "the upper end of its interval"),
    ]
    return Table(
      name: "set_transitions", title: "Transitions between metastable sets",
      caption: "Each state wholly in its set; intervals by bootstrap over trials, or blocks of few trials.",
      columns: columns, keyColumns: 3)
  }

  /// `timescales.csv`.
  private func timescales() -> Table {
    let rows = rows { part in
      part.timescales.rows.flatMap { row in row.values.indices.map { (row: row, rank: $0) } }
    }
    let columns: [Column] = [
      captures(rows),
      .integer("lag", rows.map { $0.row.row.lag }, unit: "steps", description: "steps of one transition"),
      .integer("rank", rows.map { $0.row.rank }, description: "0 for the slowest"),
      .real(
        "timescale", rows.map { $0.row.row.values[$0.row.rank] }, unit: "steps",
        description: "-lag / ln |eigenvalue|"),
      .real(
        "timescale_low", rows.map { $0.row.row.low[$0.row.rank] }, unit: "steps",
        description: "the lower end of its interval"),
      .real(
        "timescale_high", rows.map { $0.row.row.high[$0.row.rank] }, unit: "steps",
        description: "the upper end of its interval"),
    ]
    return Table(
      name: "timescales", title: "Implied timescales",
      caption: "Where they no longer grow with the lag, a chain describes the states.", columns: columns,
      keyColumns: 3)
  }

  /// `chapman_kolmogorov.csv`.
  private func test() -> Table {
    let rows = rows { part in
      part.test.rows.flatMap { row in
        (0..<row.predicted.rows).flatMap { from in
          (0..<row.predicted.columns).map { (row: row, from: from, to: $0) }
        }
      }
    }
    let columns: [Column] = [
      captures(rows),
      .integer("lags", rows.map { $0.row.row.lags }, description: "the distance in lags of the model"),
      .integer("from", rows.map { $0.row.from }, description: "the set at the beginning"),
      .integer("to", rows.map { $0.row.to }, description: "the set at the end"),
      .real(
        "predicted", rows.map { $0.row.row.predicted[$0.row.from, $0.row.to] },
        description: "the probability by the model's power"),
      .real(
        "estimated", rows.map { $0.row.row.estimated[$0.row.from, $0.row.to] },
        description: "the probability by counts at this distance"),
      .real(
        "estimated_low", rows.map { $0.row.row.low[$0.row.from, $0.row.to] },
        description: "the lower end of its interval"),
      .real(
        "estimated_high", rows.map { $0.row.row.high[$0.row.from, $0.row.to] },
        description: "the upper end of its interval"),
    ]
    return Table(
      name: "chapman_kolmogorov", title: "Chapman-Kolmogorov test",
      caption: "What the model predicts several lags ahead, and what is counted there.", columns: columns,
      keyColumns: 4)
  }

  /// `markov_states.csv`.
  private func states() -> Table {
    let rows = rows { part -> [(cell: Int, place: Int?)] in
      let places = Dictionary(uniqueKeysWithValues: part.model.cells.enumerated().map { ($1, $0) })
      return (0..<part.recorded.cellCount).map { ($0, places[$0]) }
    }
    let visits = parts.flatMap { $0.recorded.visits }
    func inChain(_ value: (CaptureMarkovStates, Int) -> Double) -> [Double?] {
      rows.map { entry in entry.row.place.map { value(entry.part, $0) } }
    }
    var columns: [Column] = [
      captures(rows), .integer("state", rows.map { $0.row.cell }, description: "the state"),
      .integer(
        "set", rows.map { entry in entry.row.place.map { Int(entry.part.sets.sets[$0]) } },
        description: "its metastable set; empty outside the connected set"),
      .real(
        "membership",
        inChain { part, place in part.sets.memberships[place, Int(part.sets.sets[place])] },
        description: "how wholly it belongs to that set, 0 to 1"),
      .real(
        "probability", inChain { $0.model.stationary[$1] },
        description: "its share of time in the stationary chain"),
      .integer("visits", visits.map { $0 }, unit: "steps", description: "recorded steps in it"),
      .real(
        "dwell", rows.map { $0.part.cellDwell.means[$0.row.cell] }, unit: "steps",
        description: "the mean stay: steps in it over departures from it"),
      .real(
        "dwell_error", rows.map { $0.part.cellDwell.standardErrors[$0.row.cell] }, unit: "steps",
        description: "its standard error if departures have a constant probability"),
    ]
    if parts.contains(where: { !$0.recorded.signs.isEmpty }) {
      columns.append(
        .string(
          "signs",
          rows.map { $0.part.recorded.signs.isEmpty ? nil : $0.part.recorded.signs[$0.row.cell] },
          description: "the signs of the units that tell it apart"))
    }
    return Table(
      name: "markov_states", title: "States of the chain",
      caption: parts.map { "\($0.name): \($0.recorded.partition)." }.joined(separator: " "),
      columns: columns, keyColumns: 2)
  }

  /// `markov_transitions.csv`.
  private func transitions() -> Table {
    let rows = rows { part -> [(from: Int, to: Int, count: Double, share: Double, error: Double)] in
      let model = part.model
      return model.cells.indices.flatMap { i in
        let total = model.counts.row(i).reduce(0, +)
        return model.cells.indices.compactMap {
          j -> (from: Int, to: Int, count: Double, share: Double, error: Double)? in
          guard model.counts[i, j] > 0 else { return nil }
          let share = model.transition[i, j]
          // Counts overlap, so that only one in a lag is independent of the others.
          let error = (share * (1 - share) * Double(model.lag) / total).squareRoot()
          return (model.cells[i], model.cells[j], model.counts[i, j], share, error)
        }
      }
    }
    let columns: [Column] = [
      captures(rows), .integer("from", rows.map { $0.row.from }, description: "the state left"),
      .integer("to", rows.map { $0.row.to }, description: "the state reached one lag later"),
      .integer("count", rows.map { Int($0.row.count) }, description: "how often that was seen"),
      .real("probability", rows.map { $0.row.share }, description: "its probability"),
      .real(
        "standard_error", rows.map { $0.row.error }, description: "its standard error, of binomial counts"),
    ]
    return Table(
      name: "markov_transitions", title: "Transitions of the chain",
      caption:
        "Within the largest set of states that all lead to one another; pairs never seen are left out.",
      columns: columns, keyColumns: 3)
  }

  /// `markov_eigenvalues.csv`.
  private func spectrum() -> Table {
    let rows = rows { part in
      part.spectrum.eigenvalues.enumerated().map { (rank: $0, value: $1) }
    }
    let columns: [Column] = [
      captures(rows),
      .integer("rank", rows.map { $0.row.rank }, description: "0 for the largest real part, which is 1"),
      .real("re", rows.map { $0.row.value.real }, description: "real part"),
      .real("im", rows.map { $0.row.value.imaginary }, description: "imaginary part"),
      .real("modulus", rows.map { $0.row.value.length }, description: "modulus"),
    ]
    return Table(
      name: "markov_eigenvalues", title: "Eigenvalues of the chain",
      caption:
        "By decreasing real part; the number of sets is that of the eigenvalues before the largest fall.",
      columns: columns, keyColumns: 2)
  }
}
