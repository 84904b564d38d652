internal import ProbeLinearAlgebra

/// A causal attention model over a tree of prefixes: the keys and values of each prefix's last position are kept, and a
/// prefix attends to those of its ancestors.
struct AttentionPrefixes<Scalar: AttentionScalar>: PrefixRunner {
  private let model: AttentionModel
  private let symbols: [Int]
  private let outputs: [Int]
  private let threads: Int
  /// `[layer]`: rows of a position's keys, then its values.
  private let caches: [NumberedRows<Scalar>]
  /// Positions before the first symbol: row p of the caches; prefix i has the row `beginning + i`.
  private let beginning: [Int]
  private var parents: [Int32] = []
  /// What the model says after the beginning.
  private var first: [Float] = []

  var outputSize: Int { outputs.count }
  var stateSize: Int? { nil }

  /// - Parameters:
  ///   - model: a causal model of tokens with an output head.
  ///   - beginning: the tokens before the first symbol, at least one.
  ///   - symbols: the token of each symbol.
  ///   - outputs: the tokens whose logits are the outputs.
  ///   - threads: how many may run.
  /// - Throws: ``ModelError/batch(model:fault:)`` for models that cannot be continued and tokens that do not exist.
  init(_ model: AttentionModel, beginning: [Int], symbols: [Int], outputs: [Int], threads: Int)
    throws(ModelError)
  {
    func fault(_ text: String) -> ModelError { .batch(model: model.identity.name, fault: text) }
    guard model.parts.patches == nil, let head = model.parts.head, head.mean == nil, head.transform == nil,
      model.parts.blocks.allSatisfy({ $0.attention.isCausal })
    else { throw fault("words are continued only by a causal model of tokens that has an output head") }
    guard !beginning.isEmpty else {
      throw fault("an attention model says nothing before its first token; a beginning token is needed")
    }
    for token in beginning + symbols where !(0..<model.vocabulary).contains(token) {
      throw fault("token \(token) is outside 0..<\(model.vocabulary)")
    }
    for token in outputs where !(0..<head.unembedding.weight.outputs).contains(token) {
      throw fault("output \(token) is outside 0..<\(head.unembedding.weight.outputs)")
    }
    self.model = model
    self.symbols = symbols
    self.outputs = outputs
    self.threads = threads
    self.beginning = beginning
    caches = model.parts.blocks.map {
      NumberedRows(width: 2 * $0.attention.keyValueHeads * $0.attention.headSize)
    }
    for (position, token) in beginning.enumerated() {
      first = try step([token], rows: [position], paths: [Array(0..<position)])
    }
  }

  mutating func run(_ prefixes: [Prefix], into outputs: UnsafeMutablePointer<Float>) throws(ModelError) {
    for prefix in prefixes {
      let id = Int(prefix.id)
      if id >= parents.count { parents.append(contentsOf: repeatElement(-1, count: id + 1 - parents.count)) }
      parents[id] = prefix.parent
    }
    if prefixes.first?.parent ?? -1 < 0 {
      for row in prefixes.indices { (outputs + row * outputSize).update(from: first, count: outputSize) }
      return
    }
    let logits = try step(
      prefixes.map { symbols[Int($0.symbol)] }, rows: prefixes.map { row(of: $0.id) },
      paths: prefixes.map { path(to: $0.parent) })
    outputs.update(from: logits, count: logits.count)
  }

  var canExpand: Bool { false }

  func expand(
    _ states: UnsafePointer<Float>, count: Int, into children: UnsafeMutablePointer<Float>?,
    outputs: UnsafeMutablePointer<Float>
  ) {
    preconditionFailure("the state of an attention model is its whole past")
  }

  func copyState(of prefix: Int32, into state: UnsafeMutablePointer<Float>) {
    preconditionFailure("the state of an attention model is its whole past")
  }

  /// The empty prefix is the end of the beginning.
  private func row(of prefix: Int32) -> Int { beginning.count - 1 + Int(prefix) }

  /// The rows of all positions up to a prefix's last.
  private func path(to prefix: Int32) -> [Int] {
    var path: [Int] = []
    var prefix = prefix
    while prefix > 0 {
      path.append(row(of: prefix))
      prefix = parents[Int(prefix)]
    }
    return Array(0..<beginning.count) + path.reversed()
  }

  /// Runs one token a row, each after its own path, all paths equally long; returns `[rows, outputSize]`.
  private func step(_ tokens: [Int], rows: [Int], paths: [[Int]]) throws(ModelError) -> [Float] {
    let (count, width) = (tokens.count, model.width)
    guard let position = paths.first?.count, let head = model.parts.head else { return [] }
    if let most = model.parts.maximumPositions, position >= most {
      throw .batch(
        model: model.identity.name,
        fault:
          "a word of \(position + 1) tokens, its beginning included, is longer than its \(most) positions")
    }
    let residual = Buffer<Scalar>(count * width)
    for row in 0..<count {
      model.parts.embedding.write(
        tokens[row...row], typeIDs: [], firstPosition: position, into: residual.base + row * width)
    }
    for (layer, block) in model.parts.blocks.enumerated() {
      for row in rows { caches[layer].reserve(row) }
      do {
        try block.run(
          residual, rows: count, width: width, threads: threads,
          attend: { attend(layer, block.attention, input: $0, rows: rows, paths: paths, position: position) },
          offer: { _, _, _ in })
      } catch {
        // Nothing in the closures throws.
        throw .batch(model: model.identity.name, fault: "\(error)")
      }
    }
    model.parts.finalNorm?.apply(residual.base, pieces: count, into: residual.base)
    let vocabulary = head.unembedding.weight.outputs
    let logits = Buffer<Scalar>(count * vocabulary)
    head.unembedding.apply(residual.base, rows: count, into: logits.base, threads: threads)
    if let cap = head.softCap { Scalar.softCap(logits.base, cap: Scalar(cap), count: count * vocabulary) }
    var result: [Float] = []
    result.reserveCapacity(count * outputSize)
    for row in 0..<count {
      for token in outputs { result.append(Float(logits.base[row * vocabulary + token])) }
    }
    return result
  }

  private func attend(
    _ layer: Int, _ attention: AttentionLayer, input: Buffer<Scalar>, rows: [Int], paths: [[Int]],
    position: Int
  ) -> Buffer<Scalar> {
    let (count, size) = (rows.count, attention.headSize)
    let (queryWidth, keyWidth) = (attention.heads * size, attention.keyValueHeads * size)
    let (queries, keys, values) = attention.project(input, rows: count, threads: threads)
    let table: RotaryTable<Scalar>? = attention.rotary.map {
      $0.table(positions: position..<position + 1, contextLength: position + 1)
    }
    let cache = caches[layer]
    for row in 0..<count {
      table?.rotate(queries.base + row * queryWidth, row: 0, heads: attention.heads, headSize: size)
      table?.rotate(keys.base + row * keyWidth, row: 0, heads: attention.keyValueHeads, headSize: size)
      let place = cache.row(rows[row])
      place.update(from: keys.base + row * keyWidth, count: keyWidth)
      (place + keyWidth).update(from: values.base + row * keyWidth, count: keyWidth)
    }
    let output = Buffer<Scalar>(count * queryWidth)
    nonisolated(unsafe) let (queryBase, outputBase, held) = (queries.base, output.base, cache)
    let piece = 32
    concurrentFor(count: (count + piece - 1) / piece, threads: threads) { part in
      let gathered = KeyValueCache<Scalar>(
        heads: attention.keyValueHeads, capacity: position + 1, headSize: size)
      let weights = Buffer<Scalar>(position + 1)
      for row in part * piece..<min(count, (part + 1) * piece) {
        for (step, ancestor) in (paths[row] + [rows[row]]).enumerated() {
          let place = held.row(ancestor)
          gathered.store(keys: place, values: place + keyWidth, rows: 1, start: step)
        }
        let kernel = AttentionKernel<Scalar>(
          layer: attention, queries: queryBase + row * queryWidth, keys: gathered.keys,
          values: gathered.values, capacity: position + 1, start: position, keyCount: position + 1,
          output: outputBase + row * queryWidth, summaries: [],
          tokens: UnsafeBufferPointer(start: nil, count: 0),
          previous: UnsafeBufferPointer(start: nil, count: 0))
        let visible = kernel.visible(0).count
        for head in 0..<attention.heads {
          kernel.score(0..<1, head: head, into: weights.base, stride: visible)
          kernel.normalize(0..<1, head: head, weights.base, stride: visible, isFinal: true)
          kernel.combine(0..<1, head: head, weights.base, stride: visible)
        }
      }
    }
    let projected = Buffer<Scalar>(count * model.width)
    attention.output.apply(output.base, rows: count, into: projected.base, threads: threads)
    return projected
  }
}

extension AttentionModel {
  /// The model over words of some of its tokens, continued through its keys and values.
  ///
  /// - Parameters:
  ///   - beginning: the tokens before the first symbol, at least one.
  ///   - symbols: the token of each symbol.
  ///   - outputs: the tokens whose logits are the outputs.
  ///   - precision: the arithmetic.
  ///   - threads: how many may run; results do not depend on it.
  /// - Returns: what runs prefixes.
  /// - Throws: ``ModelError/batch(model:fault:)`` for models that look ahead or have no output head, and tokens that are
  ///   not in the vocabulary.
  public func prefixes(
    beginning: [Int], symbols: [Int], outputs: [Int], precision: Precision = .f32, threads: Int = 1
  ) throws(ModelError) -> any PrefixRunner {
    switch precision {
    case .f32:
      try AttentionPrefixes<Float>(
        self, beginning: beginning, symbols: symbols, outputs: outputs, threads: threads)
    case .f64:
      try AttentionPrefixes<Double>(
        self, beginning: beginning, symbols: symbols, outputs: outputs, threads: threads)
    }
  }
}
