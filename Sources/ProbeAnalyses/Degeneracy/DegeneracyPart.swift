import Foundation
import ProbeDegeneracy
import ProbeFindings

/// A part of a shared-out run, as its folder tells it.
struct DegeneracyPart {
  let folder: String
  let results: EnsembleResults
  let details: [NetworkDetails]
  /// The texts that must be the same in all parts.
  let networksText: String
  let controlsText: String
  let options: [String: Value]
  let seed: UInt64
  let captures: [CaptureIdentity]
  let warnings: [String]
  let wallSeconds: Double

  /// Reads a folder.
  ///
  /// - Throws: ``AnalysisError/part(path:fault:)``.
  init(_ folder: String) throws {
    self.folder = folder
    func text(_ name: String) throws -> String {
      do {
        return try String(contentsOf: URL(filePath: folder + "/" + name), encoding: .utf8)
      } catch {
        throw AnalysisError.part(
          path: folder,
          fault: "\(name) cannot be read; name folders written by analyze degeneracy --shard i/n")
      }
    }
    let summary = try JSONDecoder().decode(PartSummary.self, from: Data(try text("summary.json").utf8))
    guard summary.analysis == DegeneracyAnalysis.name else {
      throw AnalysisError.part(
        path: folder, fault: "it holds the analysis \(summary.analysis); only parts of degeneracy are merged")
    }
    networksText = try text("networks.csv")
    controlsText = try text("controls.csv")
    let networks = try Self.networks(DelimitedTable(networksText, path: folder + "/networks.csv"))
    let file = "\(NetworkDetails.tableName).csv"
    details = try NetworkDetails.read(
      DelimitedTable(try text(file), path: "\(folder)/\(file)"),
      names: networks.filter { $0.exclusion == nil }.map(\.name))
    let table = try DelimitedTable(try text("pairs.csv"), path: folder + "/pairs.csv")
    let columns = try table.header.dropFirst(2).map { name -> MetricColumn in
      guard let column = MetricColumn.named(name) else {
        throw AnalysisError.part(path: table.path, fault: "the column '\(name)' is no metric of this version")
      }
      return column
    }
    let places = Dictionary(
      networks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    func network(_ name: String?) throws -> Int {
      guard let name, let place = places[name] else {
        throw AnalysisError.part(path: table.path, fault: "'\(name ?? "")' is not in networks.csv")
      }
      return place
    }
    let (first, second) = (try table.texts("a"), try table.texts("b"))
    let pairs = try table.rows.indices.map {
      NetworkPair(try network(first[$0]), try network(second[$0]))
    }
    let numbers = try columns.map { try table.numbers($0.name) }
    let values = PairValues(
      columns: columns.count, rows: pairs.indices.map { row in numbers.map { $0[row] } })
    results = EnsembleResults(
      networks: networks, columns: columns, pairs: pairs, values: values,
      controls: try Self.controls(DelimitedTable(controlsText, path: folder + "/controls.csv")))
    options = summary.options.mapValues(\.value)
    seed = summary.seeds["seed"] ?? 0
    captures = summary.captures.map { CaptureIdentity(name: $0.name, path: $0.path, sha256: $0.sha256) }
    (warnings, wallSeconds) = (summary.warnings, summary.wall_seconds)
  }

  private static func networks(_ table: DelimitedTable) throws -> [EnsembleResults.Network] {
    let (names, groups) = (try table.texts("network"), try table.texts("group"))
    let (reasons, families) = (try table.texts("reason"), try table.texts("family"))
    let (units, losses) = (try table.numbers("units"), try table.numbers("loss"))
    let harder = try table.numbers("harder_loss")
    var learning = [LearningMeasures](repeating: LearningMeasures(), count: table.rows.count)
    for measure in LearningMeasure.allCases {
      for (row, value) in try table.numbers(measure.rawValue).enumerated() { learning[row][measure] = value }
    }
    return table.rows.indices.map {
      EnsembleResults.Network(
        name: names[$0] ?? "", group: groups[$0] ?? "", family: families[$0] ?? "",
        units: Int(units[$0] ?? 0),
        loss: losses[$0] ?? .nan, harderLoss: harder[$0] ?? .nan, exclusion: reasons[$0],
        learning: learning[$0])
    }
  }

  private static func controls(_ table: DelimitedTable) throws -> EnsembleControls {
    let (groups, metrics) = (try table.texts("group"), try table.texts("metric"))
    let (kinds, values) = (try table.texts("kind"), try table.numbers("value"))
    var rows: [EnsembleControls.Row] = []
    for index in table.rows.indices {
      guard let kind = EnsembleControls.Kind(rawValue: kinds[index] ?? ""), let value = values[index],
        let group = groups[index], let metric = metrics[index]
      else {
        throw AnalysisError.part(path: table.path, fault: "row \(index + 1) is no draw of a control")
      }
      if let last = rows.indices.last, rows[last].group == group, rows[last].metric == metric,
        rows[last].kind == kind
      {
        rows[last].values.append(value)
      } else {
        rows.append(EnsembleControls.Row(group: group, metric: metric, kind: kind, values: [value]))
      }
    }
    return EnsembleControls(rows: rows)
  }
}

/// What is read of a part's `summary.json`.
private struct PartSummary: Decodable {
  struct Capture: Decodable {
    var name: String
    var path: String
    var sha256: String
  }
  /// An option's value of any type.
  struct Option: Decodable {
    var value: Value

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        value = .integer(number)
      } else if let number = try? container.decode(Double.self) {
        value = .real(number)
      } else if let flag = try? container.decode(Bool.self) {
        value = .boolean(flag)
      } else {
        value = .string(try container.decode(String.self))
      }
    }
  }
  var analysis: String
  var captures: [Capture]
  var options: [String: Option]
  var seeds: [String: UInt64]
  var warnings: [String]
  var wall_seconds: Double
}
