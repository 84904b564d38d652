import Foundation
import ProbeFindings

/// Findings as the fixed points of a trained 3-bit flip-flop give them: 27 points on a cube, corners stable.
enum DemoFindings {
  /// A seeded generator: the demo has the same bytes on every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64 = 20_130_612
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private struct Point {
    let position: SIMD3<Double>
    let signs: [Int]
    var unstable: Int { signs.count { $0 == 0 } }
    var kind: PointKind { unstable == 0 ? .stable : unstable == 3 ? .unstable : .saddle }
  }

  private static let points: [Point] = (0..<27).map { index in
    let signs = [index / 9 - 1, index / 3 % 3 - 1, index % 3 - 1]
    return Point(position: place(signs), signs: signs)
  }

  /// A corner, edge, face or the centre of a slightly skewed cube.
  private static func place(_ signs: [Int]) -> SIMD3<Double> {
    let x = Double(signs[0])
    let y = Double(signs[1])
    let z = Double(signs[2])
    return SIMD3(3.1 * x + 0.35 * y * z, 2.8 * y + 0.3 * x, 2.3 * z - 0.25 * x * y)
  }

  /// Everything a report can hold.
  static func all() -> Findings {
    var random = Generator()
    return Findings(
      analysis: "fixed-points", title: "Fixed points of flipflop-gru-3bit",
      headline:
        "27 fixed points, each certified: 8 attract every captured state, 19 are saddles or unstable; "
        + "1,024 more starts found no other, so fewer than 0.3 % of such starts lead elsewhere.",
      numbers: [
        .init("fixed_points", 27, meaning: "fixed points"),
        .init("stable", 8, meaning: "stable"),
        .init("certified", 27, meaning: "certified"),
        .init("largest_residual", 4.4e-15, meaning: "largest residual"),
        .init("elsewhere_bound", 0.0029, meaning: "95 % bound on starts that lead elsewhere"),
        .init("slowest", 412.6, meaning: "slowest time constant", unit: "steps"),
      ],
      warnings: [
        "One point is marginal: its slowest mode outlasts a trial of 512 steps.",
        "Certificates are per point and say nothing of points that were not found.",
      ],
      figures: figures(&random), tables: tables(&random),
      options: [
        .init("starts", 1024, meaning: "initial states drawn from the capture"),
        .init("noise", 0.5, meaning: "standard deviations of the noise added to starts"),
        .init("tolerance", 1e-12, meaning: "largest residual of a reported fixed point"),
      ],
      seeds: [.init("starts", 7), .init("fresh starts", .max)],
      versions: [.init("rnnprobe", "0.1.0"), .init("OpenBLAS", "0.3.21")],
      model: .init(
        name: "flipflop-gru-3bit", family: "gru", source: "models/flipflop-gru.safetensors",
        sha256: String(repeating: "5a", count: 32)),
      captures: [.init(name: "flipflop", path: "flipflop.h5", sha256: String(repeating: "c3", count: 32))],
      command: "rnnprobe analyze fixed-points flipflop.h5 -o report", wallSeconds: 0.8125)
  }

  private static func figures(_ random: inout Generator) -> [Figure] {
    [
      Figure(
        name: "state_space", title: "Trajectories and fixed points",
        caption:
          "The eight memories sit at the corners of a cube, and every trial moves along its edges past the "
          + "saddles (short dark segments: their unstable directions). The axes hold 96.2 % of the variance; "
          + "points that no trajectory comes near are hollow.",
        content: .trajectories(trajectories(&random))),
      Figure(
        name: "eigenvalues", title: "Eigenvalues at the fixed points",
        caption: "Each saddle has as many eigenvalues outside the unit circle as it has undecided bits. "
          + "Error bounds are smaller than the symbols.",
        content: .complexPlane(eigenvalues(&random))),
      Figure(
        name: "speeds", title: "Speed where the search ended",
        caption:
          "Two groups, twelve decades apart: fixed points to machine precision, and starts still moving.",
        content: .histogram(
          HistogramPlot(
            axis: Axis("speed q", isLogarithmic: true),
            groups: [
              .init(
                name: "fixed points", kind: .stable,
                values: (0..<700).map { _ in pow(10, Double.random(in: -31 ... -28, using: &random)) }),
              .init(
                name: "slow points", kind: .undecided,
                values: [0] + (0..<120).map { _ in pow(10, Double.random(in: -9 ... -4, using: &random)) }),
            ]))),
      Figure(
        name: "transitions", title: "Which attractor an input leads to",
        caption: "Every pulse sets its bit and leaves the others: all 56 transitions are the task's own.",
        content: .graph(attractors())),
      Figure(
        name: "automaton", title: "The automaton of Tomita 5",
        caption: "Four states suffice: the parities of zeros and ones.", content: .graph(parities())),
      Figure(
        name: "convergence", title: "Lyapunov exponents",
        caption: "Both have settled; bands are two standard errors.", content: .lines(convergence())),
      Figure(
        name: "weights", title: "Recurrent weights",
        caption: "A low-rank pattern, positive and negative in equal parts.",
        content: .heatmap(
          HeatmapPlot(
            rowAxis: Axis("to unit"), columnAxis: Axis("from unit"), rows: (0..<16).map { "\($0)" },
            columns: (0..<16).map { "\($0)" },
            values: (0..<256).map { cos(Double($0 / 16) * 0.7) * sin(Double($0 % 16) * 0.5) },
            amount: Axis("weight"), scale: .diverging))),
      Figure(
        name: "norms", title: "Basin share against distance",
        caption: "Points near the trajectories attract more of them.",
        content: .scatter(
          ScatterPlot(
            x: Axis("distance to trajectories", unit: "standard deviations"), y: Axis("basin share"),
            groups: [
              PointGroup(
                name: "fixed points", x: points.map { Double($0.unstable) * 0.4 + 0.05 },
                y: points.map { $0.unstable == 0 ? 0.125 : 0 }, amounts: points.map { Double($0.unstable) })
            ], amount: Axis("unstable directions")))),
    ]
  }

  private static func trajectories(_ random: inout Generator) -> TrajectoryPlot {
    var lines: [TrajectoryPlot.Trajectory] = []
    for trial in 0..<24 {
      var signs = [0, 0, 0].map { _ in Bool.random(using: &random) ? 1 : -1 }
      var state = place(signs)
      var time = 0
      for _ in 0..<6 {
        let bit = Int.random(in: 0..<3, using: &random)
        signs[bit] = -signs[bit]
        let goal = place(signs)
        var segment = [state]
        let bow = SIMD3<Double>(
          Double.random(in: -1...1, using: &random), Double.random(in: -1...1, using: &random),
          Double.random(in: -1...1, using: &random))
        let start = state
        for step in 1...18 {
          let share = 1 / (1 + exp(-(Double(step) - 7) / 1.6))
          state = start + (goal - start) * share + bow * (0.5 * share * (1 - share) * 2)
          segment.append(state)
        }
        lines.append(
          .init(
            points: segment, label: signs.map { $0 > 0 ? "+" : "−" }.joined(), name: "trial \(trial)",
            firstTime: time))
        time += 18
      }
    }
    let markers = points.enumerated().map { index, point in
      TrajectoryPlot.Marker(
        position: point.position, kind: point.kind, isVisited: point.unstable < 2,
        hover: ["point \(index)", "\(point.kind.rawValue), \(point.unstable) unstable", "residual 2.2e-15"],
        directions: point.kind != .saddle
          ? []
          : (0..<3).filter { point.signs[$0] == 0 }.map { axis in
            var half = SIMD3<Double>.zero
            half[axis] = 0.6
            return half
          })
    }
    return TrajectoryPlot(
      x: Axis("PC 1", varianceShare: 0.412), y: Axis("PC 2", varianceShare: 0.331),
      z: Axis("PC 3", varianceShare: 0.219), trajectories: lines, markers: markers, coloring: .label,
      labelTitle: "memory state")
  }

  private static func eigenvalues(_ random: inout Generator) -> ComplexPlanePlot {
    ComplexPlanePlot(
      groups: [PointKind.stable, .saddle, .unstable].map { kind in
        var x: [Double] = []
        var y: [Double] = []
        for point in points where point.kind == kind {
          for axis in 0..<3 {
            x.append(
              point.signs[axis] == 0
                ? Double.random(in: 1.05...1.25, using: &random)
                : Double.random(in: 0.6...0.95, using: &random))
            y.append(0)
          }
          for _ in 0..<6 {
            let radius = 0.75 * Double.random(in: 0...1, using: &random).squareRoot()
            let angle = Double.random(in: 0...Double.pi, using: &random)
            x += [radius * cos(angle), radius * cos(angle)]
            y += [radius * sin(angle), -radius * sin(angle)]
          }
        }
        return PointGroup(name: kind.rawValue, kind: kind, x: x, y: y, hover: x.map { "point\nre \($0)" })
      })
  }

  private static func attractors() -> GraphPlot {
    let names = (0..<8).map { state in (0..<3).map { state >> (2 - $0) & 1 == 1 ? "+" : "−" }.joined() }
    var edges: [GraphPlot.Edge] = []
    for state in 0..<8 {
      edges.append(.init(from: state, to: state, label: "0"))
      for bit in 0..<3 {
        edges.append(.init(from: state, to: state | (4 >> bit), label: "+\(bit + 1)"))
        edges.append(.init(from: state, to: state & ~(4 >> bit), label: "−\(bit + 1)"))
      }
    }
    return GraphPlot(
      nodes: names.map { .init(label: $0, kind: .stable, hover: "attractor \($0)") }, edges: edges)
  }

  private static func parities() -> GraphPlot {
    GraphPlot(
      nodes: ["even, even", "odd, even", "even, odd", "odd, odd"].enumerated().map { index, label in
        .init(label: label, isAccepting: index == 0, isInitial: index == 0)
      },
      edges: (0..<4).flatMap {
        [.init(from: $0, to: $0 ^ 1, label: "0"), .init(from: $0, to: $0 ^ 2, label: "1")]
      }
        + [.init(from: 3, to: 3, label: "end", isHighlighted: true)],
      layout: .layered)
  }

  private static func convergence() -> LinePlot {
    let x = (1...60).map { Double($0) * 20 }
    let series = [("first", 0.02), ("second", -0.11)].map { name, limit in
      let y = x.map { limit + 0.3 * exp(-$0 / 150) }
      let error = x.map { 0.5 / $0.squareRoot() }
      return LinePlot.Series(
        name: name, x: x, y: y, low: zip(y, error).map { $0 - $1 }, high: zip(y, error).map { $0 + $1 })
    }
    return LinePlot(
      x: Axis("time", unit: "steps"), y: Axis("exponent", unit: "1/step"), series: series,
      references: [.init(y: 0, label: "border of chaos")], bandMeaning: "two standard errors")
  }

  private static func tables(_ random: inout Generator) -> [Table] {
    let ids = Array(points.indices)
    return [
      Table(
        name: "fixed_points", title: "Fixed points",
        caption: "Residuals are infinity norms of F(x) − x; radii are in the 2-norm.",
        columns: [
          .string("capture", points.map { _ in "flipflop" }, description: "the capture's name"),
          .integer("id", ids.map { $0 }, description: "the point's number"),
          .real("residual", points.map { _ in Double.random(in: 1e-16...5e-15, using: &random) }),
          .string("stable", points.map(\.kind.rawValue), description: "stable, unstable or undecided"),
          .boolean("marginal", ids.map { $0 == 3 }),
          .integer("n_unstable", points.map(\.unstable)),
          .real("spectral_radius", points.map { $0.unstable == 0 ? 0.9876543 : 1.2345678 }),
          .real("time_constant", points.map { $0.unstable == 0 ? 12.5 : nil }, unit: "steps"),
          .string("certified", points.map { _ in "certified" }),
          .real("radius", points.map { _ in 1.25e-13 }),
          .real("basin_share", points.map { $0.unstable == 0 ? 0.125 : 0 }),
        ]),
      Table(
        name: "fixed_point_states", title: "States of the fixed points",
        columns: [.integer("id", (0..<300).map { $0 })]
          + (0..<48).map { unit in
            .real("unit_\(unit)", (0..<300).map { _ in Double.random(in: -1...1, using: &random) })
          }),
    ]
  }
}
