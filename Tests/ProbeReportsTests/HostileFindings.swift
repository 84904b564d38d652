import ProbeFindings

/// Findings in which every text that comes from models and files is an attack.
enum HostileFindings {
  /// Tags, both quotes, a quote and a `<` with a combining mark, template and Plotly markup.
  static let text =
    "</script><img src=x onerror=alert(1)><script>document.body.dataset.owned=1</script>"
    + "\"' onmouseover=alert(1) \"\u{301} onload=alert(1) <\u{301}b> {{mustache}} {{{raw}}} <b>bold</b> %{x} --> &lt;"

  private static func heads(_ axis: Axis) -> HeadMapPlot {
    let score = HeadMapPlot.Score(
      name: text, amount: axis, values: [1, .nan], low: [0, .nan], high: [1, .nan], null: [0, .nan],
      note: text,
      intervalMeaning: text, nullMeaning: text, notApplicable: text)
    return HeadMapPlot(
      layers: 1, heads: 2, scores: [score, score],
      patterns: AttentionPatterns(
        prompts: [.init(name: text, note: text, tokens: [text, text])],
        patterns: [.init(layer: 0, head: 0, prompt: 0, weights: [1, 0, 0.5, 0.5])], remedy: text))
  }

  /// Findings with the attack in every place that takes text.
  static let all: Findings = {
    let axis = Axis(text, unit: text)
    let group = PointGroup(name: text, x: [0, 1], y: [1, 0], hover: [text, text])
    return Findings(
      analysis: "hostile", title: text, headline: text,
      numbers: [.init(text, .string(text), meaning: text, unit: text)],
      warnings: [text],
      figures: [
        Figure(
          name: "space", title: text, caption: text,
          content: .trajectories(
            TrajectoryPlot(
              x: axis, y: axis, z: axis,
              trajectories: [.init(points: [.zero, SIMD3(1, 1, 1)], label: text, name: text)],
              markers: [.init(position: .zero, kind: .stable, hover: [text])], coloring: .label,
              labelTitle: text))),
        Figure(
          name: "plane", title: text, caption: text, content: .complexPlane(.init(groups: [group, group]))),
        Figure(
          name: "scatter", title: text, caption: text,
          content: .scatter(.init(x: axis, y: axis, groups: [group, group], amount: axis))),
        Figure(
          name: "histogram", title: text, caption: text,
          content: .histogram(.init(axis: axis, groups: [.init(name: text, values: [1, 2, 3])]))),
        Figure(
          name: "lines", title: text, caption: text,
          content: .lines(
            .init(
              x: axis, y: axis, series: [.init(name: text, x: [0, 1], y: [0, 1])],
              references: [.init(y: 0, label: text)]))),
        Figure(
          name: "heatmap", title: text, caption: text,
          content: .heatmap(
            .init(
              rowAxis: axis, columnAxis: axis, rows: [text], columns: [text], values: [1], amount: axis,
              hover: [text]))),
        Figure(name: "heads", title: text, caption: text, content: .headMap(heads(axis))),
        Figure(
          name: "pairs", title: text, caption: text,
          content: .pairMatrix(
            .init(
              members: [.init(name: text, group: 0), .init(name: text + "2", group: 1)],
              groups: [text, text],
              values: [1], amount: axis, links: [.init(first: .zero, second: SIMD2(1, 0), height: 1)],
              panel: "networks"))),
        Figure(
          name: "networks", title: text, caption: text,
          content: .networkPair(
            .init(
              networks: [text, text + "2"].map {
                .init(
                  name: $0, group: text, eigenvalues: [.zero], trajectories: [[.zero, .one]],
                  varianceShares: .one, points: [.init(position: .zero, kind: .stable)], remark: text)
              }, metrics: [.init(title: text, level: text, values: [1])], shown: [0, 1]))),
        Figure(
          name: "spread", title: text, caption: text,
          content: .spread(.init(axis: axis, rows: [.init(title: text, colour: 0, values: [1, 2])]))),
        Figure(
          name: "embedding", title: text, caption: text,
          content: .embedding(.init(panels: [.init(title: text, groups: [group])], groups: [text]))),
        Figure(
          name: "lens", title: text, caption: text,
          content: .tokenTable(
            .init(
              rowAxis: axis, rows: [text], tokens: [text], targets: [text], cells: [[.init(text, 1)]],
              amount: axis))),
        Figure(
          name: "automaton", title: text, caption: text,
          content: .automaton(
            .init(
              graph: .init(
                nodes: [.init(label: text, isInitial: true, hover: text), .init(label: text)],
                edges: [.init(from: 0, to: 1, label: text), .init(from: 0, to: 0, label: text)],
                layout: .layered, labelling: .symbols),
              x: axis, y: axis,
              points: [.init(.zero, state: 0, hover: text), .init(.one, state: nil, hover: text)]))),
        Figure(
          name: "graph", title: text, caption: text,
          content: .graph(
            .init(
              nodes: [.init(label: text, hover: text), .init(label: text)],
              edges: [.init(from: 0, to: 1, label: text), .init(from: 0, to: 0, label: text)],
              layout: .layered))),
      ],
      tables: [
        Table(
          name: "names", title: text, caption: text,
          columns: [
            .string(text, [text, nil], unit: text, description: text), .real("x", [.nan, .infinity]),
          ])
      ],
      options: [.init(text, .string(text), meaning: text)], seeds: [.init(text, 1)],
      versions: [.init(text, text)],
      model: .init(name: text, family: text, source: text, sha256: text),
      captures: [.init(name: text, path: text, sha256: text)], command: text, wallSeconds: 1)
  }()
}
