extension RotaryEmbedding {
  /// The rotation that a configuration describes, in the spelling of any version: `rope_theta` and `rope_scaling`
  /// (transformers 4), or `rope_parameters` (5).
  ///
  /// - Parameters:
  ///   - configuration: the model's.
  ///   - headSize: dimensions of a head.
  ///   - positions: the model's `max_position_embeddings`.
  ///   - base: the base where the configuration gives none.
  ///   - share: the share of a head's dimensions that turns where the configuration gives none.
  /// - Returns: the rotation, and the most positions that it is meant for, or nil.
  /// - Throws: ``ModelError/choice(file:fault:)`` for a kind of scaling that is not known, or one without its numbers.
  static func configured(
    _ configuration: ConfigurationFile, headSize: Int, positions: Int, base: Double = 10_000,
    share: Double = 1
  ) throws(ModelError) -> (rotary: RotaryEmbedding, positions: Int?) {
    let inner = configuration.object("rope_scaling") ?? configuration.object("rope_parameters")
    if let inner, let kind = inner.keys.first(where: { inner.object($0) != nil }) {
      throw .choice(
        file: configuration.source,
        fault:
          "it has rotary parameters of its own for '\(kind)' layers; the known architectures have one set")
    }
    // What stands beside the scaling gives way to what stands in it.
    let outerBase = try configuration.number("rope_theta", default: base)
    let base = try inner?.number("rope_theta", default: outerBase) ?? outerBase
    let outerShare = try configuration.number("partial_rotary_factor", default: share)
    let share = try inner?.number("partial_rotary_factor", default: outerShare) ?? outerShare
    let size = Int(Double(headSize) * share)
    guard size >= 2, size % 2 == 0, size <= headSize, base > 0 else {
      throw .choice(
        file: configuration.source,
        fault:
          "\(size) of a head's \(headSize) dimensions would turn, with the base \(base); an even number of "
          + "them must, and the base be positive")
    }
    let scaling = try scaling(inner, of: configuration, positions: positions)
    return (RotaryEmbedding(base: base, size: size, scaling: scaling), scaling.reach(positions))
  }

  private static func scaling(
    _ inner: ConfigurationFile?, of configuration: ConfigurationFile, positions: Int
  ) throws(ModelError) -> RotaryScaling {
    guard let inner else { return .none }
    let kind = inner.string("rope_type") ?? inner.string("type") ?? "default"
    func required(_ key: String) throws(ModelError) -> Double {
      guard let value = try inner.optionalNumber(key), value > 0 else {
        throw .choice(
          file: configuration.source, fault: "the rotary scaling '\(kind)' needs the positive number \(key)")
      }
      return value
    }
    // Beside the scaling this key takes precedence over the one in it, unlike the others.
    let key = "original_max_position_embeddings"
    let original = try configuration.integer(key, default: inner.integer(key, default: positions))
    switch kind {
    case "default": return .none
    case "linear": return .linear(factor: try required("factor"))
    case "dynamic": return .dynamic(factor: try required("factor"), original: positions)
    case "llama3":
      return .llama3(
        factor: try required("factor"), low: try required("low_freq_factor"),
        high: try required("high_freq_factor"), original: original)
    case "yarn":
      let factor =
        inner.has("factor") ? try required("factor") : Double(positions) / Double(max(1, original))
      let inferred = YarnScaling.defaultAttentionFactor(
        factor, magnitude: try inner.optionalNumber("mscale"),
        wholeMagnitude: try inner.optionalNumber("mscale_all_dim"))
      return .yarn(
        YarnScaling(
          factor: factor, original: original, fast: try inner.number("beta_fast", default: 32),
          slow: try inner.number("beta_slow", default: 1),
          truncates: try inner.flag("truncate", default: true),
          attentionFactor: try inner.number("attention_factor", default: inferred)))
    default:
      throw .choice(
        file: configuration.source,
        fault: "the rotary scaling is '\(kind)'; known are default, linear, dynamic, llama3 and yarn")
    }
  }
}
