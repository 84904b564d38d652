import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeHDF5
import ProbeLinearAlgebra
import Testing

/// What goes wrong, and how the command says so: one message that names the file and the fault, and the exit code.
@Suite struct CommandErrorTests {
  /// A wrong command with its exit code, and what the message must say.
  struct Fault: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let status: Int32
    let parts: [String]

    init(_ arguments: String, _ status: Int32, _ parts: String...) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.status = status
      self.parts = parts
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  /// A folder with a model, inputs, a capture, and files with a fault each.
  static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let model = Array(try Data(contentsOf: URL(filePath: try SmallModels.separable(in: folder))))
    _ = try CommandLineProgram.run(
      ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", "s.h5"], in: folder.path)
    _ = try folder.write([], to: "empty.safetensors")
    _ = try folder.write([], to: "empty.npy")
    _ = try folder.write([], to: "empty.pt")
    _ = try folder.write([], to: "empty.h5")
    _ = try folder.write(Array(model.dropLast(5)), to: "truncated.safetensors")
    let huge = withUnsafeBytes(of: UInt64(1) << 40) { Array($0) }
    _ = try folder.write(huge + Array(model.dropFirst(8)), to: "huge.safetensors")
    _ = try folder.write(Array("no checkpoint at all, but text".utf8), to: "text.npz")
    _ = try folder.write(Array("{\"weights\": 3}".utf8), to: "bad.json")
    func write(_ name: String, _ change: (inout [String: Tensor<Double>]) -> Void) throws {
      var tensors = SmallModels.tensors()
      change(&tensors)
      try writeSafetensors(tensors, to: folder.file(name), metadata: ["rnnprobe.cell": "elman"])
    }
    try write("shape.safetensors") { $0["bias_hh_l0"] = Tensor(shape: [5], repeating: 0) }
    try write("other.safetensors") { $0["weight_hh_l0"]?.elements[0] = 1 }
    try write("nan.safetensors") { $0["weight_hh_l0"]?.elements[3] = .nan }
    try write("none.safetensors") { $0 = ["something": Tensor(shape: [1], repeating: 0)] }
    try write("two.safetensors") { tensors in
      tensors = Dictionary(
        uniqueKeysWithValues: ["encoder.", "decoder."].flatMap { prefix in
          tensors.map { (prefix + $0.key, $0.value) }
        })
    }
    try write("readout.safetensors") { $0["readout.weight"] = Tensor(shape: [1, 5], repeating: 0) }
    _ = try folder.write(npyBytes([1, 3, 4], Array(repeating: 0, count: 12)), to: "four.npy")
    _ = try folder.write(npyBytes([3], [0, 0, 0]), to: "flat.npy")
    _ = try folder.write(npyBytes([1, 2, 2], [0, 0, .infinity, 0]), to: "infinite.npy")
    _ = try folder.write(npyBytes([1, 0, 2], []), to: "nothing.npy")
    _ = try folder.write(npyBytes([2], [0, .nan]), to: "vector.npy")
    _ = try folder.write(npyBytes([1, 3], tokens: [0, 1, 7]), to: "tokens.npy")
    _ = try folder.write(npyBytes([1, 3], tokens: [0, -1, 1]), to: "hole.npy")
    _ = try folder.write(npyBytes([1, 2], [0, .infinity]), to: "endless.npy")
    _ = try folder.write(Array("1,2\n3\n".utf8), to: "ragged.csv")
    _ = try folder.write(Array("1,2\nthree,4\n".utf8), to: "words.csv")
    return folder
  }

  static let shared = Result { try folder() }

  static let faults: [Fault] = [
    Fault("capture missing.safetensors", 2, "missing.safetensors", "no model"),
    Fault("capture empty.safetensors --inputs inputs.npy", 3, "empty.safetensors", "0 bytes"),
    Fault("capture empty.pt --inputs inputs.npy", 3, "empty.pt"),
    Fault("capture truncated.safetensors --inputs inputs.npy", 3, "truncated.safetensors"),
    Fault("capture huge.safetensors --inputs inputs.npy", 3, "huge.safetensors", "1099511627776"),
    Fault("capture text.npz --inputs inputs.npy", 3, "text.npz"),
    Fault("capture bad.json --inputs inputs.npy", 2, "bad.json", "weights"),
    Fault(
      "capture shape.safetensors --inputs inputs.npy", 3, "shape.safetensors", "bias_hh_l0", "[5]",
      "[2]"),
    Fault(
      "capture nan.safetensors --inputs inputs.npy", 3, "nan.safetensors", "weight_hh_l0", "nan", "element 3"),
    Fault("capture none.safetensors --inputs inputs.npy", 2, "none.safetensors", "something", "weight_ih_l0"),
    Fault(
      "capture two.safetensors --inputs inputs.npy", 2, "two.safetensors", "'decoder.'", "'encoder.'",
      "--prefix"),
    Fault("capture two.safetensors --prefix other --inputs inputs.npy", 2, "other", "'decoder.'"),
    Fault("capture readout.safetensors --inputs inputs.npy", 3, "readout.safetensors", "5", "2"),
    Fault("capture separable.safetensors", 2, "separable.safetensors", "--task", "--inputs"),
    Fault("capture separable.safetensors --cell grue --inputs inputs.npy", 2, "grue", "gru"),
    Fault(
      "capture separable.safetensors --readout no.weight --inputs inputs.npy", 2, "no.weight", "weight_hh_l0"),
    Fault("capture separable.safetensors --inputs missing.npy", 2, "missing.npy"),
    Fault("capture separable.safetensors --inputs missing.h5", 2, "missing.h5"),
    Fault("capture separable.safetensors --inputs empty.npy", 3, "empty.npy"),
    Fault("capture separable.safetensors --inputs empty.h5", 3, "empty.h5"),
    Fault("capture separable.safetensors --inputs four.npy", 2, "four.npy", "4 features", "[trial, time, 2]"),
    Fault("capture separable.safetensors --inputs flat.npy", 2, "flat.npy", "[3]", "[trial, time, feature]"),
    Fault(
      "capture separable.safetensors --inputs infinite.npy", 3, "infinite.npy", "inf",
      "trial 0, step 1, feature 0"),
    Fault("capture separable.safetensors --inputs nothing.npy", 3, "nothing.npy", "[1, 0, 2]"),
    Fault("capture separable.safetensors --inputs ragged.csv", 3, "ragged.csv, line 2", "1 columns"),
    Fault("capture separable.safetensors --inputs words.csv", 3, "words.csv, line 2", "three"),
    Fault(
      "capture separable.safetensors --tokens tokens.npy", 2, "tokens.npy", "reads vectors of 2 features"),
    Fault("capture TOMITA --tokens tokens.npy", 2, "tokens.npy", "token 7", "step 2", "0 to 1"),
    Fault("capture TOMITA --tokens hole.npy", 3, "hole.npy", "-1", "step 1"),
    Fault("capture TOMITA --tokens endless.npy", 3, "endless.npy", "inf", "step 1"),
    Fault("capture TOMITA --inputs inputs.npy", 2, "reads tokens", "--tokens"),
    Fault("capture FLIPFLOP --task flipflp", 2, "flipflp", "did you mean 'flipflop'"),
    Fault("capture FLIPFLOP --task flipflop:bitz=3", 2, "bitz", "did you mean 'bits'"),
    Fault("capture FLIPFLOP --task flipflop:bits=4", 2, "4 features", "reads 3"),
    Fault("capture FLIPFLOP --task flipflop:bits=many", 2, "bits=many"),
    Fault("capture FLIPFLOP --task flipflop:trials=0", 2, "trials=0"),
    Fault("capture FLIPFLOP --task tomita", 2, "tokens", "vectors"),
    Fault("capture FLIPFLOP --task flipflop --inputs inputs.npy", 2, "exclude"),
    Fault("capture FLIPFLOP --sites layers.*.hiden", 2, "layers.*.hiden", "layers.0.hidden"),
    Fault("capture FLIPFLOP --dtype f8", 2, "f8", "bf16"),
    Fault("capture FLIPFLOP --frob", 2, "--frob"),
    Fault("capture FLIPFLOP --threads 0", 2, "--threads"),
    Fault("capture FLIPFLOP --seed minus", 2, "minus"),
    Fault("capture FLIPFLOP -o no-folder/f.h5", 2, "no-folder"),
    Fault("capture FLIPFLOP -o .", 2, "is a folder"),
    Fault("capture separable.safetensors --inputs inputs.npy -o s.h5", 2, "s.h5 exists already", "--force"),
    Fault("analyze fixd-points s.h5", 2, "fixd-points", "did you mean 'fixed-points'"),
    Fault("analyze fixed-points missing.h5", 2, "missing.h5"),
    Fault("analyze fixed-points empty.h5", 3, "empty.h5"),
    Fault("analyze fixed-points inputs.npy", 3, "inputs.npy", "not HDF5"),
    Fault("analyze fixed-points", 2, "captures"),
    Fault("analyze fixed-points s.h5 --frob", 2, "--frob"),
    Fault("analyze fixed-points s.h5 --starts=0", 2, "--starts"),
    Fault("analyze fixed-points s.h5 --fresh-starts=-1", 2, "--fresh-starts"),
    Fault("analyze fixed-points s.h5 --pulse-steps=-1", 2, "--pulse-steps"),
    Fault("analyze fixed-points s.h5 --trajectories=-1", 2, "--trajectories"),
    Fault("analyze fixed-points s.h5 --trial-length=0", 2, "--trial-length"),
    Fault("analyze fixed-points s.h5 --noise 0,nan", 2, "--noise", "0,nan"),
    Fault("analyze fixed-points s.h5 --input vector.npy", 2, "vector.npy", "nan", "feature 1"),
    Fault("analyze fixed-points s.h5 --input four.npy", 2, "four.npy", "[1, 3, 4]", "2 features"),
    Fault("analyze fixed-points s.h5 --input token:1", 2, "token:1", "reads vectors"),
    Fault("analyze fixed-points s.h5 --model FLIPFLOP", 2, "prefix"),
    Fault("analyze fixed-points s.h5 --model other.safetensors", 2, "other.safetensors", "SHA-256"),
    Fault("analyze spectra s.h5 --lyapunov-steps 9223372036854775807", 2, "--lyapunov-steps"),
    Fault("analyze spectra s.h5 --lyapunov-input token:1", 2, "--lyapunov-input", "token:1"),
    Fault("inspect missing.safetensors", 2, "missing.safetensors"),
    Fault("inspect empty.h5", 3, "empty.h5"),
    Fault("inspect huge.safetensors", 3, "huge.safetensors"),
    Fault("list frogs", 2, "frogs"), Fault("list tasks flipflp", 2, "flipflp", "did you mean 'flipflop'"),
    Fault("list tasks needel", 2, "needel", "did you mean 'needle'"),
    Fault("list sites", 2, "MODEL"), Fault("frobnicate", 2, "frobnicate"), Fault("--frob", 2, "--frob"),
  ]

  @Test("each fault has its message and its exit code, and nothing is left behind", arguments: faults)
  func fault(_ fault: Fault) throws {
    let folder = try Self.shared.get()
    let before = try folder.names()
    let capture = try folder.bytes("s.h5")
    let models = ["TOMITA": "tomita1-gru", "FLIPFLOP": "flipflop-gru"]
    let result = try CommandLineProgram.run(
      fault.arguments.map { word in models[word].map { CommandLineProgram.model($0) } ?? word },
      in: folder.path)
    #expect(result.status == fault.status, "\(result)")
    #expect(result.output.isEmpty, "\(result)")
    for part in fault.parts { #expect(result.error.contains(part), "'\(part)' is not in: \(result.error)") }
    // One message: a line, or the option parser's line with its usage.
    let lines = result.error.split(separator: "\n")
    #expect(
      lines.count == 1 || (lines[0].hasPrefix("Error: ") && lines.last?.contains("--help") == true),
      "\(result)")
    #expect(try folder.names() == before)
    #expect(try folder.bytes("s.h5") == capture)
  }

  @Test("a capture of another version, and a file that is no capture, are told apart")
  func otherVersions() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    for name in ["later.h5", "other.h5"] {
      let captured = try CommandLineProgram.run(
        ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", name], in: folder.path)
      try #require(captured.status == 0, "\(captured)")
    }
    let later = try File(folder.file("later.h5"), mode: .readWrite)
    try later.setAttribute("format_version", .integer(2))
    try later.close()
    let other = try File(folder.file("other.h5"), mode: .readWrite)
    try other.setAttribute("format", .text("something-else"))
    try other.close()
    for command in [["inspect"], ["analyze", "fixed-points"], ["analyze", "spectra"], ["analyze"]] {
      let versioned = try CommandLineProgram.run(command + ["later.h5"], in: folder.path)
      #expect(versioned.status == 3, "\(versioned)")
      #expect(
        versioned.error
          == "rnnprobe: later.h5 is a capture written as version 2; this program reads version 1\n")
      let foreign = try CommandLineProgram.run(command + ["other.h5"], in: folder.path)
      #expect(foreign.status == 3, "\(foreign)")
      #expect(foreign.error.contains("other.h5 is not a capture"), "\(foreign)")
    }
  }

  @Test("a report never replaces a folder with other files in it, and does replace an earlier report")
  func foreignFiles() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    let captured = try CommandLineProgram.run(
      ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", "s.h5"], in: folder.path)
    try #require(captured.status == 0, "\(captured)")
    let arguments = [
      "analyze", "spectra", "s.h5", "-o", "report", "--states", "2", "--lyapunov-steps", "20",
      "--lyapunov-discard", "2",
    ]
    for _ in 0..<2 {
      let analyzed = try CommandLineProgram.run(arguments, in: folder.path)
      #expect(analyzed.status == 0, "\(analyzed)")
    }
    let names = try folder.names("report")
    _ = try folder.write(Array("mine".utf8), to: "report/thesis.txt")
    let refused = try CommandLineProgram.run(arguments, in: folder.path)
    #expect(refused.status == 2, "\(refused)")
    #expect(refused.error.contains("report") && refused.error.contains("thesis.txt"))
    #expect(try folder.text("report/thesis.txt") == "mine")
    #expect(try folder.names("report") == (names + ["thesis.txt"]).sorted())
    #expect(try folder.names() == ["inputs.npy", "report", "s.h5", "separable.safetensors"])
  }

  @Test("--force replaces a capture, and a failed command leaves the one that is there")
  func force() throws {
    let folder = try TemporaryFolder()
    _ = try SmallModels.separable(in: folder)
    let arguments = ["capture", "separable.safetensors", "--inputs", "inputs.npy", "-o", "s.h5"]
    #expect(try CommandLineProgram.run(arguments, in: folder.path).status == 0)
    let first = try folder.bytes("s.h5")
    #expect(
      try CommandLineProgram.run(arguments + ["--sites", "nothing", "--force"], in: folder.path).status == 2)
    #expect(try folder.bytes("s.h5") == first)
    let forced = try CommandLineProgram.run(arguments + ["--dtype", "f64", "--force"], in: folder.path)
    #expect(forced.status == 0, "\(forced)")
    #expect(try CaptureReader(folder.file("s.h5")).metadata.sites.first?.dtype == "float64")
    #expect(try folder.names() == ["inputs.npy", "s.h5", "separable.safetensors"])
  }
}
