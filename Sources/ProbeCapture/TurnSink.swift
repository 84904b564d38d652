/// Writes a block's chunks when it is its turn, and keeps a bounded number of bytes of them before.
struct TurnSink: ChunkSink {
  let turns: OrderedTurns
  let ticket: Int
  let writer: CaptureWriter
  /// Bytes of finished chunks that may wait.
  let budget: Int
  private var waiting: [(channel: Int, offset: [Int], bytes: [UInt8])] = []
  private var waitingBytes = 0
  private var hasTurn = false

  init(turns: OrderedTurns, ticket: Int, writer: CaptureWriter, budget: Int) {
    self.turns = turns
    self.ticket = ticket
    self.writer = writer
    self.budget = budget
  }

  mutating func take(_ bytes: UnsafeRawBufferPointer, channel: Int, offset: [Int]) throws {
    if try !hasTurn && turns.isTurn(of: ticket) { try begin() }
    if !hasTurn && waitingBytes + bytes.count > budget { try waitForTurn() }
    if hasTurn {
      try writer.enqueue(Array(bytes), channel: channel, offset: offset)
    } else {
      waiting.append((channel, offset, Array(bytes)))
      waitingBytes += bytes.count
    }
  }

  /// Returns when everything taken so far is written and it is this block's turn.
  mutating func waitForTurn() throws {
    if hasTurn { return }
    try turns.wait(for: ticket)
    try begin()
  }

  private mutating func begin() throws {
    hasTurn = true
    for chunk in waiting {
      try writer.enqueue(chunk.bytes, channel: chunk.channel, offset: chunk.offset)
    }
    waiting = []
    waitingBytes = 0
  }
}
