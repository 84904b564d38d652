import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra

/// Whether the first MLP's representation of list words holds their place modulo k, and what that does to a successor head.
struct ModularReport {
  let results: [ModularProbe.Result]
  let effects: FeatureEffects
  let head: String
  private let samples: Int

  /// The modulus of the features whose effects are measured, as in arXiv 2312.09230.
  static let modulus = 10

  /// Probes the inputs of a successor report.
  ///
  /// - Returns: nil where fewer than two lists have words.
  /// - Throws: `LinearAlgebraError` if a number is not finite.
  init?(_ report: SuccessorReport, head: Int, heads: Int) throws {
    let samples = report.problem.samples
    let width = report.inputs.representation.columns
    let rows = Matrix(
      rows: samples.count, columns: width,
      elements: samples.flatMap { report.inputs.representation.row($0.row) })
    let probe = ModularProbe()
    results = try probe(rows, index: samples.map(\.index), domains: samples.map(\.task))
    guard !results.isEmpty else { return nil }
    effects = FeatureEffects(
      directions: try probe.directions(rows, index: samples.map(\.index), modulus: Self.modulus),
      head: try report.circuits.layer(head / heads)[head % heads], problem: report.problem,
      inputs: report.inputs)
    self.head = "\(head / heads).\(head % heads)"
    self.samples = samples.count
  }

  /// Accuracy by modulus against chance.
  var figure: Figure {
    let x = results.map { Double($0.modulus) }
    return Figure(
      name: "modular_probe", title: "The place in a list, modulo k",
      caption:
        "Share of \(samples) list words whose place modulo k a linear map reads off the first MLP's output, the word's own list "
        + "left out of the fit. Above both references the lists share a code modulo k. Every word that is a single token is "
        + "in; there is no interval.",
      content: .lines(
        LinePlot(
          x: Axis("k"), y: Axis("accuracy"),
          series: [
            .init(name: "probe", x: x, y: results.map(\.accuracy)),
            .init(name: "chance, 1 / k", x: x, y: results.map(\.chance)),
            .init(name: "most frequent residue", x: x, y: results.map(\.majority)),
          ])))
  }

  /// Accuracy by modulus, and the effects of each residue's direction.
  var tables: [Table] {
    let components = effects.components
    return [
      Table(
        name: "modular_probe", title: "The place in a list, modulo k",
        caption: "Ridge map from the first MLP's output, fitted on all other lists.",
        columns: [
          .integer("modulus", results.map(\.modulus)), .real("accuracy", results.map(\.accuracy)),
          .real("chance", results.map(\.chance)),
          .real("majority", results.map(\.majority), description: "always the most frequent residue"),
          .real(
            "fundamental_share", results.map(\.fundamentalShare),
            description: "share of the variance that residues' means hold at frequency 1 / k"),
        ]),
      Table(
        name: "successor_features", title: "What features modulo \(Self.modulus) do to head \(head)",
        caption:
          "Exact effects of one direction a residue on the head's logits: the successor's margin over the other words.",
        columns: [
          .integer("residue", components.map(\.residue)), .integer("pairs", components.map(\.pairs)),
          .real(
            "ablation", components.map(\.ablation),
            description: "mean fall of the margin when the direction is set to its mean"),
          .real(
            "addition", components.map(\.addition),
            description: "rise of words with the next residue when the direction is added"),
        ]),
    ]
  }
}
