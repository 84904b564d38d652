import ProbeAutomata
import ProbeCapture
import ProbeFindings
import ProbeLinearAlgebra
import ProbeOutside

/// Puts findings together from the machines of all captures.
struct AutomatonReport {
  let parts: [NetworkAutomaton]
  let options: AutomatonOptions
  let context: AnalysisContext
  /// The outside program that was asked in the place of captures, if there was one.
  var program: OutsideProgram?

  func findings(seconds: Double) throws -> Findings {
    let isMany = parts.count > 1
    var figures: [Figure] = []
    for (index, part) in parts.enumerated() {
      figures += try AutomatonFigures(part: part, isOneOfMany: isMany, index: index).all()
    }
    return Findings(
      analysis: AutomatonAnalysis.name,
      title: isMany ? "Automata of \(parts.count) networks" : "Automaton of \(parts[0].name)",
      headline: headline, numbers: numbers, warnings: warnings, figures: figures,
      tables: AutomatonTables(parts: parts).all(), attachments: try attachments(), options: usedOptions,
      seeds: [UsedSeed("seed", context.seed)],
      versions: [
        UsedVersion("rnnprobe", context.programVersion), UsedVersion("OpenBLAS kernels", BLASLibrary.core),
      ],
      model: isMany ? nil : parts[0].extraction.capture?.reader.foundModel ?? program?.foundModel,
      captures: parts.compactMap { part in
        part.extraction.capture.map {
          CaptureIdentity(
            name: part.name, path: $0.reader.path, sha256: (try? $0.reader.contentHash()) ?? "",
            model: $0.reader.foundModel)
        }
      },
      command: context.command, wallSeconds: seconds)
  }

  private var headline: String {
    let statements = Set(parts.map { $0.strongestStatement ?? "" })
    let isRight = parts.allSatisfy {
      $0.comparison.map { $0.machineDifference == nil } ?? false && $0.certificate.disagreement == nil
    }
    guard parts.count > 1, isRight, statements.count == 1, let statement = statements.first,
      !statement.isEmpty
    else { return parts.map { sentence($0) }.joined(separator: " ") }
    let states = parts.map { "\($0.machine.stateCount)" }
    return
      "The machines learnt from \(parts.count) networks have \(states.dropLast().joined(separator: ", ")) and "
      + "\(states[states.count - 1]) states, each those of its task's language; machines and networks \(statement)."
  }

  private func sentence(_ part: NetworkAutomaton) -> String {
    let states = "\(grouped(part.machine.stateCount)) state" + (part.machine.stateCount == 1 ? "" : "s")
    var text = "The machine learnt from \(part.name) has \(states)"
    if let comparison = part.comparison {
      if comparison.machineDifference == nil {
        text += " and is that of the task's language"
      } else {
        text += ", the task's language \(grouped(comparison.truth.stateCount))"
      }
    }
    if let disagreement = part.certificate.disagreement {
      text += "; the network departs from the machine first, as far as was found, at \(disagreement.text)"
    } else if let strongest = part.strongestStatement {
      text += "; machine and network " + strongest
    }
    if let word = part.comparison?.networkDifference {
      text += "; the network departs from the language at \(part.machine.alphabet.text(of: word))"
    }
    return text + "."
  }

  private var numbers: [HeadlineNumber] {
    parts.flatMap { part -> [HeadlineNumber] in
      let suffix = parts.count > 1 ? " of \(part.name)" : ""
      let key = parts.count > 1 ? "_\(part.name)" : ""
      var result = [
        HeadlineNumber(
          "states\(key)", .integer(part.machine.stateCount), meaning: "states of the minimal machine\(suffix)"
        )
      ]
      if parts.count > 1 { return result }
      result.append(
        HeadlineNumber(
          "hypotheses", .integer(part.extraction.result.rounds.count), meaning: "machines tried on the way"))
      result.append(
        HeadlineNumber(
          "network_steps", .integer(part.extraction.trie.steps), meaning: "steps that the network ran",
          unit: "steps"))
      if let margin = part.certificate.margin {
        result.append(
          HeadlineNumber(
            "smallest_margin", .real(Double(margin.value)),
            meaning: "the least clear decision seen, after \(margin.word)"))
      }
      if let comparison = part.comparison {
        result.append(
          HeadlineNumber(
            "task_states", .integer(comparison.truth.stateCount), meaning: "states of the task's language"))
        result.append(
          HeadlineNumber(
            "is_task_language", .boolean(comparison.machineDifference == nil),
            meaning: "whether the machine is that of the task's language"))
      }
      return result
    }
  }

  private var warnings: [String] { partWarnings + emptyWordWarning }

  /// One sentence for all networks whose readout says something else of the empty word.
  private var emptyWordWarning: [String] {
    let names = parts.filter { part in
      part.language.isEmptyWordFree && part.machine.output(of: []) != part.extraction.learnt.output(of: [])
    }.map(\.name)
    if names.isEmpty { return [] }
    return [
      "\(names.joined(separator: ", ")): the empty word's output is chosen so that the machine is smallest; the readout of "
        + "the state before the first symbol, which nobody may have trained, says otherwise (--empty-word readout takes it)."
    ]
  }

  private var partWarnings: [String] {
    parts.flatMap { part -> [String] in
      var result = (part.extraction.capture?.reader.metadata.warnings ?? []).map { "\(part.name): \($0)" }
      if let ending = part.extraction.result.ending.text {
        let rounds = part.extraction.result.rounds.count
        result.append(
          "\(part.name): the search ended early, \(ending); reported is hypothesis \(part.extraction.chosen + 1) of "
            + "\(rounds), which agrees best with the recorded words.")
      }
      let cut = part.certificate.evidence.filter { !$0.isComplete }.map(\.oracle)
      if !cut.isEmpty {
        result.append(
          "\(part.name): searches that the budget of \(grouped(options.steps)) steps and \(options.seconds) s cut short: "
            + cut.joined(separator: ", ") + " (--steps, --seconds).")
      }
      return result
    }
  }

  private func attachments() throws -> [Attachment] {
    try parts.enumerated().flatMap { index, part -> [Attachment] in
      let name = parts.count > 1 ? "automaton_\(index + 1)" : "automaton"
      return [
        Attachment(name: name, type: .dot, text: DOT.write(part.machine)),
        Attachment(name: name, type: .json, text: try MachineJSON.write(part.machine)),
      ]
    }
  }

  private var usedOptions: [UsedOption] {
    [
      UsedOption("learner", .string(options.learner.rawValue), meaning: "how words are chosen"),
      UsedOption(
        "decision", .string(parts.first?.language.decision ?? ""), meaning: "how outputs decide"),
      UsedOption("empty-word", .string(options.emptyWord.rawValue), meaning: "the empty word's output"),
      UsedOption("extra-states", .integer(options.extraStates), meaning: "extra states of the Wp-method"),
      UsedOption("epsilon", .real(options.epsilon), meaning: "error rate that random words rule out"),
      UsedOption("delta", .real(options.delta), meaning: "chance that they miss a larger one"),
      UsedOption("steps", .integer(options.steps), meaning: "most steps of a network"),
      UsedOption("seconds", .real(options.seconds), meaning: "most seconds of a search"),
      UsedOption("state-limit", .integer(options.stateLimit), meaning: "most states of a hypothesis"),
      UsedOption("precision", .string(options.precision), meaning: "arithmetic of the network"),
      UsedOption("trials", .integer(options.trials), meaning: "recorded trials that are read"),
      UsedOption(
        "partition", .string(options.partition.map(\.rawValue).joined(separator: " ")),
        meaning: "how recorded states are put into cells"),
      UsedOption("clusters", .string(options.clusters), meaning: "numbers of clusters of recorded states"),
      UsedOption(
        "repeat-steps", .integer(options.repeatSteps), meaning: "steps for which a symbol is repeated"),
    ]
  }
}

extension NetworkAutomaton {
  /// What is known of most words.
  var strongestStatement: String? {
    certificate.evidence.filter { $0.isComplete && $0.statement.hasPrefix("agrees on all") }
      .max { $0.words < $1.words }.map { "agree" + $0.statement.dropFirst("agrees".count) }
  }
}
