/// How a dataset `[trial, time, ...]` is cut into chunks.
///
/// A chunk holds at most 1 MiB: a block of whole time steps of one trial; all steps of several trials where a trial
/// takes less than 64 KiB; or a contiguous piece of one step where a step takes more than 1 MiB.
struct ChunkGeometry: Sendable, Equatable {
  /// The most bytes of a chunk.
  static let limit = 1 << 20
  /// Trials smaller than this share a chunk, and runs of steps smaller than this are joined.
  static let small = 1 << 16
  /// What trials that share a chunk take together at most.
  static let shared = 1 << 18

  /// Trials a chunk.
  let trials: Int
  /// Time steps a chunk.
  let steps: Int
  /// Extents of the axes after time.
  let inner: [Int]
  /// Elements of a whole step.
  let width: Int
  /// Elements of the pieces a step is cut into; one piece of `width` elements as a rule.
  let pieceWidth: Int

  /// Chooses the chunks.
  ///
  /// `blockTrials` run together, a power of two, and a chunk never spans two such blocks; the model hands over
  /// `timeBlock` steps at once.
  init(trials: Int, steps: Int, shape: [Int], elementSize: Int, blockTrials: Int, timeBlock: Int) {
    width = max(1, shape.reduce(1, *))
    let stepBytes = width * elementSize
    var chunkTrials = 1
    var chunkSteps = 1
    var inner = shape.map { max(1, $0) }
    if stepBytes > Self.limit {
      for axis in inner.indices {
        let rest = inner[(axis + 1)...].reduce(elementSize, *)
        inner[axis] = max(1, min(inner[axis], Self.limit / rest))
        if rest <= Self.limit { break }
      }
    } else if stepBytes * steps < Self.small {
      chunkSteps = steps
      while chunkTrials * 2 <= blockTrials && chunkTrials * 2 * stepBytes * steps <= Self.shared {
        chunkTrials *= 2
      }
    } else {
      let run = stepBytes * timeBlock
      if run > Self.limit {
        let parts = (run + Self.limit - 1) / Self.limit
        chunkSteps = (timeBlock + parts - 1) / parts
        if chunkSteps * stepBytes > Self.limit { chunkSteps = Self.limit / stepBytes }
        // Equal parts of a run go to the file from where they lie, without being gathered.
        if let part = (chunkSteps / 2..<chunkSteps + 1).last(where: { $0 > 0 && timeBlock % $0 == 0 }) {
          chunkSteps = part
        }
      } else {
        chunkSteps = min(steps, timeBlock * ((Self.small + run - 1) / run))
      }
    }
    self.trials = min(chunkTrials, trials)
    self.steps = chunkSteps
    self.inner = inner
    pieceWidth = inner.reduce(1, *)
  }

  /// The extents of a chunk.
  var extents: [Int] { [trials, steps] + inner }
  /// Elements of a chunk.
  var elementCount: Int { trials * steps * pieceWidth }

  /// Where the pieces of a step start, in the axes after time, with their places and sizes in the step's elements.
  ///
  /// All axes before the cut one have extent 1 in a chunk and all axes after it are whole, so that a piece is
  /// contiguous.
  func pieces(of shape: [Int]) -> [Piece] {
    guard pieceWidth < width, let cut = inner.indices.last(where: { inner[$0] < shape[$0] }) else {
      return [Piece(offset: inner.map { _ in 0 }, start: 0, count: width)]
    }
    let rest = shape[(cut + 1)...].reduce(1, *)
    let leading = shape[..<cut].reduce(1, *)
    return (0..<leading).flatMap { index in
      var offset = [Int](repeating: 0, count: shape.count)
      var remainder = index
      for axis in (0..<cut).reversed() {
        offset[axis] = remainder % shape[axis]
        remainder /= shape[axis]
      }
      return stride(from: 0, to: shape[cut], by: inner[cut]).map { position in
        offset[cut] = position
        return Piece(
          offset: offset, start: (index * shape[cut] + position) * rest,
          count: min(inner[cut], shape[cut] - position) * rest)
      }
    }
  }

  /// A contiguous part of a step.
  struct Piece: Sendable, Equatable {
    /// In the axes after time.
    let offset: [Int]
    /// The first element within the step.
    let start: Int
    /// Elements.
    let count: Int
  }
}
