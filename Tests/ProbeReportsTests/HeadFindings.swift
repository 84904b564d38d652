import Foundation
import ProbeFindings

/// Findings as an analysis of heads gives them: 12 layers of 12 heads, with awkward tokens.
enum HeadFindings {
  static let layers = 12
  static let heads = 12

  /// Tokens with everything that a tokenizer can give: spaces, line breaks, tabs, controls, nothing, bytes that are not
  /// UTF-8, other scripts both ways, joined emoji, marks that turn the line, markup, and a word that has no end.
  static let awkward: [String] =
    [
      "<|endoftext|>", "The", " cat", " sat", " on", "\n", "\n\n", "\t", "    ", " שלום", " مرحبا", " 漢字",
      " 👨‍👩‍👧",
      " é", "", "\u{202E}", "\0", "\u{200B}", "\u{A0}x", "</script>", " <b>", "\"'&", "{{x}}", "\u{301}",
      "\r\n",
    ] + [TokenText.decoded([0xE2, 0x96]), " " + String(repeating: "long", count: 20)]

  static let words: [String] =
    [
      "<|bos|>", "The", " best", " thing", " to", " do", " in", " San", " Francisco", " is", " eat", " a",
      " sandwich",
      ",", " and", " sit",
    ]

  /// A seeded generator: the demo has the same bytes on every run.
  struct Generator: RandomNumberGenerator {
    var state: UInt64 = 20_240_415
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  /// A causal pattern: the sink, the token before, and the place after the last occurrence, in given shares.
  static func pattern(_ count: Int, sink: Float, previous: Float, period: Int, copy: Float) -> [Float] {
    var weights = [Float](repeating: 0, count: count * count)
    for query in 0..<count {
      var row = (0...query).map { _ in 0.05 / Float(query + 1) }
      row[0] += sink
      if query > 0 { row[query - 1] += previous }
      if query >= period { row[query - period + 1] += copy }
      let sum = row.reduce(0, +)
      for key in 0...query { weights[query * count + key] = row[key] / sum }
    }
    return weights
  }

  static func map() -> HeadMapPlot {
    var random = Generator()
    let count = layers * heads
    let induction = (0..<count).map { head -> Double in
      head == 5 * heads + 1
        ? 0.93 : head / heads < 2 ? 0.01 : pow(Double.random(in: 0...0.8, using: &random), 4)
    }
    let copying = (0..<count).map { _ in Double.random(in: -0.9...0.9, using: &random) }
    let repeated = (0..<64).map { words[$0 % 32 % 16] + ($0 % 32 < 16 ? "" : "s") }
    let chosen = (0..<32).map { (layer: $0 * 5 / heads % layers, head: $0 * 5 % heads) } + [(5, 1)]
    return HeadMapPlot(
      layers: layers, heads: heads,
      scores: [
        .init(
          name: "induction", amount: Axis("induction score", unit: "share of attention"), values: induction,
          low: induction.map { max(0, $0 - 0.04) }, high: induction.map { min(1, $0 + 0.04) },
          null: induction.map { _ in 0.016 }, range: 0...1,
          note:
            "Induction: attention summed over the tokens after every earlier occurrence of the current one, averaged over "
            + "the queries that have one.",
          intervalMeaning: "95 % bootstrap interval over 40 prompts", nullMeaning: "on random tokens"),
        .init(
          name: "successor", amount: Axis("successor score"),
          values: (0..<count).map { $0 < heads ? .nan : induction[count - 1 - $0] },
          note: "Successor: share of list entries whose successor the head's output circuit ranks first.",
          intervalMeaning: "no interval: the weights are not a sample",
          notApplicable: "the circuit begins with the first MLP, which stands after layer 0"),
        .init(
          name: "ov_copying", amount: Axis("OV copying"), values: copying, scale: .diverging, range: -1...1,
          note: "OV copying: the eigenvalues' sum over the sum of their moduli."),
      ],
      patterns: AttentionPatterns(
        prompts: [
          .init(
            name: "repeated tokens", note: "The second half repeats the first.", tokens: repeated, focus: 40),
          .init(name: "awkward tokens", tokens: awkward),
        ],
        patterns: chosen.map { layer, head in
          .init(
            layer: layer, head: head, prompt: 0,
            weights: pattern(
              64, sink: 0.4, previous: head == 1 ? 0 : 0.3, period: 32, copy: layer == 5 ? 2 : 0.1))
        } + [
          .init(
            layer: 5, head: 1, prompt: 1,
            weights: pattern(awkward.count, sink: 0.2, previous: 0.5, period: 3, copy: 0.3))
        ],
        remedy: "Capture blocks.<layer>.attn.pattern for it and run the analysis again."))
  }

  static func lens() -> TokenTablePlot {
    var random = Generator()
    let rows = ["embedding"] + (0..<layers).map(String.init)
    let targets = Array(words.dropFirst()) + [" in"]
    let all = words + awkward
    var cells: [[TokenTablePlot.Candidate]] = []
    for (depth, _) in rows.enumerated() {
      for target in targets {
        let sure = pow(Double(depth) / 12, 2) * Double.random(in: 0.2...1, using: &random)
        let others = (0..<4).map { place in
          TokenTablePlot.Candidate(
            all[Int.random(in: 0..<all.count, using: &random)], (1 - sure) / pow(3, Double(place + 1)))
        }
        cells.append(
          depth == 0 && target == " in"
            ? [] : ([.init(target, sure)] + others).sorted { $0.probability > $1.probability })
      }
    }
    return TokenTablePlot(rows: rows, tokens: words, targets: targets, cells: cells)
  }

  static func ablation() -> LinePlot {
    let k = [1.0, 2, 5, 10, 51]
    let names = [
      "top heads, zeroed", "top heads, mean", "random heads of the same layers", "top heads, uniform",
    ]
    return LinePlot(
      x: Axis("heads pruned", isLogarithmic: true), y: Axis("needle accuracy", unit: "share of prompts"),
      series: names.enumerated().map { place, name in
        let y = k.map { max(0.02, 1 - (place == 2 ? 0.004 : 0.12 - 0.03 * Double(place)) * $0) }
        return .init(
          name: name, x: k, y: y, low: y.map { max(0, $0 - 0.08) }, high: y.map { min(1, $0 + 0.06) })
      },
      references: [.init(y: 0.98, label: "nothing pruned")], bandMeaning: "95 % interval over prompts")
  }

  static func all() -> Findings {
    var random = Generator()
    let map = map()
    let lengths = [1, 2, 4, 8, 16, 32].map { "\($0 * 1024)" }
    let depths = (0...10).map { "\($0 * 10) %" }
    let hits = depths.indices.flatMap { depth in
      lengths.indices.map { max(0, min(10, 12 - $0 * (depth % 5) / 2)) }
    }
    let ids = Array(0..<(layers * heads))
    let patched = (0..<192).map { place -> Double in
      let layer = Double(place / 16)
      let position = Double(place % 16)
      return 0.8 * cos(layer * 0.7) * sin(position * 0.5)
    }
    return Findings(
      analysis: "heads", title: "Attention heads of gpt2-small",
      headline:
        "Head 5.1 is an induction head (0.93, 95 % interval 0.89 to 0.97; 0.016 on random tokens); pruning it and the "
        + "nine next halves accuracy, pruning ten random heads does not.",
      figures: [
        Figure(
          name: "heads", title: "Scores by layer and head",
          caption: "One head stands out. A cell opens its attention pattern.", content: .headMap(map)),
        Figure(
          name: "lens", title: "Logit lens",
          caption: "The next word settles in the last third of the layers.", content: .tokenTable(lens())),
        Figure(
          name: "needle", title: "Needle found, by depth and length",
          caption: "Long contexts lose needles in the middle.",
          content: .heatmap(
            HeatmapPlot(
              rowAxis: Axis("depth"), columnAxis: Axis("context", unit: "tokens"), rows: depths,
              columns: lengths,
              values: hits.enumerated().map { $0 == 7 ? .nan : Double($1) / 10 },
              amount: Axis("accuracy", unit: "share of runs"),
              hover: hits.enumerated().map {
                $0 == 7 ? "no run fits the model's positions" : "\($1) of 10 runs\n95 % interval 0.1 to 0.9"
              },
              range: 0...1))),
        Figure(
          name: "patching", title: "Activation patching",
          caption: "The answer moves from the subject to the last token in layers 6 to 8.",
          content: .heatmap(
            HeatmapPlot(
              rowAxis: Axis("layer"), columnAxis: Axis("position"), rows: (0..<12).map(String.init),
              columns: words.enumerated().map { "\($0) \($1)" },
              values: patched,
              amount: Axis("restored logit difference", unit: "share"), scale: .diverging))),
        Figure(
          name: "ablation", title: "Pruning", caption: "Bands are 95 % intervals.",
          content: .lines(ablation())),
        Figure(
          name: "eigenvalues", title: "Eigenvalues of the OV circuits",
          caption: "Copying heads have theirs to the right.",
          content: .complexPlane(
            .init(
              groups: (0..<32).map { head in
                let angles = (0..<64).map { _ in Double.random(in: -3.1...3.1, using: &random) }
                let radii = (0..<64).map { _ in Double.random(in: 0...4, using: &random) }
                return PointGroup(
                  name: "\(head / 12).\(head % 12)", x: zip(radii, angles).map { $0 * cos($1) + 1 },
                  y: zip(radii, angles).map { $0 * sin($1) },
                  hover: angles.map { _ in "head \(head / 12).\(head % 12)" })
              }, showsUnitCircle: false))),
      ],
      tables: [
        Table(
          name: "heads", title: "Heads", caption: "Every score of every head.",
          columns: [
            .integer("layer", ids.map { $0 / heads }), .integer("head", ids.map { $0 % heads }),
          ]
            + scoreColumns(map)
            + (0..<12).map { .real("further_score_\($0)", ids.map { Double($0) / 3 }) }, keyColumns: 2)
      ],
      seeds: [.init("prompts", 7)], versions: [.init("rnnprobe", "0.1.0")],
      command: "rnnprobe analyze heads gpt2.h5 -o report", wallSeconds: 3.5)
  }

  private static func scoreColumns(_ map: HeadMapPlot) -> [Column] {
    var columns: [Column] = []
    for score in map.scores {
      let values: [Double?] = score.values.map { $0.isNaN ? nil : $0 }
      columns.append(.real(score.name, values, description: score.note))
      guard !score.low.isEmpty else { continue }
      columns.append(.real(score.name + "_low", score.low))
      columns.append(.real(score.name + "_high", score.high))
      columns.append(.real(score.name + "_null", score.null))
    }
    return columns
  }
}
