import ProbeFindings
import ProbeHeads
import ProbeLinearAlgebra
import ProbeModels

/// Which heads give the next word of a list, from the weights.
struct SuccessorReport {
  let problem: SuccessorProblem
  let inputs: SuccessorInputs
  let convention: SuccessorConvention
  let circuits: HeadCircuits
  /// `[layer * heads + head]`; nil in layer 0.
  let scores: [SuccessorScore?]
  private let heads: Int

  /// Scores every head behind the first MLP.
  ///
  /// - Returns: nil where no list has a pair of single tokens.
  /// - Throws: `HeadsError` where a weight is not finite.
  /// - Complexity: O(heads tokens (dimension (width + tokens) + tokens)).
  init?(
    _ circuits: HeadCircuits, convention: SuccessorConvention, threads: Int, encode: (String) -> [Int]
  ) throws {
    let model = circuits.model
    let problem = SuccessorProblem(tokenize: encode)
    guard !problem.pairs.isEmpty, let unembedding = circuits.unembedding(of: problem.tokens) else {
      return nil
    }
    let inputs = try SuccessorInputs(
      problem,
      representation: model.firstMLP(
        tokens: problem.tokens, normalized: convention.mlp0Input == .normalized,
        foldsNorm: convention.foldsNorms, threads: threads),
      unembedding: unembedding)
    let heads = model.heads
    let layers = try concurrentMap(count: model.layers, threads: threads) { layer -> [SuccessorScore?] in
      guard layer > 0 else { return Array(repeating: nil, count: heads) }
      return try circuits.layer(layer).enumerated().map { head, circuit in
        let bias = convention.includesBias ? circuits.outputBias(layer: layer, head: head) : nil
        return SuccessorScore(
          problem, logits: inputs.logits(circuit, bias: bias), candidates: convention.candidates)
      }
    }
    scores = layers.flatMap { $0 }
    self.problem = problem
    self.inputs = inputs
    self.convention = convention
    self.circuits = circuits
    self.heads = heads
  }

  /// The convention in words.
  var conventionText: String {
    let input =
      convention.mlp0Input == .raw
      ? "the first MLP's output for the bare embedding\(convention.foldsNorms ? ", its norm's weights folded in" : "")"
      : "the embedding plus the first MLP's output for the normalised embedding"
    let candidates = convention.candidates == .targets ? "of the same list" : "of all lists"
    return "Input: \(input). A successor must have the highest logit among the successors \(candidates). "
      + circuits.convention + (convention.includesBias ? " The head's output bias is added." : "")
  }

  /// The column `successor`: the mean of the lists' accuracies.
  var column: HeadScore {
    let counts = problem.tasks.indices.compactMap { task -> String? in
      let pairs = problem.pairs.count { $0.task == task }
      return pairs > 0 ? "\(problem.tasks[task].name) \(pairs)" : nil
    }
    let firstLayer =
      circuits.model.parts.blocks.first?.isParallel == true
      ? "heads of the first layer read beside the first MLP and not after it"
      : "heads of layer 0 come before the first MLP"
    var score = HeadScore.exact(
      name: "successor", title: "successor score, mean over lists",
      note:
        "Share of words whose successor the head gives the highest logit (Gould et al. 2024), averaged over lists with more than one candidate; pairs: "
        + "\(counts.joined(separator: ", ")). \(conventionText)",
      values: scores.map { $0?.macroAverage }, notApplicable: firstLayer)
    score.null = scores.map { $0?.macroChance }
    score.nullMeaning = "a head that picks a candidate at random"
    return score
  }

  /// Accuracy by head and list.
  var table: Table {
    let rows = scores.indices.flatMap { index in
      (scores[index]?.tasks ?? []).filter { $0.pairs > 0 }.map { (index: index, task: $0) }
    }
    return Table(
      name: "successor_tasks", title: "Successor scores by list",
      caption: "From the weights alone, so that there is no interval; chance is 1 over the candidates.",
      columns: [
        .integer("layer", rows.map { $0.index / heads }), .integer("head", rows.map { $0.index % heads }),
        .string("task", rows.map(\.task.name)),
        .integer("pairs", rows.map(\.task.pairs), description: "pairs of single tokens"),
        .integer("correct", rows.map(\.task.correct), description: "pairs whose successor won"),
        .real("accuracy", rows.map(\.task.accuracy)), .real("chance", rows.map(\.task.chance)),
      ])
  }

  /// How many lists the mean is over.
  var lists: Int { scores.compactMap { $0 }.first?.tasks.count { $0.pairs > 0 && $0.candidates > 1 } ?? 0 }

  /// The head with the highest mean accuracy.
  var best: Int? { column.ranking().first }

  /// Logits from word to word of the list that a head does best.
  func matrixFigure(of head: Int) throws -> Figure? {
    guard let score = scores[head],
      let task = score.tasks.indices.filter({ score.tasks[$0].pairs > 0 }).max(by: {
        margin(score.tasks[$0]) < margin(score.tasks[$1])
      })
    else { return nil }
    let circuit = try circuits.layer(head / heads)[head % heads]
    let bias =
      convention.includesBias ? circuits.outputBias(layer: head / heads, head: head % heads) : nil
    let matrix = SuccessorMatrix(problem, logits: inputs.logits(circuit, bias: bias), task: task)
    let shown = min(60, matrix.words.count)
    var values: [Double] = []
    var hover: [String] = []
    for row in 0..<shown {
      let line = (0..<shown).map { matrix.logits[row, $0] }
      let mean = line.reduce(0, +) / Double(max(1, shown))
      for column in 0..<shown {
        values.append(line[column] - mean)
        hover.append(matrix.successors[row] == column ? "the successor" : "")
      }
    }
    let words = Array(matrix.words.prefix(shown))
    let name = "\(head / heads).\(head % heads)"
    let cut =
      shown < matrix.words.count ? " The first \(shown) of \(matrix.words.count) words are shown." : ""
    return Figure(
      name: "successor_matrix", title: "What head \(name) makes of \(score.tasks[task].name)",
      caption:
        "The head's direct logits from each word (row) to each word (column), less the row's mean; the final norm's scale is not in "
        + "it, so that only differences mean anything. A successor head is bright "
        + "one to the right of the diagonal; a copying head on it. \(score.tasks[task].correct) of "
        + "\(score.tasks[task].pairs) successors win.\(cut) Computed from the weights, nothing was sampled.",
      content: .heatmap(
        HeatmapPlot(
          rowAxis: Axis("input word"), columnAxis: Axis("output word"), rows: words, columns: words,
          values: values, amount: Axis("logit less the row's mean"), scale: .diverging, hover: hover)))
  }

  private func margin(_ task: SuccessorScore.Task) -> Double {
    Double(task.correct) - (task.chance ?? 0) * Double(task.pairs)
  }
}
