import ProbeCapture
import ProbeDegeneracy
import ProbeLinearAlgebra
import ProbeModels

/// Which (trial, step) of a capture are compared.
struct SharedSteps: Sendable {
  /// The compared steps of each trial, ascending; the trial's place in the list is its number.
  let steps: [[Int]]
  /// What was read.
  let inputs: Inputs

  /// What networks read: comparable where it is equal.
  struct Inputs: Sendable, Equatable {
    /// Of lengths and values.
    var hash: UInt64
    /// How much, in words, such as `8 trials of 32 steps`.
    var extent: String
  }

  /// The number of compared steps.
  var count: Int { steps.reduce(0) { $0 + $1.count } }

  /// Draws steps from all that are valid; the draw depends on the seed and the trials' lengths alone.
  init(_ reader: CaptureReader, count: Int, seed: UInt64) throws {
    let metadata = reader.metadata
    let lengths = metadata.lengths.indices.map { metadata.done[$0] ? metadata.lengths[$0] : 0 }
    var generator = RandomGenerator(seed: seed)
    steps = generator.steps(count, among: lengths)
    inputs = Inputs(
      hash: try Self.hash(reader, lengths: lengths),
      extent: "\(metadata.trials) trials of \(metadata.steps) steps")
  }

  /// FNV-1a over lengths and inputs (Fowler, Noll and Vo; the 64-bit constants).
  private static func hash(_ reader: CaptureReader, lengths: [Int]) throws -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt64) { hash = (hash ^ word) &* 0x0000_0100_0000_01b3 }
    for length in lengths { add(UInt64(length)) }
    switch try reader.inputs()?.inputs {
    case .values(let tensor)?:
      for size in tensor.shape { add(UInt64(size)) }
      for value in tensor.elements { add(value.isNaN ? 1 : value.bitPattern) }
    case .tokens(let tensor)?:
      for size in tensor.shape { add(UInt64(size)) }
      for value in tensor.elements { add(UInt64(bitPattern: Int64(value))) }
    case nil: break
    }
    return hash
  }
}
