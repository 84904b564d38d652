extension Findings {
  /// The name and version of the summary's format, under its key `format`.
  public static let summaryFormat = "rnnprobe-summary-1"

  /// The summary, `summary.json` of a report and what `--json` prints.
  ///
  /// Its keys are `format`, `analysis`, `headline`, `numbers`, `warnings`, `options`, `seeds`, `versions`,
  /// `model` (`null` where there is none), `captures` and `wall_seconds`. Keys are sorted, so equal findings give
  /// equal bytes. A real that JSON has no number for is one of the strings `"nan"`, `"inf"`, `"-inf"`: unlike
  /// `null`, these stay apart, and Python's `float()` reads them.
  public var summary: JSON {
    .object([
      "format": .string(Findings.summaryFormat),
      "analysis": .string(analysis),
      "headline": .string(headline),
      "numbers": object(numbers.map { ($0.key, $0.value.json) }),
      "warnings": .array(warnings.map(JSON.string)),
      "options": object(options.map { ($0.name, $0.value.json) }),
      "seeds": object(seeds.map { ($0.name, .unsigned($0.value)) }),
      "versions": object(versions.map { ($0.name, .string($0.version)) }),
      "model": model?.json ?? .null,
      "captures": .array(captures.map(\.json)),
      "wall_seconds": .real(wallSeconds),
    ])
  }

  private func object(_ members: [(String, JSON)]) -> JSON {
    .object(Dictionary(members) { _, last in last })
  }
}
