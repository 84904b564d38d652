import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import Testing

@testable import ProbeModels

/// Two networks of a cell with PyTorch's derivatives, made by `scripts/fixtures/make_learning_regime_fixtures.py`.
private struct LearningFixture {
  static let names = [
    "elman", "elman-relu", "gru", "gru-2-layers", "gru-nobias", "gru-original", "leaky-rate", "lstm",
    "lstm-projection",
  ]
  let checkpoint: Checkpoint
  let batch: TrialBatch
  let steps: [[Int]]

  init(_ name: String) throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/learning/\(name).safetensors")
    checkpoint = try Checkpoint.open(path: path.path())
    let input = try checkpoint.tensor("input", as: Double.self)
    batch = TrialBatch(inputs: .values(input))
    let pairs = try checkpoint.tensor("steps", as: Double.self).elements.map { Int($0) }
    var steps = [[Int]](repeating: [], count: input.shape[0])
    for index in 0..<pairs.count / 2 { steps[pairs[2 * index]].append(pairs[2 * index + 1]) }
    self.steps = steps
  }

  func tensor(_ name: String) throws -> Tensor<Double> { try checkpoint.tensor(name, as: Double.self) }

  /// `initial` or `final`, some of its tensors changed.
  func model(_ when: String, replacing changed: [String: Tensor<Double>] = [:]) throws -> RecurrentModel {
    var request = ModelRequest()
    (request.prefix, request.readout) = ("\(when).rnn", "\(when).readout.weight")
    let configuration = try RecurrentConfiguration.detect(checkpoint, request: request)
    var tensors: [String: Tensor<Double>] = [:]
    for name in checkpoint.names where name.hasPrefix("\(when).") { tensors[name] = try tensor(name) }
    return try RecurrentModel(
      checkpoint: Checkpoint(label: when, tensors: tensors.merging(changed) { $1 }),
      configuration: configuration, name: when, sha256: "")
  }

  func jacobian(_ when: String) throws -> ParameterJacobian {
    try ParameterJacobian(model(when), batch: batch, steps: steps)
  }

  /// The trained tensors of a network, without the network's name.
  func trained(_ when: String) -> [String] {
    checkpoint.names.filter { $0.hasPrefix("expected.\(when).") }.map {
      String($0.dropFirst("expected.\(when).".count))
    }
  }

  /// The chosen answers as the batched kernels compute them.
  func answers(_ model: RecurrentModel) throws -> [Double] {
    let site = try #require(model.sites.firstIndex { $0.name == "readout" })
    let plan = RunPlan(observed: [site], precision: .f64)
    var recorder = MemoryRecorder(model: model, plan: plan, trials: batch.count, steps: batch.steps)
    try model.run(batch, plan: plan, recorder: &recorder)
    let (values, outputs) = (recorder.values[0].elements, model.sites[site].elementCount)
    return steps.indices.flatMap { trial in
      steps[trial].flatMap { step in
        (0..<outputs).map { values[(trial * batch.steps + step) * outputs + $0] }
      }
    }
  }
}

extension ParameterJacobian {
  /// The columns of a tensor with torch's name, such as `rnn.weight_hh_l0`.
  fileprivate func columns(of name: String) -> [Int] {
    let part = name.split(separator: ".")[1]
    let isBias = part.hasPrefix("bias")
    let found: [Block]
    if name.hasPrefix("readout") {
      found = blocks.filter { $0.place == .readout }
    } else {
      let layer = blocks.filter { $0.place == .layer(Int(String(part.suffix(1))) ?? -1) }
      // Of recurrent maps a GRU has three, each with the rows of one gate; a projection is the last of an LSTM's three.
      let isGRU = layer.count == 4
      found =
        part.hasPrefix("weight_ih") || part.hasPrefix("bias_ih")
        ? [layer[0]] : (part.hasPrefix("weight_hr") ? [layer[2]] : Array(layer[1...(isGRU ? 3 : 1)]))
    }
    return found.flatMap { block -> [Int] in
      let size = block.rows * block.columns
      return Array(
        isBias
          ? block.offset + size..<block.offset + size + (block.hasBias ? block.rows : 0)
          : block.offset..<block.offset + size)
    }
  }
}

@Suite("Derivatives by parameters")
struct ParameterJacobianTests {
  @Test("are PyTorch's", arguments: LearningFixture.names)
  func torch(name: String) throws {
    let fixture = try LearningFixture(name)
    var kernels: [Matrix<Double>] = []
    for when in ["initial", "final"] {
      let found = try fixture.jacobian(when)
      var seen: [Int] = []
      for tensor in fixture.trained(when) {
        let expected = Matrix(try fixture.tensor("expected.\(when).\(tensor)"))
        let columns = found.columns(of: tensor)
        #expect(expected.rows == found.matrix.rows && expected.columns == columns.count, "\(tensor)")
        for row in 0..<expected.rows {
          let own = columns.map { found.matrix[row, $0] }
          // Sums of a few hundred products of numbers of order one.
          #expect(largestDifference(own, Array(expected.row(row))) <= 1e-13, "\(tensor)")
        }
        seen += columns
      }
      #expect(seen.sorted() == Array(0..<found.matrix.columns))
      kernels.append(found.matrix * found.matrix.transposed)
    }
    let dot = zip(kernels[0].elements, kernels[1].elements).reduce(0) { $0 + $1.0 * $1.1 }
    let alignment = dot / kernels[0].frobeniusNorm / kernels[1].frobeniusNorm
    let expected = try #require(fixture.checkpoint.metadata["kernel_alignment"].flatMap(Double.init))
    #expect(expected > 0.05 && expected < 0.99)
    #expect(abs(alignment - expected) <= 1e-13)
  }

  @Test("are central differences of the batched run", arguments: LearningFixture.names)
  func centralDifferences(name: String) throws {
    let fixture = try LearningFixture(name)
    let found = try fixture.jacobian("final")
    // The error of a central difference is of order h² + eps / h: 1e-10 at h = 6e-6.
    let width = 6e-6
    for tensor in fixture.trained("final") {
      let name = "final." + tensor
      let original = try fixture.tensor(name)
      for (index, column) in found.columns(of: tensor).enumerated() {
        let moved = try [width, -width].map { change in
          var other = original
          other.elements[index] += change
          return try fixture.answers(fixture.model("final", replacing: [name: other]))
        }
        let difference = zip(moved[0], moved[1]).map { ($0 - $1) / (2 * width) }
        #expect(
          largestDifference(difference, (0..<found.matrix.rows).map { found.matrix[$0, column] }) <= 1e-8,
          "\(tensor) \(index)")
      }
    }
  }

  /// h' = max(0, w x + b + u h) and y = r h + c with one unit, on numbers that keep it linear.
  private func oneUnit(
    embedding: Matrix<Double>? = nil, readout: Bool = true
  ) throws -> RecurrentModel {
    try RecurrentModel(
      identity: ModelIdentity(family: "elman-relu", name: "one", configuration: "{}", source: "", sha256: ""),
      layers: [
        RecurrentModel.Layer(
          forward: ElmanCell(
            inputWeight: Matrix(rows: 1, columns: 1, elements: [2]),
            recurrentWeight: Matrix(rows: 1, columns: 1, elements: [0.5]), bias: [0.25], nonlinearity: .relu))
      ], embedding: embedding,
      readout: readout ? .init(weight: Matrix(rows: 1, columns: 1, elements: [3]), bias: [7]) : nil)
  }

  @Test("of one linear unit are those on paper")
  func paper() throws {
    // With x = 1, 3 and h_0 = 4: h_1 = 2 + 0.25 + 2 = 4.25, h_2 = 6 + 0.25 + 2.125 = 8.375.
    let batch = TrialBatch(
      inputs: .values(Tensor(shape: [1, 2, 1], elements: [1, 3])),
      initialStates: ["layers.0.hidden": Tensor(shape: [1, 1], elements: [4])])
    let found = try ParameterJacobian(oneUnit(), batch: batch, steps: [[1, 0]])
    // By w: r (x_2 + u x_1); by b: r (1 + u); by u: r (h_1 + u h_0); by r: h_2; by c: 1.
    let expected: [Double] = [10.5, 4.5, 18.75, 8.375, 1, 3, 3, 12, 4.25, 1]
    #expect(found.matrix.rows == 2 && found.matrix.elements == expected)
    #expect(found.blocks.map(\.place) == [.layer(0), .layer(0), .readout])
    #expect(found.blocks.map(\.offset) == [0, 2, 3] && found.blocks.map(\.hasBias) == [true, false, true])
    // A unit that is off has no derivatives but those of the readout's bias.
    let off = try ParameterJacobian(
      oneUnit(), batch: TrialBatch(inputs: .values(Tensor(shape: [1, 1, 1], elements: [-9]))), steps: [[0]])
    #expect(off.matrix.elements == [0, 0, 0, 0, 1])
  }

  @Test("reach the rows of an embedding that were read")
  func embedding() throws {
    let batch = TrialBatch(inputs: .tokens(Tensor(shape: [2, 2], elements: [2, 0, 2, 2])))
    let model = try oneUnit(embedding: Matrix(rows: 3, columns: 1, elements: [1, 5, 4]))
    let found = try ParameterJacobian(model, batch: batch, steps: [[1], [1]])
    #expect(found.blocks.first?.place == .embedding)
    // r w (u where the token was read first, 1 where last).
    let (first, second): ([Double], [Double]) = ([6, 0, 3], [0, 0, 9])
    #expect(Array(found.matrix.row(0).prefix(3)) == first)
    #expect(Array(found.matrix.row(1).prefix(3)) == second)
  }

  @Test("pass through softmax as its derivative says")
  func softmax() {
    let tape = DerivativeTape()
    tape.enter(scope: 0)
    let logits = tape.linear(.identity(3), tape.constant([0, 0, 0]), bias: [.logOfTwo, 0, 0])
    var found = [Double](repeating: 0, count: 3 * tape.parameters)
    tape.differentiate([tape.softmax(logits)], into: &found)
    // diag(p) - p p' at p = (1/2, 1/4, 1/4), by the bias.
    let expected = [0.25, -0.125, -0.125, -0.125, 0.1875, -0.0625, -0.125, -0.0625, 0.1875]
    let byBias = (0..<3).flatMap { row in (0..<3).map { found[row * tape.parameters + 9 + $0] } }
    #expect(largestDifference(byBias, expected) <= 4 * 0x1p-53)
  }

  @Test("are refused in words where they are not known")
  func refusals() throws {
    func fault(_ model: RecurrentModel, _ batch: TrialBatch, steps: [[Int]]) -> String {
      do throws(ModelError) {
        _ = try ParameterJacobian(model, batch: batch, steps: steps)
        return ""
      } catch { return "\(error)" }
    }
    let batch = TrialBatch(inputs: .values(Tensor(shape: [1, 1, 1], elements: [1])))
    #expect(
      fault(try oneUnit(readout: false), batch, steps: [[0]])
        == "cannot differentiate one by its parameters: it has no readout, and answers are differentiated")
    let wide = TrialBatch(inputs: .values(Tensor(shape: [1, 1, 2], elements: [1, 1])))
    #expect(fault(try oneUnit(), wide, steps: [[0]]).hasPrefix("cannot run one: the inputs have shape"))
    let lowRank = try CellFixture("low-rank").model
    let readout = RecurrentModel.Readout(
      weight: Matrix(rows: 1, columns: lowRank.layers[0].outputSize, repeating: 1), bias: nil)
    let other = try RecurrentModel(identity: lowRank.identity, layers: lowRank.layers, readout: readout)
    #expect(
      fault(other, try CellFixture("low-rank").batch(), steps: [[0], [], []])
        == "cannot differentiate low-rank by its parameters: derivatives by the parameters of the cell low-rank are not "
        + "known; Elman, leaky-rate, GRU and LSTM cells have them")
    let large = try RecurrentModel(
      identity: lowRank.identity,
      layers: [
        .init(
          forward: ElmanCell(
            inputWeight: Matrix(rows: 1900, columns: 1), recurrentWeight: Matrix(rows: 1900, columns: 1900),
            bias: nil, nonlinearity: .tanh))
      ], readout: .init(weight: Matrix(rows: 10, columns: 1900), bias: nil))
    #expect(fault(large, batch, steps: [[0]]).hasSuffix("differentiate fewer answers"))
  }
}

extension Double {
  fileprivate static let logOfTwo = log(2.0)
}
