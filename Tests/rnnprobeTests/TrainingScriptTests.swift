import Foundation
import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels
import Testing

/// The script that trained the shipped ensembles.
@Suite("Training script") struct TrainingScriptTests {
  private static let python = OtherPrograms.python("import numpy, safetensors, torch")

  /// Answers of `torch.nn.RNN` to a capture's inputs, and the largest difference from the capture's readout.
  private static let check = """
    import sys, numpy, torch, safetensors.torch
    weights = safetensors.torch.load_file(sys.argv[1])
    inputs = torch.from_numpy(numpy.fromfile(sys.argv[2], "<f4").reshape(8, 16, 1))
    units = len(weights["rnn.bias_ih_l0"])
    model = torch.nn.ModuleDict({"rnn": torch.nn.RNN(1, units, batch_first=True), "readout": torch.nn.Linear(units, 1)})
    model.load_state_dict(weights)
    model["readout"](model["rnn"](inputs)[0]).detach().numpy().astype("<f4").tofile(sys.argv[3])
    """

  @Test(
    "a small ensemble is trained by the script's own options, and captured",
    .enabled(
      if: python != nil, "no python3 (or RNNPROBE_PYTHON) that has numpy, safetensors and torch"),
    .timeLimit(.minutes(10)))
  func ensemble() throws {
    let python = try #require(Self.python)
    let folder = try TemporaryFolder()
    let script = "\(CommandLineProgram.packageFolder)/notebooks-data/training/train_ensembles.py"
    func train(_ options: [String]) throws -> EndedProcess {
      try EndedProcess(python, ["-B", script, "flipflop-1bit", "--folder", folder.file("e")] + options)
    }
    let odd = try train(["--updates", "30"])
    #expect(odd.status == 2 && odd.output.contains("--updates must be a multiple of 25"), "\(odd.output)")
    let trained = try train(["--networks", "3", "--updates", "50"])
    try #require(trained.status == 0, "\(trained.output)")
    let names = (1...3).map { "flipflop-1bit-0\($0).safetensors" }
    #expect(try folder.names("e/flipflop-1bit") == names && folder.names("e/flipflop-1bit-initial") == names)
    for name in names {
      #expect(try folder.bytes("e/flipflop-1bit/\(name)") != folder.bytes("e/flipflop-1bit-initial/\(name)"))
    }
    let readme = try folder.text("e/README.md")
    #expect(
      readme.contains(
        "The threshold was not reached by flipflop-1bit-01, flipflop-1bit-02, flipflop-1bit-03."))
    #expect(readme.contains("`python train_ensembles.py flipflop-1bit --networks 3 --updates 50`"))
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(folder.bytes("e/ensembles.json"))) as? [String: Any])
    let entry = try #require(record["flipflop-1bit"] as? [String: Any])
    #expect(entry["updates_at_most"] as? Int == 50 && (entry["networks"] as? [String: Any])?.count == 3)

    // Small trials of the task that the networks name, and of the task that is named here.
    let captured = try CommandLineProgram.run(
      ["capture", "e/flipflop-1bit", "--task", "flipflop:bits=1,steps=16,trials=8", "-o", "captures"],
      in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let initial = try CommandLineProgram.run(
      ["capture", "e/flipflop-1bit-initial", "-o", "initial"], in: folder.path)
    #expect(initial.status == 0, "\(initial)")
    for name in names {
      let reader = try CaptureReader(folder.file("captures/\(name.replacing("safetensors", with: "h5"))"))
      guard case .values(let inputs)? = try reader.inputs()?.inputs else {
        Issue.record("no inputs in the capture of \(name)")
        continue
      }
      #expect(inputs.shape == [8, 16, 1])
      let singles = inputs.elements.map { Float($0) }
      _ = try folder.write(singles.withUnsafeBytes { Array($0) }, to: "inputs.bin")
      let asked = try EndedProcess(
        python,
        [
          "-c", Self.check, folder.file("e/flipflop-1bit/\(name)"), folder.file("inputs.bin"),
          folder.file("answers.bin"),
        ])
      try #require(asked.status == 0, "\(asked.output)")
      let answers = try folder.bytes("answers.bin").withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
      let ours = try reader.values(of: "readout", as: Float.self).elements
      try #require(answers.count == 128 && ours.count == 128)
      // Sums of 65 products of single precision, each step's errors carried on by 64 weights below 1/4 for 16 steps.
      let tolerance = 16 * 65 * Float.ulpOfOne
      #expect(zip(answers, ours).allSatisfy { abs($0 - $1) <= tolerance })
    }
  }
}
