import Foundation
import ProbeLinearAlgebra
import ProbeModels
import Testing

@testable import ProbeCapture

@Suite("Captures and Python")
struct PythonTests {
  @Test("a capture that h5py wrote by hand is read, whatever its number types, chunks and text")
  func written() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/h5py-capture.h5").path
    let reader = try CaptureReader(path)
    let metadata = reader.metadata
    #expect(metadata.isComplete)
    #expect(metadata.command == "by hand")
    #expect(metadata.model?.family == "gru")
    #expect(metadata.trials == 3 && metadata.steps == 4)
    #expect(metadata.lengths == [4, 2, 3])
    #expect(metadata.done == [true, true, false])
    #expect(metadata.warnings.count == 1)
    #expect(metadata.site("layers.1.hidden")?.units == "Hz")
    #expect(metadata.site("layers.1.hidden")?.dtype == "float16")
    #expect(metadata.stateSites.map(\.name) == ["layers.0.hidden", "layers.1.hidden"])
    let wanted: [Double] = (0..<60).map { (index: Int) -> Double in
      let (trial, step, unit) = (index / 20, index / 5 % 4, index % 5)
      return Double(trial * 100 + step * 10 + unit)
    }
    for name in ["layers.0.hidden", "layers.1.hidden"] {
      #expect(try reader.values(of: name, as: Double.self).elements == wanted)
    }
    // The script cuts the lower half of a binary32 off, where this package would round.
    let cut = wanted.map { Double(Float(bitPattern: Float($0).bitPattern & 0xFFFF_0000)) }
    #expect(try reader.values(of: "readout", as: Double.self).elements == cut)
    let gate: [Float] = wanted.map { $0 > 200 ? 1 : 0 }
    #expect(try reader.values(of: "layers.0.gates.update", as: Float.self).elements == gate)
    guard case .tokens(let tokens) = try reader.inputs()?.inputs else {
      Issue.record("the inputs are tokens")
      return
    }
    let given: [Int] = (0..<12).map { (index: Int) -> Int in (index / 4 * 100 + index % 4 * 10) % 3 }
    #expect(tokens.elements == given)
    #expect(try reader.labels() == Tensor(shape: [3], elements: [1, 0, 1]))
    #expect(try reader.vocabulary().map(\.text) == ["zero", "two"])
    let weights = try #require(try reader.weights())
    #expect(weights.tensors["rnn.weight_hh_l0"]?.elements == [1, 0, 0, 1])
    #expect(weights.tensors["rnn.bias_hh_l0"]?.elements == [0.1, 0.2])
    #expect(weights.doubles == ["rnn.bias_hh_l0"])
  }

  /// A Python with h5py, numpy and, for the dimension scales, xarray and h5netcdf.
  private static let python: String? = {
    let candidates = [ProcessInfo.processInfo.environment["RNNPROBE_PYTHON"], "python3"].compactMap(\.self)
    return candidates.first { (try? run($0, ["-c", "import h5py, xarray, h5netcdf"]))?.status == 0 }
  }()

  private static func run(_ python: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test(
    "a capture opens in h5py and in xarray, with its axes and values",
    .enabled(
      if: python != nil,
      "needs a Python that imports h5py, xarray and h5netcdf: set RNNPROBE_PYTHON, or have it as python3"),
    arguments: CaptureType.allCases)
  func read(type: CaptureType) throws {
    let python = try #require(Self.python)
    let folder = try TemporaryFolder()
    let path = folder.file("a.h5")
    let weights = WeightTable(["w": Tensor(shape: [2], elements: [1, 2])])
    _ = try toyRunner(
      ToyTrials(trialCount: 9, steps: 40, shortening: 3),
      options: CaptureOptions(sites: [0, 1, 2], type: type),
      weights: weights
    ).run(to: path)
    let script = """
      import sys, h5py, numpy as np, xarray
      path, dtype = sys.argv[1:]
      file = h5py.File(path)
      assert file.attrs["format"] == "rnnprobe-capture" and file.attrs["format_version"] == 1
      assert file.attrs["complete"] == 1 and file.attrs["created"] == "2026-01-01T00:00:00Z"
      assert file["model"].attrs["config"] == '{"cell":"toy"}' and file["task"].attrs["seed"] == 7
      assert list(file["task"].attrs["alphabet"]) == ["a", "b"]
      assert file["model/weights/w"].dtype == "f4"
      assert [t.decode() for t in file["inputs/vocabulary/text"]] == ["a", "β"]
      lengths = file["inputs/lengths"][...]
      assert list(lengths) == [40 - trial % 3 for trial in range(9)]
      trial, step, unit = np.meshgrid(range(9), range(40), range(5), indexing="ij")
      wanted = np.sin(trial * 0.7 + step * 0.11 + unit * 0.37).astype("f4")
      site = file["sites/layers.0.hidden"]
      assert list(site.attrs["axes"]) == ["trial", "time", "unit"] and site.shuffle and site.compression == "gzip"
      values = site[...]
      if dtype == "bf16":
          assert site.attrs["dtype"] == "bfloat16" and site.fillvalue == 0x7FC0
          values = (values.astype("u4") << 16).view("f4")
      else:
          assert site.dtype == {"f16": "f2", "f32": "f4", "f64": "f8"}[dtype] and np.isnan(site.fillvalue)
      valid = np.arange(40) < lengths[:, None]
      bound = {"f16": 2**-12, "bf16": 2**-9, "f32": 0, "f64": 0}[dtype]
      # numpy's sine and libm's may round differently in the last place of binary32, 2**-24 below 1.
      assert np.all(np.abs(values[valid].astype("f8") - wanted[valid]) <= bound + 2**-24)
      assert np.all(np.isnan(values[~valid]))
      data = xarray.open_dataset(path, engine="h5netcdf", group="sites")
      assert data["layers.0.hidden"].dims == ("trial", "time", "unit_layers.0.hidden")
      assert data["readout"].dims == ("trial", "time", "unit_readout")
      assert xarray.open_dataset(path, engine="h5netcdf", group="inputs")["targets"].dims == ("trial", "time")
      assert list(xarray.open_dataset(path, engine="h5netcdf")["time"].values) == list(range(40))
      print("all well")
      """
    let (status, output) = try Self.run(python, ["-c", script, path, type.rawValue])
    #expect(status == 0 && output.hasSuffix("all well\n"), "\(output)")
  }
}
