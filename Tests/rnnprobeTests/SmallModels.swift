import Foundation
import ProbeCheckpoints
import ProbeLinearAlgebra

/// Networks that are small enough to know everything about.
enum SmallModels {
  /// h' = tanh(2 h + x) on two units that do not see each other.
  ///
  /// It has nine fixed points at zero input, {-a, 0, a} squared with a = tanh(2 a). Written as `separable.safetensors`, with `inputs.npy`, 16 trials of 12 steps.
  static func separable(in folder: TemporaryFolder) throws -> String {
    try writeSafetensors(
      tensors(), to: folder.file("separable.safetensors"), metadata: ["rnnprobe.cell": "elman"])
    var random = RandomGenerator(seed: 5)
    let inputs = (0..<16 * 12 * 2).map { index in (index / 2) % 12 < 4 ? 2 * random.normal() : 0 }
    _ = try folder.write(npyBytes([16, 12, 2], inputs), to: "inputs.npy")
    return folder.file("separable.safetensors")
  }

  /// The tensors of `separable`.
  static func tensors() -> [String: Tensor<Double>] {
    [
      "weight_ih_l0": Tensor(shape: [2, 2], elements: [1, 0, 0, 1]),
      "weight_hh_l0": Tensor(shape: [2, 2], elements: [2, 0, 0, 2]),
    ]
  }
}
