import ComplexModule
import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// Eigenvalues of heads' circuits, and how far they copy.
struct CircuitReport {
  /// A circuit of which eigenvalues are taken.
  enum Circuit: String, CaseIterable {
    case outputValue = "ov"
    case queryKey = "qk"
    case fullOutputValue = "ov_full"
  }

  /// A larger vocabulary is not multiplied through.
  static let largestVocabulary = 60_000
  /// Eigenvalues of every head are in the table up to this many rows, else those of the top heads.
  static let mostRows = 20_000

  /// By circuit, `[layer * heads + head]`; the full circuit is empty where it was not taken.
  let eigenvalues: [Circuit: [[Complex<Double>]]]
  private let circuits: HeadCircuits
  private let heads: Int

  /// Takes the eigenvalues of every head.
  ///
  /// - Throws: `HeadsError` where a weight is not finite, `LinearAlgebraError` where an iteration fails.
  /// - Complexity: O(heads (width² dimension + dimension³) + vocabulary width²).
  init(_ circuits: HeadCircuits, threads: Int) throws {
    let model = circuits.model
    let product = Self.vocabularyProduct(circuits, threads: threads)
    let layers = try concurrentMap(count: model.layers, threads: threads) { layer in
      try circuits.layer(layer).map { head in
        [
          try head.outputValueEigenvalues(), try head.queryKeyEigenvalues(),
          try product.map { try head.fullOutputValueEigenvalues($0) } ?? [],
        ]
      }
    }
    let all = layers.flatMap { $0 }
    var eigenvalues: [Circuit: [[Complex<Double>]]] = [:]
    for (place, circuit) in Circuit.allCases.enumerated() {
      eigenvalues[circuit] =
        circuit == .fullOutputValue && product == nil ? [] : all.map { $0[place] }
    }
    self.eigenvalues = eigenvalues
    self.circuits = circuits
    heads = model.heads
  }

  /// W_U W_E over the vocabulary; nil where that is too large, or embedding and unembedding are of different tokens.
  private static func vocabularyProduct(_ circuits: HeadCircuits, threads: Int) -> VocabularyProduct? {
    let model = circuits.model
    guard let head = model.parts.head, head.transform == nil, model.parts.patches == nil,
      head.unembedding.weight.outputs == model.vocabulary, model.vocabulary <= largestVocabulary
    else { return nil }
    let (block, width) = (4096, model.width)
    let blocks = (model.vocabulary + block - 1) / block
    var total = VocabularyProduct(width: width)
    // Blocks are multiplied side by side and added in order.
    for first in stride(from: 0, to: blocks, by: 8) {
      let parts = try? concurrentMap(count: min(8, blocks - first), threads: threads) { index in
        let start = (first + index) * block
        let tokens = Array(start..<min(model.vocabulary, start + block))
        var product = VocabularyProduct(width: width)
        if let rows = circuits.unembedding(of: tokens) {
          product.add(left: rows, right: model.embedding(of: tokens))
        }
        return product
      }
      for part in parts ?? [] { total.add(part) }
    }
    return total
  }

  /// The columns `ov_copying`, `ov_copying_full` and `qk_matching`.
  var columns: [HeadScore] {
    func column(_ circuit: Circuit, _ name: String, _ title: String, _ note: String) -> HeadScore? {
      guard let values = eigenvalues[circuit], !values.isEmpty else { return nil }
      return .exact(
        name: name, title: title,
        note: "Sum of the eigenvalues over the sum of their moduli (Elhage et al. 2021). \(note) "
          + circuits.convention,
        values: values.map(copyingScore), range: -1...1, isDiverging: true,
        notApplicable: "all eigenvalues are zero")
    }
    return [
      column(
        .outputValue, "ov_copying", "copying of the OV circuit",
        "Of W_V W_O: 1 where what is written is what is read, -1 where it is its opposite, about 0 for a permutation."
      ),
      column(
        .fullOutputValue, "ov_copying_full", "copying from token to token",
        "Of W_E W_V W_O W_U, through the vocabulary: 1 where reading a token raises it."),
      column(
        .queryKey, "qk_matching", "matching of the QK circuit",
        "Of W_Q W_Kᵀ, positions left out: 1 where queries attend to their like, -1 to their opposite."),
    ].compactMap { $0 }
  }

  /// The eigenvalues of every head, or of the chosen ones where those are too many.
  func table(top: [Int]) -> Table {
    let count = eigenvalues.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }
    let isWhole = count <= Self.mostRows
    let chosen = isWhole ? Array(0..<(eigenvalues[.outputValue]?.count ?? 0)) : top.sorted()
    let rows = Circuit.allCases.flatMap { circuit in
      let values = eigenvalues[circuit] ?? []
      return chosen.filter { $0 < values.count }.flatMap { head in
        values[head].enumerated().map { (circuit: circuit, head: head, rank: $0, value: $1) }
      }
    }
    return Table(
      name: "head_eigenvalues", title: "Eigenvalues of circuits",
      caption: (isWhole
        ? "Of every head"
        : "Of the \(chosen.count) heads that a score puts first, out of \(count) values of all")
        + ", by decreasing modulus; ov is W_V W_O, qk W_Q W_Kᵀ, ov_full W_E W_V W_O W_U.",
      columns: [
        .integer("layer", rows.map { $0.head / heads }), .integer("head", rows.map { $0.head % heads }),
        .string("circuit", rows.map(\.circuit.rawValue)), .integer("rank", rows.map(\.rank)),
        .real("re", rows.map(\.value.real)), .real("im", rows.map(\.value.imaginary)),
        .real("modulus", rows.map(\.value.length)),
      ])
  }

  /// The complex plane of chosen heads, each scaled to its largest modulus.
  func figure(_ circuit: Circuit, title: String, top: [Int]) -> Figure? {
    guard let values = eigenvalues[circuit], !values.isEmpty else { return nil }
    let groups = top.compactMap { head -> PointGroup? in
      let largest = values[head].map(\.length).max() ?? 0
      guard largest > 0 else { return nil }
      let name = "\(head / heads).\(head % heads)"
      return PointGroup(
        name: name, x: values[head].map { $0.real / largest }, y: values[head].map { $0.imaginary / largest },
        hover: values[head].map { "head \(name)\nmodulus \(short($0.length))" })
    }
    guard !groups.isEmpty else { return nil }
    return Figure(
      name: "eigenvalues_\(circuit.rawValue)", title: title,
      caption:
        "Of the heads that scores put first, each divided by its largest modulus. To the right of the imaginary axis the circuit "
        + (circuit == .queryKey ? "attends to its like" : "copies")
        + ", to the left it does the opposite; a ring is a permutation. From the weights, nothing was sampled.",
      content: .complexPlane(ComplexPlanePlot(groups: groups)))
  }
}
