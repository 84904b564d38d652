internal import Glibc

/// How rotary frequencies are changed so that a model reaches beyond the context that it was trained on.
public enum RotaryScaling: Sendable, Equatable {
  /// Frequencies as they are.
  case none
  /// Position interpolation: frequencies divided by the factor (Chen et al., arXiv 2306.15595).
  case linear(factor: Double)
  /// The base grows with the context beyond `original` positions (NTK-aware scaling, see arXiv 2309.00071, section 3.1).
  case dynamic(factor: Double, original: Int)
  /// Wavelengths beyond `original / low` are stretched by the factor, those below `original / high` kept, and those
  /// between blended (Llama 3.1, arXiv 2407.21783).
  case llama3(factor: Double, low: Double, high: Double, original: Int)
  /// Dimensions that turn often are kept, those that turn seldom stretched (YaRN, arXiv 2309.00071, section 3.2).
  case yarn(YarnScaling)

  /// What cosine and sine are multiplied by.
  var attentionFactor: Double {
    if case .yarn(let yarn) = self { yarn.attentionFactor } else { 1 }
  }

  /// The most positions that a model with `positions` in its configuration is meant for; nil where nothing bounds them.
  ///
  /// Configurations of models with the older kinds of scaling give the length before it, or that after it.
  func reach(_ positions: Int) -> Int? {
    func stretched(_ length: Int, _ factor: Double) -> Int { Int(min(Double(length) * factor, 0x1p40)) }
    return switch self {
    case .none, .llama3: positions
    case .dynamic: nil
    case .linear(let factor): stretched(positions, max(1, factor))
    case .yarn(let yarn): max(positions, stretched(yarn.original, yarn.factor))
    }
  }

  /// How the frequencies depend on the length of the context.
  func dependence(base: Double) -> RotaryEmbedding.Dependence {
    if case .dynamic(let factor, let original) = self {
      .dynamic(base: base, factor: factor, original: original)
    } else {
      .none
    }
  }

  /// Radians a position, `[size / 2]`: base^(-2i/size), scaled.
  ///
  /// Every step is rounded to single precision, as where the models are trained: for heads of 96 dimensions, exact
  /// frequencies differ by 4e-7 of themselves, and angles at position 100,000 by 0.04.
  func frequencies(base: Double, size: Int) -> [Double] {
    let periods = (0..<size / 2).map { Float(pow(base, Double(Float(2 * $0) / Float(size)))) }
    let plain = periods.map { 1 / $0 }
    let scaled: [Float] =
      switch self {
      case .none, .dynamic: plain
      case .linear(let factor): plain.map { $0 / Float(factor) }
      case .llama3(let factor, let low, let high, let original):
        plain.map { frequency in
          let wavelength = 2 * Float.pi / frequency
          if wavelength < Float(Double(original) / high) { return frequency }
          if wavelength > Float(Double(original) / low) { return frequency / Float(factor) }
          let kept = (Float(original) / wavelength - Float(low)) / Float(high - low)
          return (1 - kept) * frequency / Float(factor) + kept * frequency
        }
      case .yarn(let yarn):
        zip(periods, yarn.ramp(base: base, size: size)).map { period, stretched in
          1 / (Float(yarn.factor) * period) * stretched + 1 / period * (1 - stretched)
        }
      }
    return scaled.map { Double($0) }
  }
}

/// The constants of YaRN (Peng et al., arXiv 2309.00071).
public struct YarnScaling: Sendable, Equatable {
  /// How far the slow dimensions are stretched.
  public var factor: Double
  /// The context that the model was trained on.
  public var original: Int
  /// Dimensions that turn at least this often over the original context are kept (beta of section 3.2).
  public var fast: Double
  /// Dimensions that turn at most this often are stretched by the whole factor (alpha of section 3.2).
  public var slow: Double
  /// Whether the bounds of the ramp are rounded outwards to whole dimensions.
  public var truncates: Bool
  /// What cosine and sine are multiplied by.
  public var attentionFactor: Double

  /// YaRN; `attentionFactor` is ``defaultAttentionFactor(_:magnitude:wholeMagnitude:)`` unless given.
  public init(
    factor: Double, original: Int, fast: Double = 32, slow: Double = 1, truncates: Bool = true,
    attentionFactor: Double? = nil
  ) {
    self.factor = factor
    self.original = original
    self.fast = fast
    self.slow = slow
    self.truncates = truncates
    self.attentionFactor = attentionFactor ?? Self.defaultAttentionFactor(factor)
  }

  /// 0.1 ln(factor) + 1 (arXiv 2309.00071, section 3.4), or the ratio of two such terms whose logarithms are weighted by
  /// `mscale` and `mscale_all_dim`, where both are given and not 0.
  public static func defaultAttentionFactor(
    _ factor: Double, magnitude: Double? = nil, wholeMagnitude: Double? = nil
  ) -> Double {
    func term(_ weight: Double) -> Double { factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1 }
    guard let magnitude, let wholeMagnitude, magnitude != 0, wholeMagnitude != 0 else { return term(1) }
    return term(magnitude) / term(wholeMagnitude)
  }

  /// The share of each frequency that is stretched, `[size / 2]`, from 0 (fast) to 1 (slow).
  func ramp(base: Double, size: Int) -> [Float] {
    func dimension(turning turns: Double) -> Double {
      Double(size) * log(Double(original) / (turns * 2 * .pi)) / (2 * log(base))
    }
    var (low, high) = (dimension(turning: fast), dimension(turning: slow))
    if truncates { (low, high) = (low.rounded(.down), high.rounded(.up)) }
    (low, high) = (max(low, 0), min(high, Double(size - 1)))
    if low == high { high += 0.001 }
    return (0..<size / 2).map { min(max((Float($0) - Float(low)) / Float(high - low), 0), 1) }
  }
}
