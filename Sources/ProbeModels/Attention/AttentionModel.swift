internal import ProbeLinearAlgebra

/// A transformer: an embedding, blocks assembled from parts, a final norm and an output head.
public struct AttentionModel: SequenceModel {
  /// The parts, as an architecture's file puts them together.
  public struct Parts: Sendable {
    /// Tokens to the first residual; of no tokens where patches are embedded.
    public var embedding: TokenEmbedding
    /// Patches of an image to the first residual, in place of tokens, or nil.
    public var patches: PatchEmbedding?
    /// The blocks, lowest first.
    public var blocks: [AttentionBlock]
    /// After the last block, or nil.
    public var finalNorm: Normalization?
    /// Logits, or nil.
    public var head: OutputHead?
    /// The most positions there are, or nil where nothing bounds them.
    public var maximumPositions: Int?

    /// Gathers the parts of an image model.
    public init(
      patches: PatchEmbedding, blocks: [AttentionBlock], finalNorm: Normalization? = nil,
      head: OutputHead? = nil
    ) {
      let none = WeightMatrix(Matrix(rows: 0, columns: patches.projection.weight.outputs))
      self.init(
        embedding: TokenEmbedding(tokens: none), blocks: blocks, finalNorm: finalNorm, head: head,
        maximumPositions: patches.steps)
      self.patches = patches
    }

    /// Gathers the parts.
    public init(
      embedding: TokenEmbedding, blocks: [AttentionBlock], finalNorm: Normalization? = nil,
      head: OutputHead? = nil, maximumPositions: Int? = nil
    ) {
      self.embedding = embedding
      self.blocks = blocks
      self.finalNorm = finalNorm
      self.head = head
      self.maximumPositions = maximumPositions
    }
  }

  /// Who the model is.
  public let identity: ModelIdentity
  /// The parts.
  public let parts: Parts
  /// The keys that a row of a pattern has room for.
  public let keyExtent: Int
  let described: AttentionSites

  /// A model of the given parts; its patterns have room for `keyExtent` keys, at first all positions there are.
  public init(identity: ModelIdentity, parts: Parts, keyExtent: Int? = nil) {
    self.identity = identity
    self.parts = parts
    self.keyExtent = keyExtent ?? parts.maximumPositions ?? 1024
    described = AttentionSites(
      blocks: parts.blocks, width: parts.embedding.tokens.inputs,
      logits: parts.head?.unembedding.weight.outputs, hasFinalNorm: parts.finalNorm != nil,
      keyExtent: self.keyExtent)
  }

  /// The same model with patterns of `steps` keys, for runs of at most as many steps.
  public func sized(forSteps steps: Int) -> AttentionModel {
    AttentionModel(identity: identity, parts: parts, keyExtent: steps)
  }

  /// Every place that can be observed.
  public var sites: [Site] { described.sites }
  /// The number of blocks.
  public var layers: Int { parts.blocks.count }
  /// Query heads of each block.
  public var heads: Int { parts.blocks.first?.attention.heads ?? 0 }
  /// Scalars of a residual.
  public var width: Int { parts.embedding.tokens.inputs }
  /// The number of token ids.
  public var vocabulary: Int { parts.embedding.tokens.outputs }
  /// Tokens, or the pixels of a patch.
  public var input: InputKind {
    parts.patches.map { .values(features: $0.features) } ?? .tokens(vocabulary: vocabulary)
  }
  /// None: the context itself is the state.
  public var stateSites: [Int] { [] }
  /// Every block's output, and the summaries.
  public var defaultSites: [Int] {
    sites.indices.filter { sites[$0].role == .summary || sites[$0].name.hasSuffix(".resid_post") }
  }
  /// What nobody asked for exists for one block at a time.
  public var holdsEverySite: Bool { false }

  /// The position in `sites` of a name such as `blocks.3.attn.z`; nil where there is none.
  public func site(named name: String) -> Int? { sites.firstIndex { $0.name == name } }
}
