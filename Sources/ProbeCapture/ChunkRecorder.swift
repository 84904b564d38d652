internal import ProbeLinearAlgebra
internal import ProbeModels

/// Takes finished chunks; decides whether they are written at once or wait.
protocol ChunkSink {
  /// Takes the filtered bytes of a chunk, lent for the call only.
  mutating func take(_ bytes: UnsafeRawBufferPointer, channel: Int, offset: [Int]) throws
}

/// Cuts the values of one block of trials into chunks as the model lends them.
///
/// A run of steps that is a whole chunk is encoded from where it lies; everything else is gathered first, at most one
/// unfinished chunk a channel and trial (or group of trials that share a chunk).
struct ChunkRecorder<Sink: ChunkSink>: Recorder {
  private let layout: CaptureLayout
  private let firstTrial: Int
  /// Valid steps of each trial; of a trial that the model appends to, the most there can be, until it ends.
  private(set) var lengths: [Int]
  /// Which steps of the sites are kept.
  private let positions: StepSelection
  /// Tokens of each trial before the model appends any.
  private let promptLengths: [Int]
  /// What was appended to each trial.
  private(set) var generated: [[Int]]
  private let encoder: ChunkEncoder
  private let pieces: [[ChunkGeometry.Piece]]
  private var scratch: ScratchBuffer
  /// Unfinished chunks by channel, then by group of trials.
  private var unfinished: [[UnfinishedChunk?]]
  private(set) var sink: Sink

  init(
    layout: CaptureLayout, trials: Range<Int>, lengths: [Int], promptLengths: [Int]? = nil,
    positions: StepSelection = .all, encoder: ChunkEncoder, sink: Sink
  ) {
    self.layout = layout
    firstTrial = trials.lowerBound
    self.lengths = lengths
    self.positions = positions
    self.promptLengths = promptLengths ?? lengths
    generated = lengths.map { _ in [] }
    self.encoder = encoder
    self.sink = sink
    pieces = layout.channels.map { $0.geometry.pieces(of: $0.shape) }
    unfinished = layout.channels.map { channel in
      Array(repeating: nil, count: (trials.count + channel.geometry.trials - 1) / channel.geometry.trials)
    }
    scratch = ScratchBuffer(byteCount: layout.largestChunk)
  }

  mutating func record<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) throws {
    if positions != .all && site < layout.siteCount {
      return try recordKept(values, site: site, trial: trial, steps: steps)
    }
    try recordWhole(values, site: site, trial: trial, steps: steps)
  }

  /// Records the runs of kept steps.
  private mutating func recordKept<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) throws {
    let width = layout.channels[site].geometry.width
    var step = steps.lowerBound
    while step < steps.upperBound {
      let isKept = positions.keeps(step, promptLength: promptLengths[trial])
      var end = step + 1
      while end < steps.upperBound, positions.keeps(end, promptLength: promptLengths[trial]) == isKept {
        end += 1
      }
      if isKept {
        let first = (step - steps.lowerBound) * width
        try recordWhole(
          UnsafeBufferPointer(rebasing: values[first..<first + (end - step) * width]), site: site,
          trial: trial, steps: step..<end)
      }
      step = end
    }
  }

  private mutating func recordWhole<Scalar: BLASScalar>(
    _ values: UnsafeBufferPointer<Scalar>, site: Int, trial: Int, steps: Range<Int>
  ) throws {
    let type = layout.channels[site].type
    if Scalar.self == Float.self {
      let source = UnsafeRawBufferPointer(values).bindMemory(to: Float.self)
      try record(UnsafeRawBufferPointer(source), isStored: type == .float32, 4, site, trial, steps) {
        NumberConversion.store(
          UnsafeRawBufferPointer($0).assumingMemoryBound(to: Float.self), as: type, to: $1)
      }
    } else {
      let source = UnsafeRawBufferPointer(values).bindMemory(to: Double.self)
      try record(UnsafeRawBufferPointer(source), isStored: type == .float64, 8, site, trial, steps) {
        NumberConversion.store(
          UnsafeRawBufferPointer($0).assumingMemoryBound(to: Double.self), as: type, to: $1)
      }
    }
  }

  /// Takes integers: tokens, classes, labels.
  mutating func record(integers values: UnsafeBufferPointer<Int>, channel: Int, trial: Int, steps: Range<Int>)
    throws
  {
    try record(UnsafeRawBufferPointer(values), isStored: true, 8, channel, trial, steps) {
      source, destination in
      if let base = source.baseAddress { destination.copyMemory(from: base, byteCount: source.count) }
    }
  }

  /// Takes elements of `size` bytes; `isStored` says whether they are the bytes to be stored, `convert` makes them so.
  private mutating func record(
    _ values: UnsafeRawBufferPointer, isStored: Bool, _ size: Int, _ index: Int, _ trial: Int,
    _ steps: Range<Int>, _ convert: (UnsafeRawBufferPointer, UnsafeMutableRawPointer) -> Void
  ) throws {
    let channel = layout.channels[index]
    let geometry = channel.geometry
    let elementSize = channel.type.byteCount
    precondition(values.count == steps.count * geometry.width * size, "a whole run of steps")
    precondition(steps.upperBound <= lengths[trial], "no step beyond the trial's length")
    var step = steps.lowerBound
    while step < steps.upperBound {
      let chunkStart = step / geometry.steps * geometry.steps
      let valid = min(chunkStart + geometry.steps, lengths[trial])
      let end = min(valid, steps.upperBound)
      let first = (step - steps.lowerBound) * geometry.width * size
      let run = UnsafeRawBufferPointer(
        rebasing: values[first..<(first + (end - step) * geometry.width * size)])
      if geometry.pieceWidth < geometry.width {
        for piece in pieces[index] {
          let bytes = UnsafeRawBufferPointer(
            rebasing: run[(piece.start * size)..<((piece.start + piece.count) * size)])
          scratch.fill(channel.type, count: geometry.pieceWidth, from: piece.count)
          convert(bytes, scratch.base)
          try emit(scratch.bytes(geometry.pieceWidth * elementSize), index, trial, step, piece.offset)
        }
      } else if geometry.trials == 1 && step == chunkStart && end == valid {
        let inner = geometry.inner.map { _ in 0 }
        if isStored && end - step == geometry.steps {
          try emit(run, index, trial, step, inner)
        } else {
          scratch.fill(channel.type, count: geometry.elementCount, from: (end - step) * geometry.width)
          convert(run, scratch.base)
          try emit(scratch.bytes(geometry.elementCount * elementSize), index, trial, step, inner)
        }
      } else {
        try gather(run, index, trial, step..<end, convert)
      }
      step = end
    }
  }

  private mutating func gather(
    _ run: UnsafeRawBufferPointer, _ index: Int, _ trial: Int, _ steps: Range<Int>,
    _ convert: (UnsafeRawBufferPointer, UnsafeMutableRawPointer) -> Void
  ) throws {
    let channel = layout.channels[index]
    let geometry = channel.geometry
    let group = trial / geometry.trials
    let chunkStart = steps.lowerBound / geometry.steps * geometry.steps
    let chunk =
      unfinished[index][group]
      ?? begin(channel, isSite: index < layout.siteCount, group: group, chunkStart: chunkStart)
    unfinished[index][group] = chunk
    precondition(chunk.firstStep == chunkStart, "the steps of a trial come in order")
    let row = (trial - group * geometry.trials) * geometry.steps + steps.lowerBound - chunkStart
    convert(run, chunk.buffer.base + row * channel.stepBytes)
    chunk.missing -= steps.count
    if chunk.missing == 0 { try complete(chunk, index, group) }
  }

  private mutating func complete(_ chunk: UnfinishedChunk, _ index: Int, _ group: Int) throws {
    let channel = layout.channels[index]
    let geometry = channel.geometry
    unfinished[index][group] = nil
    try emit(
      chunk.buffer.bytes(geometry.elementCount * channel.type.byteCount), index, group * geometry.trials,
      chunk.firstStep, geometry.inner.map { _ in 0 })
  }

  /// Takes note of a trial's true length: steps that were expected beyond it will not come.
  mutating func end(trial: Int, generated tokens: [Int]) throws {
    generated[trial] = tokens
    let expected = lengths[trial]
    let actual = promptLengths[trial] + tokens.count
    lengths[trial] = actual
    for index in 0..<layout.siteCount {
      let geometry = layout.channels[index].geometry
      let group = trial / geometry.trials
      guard let chunk = unfinished[index][group] else { continue }
      let end = min(chunk.firstStep + geometry.steps, expected)
      let first = min(end, max(chunk.firstStep, actual))
      chunk.missing -= positions.count(in: first..<end, promptLength: promptLengths[trial])
      if chunk.missing == 0 { try complete(chunk, index, group) }
    }
  }

  private func begin(
    _ channel: Channel, isSite: Bool, group: Int, chunkStart: Int
  ) -> UnfinishedChunk {
    let geometry = channel.geometry
    let trials = (group * geometry.trials)..<min(lengths.count, (group + 1) * geometry.trials)
    let expected = trials.reduce(0) { sum, trial in
      let steps = chunkStart..<max(chunkStart, min(chunkStart + geometry.steps, lengths[trial]))
      return sum + (isSite ? positions.count(in: steps, promptLength: promptLengths[trial]) : steps.count)
    }
    let buffer = ScratchBuffer(byteCount: geometry.elementCount * channel.type.byteCount)
    buffer.fill(channel.type, count: geometry.elementCount, from: 0)
    return UnfinishedChunk(buffer: buffer, firstStep: chunkStart, missing: expected)
  }

  private mutating func emit(
    _ chunk: UnsafeRawBufferPointer, _ index: Int, _ trial: Int, _ step: Int, _ inner: [Int]
  ) throws {
    let encoded = encoder.encode(chunk, elementSize: layout.channels[index].type.byteCount)
    try sink.take(encoded, channel: index, offset: [firstTrial + trial, step] + inner)
  }

  /// Hands the sink back.
  ///
  /// - Throws: ``CaptureError/trials(fault:)`` when some steps of a chunk were never recorded.
  consuming func finish() throws(CaptureError) -> Sink {
    for (index, groups) in unfinished.enumerated() {
      if let chunk = groups.lazy.compactMap(\.self).first {
        throw .trials(
          fault: "\(layout.channels[index].path) lacks \(chunk.missing) steps from step \(chunk.firstStep) on"
        )
      }
    }
    return sink
  }
}

/// A chunk that waits for further steps.
private final class UnfinishedChunk {
  let buffer: ScratchBuffer
  let firstStep: Int
  var missing: Int

  init(buffer: ScratchBuffer, firstStep: Int, missing: Int) {
    self.buffer = buffer
    self.firstStep = firstStep
    self.missing = missing
  }
}

/// Owned bytes.
private final class ScratchBuffer {
  let base: UnsafeMutableRawPointer

  init(byteCount: Int) { base = .allocate(byteCount: max(1, byteCount), alignment: 64) }
  deinit { base.deallocate() }

  /// Writes fill values over elements `start..<count`.
  func fill(_ type: StoredType, count: Int, from start: Int) {
    if start < count { type.writeFill(to: base + start * type.byteCount, count: count - start) }
  }

  func bytes(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}

extension CaptureLayout {
  /// Bytes of the largest chunk.
  var largestChunk: Int {
    channels.reduce(0) { max($0, $1.geometry.elementCount * $1.type.byteCount) }
  }
}
