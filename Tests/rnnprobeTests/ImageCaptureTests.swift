import Foundation
import ProbeCapture
import ProbeCheckpoints
import ProbeHDF5
import ProbeLinearAlgebra
import Testing

/// From a folder of an image model and a file of images to a capture.
@Suite struct ImageCaptureTests {
  private static let folder =
    CommandLineProgram.packageFolder
    + "/Tests/ProbeModelsTests/Fixtures/attention/"

  @Test("capture records what a DINOv2 makes of images of another size than its own")
  func images() throws {
    let expected = try Checkpoint.open(path: Self.folder + "dinov2/expected.safetensors")
    let pixels = try expected.tensor("resized.pixels", as: Double.self)
    let folder = try TemporaryFolder()
    let images = try folder.write(npyBytes(pixels.shape, pixels.elements), to: "images.npy")
    let result = try CommandLineProgram.run(
      [
        "capture", Self.folder + "dinov2", "--inputs", images, "--sites",
        "ln_final,blocks.1.attn.pattern,blocks.*.attn.summary.entropy", "-o", "c.h5",
      ], in: folder.path)
    try #require(result.status == 0, "\(result)")
    let file = try File(folder.file("c.h5"), mode: .read)
    for site in ["ln_final", "blocks.1.attn.pattern"] {
      let wanted = try expected.tensor("resized." + site, as: Double.self)
      let dataset = try file.dataset("sites/" + site)
      #expect(dataset.shape == wanted.shape)
      let scale = wanted.elements.reduce(0) { max($0, abs($1)) }
      let found = try dataset.read(Double.self)
      #expect(zip(found, wanted.elements).allSatisfy { abs($0 - $1) <= 1e-5 * scale }, "\(site)")
    }
    // 20 by 16 pixels are 5 by 4 patches of 3 x 4 x 4 numbers, and the class token stands before them.
    #expect(try file.dataset("inputs/values").shape == [1, 21, 48])
  }

  @Test("capture says what an image model reads")
  func wrong() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(npyBytes([1, 2], tokens: [1, 2]), to: "t.npy")
    let tokens = try CommandLineProgram.run(
      ["capture", Self.folder + "vit", "--tokens", "t.npy", "-o", "c.h5"], in: folder.path)
    #expect(tokens.status == 2)
    #expect(tokens.error.contains("vit reads images"))
    let flat = try CommandLineProgram.run(
      ["capture", Self.folder + "vit", "--inputs", "t.npy", "-o", "c.h5"], in: folder.path)
    #expect(flat.status == 2)
    #expect(flat.error.contains("t.npy has shape [1, 2]; --inputs takes [image, channel, row, column]"))
    let words = try CommandLineProgram.run(
      ["capture", Self.folder + "gpt2", "--inputs", "t.npy", "-o", "c.h5"], in: folder.path)
    #expect(words.status == 2)
    #expect(words.error.contains("gpt2 reads tokens"))
  }
}
