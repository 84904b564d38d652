import ProbeModels

extension AttentionModel {
  /// The number of weights that each token meets.
  var weightCount: Int {
    func count(_ layer: LinearLayer?) -> Int { layer.map { $0.weight.outputs * $0.weight.inputs } ?? 0 }
    let blocks = parts.blocks.reduce(0) { sum, block in
      let (attention, mlp) = (block.attention, block.mlp)
      let own = [attention.query, attention.key, attention.value, attention.output, mlp.up, mlp.down]
      return sum + own.reduce(0) { $0 + count($1) } + count(mlp.gate)
    }
    return blocks + count(parts.head?.unembedding)
  }
}
