/// What ViT and its descendants share: how patches are embedded, and attention without a mask.
struct ImageEncoder {
  let configuration: ConfigurationFile
  let tensors: TensorCatalogue
  /// What stands before the names of the encoder's tensors.
  let prefix: String
  let width: Int
  let layers: Int
  let heads: Int
  private let epsilon: Double

  init(
    _ configuration: ConfigurationFile, _ tensors: TensorCatalogue, prefixes: [String], epsilon: Double
  ) throws(ModelError) {
    self.configuration = configuration
    self.tensors = tensors
    prefix = tensors.prefix(prefixes, probing: "embeddings.cls_token")
    width = try configuration.integer("hidden_size")
    layers = try configuration.layers("num_hidden_layers")
    heads = try configuration.integer("num_attention_heads")
    self.epsilon = try configuration.number("layer_norm_eps", default: epsilon)
  }

  func norm(_ name: String) throws(ModelError) -> Normalization {
    try tensors.layerNorm(name, count: width, epsilon: epsilon)
  }

  /// The attention of the layer whose tensors' names begin with `name`.
  func attention(_ name: String) throws(ModelError) -> AttentionLayer {
    let hasBias = try configuration.flag("qkv_bias", default: true)
    func part(_ part: String) throws(ModelError) -> LinearLayer {
      try tensors.linear(name + "attention.attention." + part, outputs: width, inputs: width, bias: hasBias)
    }
    return AttentionLayer(
      heads: heads, headSize: try configuration.headSize(width: width, heads: heads),
      query: try part("query"), key: try part("key"),
      value: try part("value"),
      output: try tensors.linear(name + "attention.output.dense", outputs: width, inputs: width, bias: true),
      isCausal: false)
  }

  /// The embedding of patches; the class token comes first, and registers, which have no position, after it.
  func patches(resampling: PositionTable.Resampling, registers: Int = 0) throws(ModelError) -> PatchEmbedding
  {
    let (imageRows, imageColumns) = try configuration.pair("image_size", default: 224)
    let (patchRows, patchColumns) = try configuration.pair("patch_size", default: 16)
    let channels = try configuration.integer("num_channels", default: 3)
    guard patchRows > 0, patchColumns > 0, imageRows >= patchRows, imageColumns >= patchColumns else {
      throw .choice(
        file: configuration.source,
        fault: "patches of \(patchRows) by \(patchColumns) pixels do not fit images of \(imageRows) by "
          + "\(imageColumns)")
    }
    let (rows, columns) = (imageRows / patchRows, imageColumns / patchColumns)
    let name = prefix + "embeddings."
    let projection = name + "patch_embeddings.projection"
    let kernel = try tensors.floats(
      projection + ".weight", shape: [width, channels, patchRows, patchColumns])
    let features = channels * patchRows * patchColumns
    let positions = try tensors.floats(name + "position_embeddings", shape: [1, 1 + rows * columns, width])
    var leading = try tensors.floats(name + "cls_token", shape: [1, 1, width])
    for unit in 0..<width { leading[unit] += positions[unit] }
    if registers > 0 {
      leading += try tensors.floats(name + "register_tokens", shape: [1, registers, width])
    }
    return PatchEmbedding(
      projection: LinearLayer(
        weight: WeightMatrix.resident(outputs: width, inputs: features) { kernel[$0 * features + $1] },
        bias: try tensors.vector(projection + ".bias", count: width)),
      channels: channels, patchRows: patchRows, patchColumns: patchColumns, leading: leading,
      positions: PositionTable(
        rows: rows, columns: columns, values: Array(positions[width...]), resampling: resampling))
  }
}
