import Foundation
import ProbeFindings

/// Findings as an ensemble of two groups gives them.
enum PairFindings {
  /// A seeded generator: the demo has the same bytes on every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64 = 20_260_112
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  static let groups = ["bits = 1", "bits = 3"]

  static func name(_ index: Int, of count: Int) -> String {
    "flipflop-\(index < count / 2 ? 1 : 3)bit-\(index < count / 2 ? index + 1 : index - count / 2 + 1)"
  }

  /// Networks of which each has 30 eigenvalues, three trials of 64 steps and 27 fixed points.
  static func panel(_ count: Int) -> NetworkPairPlot {
    var random = Generator()
    func rounded(_ value: Double, _ scale: Double) -> Double { (value * scale).rounded() / scale }
    func draw(_ size: Double) -> Double { rounded(Double.random(in: -size...size, using: &random), 1e3) }
    let kinds: [PointKind] = [.stable, .saddle, .unstable]
    let networks = (0..<count).map { index in
      NetworkPairPlot.Network(
        name: name(index, of: count), group: groups[index < count / 2 ? 0 : 1],
        eigenvalues: (0..<30).map { _ in SIMD2(draw(0.9), draw(0.4)) },
        trajectories: (0..<3).map { trial in
          (0..<64).map {
            SIMD2(
              rounded(3 * sin(Double($0 * (trial + 1)) / 9), 100),
              rounded(2 * cos(Double($0) / 9) + draw(0.2), 100))
          }
        }, varianceShares: SIMD2(0.7312, 0.1391),
        points: (0..<27).map { .init(position: SIMD2(draw(4), draw(3)), kind: kinds[$0 % 3]) },
        remark: "27 fixed points at input zero")
    }
    let pairs = count * (count - 1) / 2
    let metrics = (0..<27).map { metric in
      NetworkPairPlot.Metric(
        title: "metric \(metric)", level: metric < 13 ? "dynamics" : "weights",
        values: (0..<pairs).map { $0 % 7 == 6 && metric == 3 ? .nan : Double($0 + 1) / Double(pairs) })
    }
    return NetworkPairPlot(networks: networks, metrics: metrics, shown: [1, count - 1])
  }

  /// A matrix of these networks; where it is split, networks of different groups are not compared.
  static func matrix(_ count: Int, isSplit: Bool) -> PairMatrixPlot {
    var values: [Double] = []
    for first in 0..<count {
      for second in first + 1..<max(count, first + 1) {
        let isSame = (first < count / 2) == (second < count / 2)
        values.append(
          isSplit && !isSame ? .nan : (isSame ? 0.1 : 0.3) + 0.01 * Double((first * 7 + second) % 9))
      }
    }
    var links: [PairMatrixPlot.Link] = []
    for half in [0..<count / 2, count / 2..<count] {
      var end = SIMD2(Double(half.lowerBound), 0)
      for leaf in half.dropFirst() {
        let height = 0.1 + 0.01 * Double(leaf - half.lowerBound)
        links.append(.init(first: end, second: SIMD2(Double(leaf), 0), height: height))
        end = SIMD2((end.x + Double(leaf)) / 2, height)
      }
    }
    return PairMatrixPlot(
      members: (0..<count).map { .init(name: name($0, of: count), group: $0 < count / 2 ? 0 : 1) },
      groups: groups, values: values, amount: Axis("DSA angle"), links: links, panel: "network_pair")
  }

  static func spread() -> SpreadPlot {
    var random = Generator()
    func draws(_ count: Int, _ range: ClosedRange<Double>) -> [Double] {
      (0..<count).map { _ in Double.random(in: range, using: &random) }
    }
    return SpreadPlot(
      axis: Axis("output disagreement", isLogarithmic: true),
      rows: groups.indices.flatMap { group -> [SpreadPlot.Row] in
        [
          .init(
            title: "\(groups[group]), 496 pairs of networks", colour: group, values: draws(496, 0.01...0.03)),
          .init(
            title: "null: turned in time", colour: group, values: draws(20, 1.1...1.5), control: .null),
          .init(
            title: "ceiling: random weights", colour: group, values: draws(20, 1...1.2) + [0],
            control: .ceiling),
        ]
      } + [.init(title: "floor: nothing", colour: nil, values: [], control: .floor)])
  }

  static func embedding(panels: Int) -> EmbeddingPlot {
    var random = Generator()
    let drawn = groups.map { group in
      PointGroup(
        name: group, x: (0..<32).map { _ in Double.random(in: -0.2...0.2, using: &random) },
        y: (0..<32).map { _ in Double.random(in: -0.1...0.1, using: &random) },
        hover: (0..<32).map { "network \($0)" })
    }
    return EmbeddingPlot(
      panels: panels == 1
        ? [.init(title: "", groups: drawn)] : drawn.map { .init(title: $0.name, groups: [$0]) },
      groups: groups)
  }

  static func all(_ count: Int = 64) -> Findings {
    Findings(
      analysis: "degeneracy", title: "Solution degeneracy of \(count) networks",
      headline: "Three bits differ less than one in dynamics.",
      figures: [
        Figure(
          name: "dynamics_matrix", title: "Dynamics", caption: "Dark is alike.",
          content: .pairMatrix(matrix(count, isSplit: false))),
        Figure(
          name: "weights_matrix", title: "Weights", caption: "Dark is alike.",
          content: .pairMatrix(matrix(min(12, count), isSplit: true))),
        Figure(
          name: "dynamics_embedding", title: "Dynamics", caption: "",
          content: .embedding(embedding(panels: 1))),
        Figure(
          name: "weights_embedding", title: "Weights", caption: "", content: .embedding(embedding(panels: 2))),
        Figure(name: "behaviour_distribution", title: "Behaviour", caption: "", content: .spread(spread())),
        Figure(
          name: "network_pair", title: "Two networks side by side", caption: "",
          content: .networkPair(panel(count))),
      ])
  }
}
