import ProbeAutomata
import ProbeFindings

/// The tables of a report on next-symbol machines, one row after the other over all captures.
struct NextSymbolsTables {
  let parts: [NextSymbolExtraction]
  let options: NextSymbolsOptions

  func all() throws -> [Table] {
    [states(), edges(), fidelity(), try machines()]
      + [clusters(), singularValues()].filter { $0.rowCount > 0 }
  }

  private func states() -> Table {
    let rows = parts.flatMap {
      part -> [(part: NextSymbolExtraction, machine: ProbabilisticMachine, state: Int)] in
      part.machine.map { machine in (0..<machine.stateCount).map { (part, machine, $0) } } ?? []
    }
    let words = rows.map { row in
      row.machine.likelyAccessWords(negligible: options.negligible)[row.state].map {
        row.machine.alphabet.text(of: $0)
      }
    }
    // Captures may have other symbols; a symbol's column is empty where a capture does not have it.
    var symbols: [String] = []
    for symbol in parts.flatMap(\.source.alphabet.symbols) where !symbols.contains(symbol) {
      symbols.append(symbol)
    }
    return Table(
      name: "next_symbol_states", title: "States",
      caption:
        "The states of the machine of \(learner) in canonical order (breadth first from 0, symbols in order), and "
        + "what comes next in each.",
      columns: [
        .integer("state", rows.map(\.state), description: "the state; 0 is the start"),
        .string("access_word", words, description: "a shortest word that leads there"),
        .real(
          "stop", rows.map { $0.machine.endProbabilities[$0.state] },
          description: "probability that the word ends there"),
      ]
        + symbols.map { symbol in
          .real(
            "p_" + symbol,
            rows.map { row in
              row.machine.alphabet.symbols.firstIndex(of: symbol).map {
                row.machine.probability(of: $0, in: row.state)
              }
            }, description: "probability that \(symbol) comes next")
        } + [.string("capture", rows.map { $0.part.name }, description: "the capture's name")])
  }

  private var learner: String {
    parts.lazy.compactMap { part in part.chosen.map { part.learnt[$0].learner } }.first ?? "none"
  }

  private func edges() -> Table {
    struct Row {
      let part: NextSymbolExtraction
      let machine: ProbabilisticMachine
      let state: Int
      let symbol: Int
    }
    let rows = parts.flatMap { part -> [Row] in
      guard let machine = part.machine else { return [] }
      return (0..<machine.stateCount).flatMap { state in
        (0..<machine.alphabet.count).map { Row(part: part, machine: machine, state: state, symbol: $0) }
      }
    }
    return Table(
      name: "next_symbol_edges", title: "Transitions",
      caption: "Where each symbol leads from each state, and how probable it is there.",
      columns: [
        .integer("state", rows.map(\.state), description: "the state"),
        .string("symbol", rows.map { $0.machine.alphabet.symbols[$0.symbol] }, description: "the symbol"),
        .integer(
          "next", rows.map { $0.machine.transitions[$0.state, $0.symbol] }, description: "the next state"),
        .real(
          "probability", rows.map { $0.machine.probability(of: $0.symbol, in: $0.state) },
          description: "probability of the symbol in the state"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ], keyColumns: 2)
  }

  private func fidelity() -> Table {
    struct Row {
      let part: NextSymbolExtraction
      let machine: String
      let reference: String
      let states: Int?
      let value: NextSymbolFidelity
      func text(_ word: Word) -> String { part.source.alphabet.text(of: word) }
    }
    let rows: [Row] = parts.flatMap { part -> [Row] in
      var rows: [Row] = []
      func add(_ machine: String, _ reference: String, _ states: Int?, _ value: NextSymbolFidelity?) {
        guard let value else { return }
        rows.append(Row(part: part, machine: machine, reference: reference, states: states, value: value))
      }
      for learnt in part.learnt { add(learnt.learner, "network", learnt.stateCount, learnt.network) }
      add("task", "network", part.source.truth?.stateCount, part.taskToNetwork)
      add("network", "task", nil, part.networkToTask)
      for learnt in part.learnt { add(learnt.learner, "task", learnt.stateCount, learnt.task) }
      return rows
    }
    return Table(
      name: "next_symbol_fidelity", title: "Fidelity",
      caption:
        "How near each machine's probabilities of the next symbol come to those of the network, on fresh words drawn from "
        + "the network, and to those of the task, on words drawn from it. Intervals are of means over words, 95 %. Before "
        + "logarithms are taken, \(NextSymbolFidelity.floor) of the uniform distribution is mixed into the machine's.",
      columns: [
        .string("machine", rows.map(\.machine), description: "what is measured"),
        .string(
          "reference", rows.map(\.reference),
          description: "what it is measured against; words are drawn from it"),
        .integer("states", rows.map(\.states), description: "states of the machine"),
        .integer("words", rows.map(\.value.words), description: "words drawn"),
        .integer("prefixes", rows.map(\.value.prefixes), description: "prefixes compared"),
        .real(
          "mean_divergence", rows.map(\.value.divergence), unit: "nats",
          description: "mean Kullback-Leibler divergence of the next symbol's distribution from the machine's"
        ),
        .real(
          "divergence_low", rows.map { $0.value.interval?.low }, unit: "nats",
          description: "lower end of the interval"),
        .real(
          "divergence_high", rows.map { $0.value.interval?.high }, unit: "nats", description: "upper end"),
        .real(
          "largest_divergence", rows.map(\.value.largestDivergence), unit: "nats", description: "the largest"),
        .string(
          "largest_divergence_word", rows.map { $0.text($0.value.divergentWord) },
          description: "after which word"),
        .real(
          "wer", rows.map(\.value.errorRate),
          description:
            "share of prefixes where the likeliest next symbols differ, whichever rounding makes likeliest"),
        .real(
          "clear_wer", rows.map(\.value.clearErrorRate),
          description: "the same where the reference's likeliest leads by more than the tolerance"),
        .integer("clear_prefixes", rows.map(\.value.clearPrefixes), description: "prefixes where it does"),
        .real(
          "ndcg", rows.map(\.value.discountedGain),
          description: "mean normalised discounted gain of the likeliest k"),
        .integer("ndcg_k", rows.map(\.value.ranks), description: "k"),
        .real(
          "largest_difference", rows.map(\.value.largestDifference),
          description: "largest difference of two probabilities"),
        .string(
          "largest_difference_word", rows.map { $0.text($0.value.differentWord) },
          description: "after which word"),
        .real(
          "impossible", rows.map(\.value.impossible),
          description: "mean probability, in the reference, of what the machine holds to be impossible"),
        .real(
          "perplexity", rows.map(\.value.perplexity), description: "the machine's, on the reference's words"),
        .real(
          "reference_perplexity", rows.map(\.value.referencePerplexity), description: "the reference's own"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ], keyColumns: 2)
  }

  private func machines() throws -> Table {
    struct Row {
      let part: NextSymbolExtraction
      let learner: String
      let states: Int
      let machine: ProbabilisticMachine?
      let remark: String
      let negatives: (count: Int, smallest: Double)?
      var length: MeanLength?
    }
    let rows = parts.flatMap { part -> [Row] in
      let learnt = part.learnt.map {
        Row(
          part: part, learner: $0.learner, states: $0.stateCount, machine: $0.machine, remark: $0.remark,
          negatives: $0.negatives, length: part.networkLength)
      }
      let task = part.source.truth.map {
        Row(
          part: part, learner: "task", states: $0.stateCount, machine: $0, remark: "the task's own machine",
          negatives: nil, length: part.taskLength)
      }
      return learnt + (task.map { [$0] } ?? [])
    }
    let ranks = try rows.map { row in try row.machine.map { try LogProbabilities($0).rank } }
    let isTask = rows.map { row -> Bool? in
      guard let truth = row.part.source.truth, let machine = row.machine else { return nil }
      return machine.stateCount == truth.stateCount
        && row.part.taskDifference(machine, tolerance: options.tolerance) == nil
    }
    return Table(
      name: "next_symbol_machines", title: "Machines",
      caption: "What each learner made of the network.",
      columns: [
        .string("machine", rows.map(\.learner), description: "who learnt"),
        .integer("states", rows.map(\.states), description: "states"),
        .boolean(
          "is_task", isTask,
          description:
            "whether it has as many states as the task's machine and no word parts them by more than the tolerance"
        ),
        .string(
          "task_difference",
          rows.map { row in
            row.machine.flatMap { row.part.taskDifference($0, tolerance: options.tolerance) }
              .map { row.part.source.alphabet.text(of: $0) }
          },
          description:
            "a shortest word after which it differs from the task's machine by more than the tolerance"),
        .integer("log_rank", ranks, description: "rank of the matrix of log probabilities, a row a state"),
        .integer(
          "negatives", rows.map { $0.negatives?.count },
          description: "prefixes with a negative share of a next symbol"),
        .real("smallest_share", rows.map { $0.negatives?.smallest }, description: "the least share"),
        .real(
          "mean_word_length", rows.map { $0.length?.symbols }, unit: "symbols",
          description: "mean length of words drawn from the network, or from the task"),
        .string("remark", rows.map(\.remark), description: "how it came about"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ])
  }

  private func clusters() -> Table {
    let rows = parts.flatMap { part in part.clusters.map { (part: part, row: $0) } }
    return Table(
      name: "next_symbol_clusters", title: "Clusters of recorded states",
      caption:
        "Machines of k-means clusters, fitted on every other trial and measured on the rest. Chosen is the smallest number "
        + "that errs nowhere by more than the tolerance; where none does, the smallest whose divergence is within the interval of the "
        + "least. States of the chosen one that go on alike are then merged.",
      columns: [
        .integer("clusters", rows.map(\.row.clusters), description: "clusters"),
        .integer("states", rows.map(\.row.states), description: "those that are reached"),
        .real(
          "determinism", rows.map(\.row.determinism),
          description: "share of transitions that go where most of their kind go"),
        .integer("unseen", rows.map(\.row.unseenTransitions), description: "transitions never seen"),
        .real(
          "largest_difference", rows.map { $0.row.heldOut.largestDifference },
          description: "largest difference of two probabilities, held-out trials"),
        .real(
          "mean_divergence", rows.map(\.row.heldOut.divergence), unit: "nats",
          description: "network to machine, held-out trials"),
        .real(
          "divergence_low", rows.map { $0.row.heldOut.interval?.low }, unit: "nats",
          description: "lower end of the 95 % interval"),
        .real(
          "divergence_high", rows.map { $0.row.heldOut.interval?.high }, unit: "nats",
          description: "upper end"),
        .boolean(
          "chosen", rows.map(\.row.isChosen), description: "whether it is the machine that is measured"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ])
  }

  private func singularValues() -> Table {
    let rows = parts.flatMap { part in
      part.singularValues.enumerated().map { (part: part, index: $0.offset + 1, value: $0.element) }
    }
    return Table(
      name: "next_symbol_singular_values", title: "Singular values",
      caption:
        "Of the matrix of prefix probabilities that the spectral learner cuts: where they fall is where states end.",
      columns: [
        .integer("index", rows.map(\.index), description: "place, largest first"),
        .real("value", rows.map(\.value), description: "singular value"),
        .string("capture", rows.map { $0.part.name }, description: "the capture's name"),
      ])
  }
}
