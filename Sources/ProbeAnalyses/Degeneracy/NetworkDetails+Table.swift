import ProbeFindings

extension NetworkDetails {
  /// The name of the file.
  static let tableName = "network_details"

  /// `network_details.csv`: a row an eigenvalue, a step of a trial, a fixed point, the shares of variance and a remark.
  ///
  /// - Parameters:
  ///   - all: the details.
  ///   - names: the networks, in the same order.
  /// - Returns: the table.
  static func table(_ all: [NetworkDetails], names: [String]) -> Table {
    var networks: [String] = []
    var kinds: [String] = []
    var trials: [Int?] = []
    var points: [SIMD2<Double>?] = []
    var texts: [String?] = []
    for (name, details) in zip(names, all) {
      func row(_ kind: Kind, trial: Int? = nil, _ point: SIMD2<Double>?, text: String? = nil) {
        networks.append(name)
        kinds.append(kind.rawValue)
        trials.append(trial)
        points.append(point)
        texts.append(text)
      }
      row(.varianceShare, details.varianceShares)
      for value in details.eigenvalues { row(.eigenvalue, value) }
      for (trial, path) in details.trajectories.enumerated() {
        for point in path { row(.trajectory, trial: trial, point) }
      }
      for point in details.points { row(.fixedPoint, point.position, text: point.kind.rawValue) }
      if !details.remark.isEmpty { row(.remark, nil, text: details.remark) }
    }
    return Table(
      name: tableName, title: "What is shown of each network",
      columns: [
        .string("network", networks), .string("kind", kinds), .integer("trial", trials),
        .real("x", points.map { $0?.x }), .real("y", points.map { $0?.y }), .string("text", texts),
      ])
  }

  /// What a row says.
  private enum Kind: String {
    case varianceShare = "variance_share"
    case eigenvalue
    case trajectory
    case fixedPoint = "fixed_point"
    case remark
  }

  /// Reads the details of networks, in their order; none where the file has no rows.
  ///
  /// - Throws: ``AnalysisError/part(path:fault:)``.
  static func read(_ table: DelimitedTable, names: [String]) throws -> [NetworkDetails] {
    guard !table.rows.isEmpty else { return [] }
    var found = [NetworkDetails](repeating: NetworkDetails(), count: names.count)
    let places = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    let (networks, kinds) = (try table.texts("network"), try table.texts("kind"))
    let (x, y) = (try table.numbers("x"), try table.numbers("y"))
    let (trials, texts) = (try table.numbers("trial"), try table.texts("text"))
    for row in table.rows.indices {
      func fault(_ what: String) -> AnalysisError {
        .part(path: table.path, fault: "row \(row + 1) \(what); run its part again")
      }
      guard let place = places[networks[row] ?? ""] else {
        throw fault("is of '\(networks[row] ?? "")', which is not compared")
      }
      guard let kind = Kind(rawValue: kinds[row] ?? "") else {
        throw fault("has the unknown kind '\(kinds[row] ?? "")'")
      }
      if kind == .remark {
        found[place].remark = texts[row] ?? ""
        continue
      }
      guard let x = x[row], let y = y[row] else { throw fault("has no x and y") }
      let point = SIMD2(x, y)
      switch kind {
      case .varianceShare: found[place].varianceShares = point
      case .eigenvalue: found[place].eigenvalues.append(point)
      case .trajectory:
        let last = found[place].trajectories.count - 1
        guard let trial = trials[row], trial == Double(last) || trial == Double(last + 1) else {
          throw fault("has a trial that does not follow the one before")
        }
        if trial > Double(last) { found[place].trajectories.append([]) }
        found[place].trajectories[Int(trial)].append(point)
      case .fixedPoint:
        guard let stability = PointKind(rawValue: texts[row] ?? "") else {
          throw fault("has the unknown stability '\(texts[row] ?? "")'")
        }
        found[place].points.append(NetworkPairPlot.Point(position: point, kind: stability))
      case .remark: break
      }
    }
    return found
  }
}
