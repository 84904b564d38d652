import ProbeCapture
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// Scores of heads from what was streamed of their attention: one value a prompt and head, then means over prompts.
struct PatternScores {
  /// What a pattern score averages.
  struct Kind {
    let name: String
    let summary: AttentionSummary
    let title: String
    let note: String
    /// Which queries count: all but the first, or those whose token occurred before.
    let needsRepetition: Bool
  }

  /// Weights summed over some keys, by name of the column.
  static let kinds = [
    Kind(
      name: "induction", summary: .induction, title: "weight on the tokens after earlier occurrences",
      note:
        "Prefix matching (Olsson et al. 2022): summed over the tokens that follow every earlier occurrence of the "
        + "query's token, averaged over the queries that have one.", needsRepetition: true),
    Kind(
      name: "duplicate_token", summary: .duplicate, title: "weight on earlier occurrences",
      note: "Summed over the earlier occurrences themselves, averaged over the same queries.",
      needsRepetition: true),
    Kind(
      name: "previous_token", summary: .previous, title: "weight on the token before",
      note: "Averaged over all queries but the first.", needsRepetition: false),
    Kind(
      name: "first_token", summary: .first, title: "weight on the first token",
      note: "The attention sink, averaged over all queries but the first.", needsRepetition: false),
    Kind(
      name: "ngram_1", summary: .ngram1, title: "weight where exactly one token agrees",
      note:
        "The part of induction on places where the last token agrees with the query's, and not the last two.",
      needsRepetition: true),
    Kind(
      name: "ngram_2", summary: .ngram2, title: "weight where exactly two tokens agree",
      note: "The part of induction on places where the last two tokens agree, and not the last three.",
      needsRepetition: true),
    Kind(
      name: "ngram_3", summary: .ngram3, title: "weight where exactly three tokens agree",
      note: "The part of induction on places where the last three tokens agree, and not the last four.",
      needsRepetition: true),
    Kind(
      name: "ngram_4", summary: .ngram4, title: "weight where four tokens agree",
      note: "The part of induction on places where the last four tokens agree.", needsRepetition: true),
    Kind(
      name: "entropy", summary: .entropy, title: "entropy of attention",
      note: "-sum p log p, averaged over all queries but the first.", needsRepetition: false),
    Kind(
      name: "attention_max", summary: .max, title: "largest weight",
      note: "Averaged over all queries but the first.", needsRepetition: false),
  ]

  /// One value a prompt and head by column; nil where a prompt has no such query.
  private(set) var perPrompt: [String: [[Double?]]] = [:]
  /// The mean of 1 / (i + 1) over each prompt's queries but the first.
  private var evenWeights: [Double] = []
  /// k90 / (i + 1) of every query, by head: its median is what the classes are of.
  private(set) var shares: [[Double]] = []

  /// Adds one prompt.
  ///
  /// - Parameters:
  ///   - tokens: of the prompt.
  ///   - heads: of all layers together.
  ///   - summary: a summary's values, `[time, layer * heads + head]`, or nil where it is not there.
  /// - Throws: what `summary` throws.
  mutating func add(
    tokens: [Int], heads: Int, summary: (AttentionSummary) throws -> [[Double]]?
  ) throws {
    var seen = Set<Int>()
    let isRepeated = tokens.map { !seen.insert($0).inserted }
    if tokens.count > 1 {
      var sum = 0.0
      for query in 1..<tokens.count { sum += 1 / Double(query + 1) }
      evenWeights.append(sum / Double(tokens.count - 1))
    }
    for kind in Self.kinds {
      guard let rows = try summary(kind.summary) else { continue }
      let queries = tokens.indices.filter { $0 > 0 && (!kind.needsRepetition || isRepeated[$0]) }
        .filter { $0 < rows.count && rows[$0].first?.isNaN == false }
      let values: [Double?] = (0..<heads).map { head in
        queries.isEmpty ? nil : queries.reduce(0) { $0 + rows[$1][head] } / Double(queries.count)
      }
      perPrompt[kind.name, default: []].append(values)
    }
    if let rows = try summary(.k90) {
      if shares.isEmpty { shares = Array(repeating: [], count: heads) }
      for query in tokens.indices where query > 0 && query < rows.count && (rows[query].first ?? -1) >= 1 {
        for head in 0..<heads { shares[head].append(rows[query][head] / Double(query + 1)) }
      }
    }
  }

  /// The columns, with intervals over prompts; nulls are means of `null`.
  func scores(bootstrap: PromptBootstrap, null: PatternScores?) -> [HeadScore] {
    Self.kinds.compactMap { kind in
      guard let values = perPrompt[kind.name], !values.isEmpty else { return nil }
      let estimates = bootstrap.estimates(values)
      var score = HeadScore(
        name: kind.name, title: kind.title, note: kind.note, estimates: estimates,
        intervalMeaning: "\(percent(bootstrap.level)) bootstrap interval over \(values.count) prompts")
      score.perPrompt = values
      if kind.name == "entropy" {
        score.unit = "nat"
        score.range = nil
      }
      if kind.needsRepetition, let other = null?.perPrompt[kind.name] {
        score.null = (0..<estimates.count).map { head in
          let present = other.compactMap { $0[head] }
          return present.isEmpty ? nil : present.reduce(0, +) / Double(present.count)
        }
        score.nullMeaning =
          "the same patterns on \(other.count) of the prompts, scored as if their tokens stood in random order"
      } else if kind.name == "previous_token" || kind.name == "first_token" {
        let even = evenWeights.reduce(0, +) / Double(max(1, evenWeights.count))
        score.null = estimates.map { _ in even }
        score.nullMeaning = "a head that spreads its weight evenly over the tokens so far"
      }
      return score
    }
  }

  /// The median share of the keys that hold 90 % of the weight; nil for a head without queries.
  var medianShares: [Double?] {
    shares.map { values in
      let sorted = values.sorted()
      guard !sorted.isEmpty else { return nil }
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }
}
