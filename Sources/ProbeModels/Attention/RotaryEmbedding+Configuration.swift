#if canImport(Glibc)
  internal import Glibc
#endif

extension RotaryEmbedding {
  /// The rotation that a configuration describes, in the spelling of any version: `rope_theta` and `rope_scaling`, or
  /// `rope_parameters`.
  ///
  /// - Throws: ``ModelError/choice(file:fault:)`` for a kind of scaling that is not known.
  static func configured(
    _ configuration: ConfigurationFile, headSize: Int, positions: Int, partial: Double = 1
  ) throws(ModelError) -> RotaryEmbedding {
    let scaling = configuration.object("rope_scaling") ?? configuration.object("rope_parameters")
    // What stands beside the scaling gives way to what stands in it.
    let outerBase = try configuration.number("rope_theta", default: 10_000)
    let base = try scaling?.number("rope_theta", default: outerBase) ?? outerBase
    let outerShare = try configuration.number("partial_rotary_factor", default: partial)
    let share = try scaling?.number("partial_rotary_factor", default: outerShare) ?? outerShare
    let size = Int(Double(headSize) * share)
    let kind = scaling?.string("rope_type") ?? scaling?.string("type") ?? "default"
    let plain = frequencies(base: base, size: size)
    let factor = try scaling?.optionalNumber("factor")
    let key = "original_max_position_embeddings"
    let inner = try scaling?.integer(key, default: positions) ?? positions
    let original = try configuration.integer(key, default: inner)
    func required(_ key: String) throws(ModelError) -> Double {
      guard let value = try scaling?.optionalNumber(key) else {
        throw .choice(
          file: configuration.source, fault: "the rotary scaling '\(kind)' needs the number \(key)")
      }
      return value
    }
    switch kind {
    case "default": return RotaryEmbedding(rotatedSize: size, frequencies: plain)
    case "linear":
      let factor = try required("factor")
      return RotaryEmbedding(rotatedSize: size, frequencies: plain.map { $0 / factor })
    case "dynamic":
      return RotaryEmbedding(
        rotatedSize: size, frequencies: plain,
        dependence: .dynamic(base: base, factor: try required("factor"), original: positions))
    case "llama3":
      return RotaryEmbedding(
        rotatedSize: size,
        frequencies: llama3(
          plain, factor: try required("factor"), low: try required("low_freq_factor"),
          high: try required("high_freq_factor"), original: Double(original)))
    case "yarn":
      let scale = factor ?? Double(positions) / Double(original)
      let frequencies = try yarn(
        plain, base: base, size: size, factor: scale, original: Double(original),
        fast: scaling?.optionalNumber("beta_fast") ?? 32, slow: scaling?.optionalNumber("beta_slow") ?? 1,
        truncates: scaling?.flag("truncate", default: true) ?? true)
      func growth(_ weight: Double) -> Double { scale <= 1 ? 1 : 0.1 * weight * log(scale) + 1 }
      var attention = growth(1)
      let mscale = try scaling?.optionalNumber("mscale") ?? 0
      let mscaleAll = try scaling?.optionalNumber("mscale_all_dim") ?? 0
      if let given = try scaling?.optionalNumber("attention_factor") {
        attention = given
      } else if mscale != 0 && mscaleAll != 0 {
        attention = growth(mscale) / growth(mscaleAll)
      }
      return RotaryEmbedding(rotatedSize: size, frequencies: frequencies, attentionFactor: attention)
    default:
      throw .choice(
        file: configuration.source,
        fault: "the rotary scaling is '\(kind)'; known are default, linear, dynamic, llama3 and yarn")
    }
  }

  /// Llama 3.1: low frequencies are divided by `factor`, high ones kept, those between blended.
  private static func llama3(
    _ plain: [Double], factor: Double, low: Double, high: Double, original: Double
  ) -> [Double] {
    plain.map { frequency in
      let wavelength = 2 * Double.pi / frequency
      if wavelength < original / high { return frequency }
      if wavelength > original / low { return frequency / factor }
      let smooth = (original / wavelength - low) / (high - low)
      return (1 - smooth) * frequency / factor + smooth * frequency
    }
  }

  /// YaRN (Peng et al., arXiv 2309.00071, section 3.2): frequencies that turn often in training are kept, those that
  /// turn seldom are divided, those between blended along the dimensions.
  private static func yarn(
    _ plain: [Double], base: Double, size: Int, factor: Double, original: Double, fast: Double,
    slow: Double, truncates: Bool
  ) throws(ModelError) -> [Double] {
    func dimension(_ turns: Double) -> Double {
      Double(size) * log(original / (turns * 2 * .pi)) / (2 * log(base))
    }
    var (low, high) = (dimension(fast), dimension(slow))
    if truncates { (low, high) = (low.rounded(.down), high.rounded(.up)) }
    low = max(low, 0)
    high = min(high, Double(size - 1))
    if low == high { high += 0.001 }
    return plain.enumerated().map { index, frequency in
      let ramp = min(1, max(0, (Double(index) - low) / (high - low)))
      return frequency / factor * ramp + frequency * (1 - ramp)
    }
  }
}
