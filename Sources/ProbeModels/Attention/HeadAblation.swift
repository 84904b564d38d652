public import ProbeLinearAlgebra

/// One attention head of a model.
public struct HeadIndex: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The block, from 0.
  public var layer: Int
  /// The query head within it, from 0.
  public var head: Int

  /// A head.
  public init(layer: Int, head: Int) {
    self.layer = layer
    self.head = head
  }

  /// Reads `layer.head`, such as `3.11`.
  public init?(parsing text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let layer = parts[0], let head = parts[1], layer >= 0, head >= 0 else {
      return nil
    }
    self.init(layer: layer, head: head)
  }

  /// `layer.head`.
  public var description: String { "\(layer).\(head)" }

  /// By layer, then by head.
  public static func < (left: HeadIndex, right: HeadIndex) -> Bool {
    (left.layer, left.head) < (right.layer, right.head)
  }
}

/// Takes heads out of a model: what each adds to the residual is replaced.
public struct HeadAblation: Intervention {
  /// What stands in a head's place.
  public enum Replacement: Sendable {
    /// Nothing: its output is 0.
    case zero
    /// Its mean output over reference prompts, `[headSize]` by head; see ``HeadMeans``.
    case mean([HeadIndex: [Float]])
    /// The plain average of the values it can see: every score is 0. This is what the published retrieval-head code
    /// calls masking (Wu et al., arXiv 2404.15574).
    case uniform
  }

  /// The sites that are edited.
  public let sites: [Int]
  private let heads: [Int: [HeadIndex]]
  private let replacement: Replacement
  private let firstSteps: [Int]?

  /// Ablates `heads` of `model`.
  ///
  /// - Parameters:
  ///   - heads: which; each once.
  ///   - model: the model as it will run, since patterns have its number of keys.
  ///   - replacement: what stands in their place.
  ///   - firstSteps: by trial of the batch, the first step at which they are ablated; from the beginning where nil.
  /// - Throws: ``ModelError/choice(file:fault:)`` for a head that the model does not have.
  public init(
    _ heads: [HeadIndex], of model: AttentionModel, replacement: Replacement, firstSteps: [Int]? = nil
  ) throws(ModelError) {
    var bySite: [Int: [HeadIndex]] = [:]
    for head in heads {
      guard head.layer < model.layers, head.head < model.parts.blocks[head.layer].attention.heads else {
        throw .choice(
          file: model.identity.source,
          fault:
            "it has no head \(head); its \(model.layers) layers have \(model.heads) heads each, from 0.0 to "
            + "\(model.layers - 1).\(model.heads - 1)")
      }
      let place: BlockSite = if case .uniform = replacement { .scores } else { .heads }
      guard let site = model.described.index[.block(head.layer, place)] else { continue }
      bySite[site, default: []].append(head)
    }
    self.heads = bySite
    sites = bySite.keys.sorted()
    self.replacement = replacement
    self.firstSteps = firstSteps
    sizes = model.parts.blocks.map { ($0.attention.headSize) }
    extent = model.keyExtent
  }

  private let sizes: [Int]
  private let extent: Int

  /// Replaces the heads' outputs, or makes their scores equal.
  public func edit<Scalar: BLASScalar>(
    _ values: UnsafeMutableBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) {
    guard let heads = heads[site], let base = values.baseAddress else { return }
    let first = firstSteps.map { max(0, $0[trial] - steps.lowerBound) } ?? 0
    guard first < steps.count else { return }
    let width = values.count / steps.count
    for head in heads {
      switch replacement {
      case .zero:
        let size = sizes[head.layer]
        for row in first..<steps.count {
          (base + row * width + head.head * size).update(repeating: 0, count: size)
        }
      case .mean(let means):
        let mean = means[head] ?? []
        let size = sizes[head.layer]
        for row in first..<steps.count {
          for index in mean.indices { base[row * width + head.head * size + index] = Scalar(mean[index]) }
        }
      case .uniform:
        for row in first..<steps.count {
          let line = base + row * width + head.head * extent
          for key in 0..<extent where line[key] > -Scalar.infinity { line[key] = 0 }
        }
      }
    }
  }
}

/// Sums the outputs of heads over the steps of a run, for mean ablation.
public struct HeadMeans: Recorder {
  private let layers: [Int]
  private let sizes: [Int]
  private let headCounts: [Int]
  private var sums: [[Double]]
  private var counts: [Int]
  /// The sites to observe: every layer's `attn.z`.
  public let sites: [Int]

  /// Nothing summed yet.
  public init(_ model: AttentionModel) {
    let all = model.parts.blocks.indices.compactMap { layer in
      model.described.index[.block(layer, .heads)].map { (layer, $0) }
    }
    layers = all.map(\.0)
    sites = all.map(\.1)
    sizes = model.parts.blocks.map { $0.attention.headSize }
    headCounts = model.parts.blocks.map { $0.attention.heads }
    sums = layers.map { [Double](repeating: 0, count: model.sites[all[$0].1].elementCount) }
    counts = layers.map { _ in 0 }
  }

  /// Adds a run of steps.
  public mutating func record<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) {
    let width = sums[site].count
    for row in 0..<steps.count {
      for index in 0..<width { sums[site][index] += Double(values[row * width + index]) }
    }
    counts[site] += steps.count
  }

  /// The mean output of each head.
  public var means: [HeadIndex: [Float]] {
    var result: [HeadIndex: [Float]] = [:]
    for (position, layer) in layers.enumerated() where counts[position] > 0 {
      for head in 0..<headCounts[layer] {
        let part = sums[position][head * sizes[layer]..<(head + 1) * sizes[layer]]
        result[HeadIndex(layer: layer, head: head)] = part.map { Float($0 / Double(counts[position])) }
      }
    }
    return result
  }
}
