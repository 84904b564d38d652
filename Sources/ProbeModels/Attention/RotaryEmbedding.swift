internal import ProbeLinearAlgebra

#if canImport(Glibc)
  internal import Glibc
#endif

/// Rotary position embedding: pairs (i, i + d/2) of a head's query and key turn by position times frequency i.
///
/// Su et al., RoFormer, arXiv 2104.09864, equation 34, in the half-split layout of GPT-NeoX and Llama.
public struct RotaryEmbedding: Sendable, Equatable {
  /// How frequencies depend on the length of the context.
  public enum Dependence: Sendable, Equatable {
    /// Not at all.
    case none
    /// Dynamic NTK scaling: beyond `original` positions the base grows with the length.
    case dynamic(base: Double, factor: Double, original: Int)
  }

  /// The leading dimensions of a head that turn; even.
  public let rotatedSize: Int
  /// Radians a position, `[rotatedSize / 2]`.
  public let frequencies: [Double]
  /// What cosine and sine are multiplied by (YaRN, arXiv 2309.00071, section 3.4).
  public let attentionFactor: Double
  /// How the frequencies depend on the length of the context.
  public let dependence: Dependence

  /// Rotations by the given frequencies.
  public init(
    rotatedSize: Int, frequencies: [Double], attentionFactor: Double = 1, dependence: Dependence = .none
  ) {
    precondition(frequencies.count * 2 == rotatedSize, "one frequency a pair")
    self.rotatedSize = rotatedSize
    self.frequencies = frequencies
    self.attentionFactor = attentionFactor
    self.dependence = dependence
  }

  /// Rotations of the leading `size` dimensions by base^(-2i/size) radians a position, scaled.
  public init(base: Double, size: Int, scaling: RotaryScaling = .none) {
    self.init(
      rotatedSize: size, frequencies: scaling.frequencies(base: base, size: size),
      attentionFactor: scaling.attentionFactor, dependence: scaling.dependence(base: base))
  }

  /// The frequencies in a context of `length` tokens.
  func frequencies(contextLength length: Int) -> [Double] {
    switch dependence {
    case .none: return frequencies
    case .dynamic(let base, let factor, let original):
      guard length > original else { return frequencies }
      let size = Double(rotatedSize)
      let growth = factor * Double(length) / Double(original) - (factor - 1)
      return RotaryScaling.none.frequencies(
        base: base * pow(growth, size / (size - 2)), size: rotatedSize)
    }
  }

  /// Cosines and sines of a run of positions, each `[positions.count, rotatedSize / 2]`.
  func table<Scalar: AttentionScalar>(positions: Range<Int>, contextLength: Int) -> RotaryTable<Scalar> {
    let half = rotatedSize / 2
    let frequencies = frequencies(contextLength: contextLength)
    var table = RotaryTable<Scalar>(half: half)
    table.cosine.reserveCapacity(positions.count * half)
    table.sine.reserveCapacity(positions.count * half)
    // Angles are single-precision products, as in the models' training: at position 100,000 exact ones differ by 6e-3.
    let rounded = frequencies.map { Float($0) }
    for position in positions {
      for frequency in rounded {
        let angle = Double(Float(position) * frequency)
        table.cosine.append(Scalar(cos(angle) * attentionFactor))
        table.sine.append(Scalar(sin(angle) * attentionFactor))
      }
    }
    return table
  }
}

/// Cosines and sines of a run of positions.
struct RotaryTable<Scalar: AttentionScalar>: Sendable {
  let half: Int
  var cosine: [Scalar] = []
  var sine: [Scalar] = []

  init(half: Int) { self.half = half }

  /// Turns `heads` contiguous heads of `headSize` elements of the `row`-th position.
  func rotate(_ values: UnsafeMutablePointer<Scalar>, row: Int, heads: Int, headSize: Int) {
    cosine.withUnsafeBufferPointer { cosine in
      sine.withUnsafeBufferPointer { sine in
        guard let cosine = cosine.baseAddress, let sine = sine.baseAddress else { return }
        for head in 0..<heads {
          Scalar.rotateHalf(
            values + head * headSize, cosine: cosine + row * half, sine: sine + row * half, half: half)
        }
      }
    }
  }
}
