import ArgumentParser
import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeModels
import Testing

@testable import ProbeAnalyses

/// Names, numbers in words, options and constant inputs.
@Suite struct NamingTests {
  @Test("captures are named by their stems, and equal stems by their folders too")
  func captureNames() throws {
    let folder = try TemporaryFolder()
    let readers = try ["one/a.h5", "two/a.h5", "two/b.h5"].map {
      try SmallCapture.capture(in: folder, name: $0)
    }
    #expect(NamedCapture.named(readers).map(\.name) == ["one/a", "two/a", "b"])
    #expect(NamedCapture.named([readers[0]]).map(\.name) == ["a"])
    #expect(NamedCapture.named([]).isEmpty)
    let deep = try ["x/two/a.h5", "y/two/a.h5"].map { try SmallCapture.capture(in: folder, name: $0) }
    let names = NamedCapture.named(readers + deep).map(\.name)
    #expect(names[0] == "one/a" && names[2] == "b" && Set(names).count == 5)
    #expect(names[3].hasSuffix("/x/two/a") && names[4].hasSuffix("/y/two/a"))
  }

  @Test(
    "a share is rounded up to two digits, never below itself",
    arguments: [
      (0, "0 %"), (1e-9, "0.001 %"), (0.0029, "0.3 %"), (0.045, "4.5 %"), (0.0451, "4.6 %"), (0.1234, "13 %"),
      (0.5, "50 %"), (0.9999, "100 %"), (1, "100 %"),
    ])
  func percentages(share: Double, text: String) {
    #expect(percent(share) == text)
  }

  @Test(
    "thousands are set apart",
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1234, "-1,234")])
  func thousands(number: Int, text: String) {
    #expect(grouped(number) == text)
  }

  @Test("thousands are set apart in the smallest whole number too")
  func smallest() {
    // Its magnitude is no Int.
    #expect(grouped(.min) == "-9,223,372,036,854,775,808")
  }

  @Test(
    "options that cannot be are refused by name",
    arguments: [
      "--starts=0", "--states=0", "--noise=", "--noise=1,", "--noise=-1", "--noise=nan", "--noise=inf",
      "--noise=a",
      "--tol-residual=0", "--tol-residual=nan", "--tol-unique=-1", "--fresh-starts=-1", "--interpolations=-1",
      "--deflations=-1", "--basin-steps=0", "--pulse-steps=0", "--trajectories=-1", "--trial-length=0",
      "--visited-distance=nan", "--outlier-distance-scale=-1",
    ])
  func pointOptions(text: String) {
    let name = String(text.prefix { $0 != "=" })
    let error = #expect(throws: (any Error).self) { try FixedPointsOptions.parse([text]) }
    #expect(error.map { FixedPointsOptions.message(for: $0).contains(name) } == true)
  }

  @Test(
    "spectra's options that cannot be are refused by name",
    arguments: ["--states=0", "--exponents=0", "--lyapunov-steps=0", "--lyapunov-discard=-1"])
  func spectraOptions(text: String) {
    let name = String(text.prefix { $0 != "=" })
    let error = #expect(throws: (any Error).self) { try SpectraOptions.parse([text]) }
    #expect(error.map { SpectraOptions.message(for: $0).contains(name) } == true)
  }

  @Test("widths of noise are numbers between commas")
  func widths() throws {
    #expect(try FixedPointsOptions.parse([]).widths == [0, 0.25, 1, 2])
    #expect(try FixedPointsOptions.parse(["--noise", "0, 1e-3"]).widths == [0, 1e-3])
  }

  @Test("a constant input is zero or the rows of a file, under the name it was given by")
  func fixedInputs() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/v.npz"
    let model = try SmallCapture.model()
    #expect(try FixedInput.parse(["zero"], model: model).map(\.vector) == [[0, 0]])
    #expect(try FixedInput.defaults(model: model) == ["zero"])
    for (text, fault) in [
      ("token:0", "token:0 is no token of the model; the model reads vectors"),
      ("token:", "token: is no token of the model; the model reads vectors"),
    ] {
      #expect(throws: AnalysisError.option(name: "--other", fault: fault)) {
        try FixedInput.parse([text], model: model, option: "--other")
      }
    }
    #expect(throws: CheckpointError.self) { try FixedInput.parse([path], model: model) }
  }

  @Test("files of constant inputs must hold finite rows of the model's width")
  func inputFiles() throws {
    let folder = try TemporaryFolder()
    let model = try SmallCapture.model()
    func file(_ shape: [Int], _ values: [Double]) throws -> String {
      let path = folder.path + "/\(shape.map { "\($0)" }.joined(separator: "x")).npy"
      let extents = shape.map { "\($0), " }.joined()
      var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(extents)), }"
      while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
      header += "\n"
      var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
      withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { bytes += $0 }
      bytes += Array(header.utf8)
      for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
      try Data(bytes).write(to: URL(filePath: path))
      return path
    }
    let rows = try FixedInput.parse([try file([2, 2], [1, 2, 3, 4])], model: model)
    #expect(rows.map(\.vector) == [[1, 2], [3, 4]])
    #expect(rows.map { $0.label.suffix(3) } == ["[0]", "[1]"])
    #expect(try FixedInput.parse([try file([2], [5, 6])], model: model).map(\.vector) == [[5, 6]])
    for (shape, values, words) in [
      ([3], [1, 2, 3], "has shape [3]; the model reads vectors of 2 features"),
      ([1, 1, 2], [1, 2], "has shape [1, 1, 2]; the model reads vectors of 2 features"),
      ([0, 2], [], "has shape [0, 2] and holds no vector"),
      ([2, 2], [1, 2, 3, .infinity], "has inf in row 1, feature 1; inputs must be finite"),
    ] as [([Int], [Double], String)] {
      let path = try file(shape, values)
      #expect(throws: AnalysisError.option(name: "--input", fault: "\(path) \(words)")) {
        try FixedInput.parse([path], model: model)
      }
    }
  }
}
