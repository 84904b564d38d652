internal import ProbeLinearAlgebra

/// One trial on its way through an attention model.
final class AttentionPass<Scalar: AttentionScalar> {
  typealias Record = (UnsafeBufferPointer<Scalar>, _ site: Int, _ trial: Int, _ steps: Range<Int>) throws ->
    Void

  let model: AttentionModel
  let plan: AttentionPlan
  let trial: Int
  let input: TrialInput
  let record: Record
  var history = TokenHistory()
  var caches: [KeyValueCache<Scalar>] = []
  var rotaryTables: [(rotary: RotaryEmbedding, table: RotaryTable<Scalar>)] = []
  /// The first step that is recorded.
  var firstRecorded = 0

  init(
    _ model: AttentionModel, _ plan: AttentionPlan, trial: Int, input: TrialInput, record: @escaping Record
  ) {
    self.input = input
    self.model = model
    self.plan = plan
    self.trial = trial
    self.record = record
  }

  /// Runs the prompt, and appends tokens where asked to; returns those.
  func run(generation: (maximum: Int, stop: Set<Int>)?) throws -> [Int] {
    let prompt = input.identities
    guard !prompt.isEmpty else { return [] }
    let capacity = prompt.count + (generation?.maximum ?? 0)
    caches = model.parts.blocks.map {
      KeyValueCache(
        heads: $0.attention.keyValueHeads, capacity: capacity, headSize: $0.attention.headSize)
    }
    if plan.generatedOnly { firstRecorded = prompt.count - 1 }
    // A model that looks ahead needs the whole trial at once.
    let isCausal = model.parts.blocks.allSatisfy { $0.attention.isCausal }
    let size = isCausal ? plan.promptBlock : prompt.count
    var next = -1
    for start in stride(from: 0, to: prompt.count, by: size) {
      let end = min(start + size, prompt.count)
      let wantsNext = generation != nil && end == prompt.count
      next = try advance(Array(prompt[start..<end]), contextLength: prompt.count, wantsNext: wantsNext)
    }
    guard let generation else { return [] }
    var generated: [Int] = []
    while generated.count < generation.maximum {
      generated.append(next)
      let isLast = generated.count == generation.maximum || generation.stop.contains(next)
      // The last token is read too, so that every token of the trial has its row.
      next = try advance(
        [next], contextLength: prompt.count + generated.count, wantsNext: !isLast)
      if isLast { break }
    }
    return generated
  }

  /// Runs a block of tokens through all layers; returns the likeliest next token where asked for, else -1.
  private func advance(_ tokens: [Int], contextLength: Int, wantsNext: Bool) throws -> Int {
    let start = history.tokens.count
    if let labels = plan.summaryTokens?[trial], labels.count >= start + tokens.count {
      history.append(labels[start..<start + tokens.count])
    } else {
      history.append(tokens)
    }
    let rows = tokens.count
    let width = model.width
    let residual = Buffer<Scalar>(rows * width)
    let steps = start..<start + rows
    switch input {
    case .tokens(_, let types):
      model.parts.embedding.write(tokens[...], typeIDs: types, firstPosition: start, into: residual.base)
    case .patches(let values, _): model.parts.patches?.write(values, into: residual.base)
    }
    try offer(.embedding, residual.base, width: width, steps: steps)
    prepareRotary(steps, contextLength: contextLength)
    for layer in model.parts.blocks.indices {
      try runBlock(layer, residual: residual, steps: steps)
    }
    if let norm = model.parts.finalNorm {
      norm.apply(residual.base, pieces: rows, into: residual.base)
      try offer(.finalNorm, residual.base, width: width, steps: steps)
    }
    guard let head = model.parts.head else { return -1 }
    return try runHead(head, residual: residual, steps: steps, wantsNext: wantsNext)
  }

  private func prepareRotary(_ steps: Range<Int>, contextLength: Int) {
    rotaryTables = []
    for block in model.parts.blocks {
      guard let rotary = block.attention.rotary, !rotaryTables.contains(where: { $0.rotary == rotary })
      else { continue }
      rotaryTables.append((rotary, rotary.table(positions: steps, contextLength: contextLength)))
    }
  }

  /// Logits of all rows where observed, a piece of rows at a time; of the last row where the next token is wanted.
  private func runHead(
    _ head: OutputHead, residual: Buffer<Scalar>, steps: Range<Int>, wantsNext: Bool
  ) throws -> Int {
    let width = model.width
    let outputs = head.unembedding.weight.outputs
    let isActive = plan.active(.logits) != nil
    guard isActive || wantsNext else { return -1 }
    let piece = isActive ? max(1, min(plan.timeBlock, (16 << 20) / outputs)) : 1
    let rowsHere = isActive ? 0..<steps.count : (steps.count - 1)..<steps.count
    let logits = Buffer<Scalar>(piece * outputs)
    let mean = head.mean.map { meanTerm($0, residual: residual, rows: steps.count) }
    var next = -1
    for first in stride(from: rowsHere.lowerBound, to: rowsHere.upperBound, by: piece) {
      let rows = min(piece, rowsHere.upperBound - first)
      var source = residual.base + first * width
      var transformed: Buffer<Scalar>?
      if let transform = head.transform {
        let buffer = Buffer<Scalar>(rows * transform.dense.weight.outputs)
        transform.dense.apply(source, rows: rows, into: buffer.base, threads: plan.threads)
        Scalar.activate(
          transform.activation, buffer.base, count: rows * transform.dense.weight.outputs)
        transform.norm.apply(buffer.base, pieces: rows, into: buffer.base)
        source = buffer.base
        transformed = buffer
      }
      head.unembedding.apply(source, rows: rows, into: logits.base, threads: plan.threads)
      withExtendedLifetime(transformed) {}
      if let mean {
        for row in 0..<rows { Scalar.add(mean, into: logits.base + row * outputs, count: outputs) }
      }
      if let cap = head.softCap {
        Scalar.softCap(logits.base, cap: Scalar(cap), count: rows * outputs)
      }
      let start = steps.lowerBound + first
      try offer(.logits, logits.base, width: outputs, steps: start..<start + rows)
      if wantsNext && first + rows == rowsHere.upperBound {
        let row = logits.base + (rows - 1) * outputs
        let found = Scalar.largest(row, count: outputs)
        guard found.index < outputs, found.value.isFinite, !row[0].isNaN else {
          throw ModelError.batch(
            model: model.identity.name,
            fault: "trial \(trial), step \(steps.upperBound - 1): the logits are not finite numbers; "
              + "the weights or the inputs have overflowed")
        }
        next = found.index
      }
    }
    return next
  }

  /// The part of the logits that comes from the mean of the rows.
  private func meanTerm(_ term: OutputHead.MeanTerm, residual: Buffer<Scalar>, rows: Int) -> [Scalar] {
    let width = model.width
    var mean = [Scalar](repeating: 0, count: width)
    for row in term.skipping..<rows { Scalar.add(residual.base + row * width, into: &mean, count: width) }
    Scalar.scale(1 / Scalar(rows - term.skipping), &mean, count: width)
    var result = [Scalar](repeating: 0, count: term.layer.weight.outputs)
    term.layer.apply(mean, rows: 1, into: &result, threads: 1)
    return result
  }

  /// Lets interventions edit a run of rows, and lends it to the recorder in pieces.
  func offer(
    _ place: AttentionPlace, _ values: UnsafeMutablePointer<Scalar>, width: Int, steps: Range<Int>
  ) throws {
    guard let site = plan.active(place) else { return }
    for intervention in plan.edits[site] {
      intervention.edit(
        UnsafeMutableBufferPointer(start: values, count: steps.count * width), site: site,
        trial: plan.firstTrial + trial, steps: steps)
    }
    let position = plan.observed[site]
    guard position >= 0 else { return }
    var step = max(steps.lowerBound, firstRecorded)
    while step < steps.upperBound {
      let end = min(steps.upperBound, (step / plan.timeBlock + 1) * plan.timeBlock)
      let first = values + (step - steps.lowerBound) * width
      try record(
        UnsafeBufferPointer(start: first, count: (end - step) * width), position, trial, step..<end)
      step = end
    }
  }
}

/// What one trial reads.
enum TrialInput: Sendable {
  /// Tokens, and their types; types that are missing are 0.
  case tokens([Int], types: [Int])
  /// The pixels of patches, `[steps, feature]`.
  case patches([Double], steps: Int)

  /// A number for each step; patches are all different.
  var identities: [Int] {
    switch self {
    case .tokens(let tokens, _): tokens
    case .patches(_, let steps): Array(0..<steps)
    }
  }
}

/// Owned scalars, not initialised.
final class Buffer<Scalar: AttentionScalar> {
  let base: UnsafeMutablePointer<Scalar>

  init(_ count: Int) { base = .allocate(capacity: max(1, count)) }
  deinit { base.deallocate() }
}
