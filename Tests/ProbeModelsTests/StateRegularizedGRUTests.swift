import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// What a state-regularised GRU has beyond what all cells have.
@Suite struct StateRegularizedGRUTests {
  @Test(
    "the assignment is a distribution over the centroids, and their mean under it is the state",
    arguments: [Precision.f32, .f64])
  func assignment(precision: Precision) throws {
    let fixture = try CellFixture("state-regularized-gru")
    let cell = try #require(fixture.model.layers[0].forward as? StateRegularizedGRUCell)
    let got = try fixture.run(precision)
    let shares = try #require(got["layers.0.gates.assignment"])
    let hidden = try #require(got["layers.0.hidden"])
    let (k, n) = (cell.centroids.rows, cell.hiddenSize)
    #expect(shares.shape == [3, 100, k])
    // Sums of k products of values at most 1.
    let tolerance = Double(4 * k) * (precision == .f32 ? 0x1p-24 : 0x1p-53)
    for row in 0..<300 {
      let share = Array(shares.elements[row * k..<(row + 1) * k])
      #expect(share.allSatisfy { $0 >= 0 } && abs(share.reduce(0, +) - 1) <= tolerance)
      for unit in 0..<n {
        let mean = (0..<k).reduce(0) { $0 + share[$1] * cell.centroids[$1, unit] }
        #expect(abs(mean - hidden.elements[row * n + unit]) <= tolerance)
      }
    }
  }

  @Test("near temperature zero every state is the centroid most alike, near infinity their mean")
  func limits() throws {
    let fixture = try CellFixture("state-regularized-gru")
    let cell = try #require(fixture.model.layers[0].forward as? StateRegularizedGRUCell)
    func step(_ state: [Double], temperature: Double) throws -> [Double] {
      let model = try RecurrentModel(
        identity: fixture.model.identity, layers: [.init(forward: cell.at(temperature: temperature))])
      return try RecurrentMap(model, input: [0.3, -0.2, 1]).apply(state)
    }
    func plain(_ state: [Double]) throws -> [Double] {
      let model = try RecurrentModel(identity: fixture.model.identity, layers: [.init(forward: cell.unit)])
      return try RecurrentMap(model, input: [0.3, -0.2, 1]).apply(state)
    }
    let mean = (0..<cell.hiddenSize).map { unit in
      (0..<cell.centroids.rows).reduce(0) { $0 + cell.centroids[$1, unit] } / Double(cell.centroids.rows)
    }
    var random = RandomGenerator(seed: 8)
    for _ in 0..<20 {
      let state = (0..<cell.hiddenSize).map { _ in random.uniform(-1, 1) }
      let raw = try plain(state)
      let similarities = cell.centroids.times(raw)
      let best = try #require(similarities.indices.max { similarities[$0] < similarities[$1] })
      #expect(try step(state, temperature: 1e-12) == Array(cell.centroids.row(best)))
      // alpha differs from 1/k by at most max |S u| / temperature, to first order.
      #expect(largestDifference(try step(state, temperature: 1e9), mean) <= 1e-7)
    }
  }

  @Test("the file's tensors give the cell away; without them it is a plain GRU")
  func detection() throws {
    let fixture = try CellFixture("state-regularized-gru")
    let folder = try Folder()
    var names = fixture.checkpoint.names.filter { $0.hasPrefix("rnn.") }
    let named = try folder.write(names, of: fixture.checkpoint, metadata: ["rnnprobe.temperature": "0.3"])
    #expect(try RecurrentModel.load(path: named).identity.family == "state-regularized-gru")
    names.removeAll { $0 == "rnn.centroids" }
    let plain = try folder.write(names, of: fixture.checkpoint, metadata: [:])
    #expect(try RecurrentModel.load(path: plain).identity.family == "gru")
  }

  @Test(
    "a temperature that is missing, zero or no number is refused with what was seen",
    arguments: [
      (nil, "seen none"), ("0", "seen 0.0"), ("-1", "seen -1.0"), ("nan", "seen nan"), ("x", "seen none"),
    ])
  func badTemperature(text: String?, seen: String) throws {
    let fixture = try CellFixture("state-regularized-gru")
    let folder = try Folder()
    let path = try folder.write(
      fixture.checkpoint.names.filter { $0.hasPrefix("rnn.") }, of: fixture.checkpoint,
      metadata: text.map { ["rnnprobe.temperature": $0] } ?? [:])
    #expect {
      try RecurrentModel.load(path: path)
    } throws: { error in
      "\(error)".contains(seen) && "\(error)".contains("rnnprobe.temperature")
    }
  }

  @Test("model.json gives the temperature and names the centroids")
  func manifest() throws {
    let fixture = try CellFixture("state-regularized-gru")
    let folder = try Folder()
    let weights = try folder.write(
      fixture.checkpoint.names.filter { $0.hasPrefix("rnn.") }, of: fixture.checkpoint, metadata: [:])
    let manifest = folder.path + "/model.json"
    try Data(
      """
      {"weights": "\(weights)", "cell": "state-regularized-gru", "prefix": "rnn.", "temperature": 0.75,
       "tensors": {"centroids": "rnn.centroids"}}
      """.utf8
    ).write(to: URL(filePath: manifest))
    let model = try RecurrentModel.load(path: manifest)
    let cell = try #require(model.layers[0].forward as? StateRegularizedGRUCell)
    #expect(cell.temperature == 0.75)
    #expect(cell.centroids.elements == (try fixture.tensor("rnn.centroids").elements))
    let kept = try RecurrentConfiguration(json: model.identity.configuration, source: "x")
    #expect(kept.temperature == 0.75)
  }

  @Test("centroids of another length than the state are refused by name and shape")
  func badCentroids() throws {
    let fixture = try CellFixture("state-regularized-gru")
    let folder = try Folder()
    let weights = try folder.write(
      fixture.checkpoint.names.filter { $0.hasPrefix("rnn.") }, of: fixture.checkpoint, metadata: [:])
    let manifest = folder.path + "/model.json"
    try Data(
      """
      {"weights": "\(weights)", "cell": "state-regularized-gru", "prefix": "rnn.", "temperature": 1,
       "tensors": {"centroids": "rnn.weight_ih_l0"}}
      """.utf8
    ).write(to: URL(filePath: manifest))
    #expect {
      try RecurrentModel.load(path: manifest)
    } throws: { error in
      "\(error)".contains("rnn.weight_ih_l0 has shape [15, 3]") && "\(error)".contains("[any, 5]")
    }
  }
}

/// A folder that goes with its last user.
private final class Folder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "rnnprobe-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes some of a checkpoint's tensors and returns the file's path.
  func write(
    _ names: [String], of checkpoint: Checkpoint, metadata: [String: String]
  ) throws -> String {
    var tensors: [String: Tensor<Double>] = [:]
    for name in names { tensors[name] = try checkpoint.tensor(name, as: Double.self) }
    let file = path + "/\(UUID().uuidString).safetensors"
    try writeSafetensors(tensors, to: file, as: .float64, metadata: metadata)
    return file
  }
}
