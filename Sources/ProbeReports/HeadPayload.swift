import ProbeFindings

/// The payloads of figures about attention heads and tokens; tokens are given as one can see them.
enum HeadPayload {
  /// The map of heads.
  static func headMap(_ plot: HeadMapPlot) -> JSON {
    .object([
      "layers": .integer(plot.layers), "heads": .integer(plot.heads),
      "scores": .array(plot.scores.map(score)),
      "prompts": .array(plot.patterns.prompts.map(prompt)),
      "patterns": .array(
        plot.patterns.patterns.map { pattern in
          .object([
            "layer": .integer(pattern.layer), "head": .integer(pattern.head),
            "prompt": .integer(pattern.prompt),
            "weights": PatternEncoding.json(
              pattern.weights, count: plot.patterns.prompts[pattern.prompt].tokens.count),
          ])
        }),
      "remedy": .string(plot.patterns.remedy),
    ])
  }

  private static func score(_ score: HeadMapPlot.Score) -> JSON {
    .object([
      "name": .string(score.name), "amount": FigurePayload.axis(score.amount),
      "values": FigurePayload.coarse(score.values), "low": FigurePayload.coarse(score.low),
      "high": FigurePayload.coarse(score.high), "null": FigurePayload.coarse(score.null),
      "scale": .string(score.scale == .diverging ? "diverging" : "sequential"),
      "range": FigurePayload.range(score.range), "note": .string(score.note),
      "intervalMeaning": .string(score.intervalMeaning), "nullMeaning": .string(score.nullMeaning),
      "notApplicable": .string(score.notApplicable),
    ])
  }

  private static func prompt(_ prompt: AttentionPatterns.Prompt) -> JSON {
    .object([
      "name": .string(prompt.name), "note": .string(prompt.note),
      "tokens": FigurePayload.strings(prompt.tokens.map(TokenText.visible)),
      "focus": .integer(prompt.focus ?? prompt.tokens.count - 1),
    ])
  }

  /// The table of tokens: `cells` are lists of token's index in `words`, probability, and so on in turn.
  static func tokenTable(_ plot: TokenTablePlot) -> JSON {
    var words: [String] = []
    var places: [[UInt8]: Int] = [:]
    // Bytes, not strings: Swift holds two spellings of é for equal, and a tokenizer does not.
    func place(of token: String) -> Int {
      let bytes = Array(token.utf8)
      if let known = places[bytes] { return known }
      places[bytes] = words.count
      words.append(TokenText.visible(token))
      return words.count - 1
    }
    let cells = plot.cells.map { candidates in
      JSON.array(
        candidates.flatMap { candidate in
          [.integer(place(of: candidate.token)), FigurePayload.brief(candidate.probability)]
        })
    }
    let targets = plot.targets.map { JSON.integer(place(of: $0)) }
    return .object([
      "rowAxis": FigurePayload.axis(plot.rowAxis), "rows": FigurePayload.strings(plot.rows),
      "tokens": FigurePayload.strings(plot.tokens.map(TokenText.visible)),
      "firstPosition": .integer(plot.firstPosition), "targets": .array(targets), "cells": .array(cells),
      "words": FigurePayload.strings(words), "amount": FigurePayload.axis(plot.amount),
    ])
  }
}
