import ArgumentParser
import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeFindings
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeAnalyses

/// Learning measures in the degeneracy analysis.
@Suite("Learning measures")
struct LearningAnalysisTests {
  private func options(_ initial: [String]) throws -> DegeneracyOptions {
    var options = try SmallEnsemble.options
    options.initial = initial
    options.kernelExamples = 7
    return options
  }

  private func findings(_ captures: [CaptureReader], _ options: DegeneracyOptions) throws -> Findings {
    try DegeneracyAnalysis.run(NamedCapture.named(captures), options: options, context: SmallCapture.context)
  }

  private func table(_ findings: Findings, _ name: String) throws -> Table {
    try #require(findings.tables.first { $0.name == name })
  }

  private func numbers(_ table: Table, _ column: String) throws -> [Double?] {
    guard case .real(let values) = try #require(table[column: column]).values else { return [] }
    return values
  }

  /// Writes weights into a folder of the ensemble.
  private func write(
    _ tensors: [String: Tensor<Double>], _ name: String, in ensemble: SmallEnsemble,
    folder: String = "initial"
  ) throws -> String {
    let path = ensemble.folder.path + "/" + folder
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try writeSafetensors(tensors, to: path + "/\(name).safetensors")
    return path
  }

  @Test("a network that did not move has movement 0 and alignment 1; a doubled one moved by its own norm")
  func extremes() throws {
    let ensemble = try SmallEnsemble()
    var captures: [CaptureReader] = []
    var norms: [Double] = []
    var folder = ""
    for seed in 1...3 as ClosedRange<UInt64> {
      captures.append(try ensemble.capture("n\(seed)", SmallEnsemble.weights(seed: seed)))
      // As the capture holds them, in single precision.
      let final = try #require(try captures.last?.weights()).tensors
      let factor = seed == 1 ? 1 : 0.5
      norms.append(final.values.reduce(0) { $0 + $1.elements.reduce(0) { $0 + $1 * $1 } }.squareRoot())
      let initial = final.mapValues { Tensor(shape: $0.shape, elements: $0.elements.map { factor * $0 }) }
      folder = try write(initial, "n\(seed)", in: ensemble)
    }
    let networks = try table(findings(captures, options([folder])), "networks")
    let movement = try numbers(networks, "weight_movement")
    #expect(movement[0] == 0)
    // A norm of 55 squares, each and their sum with half an ulp.
    #expect(abs(try #require(movement[1]) - norms[1] / 2) <= 60 * 0x1p-53 * norms[1])
    let relative = try numbers(networks, "relative_weight_movement")
    #expect(try relative[0] == 0 && abs(#require(relative[2]) - 1) <= 120 * 0x1p-53)
    let alignment = try numbers(networks, "kernel_alignment")
    // Two norms and a scalar product of 49 numbers each.
    #expect(abs(try #require(alignment[0]) - 1) <= 150 * 0x1p-53)
    #expect(try #require(alignment[1]) < 0.999)
  }

  /// The answers of an Elman network at one step, by a loop.
  private func answer(_ weights: [String: Tensor<Double>], _ inputs: [Double], step: Int) throws -> Double {
    let units = SmallEnsemble.units
    let input = try #require(weights["weight_ih_l0"]).elements
    let recurrent = try #require(weights["weight_hh_l0"]).elements
    let bias = try #require(weights["bias_ih_l0"]).elements
    var state = [Double](repeating: 0, count: units)
    for time in 0...step {
      state = (0..<units).map { unit in
        var sum = bias[unit]
        for feature in 0..<2 { sum += input[unit * 2 + feature] * inputs[time * 2 + feature] }
        for other in 0..<units { sum += recurrent[unit * units + other] * state[other] }
        return tanh(sum)
      }
    }
    return try zip(state, #require(weights["readout.weight"]).elements).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test("the kernel alignment is that of kernels by central differences of a naive run")
  func naiveKernels() throws {
    let ensemble = try SmallEnsemble()
    let initial = SmallEnsemble.weights(seed: 11)
    let captures = try (1...3).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) }
    // As the capture holds them, in single precision.
    let final = try #require(try captures[0].weights()).tensors
    let folder = try write(initial, "n1", in: ensemble)
    let found = try findings(captures, options([folder]))
    let alignment = try #require(try numbers(table(found, "networks"), "kernel_alignment")[0])
    #expect(alignment > 0.01 && alignment < 0.99)

    let examples = try KernelExamples(captures[0], count: 7, seed: SmallCapture.context.seed)
    #expect(examples.steps.reduce(0) { $0 + $1.count } == 7)
    guard case .values(let inputs) = examples.batch.inputs else { return }
    let width = SmallEnsemble.steps * 2
    func kernel(_ weights: [String: Tensor<Double>]) throws -> [Double] {
      var rows: [[Double]] = []
      for trial in examples.steps.indices {
        let own = Array(inputs.elements[trial * width..<(trial + 1) * width])
        for step in examples.steps[trial] {
          var row: [Double] = []
          for (name, tensor) in weights.sorted(by: { $0.key < $1.key }) {
            for index in tensor.elements.indices {
              let moved = try [6e-6, -6e-6].map { change in
                var other = weights
                other[name]?.elements[index] += change
                return try answer(other, own, step: step)
              }
              row.append((moved[0] - moved[1]) / 12e-6)
            }
          }
          rows.append(row)
        }
      }
      return rows.flatMap { a in rows.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
    }
    let (before, after) = (try kernel(initial), try kernel(final))
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let expected = dot(before, after) / (dot(before, before) * dot(after, after)).squareRoot()
    // Central differences err by h² + eps / h, 1e-10 at h = 6e-6, of derivatives of order one.
    #expect(abs(alignment - expected) < 1e-9)
  }

  @Test("groups are summed up and compared, and drawn by movement and alignment")
  func groups() throws {
    let ensemble = try SmallEnsemble()
    var captures: [CaptureReader] = []
    var folder = ""
    for seed in 1...6 as ClosedRange<UInt64> {
      captures.append(
        try ensemble.capture(
          "n\(seed)", SmallEnsemble.weights(seed: seed), cell: seed <= 3 ? "elman" : "elman-relu"))
      let final = try #require(try captures.last?.weights()).tensors
      // Three networks moved little, three far.
      let scale = seed <= 3 ? 0.9 : 0.1
      let initial = final.mapValues { Tensor(shape: $0.shape, elements: $0.elements.map { scale * $0 }) }
      folder = try write(initial, "n\(seed)", in: ensemble)
    }
    var settings = try options([folder])
    (settings.groups, settings.maximumLoss) = (.cell, 1e9)
    let found = try findings(captures, settings)
    let learning = try table(found, "learning")
    #expect(learning.rowCount == 6)
    #expect(
      learning[column: "group"]?.values
        == .string(Array(repeating: "elman", count: 3) + Array(repeating: "elman-relu", count: 3)))
    #expect(learning[column: "networks"]?.values == .integer(Array(repeating: 3, count: 6)))
    let mean = try #require(try numbers(learning, "mean")[1])
    // (1 - 0.9) / 0.9 of every network.
    #expect(abs(mean - 1.0 / 9) < 1e-14)
    let compared = try table(found, "learning_groups")
    #expect(compared[column: "measure"]?.values == .string(LearningMeasure.allCases.map(\.rawValue)))
    let difference = try #require(try numbers(compared, "difference")[1])
    #expect(abs(difference - (1.0 / 9 - 9)) < 1e-13)
    let figure = try #require(found.figures.first { $0.name == "learning" })
    guard case .scatter(let plot) = figure.content else {
      Issue.record("no scatter")
      return
    }
    #expect(plot.groups.map(\.name) == ["elman", "elman-relu"] && plot.groups.map(\.x.count) == [3, 3])
    #expect(
      plot.groups[0].y
        == (try numbers(table(found, "networks"), "kernel_alignment")).prefix(3).compactMap { $0 })
  }

  @Test("networks without fitting files are named in a warning with the reason, the others measured")
  func missing() throws {
    let ensemble = try SmallEnsemble()
    let captures = try (1...4).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) }
    let folder = try write(SmallEnsemble.weights(seed: 9), "n1", in: ensemble)
    var small = SmallEnsemble.weights(seed: 9)
    small["weight_ih_l0"] = Tensor(shape: [2, 2], elements: [1, 0, 0, 1])
    small["weight_hh_l0"] = Tensor(shape: [2, 2], elements: [1, 0, 0, 1])
    small["bias_ih_l0"] = Tensor(shape: [2], elements: [0, 0])
    small["readout.weight"] = Tensor(shape: [1, 2], elements: [1, 1])
    _ = try write(small, "n2", in: ensemble)
    _ = try write(["other": Tensor(shape: [1], elements: [0])], "n3", in: ensemble)
    let found = try findings(captures, options([folder]))
    let networks = try table(found, "networks")
    #expect(try numbers(networks, "weight_movement").map { $0 != nil } == [true, false, false, false])
    #expect(
      found.warnings.contains(
        "learning: 1 of 4 networks lack measures (n2): their initial weights are those of elman of 2 units on 2 inputs with "
          + "1 outputs, the trained ones of elman of 6 units on 2 inputs with 1 outputs"))
    #expect(
      found.warnings.contains { $0.contains("networks lack measures (n3): ") && $0.contains("weight_ih_l0") })
    #expect(
      found.warnings.contains(
        "learning: 1 of 4 networks lack measures (n4): no file of their names (NAME.safetensors, NAME.npz or NAME.pt) "
          + "is in \(folder)"))
    // One network has a mean and no interval.
    let learning = try table(found, "learning")
    #expect(
      try numbers(learning, "low") == [nil, nil, nil] && numbers(learning, "mean").allSatisfy { $0 != nil })
    let twice = try write(SmallEnsemble.weights(seed: 9), "n1", in: ensemble, folder: "again")
    let ambiguous = try findings(captures, options([folder, twice]))
    #expect(ambiguous.warnings.contains { $0.contains("(n1): more than one file has the name") })
  }

  @Test("without folders nothing is said of learning; a folder that is none is refused in words")
  func folders() throws {
    let ensemble = try SmallEnsemble()
    let captures = try (1...3).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) }
    let found = try findings(captures, options([]))
    #expect(!found.tables.contains { $0.name.hasPrefix("learning") })
    #expect(!found.figures.contains { $0.name == "learning" })
    #expect(try numbers(table(found, "networks"), "kernel_alignment") == [nil, nil, nil])
    let nowhere = ensemble.folder.path + "/nowhere"
    #expect {
      try findings(captures, options([nowhere]))
    } throws: {
      "\($0)"
        == "the option --initial does not fit: \(nowhere) does not exist; name a folder that holds the weights before "
        + "training, a file for each network: NAME.safetensors, NAME.npz or NAME.pt"
    }
    #expect {
      try findings(captures, options([captures[0].path]))
    } throws: { "\($0)".contains("is a file; name a folder") }
    #expect(throws: (any Error).self) { try DegeneracyOptions.parse(["--kernel-examples", "1"]) }
    #expect(throws: (any Error).self) { try DegeneracyOptions.parse(["--permutations", "0"]) }
    #expect(try DegeneracyOptions.parse(["--initial", "a", "--initial", "b"]).initial == ["a", "b"])
  }

  @Test("measures do not depend on the number of threads, and the steps are those of the seed")
  func repeatability() throws {
    let ensemble = try SmallEnsemble()
    let captures = try (1...3).map { try ensemble.capture("n\($0)", SmallEnsemble.weights(seed: $0)) }
    var folder = ""
    for seed in 1...3 as ClosedRange<UInt64> {
      folder = try write(SmallEnsemble.weights(seed: 10 + seed), "n\(seed)", in: ensemble)
    }
    let tables = try [1, 3].map { threads in
      var context = SmallCapture.context
      context.threads = threads
      return try DegeneracyAnalysis.run(
        NamedCapture.named(captures), options: options([folder]), context: context
      ).tables
    }
    #expect(tables[0] == tables[1])
    let steps = try [0, 0, 1].map { try KernelExamples(captures[0], count: 7, seed: $0).steps }
    #expect(steps[0] == steps[1] && steps[0] != steps[2])
    let all = try KernelExamples(captures[0], count: 1000, seed: 0).steps
    #expect(all == Array(repeating: Array(0..<SmallEnsemble.steps), count: SmallEnsemble.trials))
  }
}
