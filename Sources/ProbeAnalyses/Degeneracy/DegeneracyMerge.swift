import ProbeDegeneracy
public import ProbeFindings

/// Joins the parts of a degeneracy analysis that was shared out with `--shard i/n`.
///
/// Parts carry all that the report is made from (networks, controls, pairs), so the captures are not needed again. Every part
/// draws the same controls.
public enum DegeneracyMerge {
  /// Joins parts.
  ///
  /// - Parameters:
  ///   - folders: the parts' folders.
  ///   - command: the command as typed.
  ///   - programVersion: this program's version.
  /// - Returns: the whole report's findings.
  /// - Throws: ``AnalysisError/part(path:fault:)`` where parts are of different runs, overlap, or leave pairs out.
  public static func findings(
    parts folders: [String], command: String, programVersion: String
  ) throws -> Findings {
    let parts = try folders.map { try DegeneracyPart($0) }
    guard let first = parts.first else {
      throw AnalysisError.part(path: "no part", fault: "name at least one folder")
    }
    for part in parts.dropFirst() { try requireSameRun(first, part) }
    var results = first.results
    var owners: [NetworkPair: (part: Int, row: Int)] = [:]
    for (index, part) in parts.enumerated() {
      for (row, pair) in part.results.pairs.enumerated() {
        if let other = owners[pair] {
          throw AnalysisError.part(
            path: part.folder,
            fault:
              "it overlaps \(parts[other.part].folder): both hold the pair \(name(pair, results)); name each part once"
          )
        }
        owners[pair] = (index, row)
      }
    }
    let all = results.wantedPairs(withinGroups: first.options["within-groups"] == .boolean(true))
    let missing = all.filter { owners[$0] == nil }
    if let pair = missing.first {
      let shards = parts.compactMap { $0.options["shard"]?.text }.joined(separator: ", ")
      throw AnalysisError.part(
        path: folders.joined(separator: ", "),
        fault:
          "\(missing.count) of \(all.count) pairs are in no part, the first \(name(pair, results)); seen are \(shards)"
      )
    }
    results.pairs = all
    results.values = PairValues(columns: results.columns.count)
    for owner in all.compactMap({ owners[$0] }) {
      results.values.append(row: owner.row, of: parts[owner.part].results.values)
    }
    guard case .integer(let permutations)? = first.options["permutations"] else {
      throw AnalysisError.part(path: first.folder, fault: "summary.json does not say --permutations")
    }
    return DegeneracyReport(
      results: results, details: first.details, part: nil, permutations: permutations, seed: first.seed,
      options: first.options.sorted { $0.key < $1.key }.map {
        $0.key == "shard"
          ? UsedOption("shard", .string("\(parts.count) parts joined"), meaning: "the parts of the pairs")
          : UsedOption($0.key, $0.value)
      }, captures: first.captures, command: command, programVersion: programVersion,
      warnings: parts.flatMap { part in
        part.warnings.filter { !$0.contains("networks are left out") }.map {
          "part \(part.options["shard"]?.text ?? ""): \($0)"
        }
      },
      wallSeconds: parts.reduce(0) { $0 + $1.wallSeconds }
    ).findings()
  }

  private static func name(_ pair: NetworkPair, _ results: EnsembleResults) -> String {
    "\(results.networks[pair.first].name), \(results.networks[pair.second].name)"
  }

  /// Refuses parts of different runs.
  private static func requireSameRun(_ first: DegeneracyPart, _ other: DegeneracyPart) throws(AnalysisError) {
    func differs(_ what: String) -> AnalysisError {
      .part(
        path: other.folder, fault: "its \(what) differ from those of \(first.folder); merge parts of one run")
    }
    if first.networksText != other.networksText { throw differs("networks") }
    if first.captures.map(\.sha256) != other.captures.map(\.sha256) { throw differs("captures") }
    if first.seed != other.seed { throw differs("seeds") }
    for (name, value) in first.options where name != "shard" && other.options[name] != value {
      throw differs("values of --\(name)")
    }
    if first.results.columns != other.results.columns { throw differs("metrics") }
    if first.details != other.details { throw differs("details of networks") }
    if first.controlsText != other.controlsText { throw differs("controls") }
  }
}
