import ProbeCapture
import ProbeLinearAlgebra

/// Some sites' values trial by trial, read a block of trials at a time: trials share chunks, which are decompressed whole.
struct TrialPaths {
  private let reader: CaptureReader
  private let sites: [(name: String, width: Int)]
  private var block = 0..<0
  private var values: [Tensor<Double>] = []

  /// Trials of a block; eight chunks of short trials, and never much memory.
  private static let blockSize = 32

  /// All states of a capture.
  init(statesOf reader: CaptureReader) {
    self.reader = reader
    sites = reader.metadata.stateSites.map { ($0.name, $0.elementCount) }
  }

  /// One site of a capture.
  init(_ site: String, width: Int, of reader: CaptureReader) {
    self.reader = reader
    sites = [(site, width)]
  }

  /// The sites' values along a trial side by side, `[time, unit]`.
  ///
  /// - Throws: the errors of reading.
  mutating func path(_ trial: Int) throws -> Matrix<Double> {
    if !block.contains(trial) {
      let first = trial / Self.blockSize * Self.blockSize
      block = first..<min(reader.metadata.trials, first + Self.blockSize)
      values = try sites.map { try reader.values(of: $0.name, trials: block, as: Double.self) }
    }
    let (steps, length) = (reader.metadata.steps, reader.metadata.lengths[trial])
    var path = Matrix<Double>(rows: length, columns: sites.reduce(0) { $0 + $1.width })
    var column = 0
    for (site, tensor) in zip(sites, values) {
      for step in 0..<length {
        let from = ((trial - block.lowerBound) * steps + step) * site.width
        for unit in 0..<site.width { path[step, column + unit] = tensor.elements[from + unit] }
      }
      column += site.width
    }
    return path
  }
}
