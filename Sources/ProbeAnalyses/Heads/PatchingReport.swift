import ProbeCapture
import ProbeCheckpoints
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels

/// Where in the model, and at which positions, the answer travels: clean values patched into corrupt runs.
struct PatchingReport {
  private(set) var warnings: [String] = []
  private var found: [(capture: String, grids: [PatchingGrid])] = []
  private let attention: CapturedAttention
  private let site: String
  /// The most positions of a prompt that are patched.
  static let mostPositions = 48
  /// Prompts whose tokens a corrupt token is drawn from.
  static let tokenPool = 64

  /// Patches prompts of every capture that asks for a token that stands in the prompt.
  ///
  /// - Throws: ``AnalysisError`` where `--corrupt` fits no capture, and what the runs throw.
  init(_ attention: CapturedAttention, options: CausalOptions, context: AnalysisContext) throws {
    self.attention = attention
    site = options.patchSite.rawValue
    guard options.patchPrompts > 0, let model = attention.model else { return }
    let own = try options.corrupt.map { try Self.corrupt($0, fitting: attention.captures) }
    // The residual stream has one more place than there are layers: after the last.
    let names =
      (0..<model.layers).map { "blocks.\($0).\(site)" }
      + (options.patchSite == .residual ? ["blocks.\(model.layers - 1).resid_post"] : [])
    guard model.parts.blocks.allSatisfy({ $0.attention.isCausal }), model.site(named: "logits") != nil else {
      return
    }
    let budget = options.tokenBudget(weights: model.weightCount) / 4
    var spent = 0
    var asksAnything = false
    for capture in attention.captures {
      guard let prompts = try TaskPrompts(capture, limit: max(options.patchPrompts, Self.tokenPool)) else {
        continue
      }
      if let own, own.shape != [capture.reader.metadata.trials, capture.reader.metadata.steps] { continue }
      asksAnything = true
      let cases = PatchingCases(prompts: prompts, model: model)
      var grids: [PatchingGrid] = []
      var unmoved = 0
      var dear = 0
      for prompt in prompts.prompts.prefix(options.patchPrompts) {
        let example: PatchingCase?
        if let own {
          let steps = own.shape[1]
          example = try cases.given(
            prompt, corrupt: Array(own.elements[prompt.trial * steps..<(prompt.trial + 1) * steps]))
        } else {
          example = try cases.drawn(prompt, seed: context.seed)
        }
        guard let example else { continue }
        let positions = example.positions(most: Self.mostPositions)
        let cost = names.count * positions.count * example.clean.count
        guard spent + cost <= budget else {
          dear += 1
          continue
        }
        spent += cost
        context.progress(
          "patching \(capture.name)",
          Double(grids.count) / Double(min(options.patchPrompts, prompts.prompts.count)))
        if let grid = try PatchingGrid(
          example, positions: positions, sites: names, model: model, precision: prompts.precision,
          threads: context.threads)
        {
          grids.append(grid)
        } else {
          unmoved += 1
        }
      }
      let long = prompts.prompts.prefix(options.patchPrompts).count {
        $0.tokens.count > PatchingCases.longest
      }
      if long > 0 {
        warnings.append(
          "\(capture.name): of \(long) prompts longer than \(PatchingCases.longest) tokens only steps up to there are "
            + "patched.")
      }
      if dear > 0 {
        warnings.append(
          "\(capture.name): \(dear) prompts were not patched, to stay within a quarter of --prune-tokens.")
      }
      if unmoved > 0 {
        warnings.append(
          "\(capture.name): in \(unmoved) of \(unmoved + grids.count) prompts the corruption takes too little from the answer; they are "
            + "left out of the patching.")
      }
      if !grids.isEmpty { found.append((capture.name, grids)) }
    }
    if own == nil && found.isEmpty && asksAnything {
      warnings.append(
        "Nothing was patched: no asked step that the model answers rightly has its answer earlier in the prompt, where it "
          + "could be replaced. --corrupt takes corrupt prompts of your own.")
    }
    if own != nil && found.isEmpty {
      warnings.append(
        "No prompt of --corrupt was patched: in none does the model answer an asked step rightly, and otherwise after "
          + "the corruption.")
    }
  }

  /// Reads the user's corrupt prompts.
  private static func corrupt(_ path: String, fitting captures: [NamedCapture]) throws -> Tensor<Int> {
    let tokens = try NumpyArray(path: path).integers()
    let shapes = captures.map { [$0.reader.metadata.trials, $0.reader.metadata.steps] }
    guard shapes.contains(tokens.shape) else {
      throw AnalysisError.option(
        name: "--corrupt",
        fault: "\(path) has shape \(tokens.shape); the tokens of "
          + zip(captures, shapes).map { "\($0.name) have \($1)" }.joined(separator: ", those of "))
    }
    return tokens
  }

  private func text(_ token: Int) -> String {
    attention.texts[token].map { TokenText.visible($0) } ?? "\(token)"
  }
}

extension PatchingReport {
  /// One grid a capture: the mean of the prompts of the first one's shape.
  var figures: [Figure] {
    found.enumerated().compactMap { figure($1.capture, $1.grids, name: "patching_\($0 + 1)") }
  }

  private func figure(_ capture: String, _ grids: [PatchingGrid], name: String) -> Figure? {
    guard let first = grids.first else { return nil }
    let alike = grids.filter {
      $0.positions.count == first.positions.count && $0.example.isAligned(with: first.example)
    }
    let count = Double(alike.count)
    let layers = first.restored.indices
    let rows = first.sites.indices.map { $0 < attention.layers ? "\($0)" : "after \($0 - 1)" }
    let values = layers.flatMap { layer in
      first.positions.indices.map { place in alike.reduce(0) { $0 + $1.restored[layer][place] } / count }
    }
    let example = first.example
    let columns = first.positions.map { position in
      alike.count == 1
        ? "\(position) \(text(example.clean[position]))"
        : (position == example.step ? "asked" : "\(position - example.step)")
    }
    let hover = layers.flatMap { _ in
      first.positions.map { position in
        let tokens = alike.prefix(4).map { grid in
          let own = grid.example.step - example.step + position
          let (clean, corrupt) = (grid.example.clean[own], grid.example.corrupt[own])
          return clean == corrupt ? text(clean) : "\(text(clean)), corrupt \(text(corrupt))"
        }
        return "position \(position): " + tokens.joined(separator: "; ")
      }
    }
    let which =
      alike.count == 1
      ? "Prompt \(example.trial), asked at step \(example.step): the answer is \(text(example.answer)), that to the corrupt "
        + "prompt \(text(example.corruptAnswer)); their logits differ by \(short(first.cleanDifference)) in the clean run and "
        + "by \(short(first.corruptDifference)) in the corrupt one."
      : "The mean of \(alike.count) prompts of one shape; columns are counted from the asked step, and the prompts differ at "
        + example.changed.map { "\($0 - example.step)" }.joined(separator: ", ") + "."
    return Figure(
      name: name, title: "Where the answer travels on \(capture)",
      caption:
        "\(site) of one layer at one position of the corrupt run is put right from the clean run. 1: the clean answer is "
        + "back; 0: nothing changes. \(which) Nothing was sampled, and nothing is said of other prompts. The table has each of "
        + "\(grids.count).",
      content: .heatmap(
        HeatmapPlot(
          rowAxis: Axis("layer"), columnAxis: Axis("position"), rows: rows,
          columns: columns,
          values: values, amount: Axis("restored"), scale: .diverging, hover: hover, range: -1...1)))
  }

  /// `patching.csv`.
  var table: Table? {
    let rows = found.flatMap { entry in
      entry.grids.flatMap { grid in
        grid.restored.indices.flatMap { layer in
          grid.positions.indices.map { place in
            (
              capture: entry.capture, grid: grid, example: grid.example, layer: layer,
              position: grid.positions[place], restored: grid.restored[layer][place]
            )
          }
        }
      }
    }
    guard !rows.isEmpty else { return nil }
    return Table(
      name: "patching", title: "Patching",
      caption:
        "Share of the logit difference between the clean and the corrupt answer that one patch brings back. No interval: each "
        + "row is one run of one prompt.",
      columns: [
        .string("capture", rows.map(\.capture)), .integer("prompt", rows.map(\.example.trial)),
        .string("site", rows.map { $0.grid.sites[$0.layer].split(separator: ".").last.map(String.init) }),
        .integer("layer", rows.map { min($0.layer, attention.layers - 1) }),
        .integer("position", rows.map(\.position), unit: "steps"),
        .string("token", rows.map { text($0.example.clean[$0.position]) }),
        .string("corrupt_token", rows.map { text($0.example.corrupt[$0.position]) }),
        .real(
          "restored", rows.map(\.restored), description: "1: the clean run's difference; 0: the corrupt run's"
        ),
        .integer("step", rows.map(\.example.step), unit: "steps", description: "the asked step"),
        .string("answer", rows.map { text($0.example.answer) }),
        .string("corrupt_answer", rows.map { text($0.example.corruptAnswer) }),
        .real(
          "clean_difference", rows.map(\.grid.cleanDifference),
          description: "logit of the answer less that of the corrupt answer, clean run"),
        .real("corrupt_difference", rows.map(\.grid.corruptDifference), description: "the same, corrupt run"),
      ], keyColumns: 5)
  }
}
