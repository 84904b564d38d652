import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeHDF5
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// Every cell, number type and way of giving inputs, through the command line.
@Suite struct OtherCellsTests {
  /// The cell fixtures, whose recurrent tensors stand under `rnn`.
  static let cells = [
    "alrnn", "elman-relu", "elman-tanh", "gru", "gru-2-layers", "gru-bidirectional", "gru-nobias",
    "gru-original",
    "leaky-potential-relu", "leaky-potential-tanh", "leaky-rate-relu", "leaky-rate-tanh", "low-rank", "lstm",
    "lstm-2-layers", "lstm-bidirectional", "lstm-projection", "plrnn", "shallow-plrnn",
    "state-regularized-gru", "state-regularized-gru-2-layers",
  ]

  static func fixture(_ name: String) -> String {
    "\(CommandLineProgram.packageFolder)/Tests/ProbeModelsTests/Fixtures/\(name).safetensors"
  }

  @Test("every site of every cell is captured with the values that the library computes", arguments: cells)
  func everyCell(name: String) throws {
    let folder = try TemporaryFolder()
    let path = Self.fixture(name)
    let inputs = try Checkpoint.open(path: path).tensor("input", as: Double.self)
    _ = try folder.write(npyBytes(inputs.shape, inputs.elements), to: "inputs.npy")
    let captured = try CommandLineProgram.run(
      [
        "capture", path, "--prefix", "rnn", "--inputs", "inputs.npy", "--precision", "f64", "--dtype", "f64",
        "--sites",
        "*", "-o", "c.h5",
      ], in: folder.path)
    try #require(captured.status == 0, "\(captured)")

    var request = ModelRequest()
    request.prefix = "rnn"
    let model = try RecurrentModel.load(path: path, request: request)
    let plan = RunPlan(observed: Array(model.sites.indices), precision: .f64)
    let batch = TrialBatch(inputs: .values(inputs))
    var recorder = MemoryRecorder(model: model, plan: plan, trials: batch.count, steps: batch.steps)
    try model.run(batch, plan: plan, recorder: &recorder)
    let reader = try CaptureReader(folder.file("c.h5"))
    #expect(Set(reader.metadata.sites.map(\.name)) == Set(model.sites.map(\.name)))
    for (site, values) in zip(model.sites, recorder.values) {
      let stored = try reader.values(of: site.name, as: Double.self)
      #expect(stored.shape == [batch.count, batch.steps] + site.shape)
      // The same arithmetic; the command's blocks of trials may sum a product's terms in another order. States are
      // of unit scale, so 1e-12 is some thousand roundings of 2^-53 over the steps.
      let difference = zip(stored.elements, values.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(stored.elements.count == values.elements.count && difference <= 1e-12, "\(site.name)")
    }
  }

  @Test(
    "fixed points of every cell that is a map run to a report",
    arguments: cells.filter { !$0.contains("bidir") })
  func fixedPoints(name: String) throws {
    let folder = try TemporaryFolder()
    let path = Self.fixture(name)
    let inputs = try Checkpoint.open(path: path).tensor("input", as: Double.self)
    _ = try folder.write(npyBytes(inputs.shape, inputs.elements), to: "inputs.npy")
    let captured = try CommandLineProgram.run(
      ["capture", path, "--prefix", "rnn", "--inputs", "inputs.npy", "-o", "c.h5"], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let analyzed = try CommandLineProgram.run(
      [
        "analyze", "fixed-points", "c.h5", "-o", "report", "--starts", "16", "--fresh-starts", "4",
        "--states", "16",
        "--interpolations", "16", "--deflations", "2", "--basin-steps", "100",
      ], in: folder.path)
    try #require(analyzed.status == 0, "\(analyzed)")
    let points = try CSVFile(folder.file("report/fixed_points.csv"))
    for residual in points.column("residual") { #expect((Double(residual) ?? .infinity) <= 1e-12) }
    // A weights' file other than the capture's is refused, the capture's own is taken.
    let again = try CommandLineProgram.run(
      [
        "analyze", "spectra", "c.h5", "-o", "spectra", "--model", path, "--states", "2", "--lyapunov-steps",
        "20",
        "--lyapunov-discard", "2",
      ], in: folder.path)
    #expect(again.status == 0, "\(again)")
  }

  @Test(
    "a bidirectional model is captured, and fixed points say why it has none", arguments: ["gru", "lstm"])
  func bidirectional(cell: String) throws {
    let folder = try TemporaryFolder()
    let path = Self.fixture(cell + "-bidirectional")
    let inputs = try Checkpoint.open(path: path).tensor("input", as: Double.self)
    _ = try folder.write(npyBytes(inputs.shape, inputs.elements), to: "inputs.npy")
    let captured = try CommandLineProgram.run(
      ["capture", path, "--prefix", "rnn", "--inputs", "inputs.npy", "-o", "c.h5"], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let names = try CaptureReader(folder.file("c.h5")).metadata.sites.map(\.name)
    #expect(names.contains("layers.0.reverse.hidden"))
    let refused = try CommandLineProgram.run(["analyze", "fixed-points", "c.h5"], in: folder.path)
    #expect(refused.status == 2, "\(refused)")
    #expect(
      refused.error
        == "rnnprobe: cannot run fixed-points on c.h5: a bidirectional \(cell) reads the sequence from both "
        + "ends and has no map\n")
    #expect(try folder.names() == ["c.h5", "inputs.npy"])
  }

  @Test("bidirectional states alone, without the reverse site, do not pass for a map")
  func bidirectionalForwardOnly() throws {
    let folder = try TemporaryFolder()
    let path = Self.fixture("gru-bidirectional")
    let inputs = try Checkpoint.open(path: path).tensor("input", as: Double.self)
    _ = try folder.write(npyBytes(inputs.shape, inputs.elements), to: "inputs.npy")
    let captured = try CommandLineProgram.run(
      [
        "capture", path, "--prefix", "rnn", "--inputs", "inputs.npy", "--sites", "layers.0.hidden", "-o",
        "c.h5",
      ],
      in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let refused = try CommandLineProgram.run(["analyze", "fixed-points", "c.h5"], in: folder.path)
    #expect(refused.status == 2 && refused.error.contains("c.h5"), "\(refused)")
  }

  @Test(
    "a number type rounds each value once", arguments: [("f16", 0x1p-11), ("bf16", 0x1p-8), ("f64", 0.0)])
  func numberTypes(type: String, rounding: Double) throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "capture", CommandLineProgram.model("flipflop-elman"), "--task", "flipflop:trials=3,steps=20",
    ]
    for (name, dtype) in [("a.h5", "f32"), ("b.h5", type)] {
      let captured = try CommandLineProgram.run(arguments + ["--dtype", dtype, "-o", name], in: folder.path)
      try #require(captured.status == 0, "\(captured)")
    }
    let exact = try CaptureReader(folder.file("a.h5")).values(of: "layers.0.hidden", as: Double.self)
    let reader = try CaptureReader(folder.file("b.h5"))
    let stored = try reader.values(of: "layers.0.hidden", as: Double.self)
    #expect(exact.elements.count == 3 * 20 * 64 && stored.elements.count == exact.elements.count)
    // Half an ulp relative, and half the smallest subnormal of binary16, 2^-25.
    for (a, b) in zip(exact.elements, stored.elements) {
      #expect(abs(a - b) <= abs(a) * rounding + (type == "f16" ? 0x1p-25 : 0))
    }
    if type != "f64" { #expect(exact.elements != stored.elements) }
  }

  @Test("token ids from a file move an acceptor; trials end before -1")
  func tokens() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(npyBytes([3, 4], tokens: [1, 1, 1, 1, 1, 0, -1, -1, 1, 1, 1, -1]), to: "words.npy")
    let captured = try CommandLineProgram.run(
      ["capture", CommandLineProgram.model("tomita1-gru"), "--tokens", "words.npy", "-o", "t.h5"],
      in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let reader = try CaptureReader(folder.file("t.h5"))
    #expect(reader.metadata.lengths == [4, 2, 3])
    let readout = try reader.values(of: "readout", as: Double.self)
    func accepts(_ trial: Int, _ step: Int) -> Bool {
      let row = (trial * 4 + step) * 2
      return readout.elements[row + 1] > readout.elements[row]
    }
    // Tomita 1 is 1*.
    #expect(accepts(0, 3) && accepts(1, 0) && !accepts(1, 1) && accepts(2, 2))
    #expect(readout.elements[(1 * 4 + 2) * 2].isNaN)
    let analyzed = try CommandLineProgram.run(
      [
        "analyze", "fixed-points", "t.h5", "--input", "token:0", "--starts", "16", "--fresh-starts", "0",
        "-o", "r",
      ],
      in: folder.path)
    #expect(analyzed.status == 0, "\(analyzed)")
    #expect(Set(try CSVFile(folder.file("r/fixed_points.csv")).column("input")) == ["token:0"])
  }

  @Test("model.json names the cell, the tensors and the weights beside it")
  func modelDescription() throws {
    let folder = try TemporaryFolder()
    var tensors = SmallModels.tensors()
    tensors["recurrent"] = tensors.removeValue(forKey: "weight_hh_l0")
    tensors["drive"] = tensors.removeValue(forKey: "weight_ih_l0")
    try writeSafetensors(tensors, to: folder.file("odd.safetensors"))
    _ = try SmallModels.separable(in: folder)
    _ = try folder.write(
      Array(
        #"{"weights": "odd.safetensors", "cell": "elman", "tensors": {"weight_ih_l0": "drive", "weight_hh_l0": "recurrent"}}"#
          .utf8), to: "model.json")
    for (model, output) in [("separable.safetensors", "a.h5"), ("model.json", "b.h5")] {
      let captured = try CommandLineProgram.run(
        ["capture", model, "--inputs", "inputs.npy", "-o", output], in: folder.path)
      try #require(captured.status == 0, "\(captured)")
    }
    let a = try CaptureReader(folder.file("a.h5")).values(of: "layers.0.hidden", as: Double.self)
    let b = try CaptureReader(folder.file("b.h5")).values(of: "layers.0.hidden", as: Double.self)
    #expect(a.elements == b.elements)
    let analyzed = try CommandLineProgram.run(
      ["analyze", "fixed-points", "b.h5", "-o", "r", "--starts", "64"], in: folder.path)
    #expect(analyzed.status == 0 && analyzed.output.contains("9 fixed points"), "\(analyzed)")
  }

  @Test("a folder with a model.json and the weights that it names is one model")
  func describedFolder() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    try FileManager.default.createDirectory(atPath: folder.file("net"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: folder.file("separable.safetensors"), toPath: folder.file("net/odd.safetensors"))
    _ = try folder.write(
      Array(#"{"weights": "odd.safetensors", "cell": "elman-relu"}"#.utf8), to: "net/model.json")
    let captured = try CommandLineProgram.run(
      ["capture", "net", "--inputs", "inputs.npy", "-o", "n.h5"], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    #expect(try CaptureReader(folder.file("n.h5")).metadata.model?.family == "elman-relu")
  }

  @Test("a folder of models gives a folder of captures")
  func folderOfModels() throws {
    let folder = try TemporaryFolder()
    let models = folder.file("models")
    try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
    for name in ["flipflop-gru", "flipflop-elman"] {
      try FileManager.default.copyItem(
        atPath: CommandLineProgram.model(name), toPath: "\(models)/\(name).safetensors")
    }
    let refused = try CommandLineProgram.run(["capture", "models"], in: folder.path)
    #expect(refused.status == 2 && refused.error.contains("models holds 2 models"), "\(refused)")
    let captured = try CommandLineProgram.run(
      ["capture", "models", "--task", "flipflop:trials=2,steps=9", "-o", "captures"], in: folder.path)
    #expect(captured.status == 0, "\(captured)")
    #expect(try folder.names("captures") == ["flipflop-elman.h5", "flipflop-gru.h5"])
  }

  @Test("inputs come from csv, npy and another capture alike, and NaN ends a trial")
  func inputFiles() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    let rows = [[0.5, -1], [0.25, 2], [-0.125, 0]]
    let text = "x,y\n" + rows.map { $0.map { "\($0)" }.joined(separator: ",") }.joined(separator: "\n") + "\n"
    _ = try folder.write(Array(text.utf8), to: "in.csv")
    _ = try folder.write(npyBytes([1, 4, 2], rows.flatMap { $0 } + [.nan, .nan]), to: "in.npy")
    for (input, output) in [("in.csv", "csv.h5"), ("in.npy", "npy.h5"), ("npy.h5", "again.h5")] {
      let captured = try CommandLineProgram.run(
        ["capture", "separable.safetensors", "--inputs", input, "-o", output], in: folder.path)
      try #require(captured.status == 0, "\(captured)")
    }
    let csv = try CaptureReader(folder.file("csv.h5"))
    let npy = try CaptureReader(folder.file("npy.h5"))
    let again = try CaptureReader(folder.file("again.h5"))
    #expect(csv.metadata.lengths == [3] && npy.metadata.lengths == [3] && again.metadata.lengths == [3])
    let states = try csv.values(of: "layers.0.hidden", as: Double.self).elements
    #expect(Array(try npy.values(of: "layers.0.hidden", as: Double.self).elements.prefix(6)) == states)
    #expect(Array(try again.values(of: "layers.0.hidden", as: Double.self).elements.prefix(6)) == states)
    #expect(states.count == 6 && states.allSatisfy { $0.isFinite })
  }
}
