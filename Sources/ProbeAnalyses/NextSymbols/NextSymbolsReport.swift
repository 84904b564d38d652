import ProbeAutomata
import ProbeCapture
import ProbeFindings
import ProbeLinearAlgebra

/// Puts findings together from the next-symbol machines of all captures.
struct NextSymbolsReport {
  let parts: [NextSymbolExtraction]
  let options: NextSymbolsOptions
  let context: AnalysisContext

  func findings(seconds: Double) throws -> Findings {
    let isMany = parts.count > 1
    return Findings(
      analysis: NextSymbolsAnalysis.name,
      title: isMany
        ? "Next-symbol machines of \(parts.count) networks"
        : "Next-symbol machine of \(parts.first?.name ?? "")",
      headline: parts.map { sentence($0) }.joined(separator: " "), numbers: numbers,
      warnings: parts.flatMap { part in
        (part.source.capture.metadata.warnings + part.warnings).map { "\(part.name): \($0)" }
      },
      figures: try parts.enumerated().flatMap { index, part in
        try NextSymbolsFigures(part: part, options: options, isOneOfMany: isMany, index: index).all()
      },
      tables: try NextSymbolsTables(parts: parts, options: options).all(),
      attachments: try parts.enumerated().flatMap { index, part -> [Attachment] in
        guard let machine = part.machine else { return [] }
        let name = isMany ? "next_symbols_\(index + 1)" : "next_symbols"
        return [
          Attachment(name: name, type: .dot, text: DOT.write(machine)),
          Attachment(name: name, type: .json, text: try MachineJSON.write(machine)),
        ]
      }, options: usedOptions, seeds: [UsedSeed("seed", context.seed)],
      versions: [
        UsedVersion("rnnprobe", context.programVersion), UsedVersion("OpenBLAS kernels", BLASLibrary.core),
      ],
      model: isMany ? nil : parts.first?.source.capture.foundModel,
      captures: parts.map { part in
        CaptureIdentity(
          name: part.name, path: part.source.capture.path,
          sha256: (try? part.source.capture.contentHash()) ?? "", model: part.source.capture.foundModel)
      }, command: context.command, wallSeconds: seconds)
  }

  private func sentence(_ part: NextSymbolExtraction) -> String {
    guard let chosen = part.chosen, let machine = part.machine else {
      return "No machine was learnt from \(part.name)."
    }
    let learnt = part.learnt[chosen]
    let count = "\(grouped(machine.stateCount)) state" + (machine.stateCount == 1 ? "" : "s")
    var text = "\(learnt.learner.capitalizedFirst) finds \(count) in \(part.name), "
    text += "\(divergence(learnt.network)) a symbol from the network "
    text += "(largest difference of a probability \(rounded(learnt.network.largestDifference)))"
    if let truth = part.source.truth {
      if let word = part.taskDifference(machine, tolerance: options.tolerance) {
        text +=
          "; the task's machine has \(grouped(truth.stateCount)) and another distribution after "
          + part.source.alphabet.text(of: word)
      } else if truth.stateCount == machine.stateCount {
        text += "; it is the task's machine to \(options.tolerance)"
      } else {
        text +=
          "; the task's machine has \(grouped(truth.stateCount)) and the same distributions to \(options.tolerance)"
      }
      if let network = part.networkToTask {
        text += "; the network is \(divergence(network)) a symbol from the task"
      }
    }
    return text + "."
  }

  private func divergence(_ fidelity: NextSymbolFidelity) -> String {
    let interval = fidelity.interval.map { " (\(rounded($0.low)) to \(rounded($0.high)))" } ?? ""
    return "\(rounded(fidelity.divergence))\(interval) nats"
  }

  private var numbers: [HeadlineNumber] {
    parts.flatMap { part -> [HeadlineNumber] in
      guard let chosen = part.chosen, let machine = part.machine else { return [] }
      let suffix = parts.count > 1 ? " of \(part.name)" : ""
      let key = parts.count > 1 ? "_\(part.name)" : ""
      let fidelity = part.learnt[chosen].network
      var result = [
        HeadlineNumber(
          "states\(key)", .integer(machine.stateCount), meaning: "states of the machine\(suffix)"),
        HeadlineNumber(
          "mean_divergence\(key)", .real(fidelity.divergence),
          meaning: "mean Kullback-Leibler divergence of network and machine\(suffix)", unit: "nats"),
      ]
      if parts.count > 1 { return result }
      if let interval = fidelity.interval {
        result.append(
          HeadlineNumber(
            "divergence_low", .real(interval.low), meaning: "lower end of its 95 % interval", unit: "nats"))
        result.append(
          HeadlineNumber("divergence_high", .real(interval.high), meaning: "upper end", unit: "nats"))
      }
      result.append(
        HeadlineNumber(
          "largest_difference", .real(fidelity.largestDifference),
          meaning:
            "largest difference of a probability, after \(part.source.alphabet.text(of: fidelity.differentWord))"
        ))
      result.append(
        HeadlineNumber(
          "perplexity", .real(fidelity.perplexity), meaning: "of the machine on the network's words"))
      result.append(
        HeadlineNumber(
          "network_perplexity", .real(fidelity.referencePerplexity), meaning: "of the network on them"))
      result.append(
        HeadlineNumber(
          "network_steps", .integer(part.steps), meaning: "steps that the network ran", unit: "steps"))
      if let truth = part.source.truth {
        result.append(
          HeadlineNumber("task_states", .integer(truth.stateCount), meaning: "states of the task's machine"))
        result.append(
          HeadlineNumber(
            "is_task_machine",
            .boolean(
              truth.stateCount == machine.stateCount
                && part.taskDifference(machine, tolerance: options.tolerance) == nil),
            meaning:
              "whether machine and task have as many states and the same distributions to the tolerance"))
      }
      if let task = part.networkToTask {
        result.append(
          HeadlineNumber(
            "task_divergence", .real(task.divergence),
            meaning: "mean Kullback-Leibler divergence of task and network", unit: "nats"))
      }
      if let length = part.networkLength {
        result.append(
          HeadlineNumber(
            "mean_word_length", .real(length.symbols), meaning: "of words drawn from the network",
            unit: "symbols"))
      }
      return result
    }
  }

  private var usedOptions: [UsedOption] {
    [
      UsedOption("learner", .string(options.learner.rawValue), meaning: "whose machine is drawn"),
      UsedOption(
        "tolerance", .real(options.tolerance),
        meaning: "largest difference of probabilities that counts as none"),
      UsedOption(
        "negligible", .real(options.negligible), meaning: "probability below which a symbol is not followed"),
      UsedOption("first", .string(options.first.rawValue), meaning: "what is said before the first symbol"),
      UsedOption("words", .integer(options.words), meaning: "fresh words that machines are measured on"),
      UsedOption(
        "sample", .integer(options.sample), meaning: "words that ALERGIA and the spectral learner see"),
      UsedOption("longest", .integer(options.longest), meaning: "length at which drawn words are cut"),
      UsedOption(
        "rank", .string(options.rank.map { "\($0)" } ?? "widest gap"),
        meaning: "states of the spectral automaton"),
      UsedOption("block", .integer(options.block), meaning: "rows and columns of the spectral learner"),
      UsedOption("clusters", .string(options.clusters), meaning: "numbers of clusters of recorded states"),
      UsedOption("trials", .integer(options.trials), meaning: "recorded trials that are read"),
      UsedOption("prefixes", .integer(options.prefixes), meaning: "most prefixes of weighted L*"),
      UsedOption("steps", .integer(options.steps), meaning: "most steps of the network for weighted L*"),
      UsedOption("seconds", .real(options.seconds), meaning: "most seconds of weighted L*"),
      UsedOption("precision", .string(options.precision), meaning: "arithmetic of the network"),
    ]
  }
}

extension String {
  /// With a capital at its beginning.
  fileprivate var capitalizedFirst: String { String(prefix(1)).uppercased() + String(dropFirst()) }
}
