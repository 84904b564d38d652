import Foundation
import ProbeHDF5
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeCapture

@Suite("A capture reader")
struct CaptureReaderTests {
  private let trials = ToyTrials(trialCount: 20, steps: 30, shortening: 7)

  private func capture(_ folder: TemporaryFolder, _ name: String = "a.h5", weights: WeightTable? = nil) throws
    -> String
  {
    let path = folder.file(name)
    _ = try toyRunner(trials, options: CaptureOptions(sites: [0, 1, 2]), weights: weights).run(to: path)
    return path
  }

  @Test("gives back what the capture says about itself")
  func metadata() throws {
    let folder = try TemporaryFolder()
    let reader = try CaptureReader(capture(folder))
    let metadata = reader.metadata
    #expect(metadata.model == ToyModel.small.identity)
    #expect(
      metadata.task == TaskDescription(generator: "toy", parameters: "{}", seed: 7, alphabet: ["a", "b"]))
    #expect(metadata.trials == 20 && metadata.steps == 30)
    #expect(metadata.lengths == (0..<20).map { trials.length(of: $0) })
    #expect(metadata.created == "2026-01-01T00:00:00Z")
    #expect(metadata.command == "toy" && metadata.programVersion == "0.0")
    #expect(metadata.precision == .f32)
    #expect(metadata.sites.map(\.name) == ["layers.0.gates.update", "layers.0.hidden", "readout"])
    #expect(metadata.sites.map(\.role) == [.gate, .state, .readout])
    #expect(metadata.stateSites.map(\.name) == ["layers.0.hidden"])
    #expect(metadata.site("readout")?.shape == [2])
    #expect(metadata.site("readout")?.axes == ["unit"])
    #expect(metadata.site("readout")?.dtype == "float32")
  }

  @Test("gives back inputs, targets, labels and vocabulary")
  func trialTables() throws {
    let folder = try TemporaryFolder()
    let reader = try CaptureReader(capture(folder))
    let wanted = trials.block(3..<9)
    let batch = try #require(try reader.inputs(trials: 3..<9))
    guard case .values(let inputs) = batch.inputs, case .values(let given) = wanted.batch.inputs else {
      Issue.record("the inputs are values")
      return
    }
    #expect(batch.lengths == wanted.batch.lengths)
    for (row, length) in batch.lengths.enumerated() {
      let valid = (row * 60)..<(row * 60 + length * 2)
      #expect(inputs.elements[valid] == given.elements[valid])
      let beyond = inputs.elements[(row * 60 + length * 2)..<((row + 1) * 60)]
      #expect(beyond.allSatisfy { $0.isNaN })
    }
    guard case .classes(let targets) = try reader.targets(trials: 3..<9) else {
      Issue.record("the targets are classes")
      return
    }
    #expect(targets.shape == [6, 30])
    #expect(targets.elements[0..<3] == [0, 1, 2])
    #expect(targets.elements[29] == -1)
    #expect(try reader.labels() == Tensor(shape: [20], elements: (0..<20).map { $0 * 10 }))
    #expect(try reader.vocabulary().map(\.id) == [0, 1])
    #expect(try reader.vocabulary().map(\.text) == ["a", "β"])
    #expect(try reader.weights() == nil)
  }

  @Test("gives back the weights, in the precision they came in, unless they are too large")
  func weights() throws {
    let folder = try TemporaryFolder()
    let third = 1.0 / 3
    let table = WeightTable(
      [
        "rnn.weight_hh_l0": Tensor(shape: [2, 2], elements: [1, 2, 3, 0.5]),
        "fine": Tensor(shape: [1], elements: [third]), "scalar": Tensor(shape: [], elements: [third]),
        "none": Tensor(shape: [0, 3], elements: []), "a/b": Tensor(shape: [1], elements: [7]),
      ], doubles: ["fine"])
    let reader = try CaptureReader(capture(folder, weights: table))
    let stored = try #require(try reader.weights())
    #expect(stored.doubles == ["fine"])
    #expect(Set(stored.tensors.keys) == Set(table.tensors.keys))
    #expect(stored.tensors["rnn.weight_hh_l0"] == table.tensors["rnn.weight_hh_l0"])
    #expect(stored.tensors["fine"]?.elements == [third])
    #expect(stored.tensors["scalar"] == Tensor(shape: [], elements: [Double(Float(third))]))
    #expect(stored.tensors["none"]?.shape == [0, 3])
    #expect(table.byteCount == 4 * 4 + 8 + 4 + 0 + 4)
    let path = folder.file("small.h5")
    _ = try toyRunner(trials, options: CaptureOptions(sites: [0], weightLimit: 31), weights: table).run(
      to: path)
    #expect(try CaptureReader(path).weights() == nil)
  }

  @Test("reads a box of a site, and refuses one outside")
  func box() throws {
    let folder = try TemporaryFolder()
    let path = try capture(folder)
    let reader = try CaptureReader(path)
    let box: Tensor<Double> = try reader.values(of: "layers.0.hook_hidden", trials: 4..<6, steps: 10..<12)
    #expect(box.shape == [2, 2, 5])
    #expect(box.elements[7] == ToyModel.value(trial: 4, step: 11, site: 0, element: 2))
    #expect(try reader.values(of: "readout", trials: 4..<4, as: Float.self).elements.isEmpty)
    #expect(throws: CaptureError.range(file: path, fault: "trials 19..<21 are outside 0..<20")) {
      _ = try reader.values(of: "readout", trials: 19..<21, as: Float.self)
    }
    #expect(
      throws: CaptureError.site(
        pattern: "hidden", known: ["layers.0.gates.update", "layers.0.hidden", "readout"])
    ) { _ = try reader.values(of: "hidden", as: Float.self) }
  }

  @Test("has one hash for the same trials and model, whatever the command, chunks and clock")
  func hash() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("b.h5")
    let first = try CaptureReader(capture(folder)).contentHash()
    #expect(first.count == 64)
    _ = try toyRunner(trials, options: CaptureOptions(sites: [0, 1, 2], compression: .none)).run(to: path)
    #expect(try CaptureReader(path).contentHash() == first)
    let other = ToyTrials(trialCount: 20, steps: 30, shortening: 6)
    _ = try toyRunner(other, options: CaptureOptions(sites: [0, 1, 2], force: true)).run(to: path)
    #expect(try CaptureReader(path).contentHash() != first)
  }

  @Test("refuses what is no capture, and says what is wrong")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    #expect(throws: CaptureError.unreadable(file: path, fault: "there is no such file")) {
      _ = try CaptureReader(path)
    }
    #expect(throws: CaptureError.unreadable(file: folder.path, fault: "it is a folder; a capture is a file"))
    {
      _ = try CaptureReader(folder.path)
    }
    func fault(_ write: (borrowing File) throws -> Void) throws -> String {
      do { try write(try File(path, mode: .create)) }
      do {
        _ = try CaptureReader(path)
        return "it was read"
      } catch {
        #expect(error.isDamage)
        return "\(error)"
      }
    }
    func mark(_ file: borrowing File, version: Int = 1) throws {
      try file.setAttribute("format", .text("rnnprobe-capture"))
      try file.setAttribute("format_version", .integer(version))
    }
    #expect(try fault { _ in }.hasSuffix("its root has no attribute format = 'rnnprobe-capture'"))
    #expect(
      try fault { try $0.setAttribute("format", .text("other")) }.contains("format = 'rnnprobe-capture'"))
    #expect(try fault { try $0.setAttribute("format", .text("rnnprobe-capture")) }.contains("format_version"))
    #expect(
      try fault { try mark($0, version: 2) }
        == "\(path) is a capture written as version 2; this program reads version 1")
    #expect(try fault { try mark($0) }.hasSuffix("it has no group 'sites'"))
    #expect(
      try fault {
        try mark($0)
        _ = try $0.createGroup("sites")
      }.hasSuffix("its group 'sites' is empty"))
    #expect(
      try fault {
        try mark($0)
        _ = try $0.createDataset("sites/a", type: .float32, shape: [3])
      }.hasSuffix("site 'a' has shape [3]; it should be [trial, time, ...]"))
    #expect(
      try fault {
        try mark($0)
        _ = try $0.createDataset("sites/a", type: .float32, shape: [3, 4, 1])
        _ = try $0.createDataset("sites/b", type: .float32, shape: [3, 5, 1])
      }.hasSuffix("site 'b' has 3 trials of 5 steps, others have 3 of 4"))
    #expect(
      try fault {
        try mark($0)
        _ = try $0.createDataset("sites/a", type: .float32, shape: [1, 4, 1])
        try $0.createDataset("inputs/lengths", type: .int64, shape: [1]).write([5])
      }.hasSuffix("trial 0 has length 5, which is outside 0...4"))
  }

  @Test("reads the least that another program may write")
  func minimal() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    do {
      let file = try File(path, mode: .create)
      try file.setAttribute("format", .text("rnnprobe-capture"))
      try file.setAttribute("format_version", .number(1))
      let site = try file.createDataset("sites/layers.0.hidden", type: .int32, shape: [2, 2, 3])
      try site.write(Array(0..<12))
    }
    let reader = try CaptureReader(path)
    #expect(reader.metadata.model == nil && reader.metadata.task == nil)
    #expect(reader.metadata.lengths == [2, 2] && reader.metadata.done == [true, true])
    #expect(reader.metadata.isComplete && reader.metadata.warnings.isEmpty)
    #expect(reader.metadata.stateSites.map(\.axes) == [["unit"]])
    #expect(try reader.values(of: "layers.0.hidden", as: Double.self).elements == (0..<12).map { Double($0) })
    #expect(try reader.inputs() == nil)
    #expect(try reader.targets() == nil)
    #expect(try reader.labels() == nil)
    #expect(try reader.contentHash().count == 64)
  }

  @Test("finds every cut in a capture")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: capture(folder)))
    let path = folder.file("cut.h5")
    for length in stride(from: 0, to: whole.count, by: whole.count / 40) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect {
        _ = try CaptureReader(path)
      } throws: { ($0 as? CaptureError)?.isDamage == true }
    }
  }

  @Test("orders the sites of the state by layer, hidden before cell")
  func stateOrder() throws {
    let names = [
      "layers.10.hidden", "layers.2.cell", "layers.2.hidden", "layers.0.reverse.hidden", "layers.0.hidden",
    ]
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    do {
      let file = try File(path, mode: .create)
      try file.setAttribute("format", .text("rnnprobe-capture"))
      try file.setAttribute("format_version", .integer(1))
      for name in names { _ = try file.createDataset("sites/\(name)", type: .float32, shape: [1, 1, 1]) }
    }
    #expect(
      try CaptureReader(path).metadata.stateSites.map(\.name) == [
        "layers.0.hidden", "layers.0.reverse.hidden", "layers.2.hidden", "layers.2.cell", "layers.10.hidden",
      ])
  }
}
