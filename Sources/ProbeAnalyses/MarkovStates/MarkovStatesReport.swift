import ProbeAutomata
import ProbeCapture
import ProbeFindings
import ProbeLinearAlgebra
import RealModule

/// Puts findings together from the Markov state models of all captures.
struct MarkovStatesReport {
  let parts: [CaptureMarkovStates]
  let options: MarkovStatesOptions
  let context: AnalysisContext

  /// Below this share of bootstrap samples the number of sets is called undecided.
  private static let agreementBar = 0.9
  /// Below this share of transitions the connected set is called a part only.
  private static let keptBar = 0.95

  func findings(seconds: Double) -> Findings {
    let isMany = parts.count > 1
    var figures: [Figure] = []
    for (index, part) in parts.enumerated() {
      figures += MarkovStatesFigures(
        part: part, options: options, suffix: isMany ? "_\(index + 1)" : "",
        of: isMany ? " of \(part.name)" : ""
      ).all()
    }
    return Findings(
      analysis: MarkovStatesAnalysis.name,
      title: isMany ? "Markov states of \(parts.count) networks" : "Markov states of \(parts[0].name)",
      headline: parts.map { headline($0) }.joined(separator: " "),
      numbers: parts.flatMap { numbers($0, isMany: isMany) },
      warnings: parts.flatMap { part in warnings(part).map { isMany ? "\(part.name): \($0)" : $0 } },
      figures: figures, tables: MarkovStatesTables(parts: parts).all(), options: usedOptions,
      seeds: [UsedSeed("seed", context.seed)],
      versions: [
        UsedVersion("rnnprobe", context.programVersion), UsedVersion("OpenBLAS kernels", BLASLibrary.core),
      ],
      model: isMany ? nil : parts[0].capture.foundModel,
      captures: parts.map {
        CaptureIdentity(
          name: $0.name, path: $0.capture.path, sha256: (try? $0.capture.contentHash()) ?? "",
          model: $0.capture.foundModel)
      },
      command: context.command, wallSeconds: seconds)
  }

  private func headline(_ part: CaptureMarkovStates) -> String {
    let sets = part.filledSetCount
    var text =
      part.model.keptShare < Self.keptBar
      ? "Within the \(percent(part.model.keptShare)) of transitions that are connected, the states of \(part.name)"
      : "The states of \(part.name)"
    if part.model.cells.count == 1 {
      return text + " stay in one state of the chain: no set can be told from another."
    }
    text += " form \(sets) metastable set\(sets == 1 ? "" : "s")"
    let dwell = part.setDwell.means.filter { $0.isFinite }
    if let least = dwell.min(), let most = dwell.max() {
      text +=
        least == most
        ? ", left after \(threeDigits(most)) steps on average"
        : ", each left after \(threeDigits(least)) to \(threeDigits(most)) steps on average"
    }
    if let slowest = part.slowest(lag: part.model.lag) {
      text +=
        "; the slowest relaxation takes \(threeDigits(slowest.value)) steps (\(percent(options.level)) interval "
        + "\(threeDigits(slowest.low)) to \(threeDigits(slowest.high)))"
    }
    return text + "; the chain " + direction(part) + "."
  }

  private func direction(_ part: CaptureMarkovStates) -> String {
    part.reversibility.pValue < options.significance
      ? "is not reversible" : "shows no direction of time"
  }

  private func numbers(_ part: CaptureMarkovStates, isMany: Bool) -> [HeadlineNumber] {
    let (key, suffix) = isMany ? ("_\(part.name)", " of \(part.name)") : ("", "")
    var result = [
      HeadlineNumber("sets\(key)", .integer(part.filledSetCount), meaning: "metastable sets\(suffix)")
    ]
    if let slowest = part.slowest(lag: part.model.lag) {
      result += [
        HeadlineNumber(
          "slowest_timescale\(key)", .real(slowest.value), meaning: "slowest relaxation\(suffix)",
          unit: "steps"),
        HeadlineNumber(
          "slowest_timescale_low\(key)", .real(slowest.low), meaning: "lower end of its interval",
          unit: "steps"),
        HeadlineNumber(
          "slowest_timescale_high\(key)", .real(slowest.high), meaning: "upper end of its interval",
          unit: "steps"),
      ]
    }
    if isMany { return result }
    return result + [
      HeadlineNumber(
        "set_agreement", .real(part.spectrum.agreement),
        meaning: "share of bootstrap samples in which the largest gap gives \(part.spectrum.count) sets"),
      HeadlineNumber("states", .integer(part.model.cells.count), meaning: "states of the chain"),
      HeadlineNumber(
        "kept_share", .real(part.model.keptShare), meaning: "share of transitions in the connected chain"),
      HeadlineNumber(
        "crispness", .real(part.sets.crispness), meaning: "1 where every state belongs to one set wholly"),
      HeadlineNumber(
        "irreversibility", .real(part.reversibility.current),
        meaning: "net probability current of the chain, 0 in balance, at most 1"),
      HeadlineNumber(
        "irreversibility_null", .real(part.reversibility.expected), meaning: "of a chain in balance by chance"
      ),
      HeadlineNumber(
        "irreversibility_p", .real(part.reversibility.pValue), meaning: "p-value of balance, by simulation"),
      HeadlineNumber(
        "memory", .real(part.memory.information),
        meaning: "what the state before last says of the next beyond the last", unit: "bits/transition"),
      HeadlineNumber(
        "memory_p", .real(part.memory.pValue), meaning: "p-value of no memory, by simulation"),
      HeadlineNumber(
        "prediction_excess", .real(part.largestExcess),
        meaning: "how far a prediction lies outside the interval of its counts, at most"),
    ]
  }

  private func warnings(_ part: CaptureMarkovStates) -> [String] {
    var result = part.capture.metadata.warnings
    if let note = part.recorded.note { result.append(note) }
    if part.recorded.missing > 0 {
      result.append(
        "\(grouped(part.recorded.missing)) steps hold no state (NaN) and are left out; transitions across them are not counted."
      )
    }
    let model = part.model
    if model.keptShare < Self.keptBar {
      result.append(
        "Only \(percent(model.keptShare)) of the transitions lie in the largest set of states that all lead to one another; "
          + "the rest, such as states that are never left, is not part of the chain. --discard leaves beginnings out."
      )
    }
    let few = model.cells.indices.count {
      model.counts.row($0).reduce(0, +) < Double(options.fewCounts)
    }
    if few > 0 {
      result.append(
        "\(few) of \(model.cells.count) states have fewer than \(options.fewCounts) counted transitions, so that their "
          + "probabilities are rough; record more trials or ask for fewer --clusters.")
    }
    if options.sets == nil, part.spectrum.agreement < Self.agreementBar {
      result.append(
        "The number of sets is not decided: the largest gap gives \(part.spectrum.count) in \(percent(part.spectrum.agreement)) "
          + "of the bootstrap samples; markov_eigenvalues.csv has the spectrum, --sets chooses.")
    }
    if part.filledSetCount < part.setCount {
      result.append(
        "\(part.setCount) sets were sought, and in \(part.setCount - part.filledSetCount) of them no state is foremost: the "
          + "memberships overlap (crispness \(threeDigits(part.sets.crispness))); --sets \(part.filledSetCount) may part them better."
      )
    }
    if part.largestExcess > options.tolerance {
      result.append(
        "The lag is too short for these states: several lags ahead a prediction lies \(threeDigits(part.largestExcess)) outside "
          + "the interval of its counts (Chapman-Kolmogorov test); try a longer --lag or more --clusters.")
    }
    if let growth = part.growth(lag: model.lag) {
      result.append(
        "Timescales still grow with the lag: the slowest is \(threeDigits(growth.from)) steps at a lag of \(model.lag) and "
          + "\(threeDigits(growth.to)) at \(growth.lag), so that a chain of \(model.lag)-step transitions forgets too fast; try a "
          + "longer --lag or more --clusters.")
    }
    if part.memory.pValue < options.significance {
      result.append(
        "The chain is not the whole truth: the state before last says \(threeDigits(part.memory.information)) bits a transition "
          + "of the next state beyond the last one (p = \(threeDigits(part.memory.pValue)) by \(options.replicates) simulated chains "
          + "without memory).")
    }
    if let slowest = part.slowest(lag: model.lag), slowest.value < Double(model.lag) {
      result.append(
        "No relaxation is slower than the lag of \(model.lag) steps: the sets are not metastable at this lag."
      )
    }
    return result
  }

  private var usedOptions: [UsedOption] {
    let partitions = Set(parts.map(\.recorded.partition)).sorted().joined(separator: "; ")
    let lags = Set(parts.flatMap { $0.timescales.rows.map(\.lag) }).sorted()
    return [
      UsedOption("partition", .string(partitions), meaning: "how states are told apart"),
      UsedOption("clusters", .integer(options.clusters), meaning: "clusters of k-means"),
      UsedOption(
        "fit-states", .integer(options.fitStates), meaning: "recorded states that k-means is fitted to"),
      UsedOption("sites", .string(options.sites ?? "all states"), meaning: "what makes up a state"),
      UsedOption("discard", .integer(options.discard), meaning: "steps of each trial's beginning left out"),
      UsedOption("lag", .integer(options.lag), meaning: "steps of one transition"),
      UsedOption(
        "lags", .string(lags.map { "\($0)" }.joined(separator: ",")), meaning: "lags of the timescales"),
      UsedOption(
        "sets", .string(options.sets.map { "\($0)" } ?? "by the largest gap"), meaning: "metastable sets"),
      UsedOption("most-sets", .integer(options.mostSets), meaning: "most sets that the gap may choose"),
      UsedOption(
        "multiples", .integer(options.multiples), meaning: "lags ahead in the Chapman-Kolmogorov test"),
      UsedOption(
        "replicates", .integer(options.replicates), meaning: "bootstrap samples, and simulated chains"),
      UsedOption("level", .real(options.level), meaning: "share of samples in an interval"),
      UsedOption(
        "tolerance", .real(options.tolerance), meaning: "excess above which the lag is called too short"),
      UsedOption(
        "significance", .real(options.significance), meaning: "p-value below which a test is called rejected"),
      UsedOption(
        "few-counts", .integer(options.fewCounts), meaning: "transitions below which a state is rough"),
    ]
  }
}

/// A number with three significant digits.
func threeDigits(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return "\(value)" }
  let scale = Double.pow(10, 2 - Int(Double.log10(abs(value)).rounded(.down)))
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
