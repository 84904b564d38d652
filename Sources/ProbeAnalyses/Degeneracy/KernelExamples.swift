import ProbeCapture
import ProbeLinearAlgebra
import ProbeModels

/// The steps at which neural tangent kernels are compared.
struct KernelExamples: Sendable {
  /// All captured trials.
  let batch: TrialBatch
  /// The chosen steps of each trial, ascending.
  let steps: [[Int]]

  /// Draws among the steps that count: those with a target, or all where there are no targets.
  ///
  /// The draw depends on the seed and on which steps count alone, so networks that were asked the same are compared at the same
  /// steps.
  ///
  /// - Throws: ``Incomparable`` where the capture holds no inputs or no step counts, and the errors of reading.
  init(_ reader: CaptureReader, count: Int, seed: UInt64) throws {
    guard let batch = try reader.inputs() else { throw Incomparable("their captures hold no inputs") }
    let counted = try Self.counted(reader)
    guard counted.contains(where: { !$0.isEmpty }) else {
      throw Incomparable("no step of their trials has a target")
    }
    // The streams below are those of networks, nulls and random networks.
    var generator = RandomGenerator(seed: seed, stream: 1 << 34)
    self.batch = batch
    steps = zip(counted, generator.steps(count, among: counted.map(\.count))).map { counted, drawn in
      drawn.map { counted[$0] }
    }
  }

  /// The steps of each trial that count.
  private static func counted(_ reader: CaptureReader) throws -> [[Int]] {
    let metadata = reader.metadata
    let targets = try reader.targets()
    return metadata.lengths.indices.map { trial in
      (0..<(metadata.done[trial] ? metadata.lengths[trial] : 0)).filter { step in
        switch targets {
        case .values(let tensor)?:
          let width = tensor.shape[2]
          let start = (trial * tensor.shape[1] + step) * width
          return tensor.elements[start..<start + width].contains { !$0.isNaN }
        case .classes(let tensor)?: return tensor.elements[trial * tensor.shape[1] + step] >= 0
        case nil: return true
        }
      }
    }
  }
}
