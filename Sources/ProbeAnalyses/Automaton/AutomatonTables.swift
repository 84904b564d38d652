import ProbeAutomata
import ProbeDynamics
import ProbeFindings
import ProbeLinearAlgebra

/// The tables of a report on automata, one row after the other over all captures.
struct AutomatonTables {
  let parts: [NetworkAutomaton]

  func all() -> [Table] {
    [states(), edges(), evidence(), hypotheses(), fidelity()]
      + [clusters(), repeats(), centroids(), comparisons()].filter { $0.rowCount > 0 }
  }

  private func states() -> Table {
    struct Row {
      let part: NetworkAutomaton
      let state: Int
      let access: Word?
    }
    let rows = parts.flatMap { part in
      let words = part.machine.transitions.accessWords
      return (0..<part.machine.stateCount).map { Row(part: part, state: $0, access: words[$0]) }
    }
    func region<Value>(_ value: (Row) -> Value?) -> [Value?] {
      rows.map { $0.part.regions == nil ? nil : value($0) }
    }
    return Table(
      name: "automaton_states", title: "States",
      caption:
        "The states of the minimal machine in canonical order (breadth first from 0, symbols in order), and the part of "
        + "the network's state space that each covers: where the recorded network is whenever the machine, reading the "
        + "same word, is in the state.",
      columns: [
        .integer("state", rows.map { $0.state }, description: "the state; 0 is the start"),
        .string(
          "output", rows.map { $0.part.machine.outputNames[Int($0.part.machine.outputs[$0.state])] },
          description: "what the machine puts out there"),
        .string(
          "access_word", rows.map { row in row.access.map { row.part.machine.alphabet.text(of: $0) } },
          description: "a shortest word that leads there"),
        .integer(
          "visits", region { $0.part.regions?.visits[$0.state] },
          description: "recorded states that lie there"),
        .real(
          "spread", region { $0.part.regions?.spreads[$0.state] },
          description: "root mean squared distance of those from their mean"),
        .real(
          "nearest_region", region { $0.part.nearestRegion($0.state) },
          description: "distance of their mean from that of the nearest other state"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ])
  }

  private func edges() -> Table {
    struct Row {
      let part: NetworkAutomaton
      let state: Int
      let symbol: Int
      let count: Int?
    }
    let rows = parts.flatMap { part in
      let counts = part.edgeCounts
      return (0..<part.machine.stateCount).flatMap { state in
        (0..<part.machine.alphabet.count).map { symbol in
          Row(
            part: part, state: state, symbol: symbol,
            count: counts?[state * part.machine.alphabet.count + symbol])
        }
      }
    }
    return Table(
      name: "automaton_edges", title: "Transitions",
      caption: "Where each symbol leads from each state, and how often the recorded words went there.",
      columns: [
        .integer("state", rows.map { $0.state }, description: "the state"),
        .string(
          "symbol", rows.map { $0.part.machine.alphabet.symbols[$0.symbol] }, description: "the symbol"),
        .integer(
          "next", rows.map { $0.part.machine.transitions[$0.state, $0.symbol] }, description: "the next state"
        ),
        .integer("count", rows.map(\.count), description: "times that a recorded word took it"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ], keyColumns: 2)
  }

  private func evidence() -> Table {
    let rows = parts.flatMap { part in part.certificate.evidence.map { (part: part, evidence: $0) } }
    return Table(
      name: "evidence", title: "What was looked at",
      caption: parts.count == 1
        ? parts[0].certificate.text
        : "Each search for a word on which machine and network differ that found none, and what it covered.",
      columns: [
        .string("search", rows.map { $0.evidence.oracle }, description: "the search"),
        .string("statement", rows.map { $0.evidence.statement }, description: "what is known"),
        .integer("words", rows.map { $0.evidence.words }, description: "words compared"),
        .boolean(
          "complete", rows.map { $0.evidence.isComplete }, description: "whether it went to its end"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ])
  }

  private func hypotheses() -> Table {
    struct Row {
      let part: NetworkAutomaton
      let index: Int
      var round: LearningRound { part.extraction.result.rounds[index] }
    }
    let rows = parts.flatMap { part in
      part.extraction.result.rounds.indices.map { Row(part: part, index: $0) }
    }
    return Table(
      name: "hypotheses", title: "How it was found",
      caption: "Every hypothesis of the learner, and the word that refuted it.",
      columns: [
        .integer("round", rows.map { $0.index + 1 }, description: "the hypothesis"),
        .integer("states", rows.map { $0.round.states }, description: "its states"),
        .integer(
          "steps", rows.map { $0.round.steps }, unit: "steps",
          description: "steps that the network had run before"),
        .string(
          "counterexample",
          rows.map { row in row.round.counterexample.map { row.part.machine.alphabet.text(of: $0) } },
          description: "a word on which network and hypothesis differ"),
        .integer("length", rows.map { $0.round.counterexample?.count }, description: "its length"),
        .string("found_by", rows.map { $0.round.oracle }, description: "the search that found it"),
        .boolean(
          "reported", rows.map { $0.index == $0.part.extraction.chosen },
          description: "whether it is the machine reported"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ])
  }

  private func fidelity() -> Table {
    struct Row {
      let part: NetworkAutomaton
      let sample: String
      let against: String
      let length: Int?
      let output: Int?
      let tally: Fidelity.Tally
    }
    func itemised(_ part: NetworkAutomaton, _ fidelity: Fidelity, _ against: String) -> [Row] {
      [
        Row(
          part: part, sample: fidelity.sample, against: against, length: nil, output: nil, tally: fidelity.all
        )
      ]
        + fidelity.cells.map {
          Row(
            part: part, sample: fidelity.sample, against: against, length: $0.length, output: $0.output,
            tally: $0.tally)
        }
    }
    let rows = parts.flatMap { part -> [Row] in
      var result: [Row] = []
      for fidelity in part.fidelities {
        func whole(_ against: String, _ tally: Fidelity.Tally?) -> [Row] {
          tally.map {
            [
              Row(part: part, sample: fidelity.sample, against: against, length: nil, output: nil, tally: $0)
            ]
          } ?? []
        }
        result += whole("machine, network: every prefix", fidelity.prefixes)
        result += whole("machine, task", fidelity.machineAgainstTruth)
        result += whole("network, task", fidelity.systemAgainstTruth)
      }
      for fidelity in part.fidelities { result += itemised(part, fidelity, "machine, network") }
      for (method, fidelity) in part.clusterFidelities {
        result += itemised(part, fidelity, "\(method), network")
      }
      return result
    }
    return Table(
      name: "fidelity", title: "Fidelity",
      caption:
        "How often two of machine, network and the task's language agree, with Wilson's 95 % interval: on all words of "
        + "a sample, then by length and by the network's class.",
      columns: [
        .string("sample", rows.map(\.sample), description: "the words"),
        .string("compared", rows.map(\.against), description: "who is compared with whom"),
        .integer(
          "length", rows.map(\.length), unit: "symbols", description: "words of this length; empty for all"),
        .string(
          "class", rows.map { row in row.output.map { row.part.machine.outputNames[$0] } },
          description: "words to which the network gives this output; empty for all"),
        .integer("words", rows.map(\.tally.words), description: "words compared"),
        .integer("agreements", rows.map(\.tally.agreements), description: "words on which both agree"),
        .real("share", rows.map { $0.tally.words > 0 ? $0.tally.interval.share : nil }, description: "share"),
        .real(
          "share_low", rows.map { $0.tally.words > 0 ? $0.tally.interval.low : nil },
          description: "lower end of its 95 % interval"),
        .real(
          "share_high", rows.map { $0.tally.words > 0 ? $0.tally.interval.high : nil },
          description: "upper end"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ], keyColumns: 2)
  }

  private func clusters() -> Table {
    let rows = parts.flatMap { part in (part.clusters?.rows ?? []).map { (part: part, row: $0) } }
    let rules = parts.flatMap { part in (part.clusters?.rules ?? []).map { "\(part.name), \($0)" } }
    return Table(
      name: "automaton_clusters", title: "Machines made of clusters",
      caption:
        "Recorded states are put into clusters and each symbol leads where it most often led; edges never seen lead to a "
        + "sink. Determinism alone says little: with more clusters than states it is low though the minimal machine is "
        + "right. Chosen: \(rules.joined(separator: "; ")).",
      columns: [
        .string("method", rows.map { $0.row.method }, description: "what the cells are"),
        .integer(
          "clusters", rows.map { $0.row.setting.clusters }, description: "how many, or intervals of a grid"),
        .real(
          "temperature", rows.map { $0.row.setting.temperature },
          description: "of soft counting; empty for hard counting"),
        .integer("seed", rows.map { Int($0.row.setting.seed) }, description: "of the clustering"),
        .real(
          "determinism", rows.map { $0.row.result.determinism },
          description: "share of transitions that went where their cell's symbol most often leads"),
        .real(
          "purity", rows.map { $0.row.result.outputPurity },
          description: "share of outputs that are their cell's most frequent"),
        .real("coverage", rows.map { $0.row.result.coverage }, description: "share of edges that were seen"),
        .integer(
          "states_before", rows.map { $0.row.result.machine.stateCount }, description: "reachable cells"),
        .integer("states", rows.map { $0.row.minimal.stateCount }, description: "after minimising"),
        .real(
          "agreement", rows.map { $0.row.heldOut.share },
          description: "share of the prefixes of held-out trials on which the network agrees"),
        .real(
          "balanced_agreement", rows.map { $0.row.heldOut.balancedShare },
          description: "the mean of that share over the network's classes"),
        .string(
          "shortest_disagreement",
          rows.map { item in item.row.disagreement.map { item.part.machine.alphabet.text(of: $0) } },
          description: "the shortest word found on which the network disagrees"),
        .boolean(
          "is_learnt_language", rows.map { $0.row.isLearntLanguage },
          description: "whether it is the language of the machine learnt from answers"),
        .boolean("chosen", rows.map { $0.row.isChosen }, description: "whether it was chosen"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ], keyColumns: 2)
  }

  private func repeats() -> Table {
    let rows = parts.flatMap { part in part.repeats.map { (part: part, item: $0) } }
    return Table(
      name: "automaton_repeats", title: "Where a symbol leads when it is repeated",
      caption:
        "From the mean network state of each machine state one symbol is given again and again. The network comes to a "
        + "fixed point (period 1) or a cycle, stable where its spectral radius is below 1; the machine goes round its own "
        + "cycle. Where the periods differ by more than a factor the network tells apart what the machine does not.",
      columns: [
        .integer("state", rows.map { $0.item.state }, description: "the machine state it begins in"),
        .string(
          "symbol", rows.map { $0.part.machine.alphabet.symbols[$0.item.symbol] }, description: "the symbol"),
        .string(
          "machine_cycle",
          rows.map { $0.item.machineCycle.map { "\($0)" }.joined(separator: " ") },
          description: "the machine states that recur"),
        .integer(
          "machine_period", rows.map { $0.item.machineCycle.count }, unit: "steps", description: "how many"),
        .integer(
          "network_period", rows.map { $0.item.network.period }, unit: "steps",
          description: "1 for a fixed point; empty where nothing recurred"),
        .real(
          "residual", rows.map { $0.item.network.residual },
          description: "largest change of a unit after one period"),
        .real(
          "spectral_radius", rows.map { $0.item.network.spectralRadius },
          description: "largest modulus of the cycle's multipliers"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ], keyColumns: 2)
  }

  private func centroids() -> Table {
    let rows = parts.flatMap { part in
      (part.regions?.centroids ?? []).enumerated().compactMap { state, centroid in
        centroid.map { (part: part, state: state, centroid: $0) }
      }
    }
    let units = rows.map { $0.centroid.count }.max() ?? 0
    return Table(
      name: "automaton_centroids", title: "Means of the network's states",
      caption: "The mean of the recorded network states that each machine state covers.",
      columns: [
        .integer("state", rows.map { $0.state }, description: "the machine state"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ]
        + (0..<units).map { unit in
          .real(
            "unit_\(unit)", rows.map { unit < $0.centroid.count ? $0.centroid[unit] : nil },
            description: "unit \(unit)")
        }, keyColumns: 2)
  }

  /// The machines against the task's language and against one another.
  private func comparisons() -> Table {
    struct Row {
      let a: String
      let b: String
      let statesA: Int
      let statesB: Int
      let word: String?
      let outputA: String?
      let outputB: String?
    }
    var rows: [Row] = []
    func add(_ a: String, _ first: MooreMachine, _ b: String, _ second: MooreMachine, _ isFree: Bool) {
      guard first.alphabet == second.alphabet else { return }
      let word = first.difference(from: second, isEmptyWordFree: isFree)
      rows.append(
        Row(
          a: a, b: b, statesA: first.stateCount, statesB: second.stateCount,
          word: word.map { first.alphabet.text(of: $0) },
          outputA: word.map { first.outputNames[first.output(of: $0)] },
          outputB: word.map { second.outputNames[second.output(of: $0)] }))
    }
    for part in parts {
      guard let comparison = part.comparison else { continue }
      add(part.name, part.machine, "task", comparison.truth, part.language.isEmptyWordFree)
      if let word = comparison.networkDifference {
        let output = comparison.truth.outputNames
        let truth = comparison.truth.output(of: word)
        rows.append(
          Row(
            a: part.name + " (network)", b: "task", statesA: 0, statesB: comparison.truth.stateCount,
            word: part.machine.alphabet.text(of: word),
            outputA: output.indices.count == 2 ? output[1 - truth] : nil, outputB: output[truth]))
      }
    }
    for (index, part) in parts.enumerated() {
      for other in parts[(index + 1)...] {
        add(
          part.name, part.machine, other.name, other.machine,
          part.language.isEmptyWordFree || other.language.isEmptyWordFree)
      }
    }
    return Table(
      name: "automaton_differences", title: "Differences",
      caption: "The shortest word on which two machines differ; no word where they are the same language.",
      columns: [
        .string("a", rows.map(\.a), description: "one"),
        .string("b", rows.map(\.b), description: "the other"),
        .integer(
          "states_a", rows.map { $0.statesA == 0 ? nil : $0.statesA },
          description: "states of the minimal machine"),
        .integer("states_b", rows.map(\.statesB), description: "states of the other"),
        .string(
          "shortest_word", rows.map(\.word), description: "the first of the shortest words that differ"),
        .string("output_a", rows.map(\.outputA), description: "what one says of it"),
        .string("output_b", rows.map(\.outputB), description: "what the other says"),
      ], keyColumns: 2)
  }
}

extension NetworkAutomaton {
  /// How often recorded words took each transition, `[state, symbol]`; nil where there are none.
  var edgeCounts: [Int]? {
    if extraction.recorded.allSatisfy(\.isEmpty) { return nil }
    let symbols = machine.alphabet.count
    var counts = [Int](repeating: 0, count: machine.stateCount * symbols)
    for word in extraction.recorded {
      var state = machine.transitions.start
      for symbol in word {
        counts[state * symbols + symbol] += 1
        state = machine.transitions[state, symbol]
      }
    }
    return counts
  }

  /// The distance from a state's mean to the nearest other state's; nil where there is no other.
  func nearestRegion(_ state: Int) -> Double? {
    guard let regions, let own = regions.centroids[state] else { return nil }
    return regions.centroids.indices.filter { $0 != state }.compactMap { other in
      regions.centroids[other].map { centroid in
        zip(own, centroid).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      }
    }.min()
  }
}
